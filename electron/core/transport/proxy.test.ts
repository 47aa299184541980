import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { certify, newAuthority } from '../testing/certificates.ts';
import { serve, serveTls } from '../testing/local-servers.ts';
import { startProxy } from '../testing/proxy-server.ts';
import { scratchCore, scratchKey, type ScratchCore } from '../testing/scratch-core.ts';
import { environmentProxy, pacProxy } from './proxy.ts';
import { oneKey } from '../baseten/key-choice.ts';

const authority = newAuthority();
const certified = certify({ host: 'model.example', by: authority });

/** A core whose every request for another computer goes through this proxy. */
async function behind(proxy: string): Promise<ScratchCore> {
  const directory = await scratchCore();
  const caFile = join(directory.directory, 'ca.pem');
  await writeFile(caFile, authority.cert);
  const house = await scratchCore({ caFile, proxyFor: () => Promise.resolve(proxy) });
  return {
    ...house,
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

const elsewhere = (url: string): string => url.replace('127.0.0.1', 'model.example');

describe('a proxy', () => {
  test('is asked for a tunnel to an https host, and hears neither the key nor the file', async () => {
    await using proxy = await startProxy({ login: 'ann:s:cret' });
    await using server = await serveTls(certified);
    await using house = await behind(`http://ann:s%3Acret@127.0.0.1:${proxy.port}`);
    const { field } = await house.file(5_000_000);
    const url = elsewhere(server.url);
    expect(await house.run(url, { fields: [field] })).toMatchObject({ state: 'done', url });
    expect(server.heard[0]).toMatchObject({ authorization: `Api-Key ${scratchKey}` });
    expect(server.heard[0]).not.toHaveProperty('proxy-authorization');
    expect(proxy.asked.map(({ method, target }) => `${method} ${target}`)).toEqual([
      `CONNECT ${new URL(url).host}`,
    ]);
    expect(JSON.stringify(proxy.asked)).not.toContain(scratchKey);
    const seen = Buffer.concat(proxy.tunnelled).toString('latin1');
    expect(seen.length).toBeGreaterThan(5_000_000);
    expect(seen).not.toContain(scratchKey);
  });

  test('tunnels are kept for the next run', async () => {
    await using proxy = await startProxy();
    await using server = await serveTls(certified);
    await using house = await behind(`127.0.0.1:${proxy.port}`);
    for (let run = 0; run < 3; run += 1) {
      expect((await house.run(elsewhere(server.url))).state).toBe('done');
    }
    expect(proxy.asked.length).toBe(1);
  });

  test('is given the whole URL of an http host, which carries no key', async () => {
    await using proxy = await startProxy({ login: 'ann:secret' });
    const digest = createHash('sha256');
    await using server = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => digest.update(chunk));
      request.once('end', () => response.end('{"a":1}'));
    });
    await using house = await scratchCore({
      keys: oneKey(null),
      proxyFor: () => Promise.resolve(`http://ann:secret@127.0.0.1:${proxy.port}`),
    });
    const url = elsewhere(server.url);
    expect(await house.run(url)).toMatchObject({ state: 'done', output: { a: 1 } });
    expect(proxy.asked[0]).toMatchObject({ method: 'POST', target: url });
    expect(proxy.asked[0]?.headers.authorization).toBeUndefined();
  });

  test.each(['https', 'http'])(
    'that wants a login for %s is told of by its name',
    async (scheme) => {
      await using proxy = await startProxy({ login: 'ann:secret' });
      await using house = await scratchCore({
        keys: oneKey(null),
        proxyFor: () => Promise.resolve(`http://bob:hunter2@127.0.0.1:${proxy.port}`),
      });
      const outcome = await house.run(`${scheme}://model.example/predict`);
      expect(outcome).toMatchObject({
        state: 'failed',
        failure: { code: 'proxy_auth_required' },
      });
      expect(JSON.stringify(outcome)).not.toContain('hunter2');
      expect(outcome.attempts).toBeUndefined();
    },
  );

  test('that refuses the tunnel is told of by its name, and the host with it', async () => {
    await using proxy = await startProxy({ refuseWith: 502 });
    await using house = await behind(`http://127.0.0.1:${proxy.port}`);
    const outcome = await house.run('https://model.example/predict');
    expect(outcome.failure?.code).toBe('proxy_failed');
    expect(outcome.failure?.message).toContain(`127.0.0.1:${proxy.port}`);
    expect(outcome.failure?.message).toContain('model.example');
  });

  test.each(['https', 'http'])(
    'that is not there is asked again, as nothing was sent (%s)',
    async (scheme) => {
      const proxy = await startProxy();
      await proxy[Symbol.asyncDispose]();
      await using house = await scratchCore({
        keys: oneKey(null),
        proxyFor: () => Promise.resolve(`http://ann:hunter2@127.0.0.1:${proxy.port}`),
      });
      const outcome = await house.run(`${scheme}://model.example/predict`, { retries: 1 });
      expect(outcome).toMatchObject({ failure: { code: 'proxy_failed' }, attempts: 2 });
      expect(outcome.failure?.message).toMatch(/refused the connection/);
      expect(JSON.stringify(outcome)).not.toContain('hunter2');
      expect(house.logged).toEqual([]);
    },
  );

  test('that speaks SOCKS is refused in words', async () => {
    await using house = await behind('socks5://127.0.0.1:1080');
    const outcome = await house.run('https://model.example/predict');
    expect(outcome.failure).toMatchObject({ code: 'proxy_failed' });
    expect(outcome.failure?.message).toMatch(/SOCKS/);
  });

  test('is never asked for this computer, nor for the demo', async () => {
    await using server = await serve((_request, response) => response.end('{}'));
    await using house = await behind('http://127.0.0.1:1');
    expect((await house.run(server.url)).state).toBe('done');
    const demo = await house.run('', {
      target: { kind: 'demo', model: 'speak' },
      fields: [{ name: 'text', value: { type: 'text', text: 'x' } }],
      limits: { total: 0.5 },
    });
    expect(demo.status).toBe(200);
  });

  test('of the system that takes for ever to be named ends with the time for connecting', async () => {
    await using house = await scratchCore({
      keys: oneKey(null),
      proxyFor: () => new Promise(() => undefined),
    });
    const outcome = await house.run('https://model.example/', {
      limits: { connect: 0.05 },
      retries: 0,
    });
    expect(outcome.failure?.code).toBe('timed_out');
  });
});

