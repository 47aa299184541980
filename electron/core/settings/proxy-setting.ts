import type { ProxySetting } from '../../contract/settings.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { isHttpProxy, type ProxyFor } from '../transport/proxy.ts';

const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^\s]+$/i;

/**
 * A proxy as it may be kept. A name and password are refused: the settings are a file that anyone can read who can read this
 * account's files, that is backed up and shared. HTTPS_PROXY is the way for them.
 * @throws SoundpostError `invalid_request`
 */
export function checkedProxy(proxy: ProxySetting): ProxySetting {
  if (proxy.kind !== 'fixed') return proxy;
  const text = proxy.url.trim();
  const url = ADDRESS.test(text) ? parsed(text) : null;
  if (!url || url.hostname === '') {
    throw invalid('That is no proxy’s address. Write it as http://host:port.');
  }
  if (!isHttpProxy(url)) {
    throw invalid('Soundpost knows HTTP proxies alone, not SOCKS. Write it as http://host:port.');
  }
  if (url.username || url.password) {
    throw invalid(
      'A proxy’s name and password are not kept in the settings, which are a plain file. Choose “As the system says” and put the whole address into the variable HTTPS_PROXY.',
    );
  }
  return { kind: 'fixed', url: `${url.protocol}//${url.host}` };
}

/** For the page: without what only the file may know. */
export function shownProxy(proxy: ProxySetting): ProxySetting {
  if (proxy.kind !== 'fixed') return proxy;
  const url = parsed(proxy.url);
  return { kind: 'fixed', url: url ? `${url.protocol}//${url.host}` : '' };
}

/** The proxy of the settings, asked anew for each connection; where they name none, what `system` says. */
export function proxyOfSettings(
  read: () => Promise<ProxySetting | undefined>,
  system: ProxyFor | undefined,
): ProxyFor {
  return async (url) => {
    const proxy = (await read()) ?? { kind: 'system' };
    switch (proxy.kind) {
      case 'none':
        return null;
      case 'fixed':
        return proxy.url;
      case 'system':
        return (await system?.(url)) ?? null;
    }
  };
}

const parsed = (text: string): URL | null =>
  URL.parse(text.includes('://') ? text : `http://${text}`);

const invalid = (message: string): SoundpostError => new SoundpostError('invalid_request', message);