describe('the environment', () => {
  const names = {
    HTTPS_PROXY: 'http://s:1',
    http_proxy: 'p:2',
    NO_PROXY: 'a.example, .b.example:8443 10.0.0.1',
  };
  test.each([
    ['https://x.example/', names, 'http://s:1'],
    ['http://x.example/', names, 'p:2'],
    ['https://a.example/', names, null],
    ['https://deep.a.example/', names, null],
    ['https://nota.example/', names, 'http://s:1'],
    ['https://b.example:8443/', names, null],
    ['https://b.example/', names, 'http://s:1'],
    ['https://10.0.0.1/', names, null],
    ['https://x.example/', { ALL_PROXY: 'p:3' }, 'p:3'],
    ['https://x.example/', { https_proxy: 'p:4', HTTPS_PROXY: 'p:5' }, 'p:4'],
    ['https://x.example/', { https_proxy: '', HTTPS_PROXY: 'p:5' }, null],
    ['https://x.example/', { HTTPS_PROXY: 'p:5', NO_PROXY: '*' }, null],
    ['https://x.example/', {}, null],
  ])('for %s with %o names %s', async (url, environment, proxy) => {
    expect(await environmentProxy(environment)(new URL(url))).toBe(proxy);
  });
});

test.each([
  ['DIRECT', null],
  ['PROXY p:3128; DIRECT', 'http://p:3128'],
  ['HTTPS p:443', 'https://p:443'],
  ['SOCKS5 p:1080', 'socks5://p:1080'],
  ['', null],
])('a PAC script that answers “%s” names %s', (answer, proxy) => {
  expect(pacProxy(answer)).toBe(proxy);
});
