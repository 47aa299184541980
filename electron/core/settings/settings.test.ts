import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../contract/settings.ts';
import { certify, newAuthority } from '../testing/certificates.ts';
import { serve, serveTls } from '../testing/local-servers.ts';
import { otherProcess } from '../testing/other-process.ts';
import { startProxy } from '../testing/proxy-server.ts';
import { SettingsFile } from './settings.ts';
import { scratchCore, type ScratchCore } from '../testing/scratch-core.ts';

const moduleUrl = pathToFileURL(join(import.meta.dirname, 'settings.ts')).href;

type World = AsyncDisposable &
  Pick<ScratchCore, 'core' | 'directory' | 'logged' | 'run'> & { settingsFile: string };

/** A core whose settings file holds this. */
async function withFile(content: object | string): Promise<World> {
  const house = await scratchCore();
  const folder = join(house.directory, 'config');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'settings.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return {
    ...house,
    settingsFile: file,
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

describe('the settings file', () => {
  test('keeps what this version does not know, and what it can’t use', async () => {
    await using at = await withFile({ version: 1, later: { a: 1 }, volume: 'loud' });
    const { settings } = at.core;
    await settings.change({ appearance: 'dark', panes: { sidebar: 300 } });
    expect(await read(at.settingsFile)).toEqual({
      ...{ version: 1, later: { a: 1 }, volume: 'loud', appearance: 'dark' },
      panes: { sidebar: 300 },
    });
    const { volume, problems } = await settings.get();
    expect(volume).toBe(0.6);
    expect(problems).toEqual([expect.stringMatching(/^“volume” in the settings file/)]);
  });

  test('holds only what is not as usual: null takes a setting back', async () => {
    await using at = await withFile({ version: 1 });
    const { settings } = at.core;
    await settings.change({ limits: { connect: 5, total: 9 }, shortcuts: { run: ['Mod+KeyR'] } });
    expect((await settings.get()).limits).toEqual({ connect: 5, total: 9 });
    await settings.change({ limits: { connect: null }, shortcuts: { run: null } });
    expect(await read(at.settingsFile)).toEqual({ version: 1, limits: { total: 9 } });
    await settings.change({ limits: { total: null } });
    expect(await read(at.settingsFile)).toEqual({ version: 1 });
  });

  test('that is damaged is set aside and said, whoever meets it first', async () => {
    await using at = await withFile('{"version": 1, "approvedOr');
    const { settings } = at.core;
    await settings.change({ appearance: 'light' });
    expect(await settings.get()).toMatchObject({
      appearance: 'light',
      problems: [expect.stringMatching(/damaged.*set aside as settings\.json\.damaged-/)],
    });
    const aside = (await readdir(join(at.directory, 'config'))).find((n) => n.includes('damaged'));
    expect(await readFile(join(at.directory, 'config', String(aside)), 'utf8')).toBe(
      '{"version": 1, "approvedOr',
    );
  });

  test('is changed by several processes at once, and no change is lost', async () => {
    await using at = await withFile({ version: 1 });
    const script = `
      import { SettingsFile } from '${moduleUrl}';
      const [path, name] = process.argv.slice(-2);
      const file = new SettingsFile(path, (error) => { throw error; });
      for (let n = 0; n < 10; n += 1) {
        await file.approve({ origin: 'https://' + name + n + '.example', key: null });
        await file.change({ shortcuts: { [name]: ['Mod+Digit' + n] } });
      }`;
    const others = ['a', 'b', 'c'].map((name) => otherProcess(script, at.settingsFile, name));
    for (const other of others) expect(await other.ended).toBe(0);
    const { approvedHosts, shortcuts } = await at.core.settings.get();
    expect(approvedHosts).toHaveLength(30);
    expect(shortcuts).toEqual({ a: ['Mod+Digit9'], b: ['Mod+Digit9'], c: ['Mod+Digit9'] });
  });

  test('tells what another process changed, and nothing of our own changes', async () => {
    await using at = await withFile({ version: 1 });
    const { settings } = at.core;
    await settings.get();
    const told: Settings[] = [];
    await settings.watch(
      (now) => told.push(now),
      (error) => at.logged.push(error),
    );
    await settings.change({ volume: 0.3 });
    const script = `
      import { SettingsFile } from '${moduleUrl}';
      await new SettingsFile(process.argv.at(-1), console.error).change({ appearance: 'dark' });`;
    await using other = otherProcess(script, at.settingsFile);
    await other.ended;
    await expect.poll(() => told.length).toBeGreaterThan(0);
    expect(told.map(({ appearance, volume }) => ({ appearance, volume }))).toEqual([
      { appearance: 'dark', volume: 0.3 },
    ]);
    expect(at.logged).toEqual([]);
  });
});

describe('a proxy in the settings', () => {
  test('is used from the next run on, and no more when there is to be none', async () => {
    const authority = newAuthority();
    await using proxy = await startProxy();
    await using server = await serveTls(certify({ host: 'model.example', by: authority }));
    await using at = await withFile({ version: 1 });
    const { settings } = at.core;
    const url = server.url.replace('127.0.0.1', 'model.example');
    const path = join(at.directory, 'office.pem');
    await writeFile(path, authority.cert);
    await settings.chooseCaFile(path);
    await settings.change({ proxy: { kind: 'fixed', url: ` 127.0.0.1:${proxy.port}/x ` } });
    expect((await settings.get()).proxy).toEqual({
      ...{ kind: 'fixed', url: `http://127.0.0.1:${proxy.port}` },
    });
    expect(await at.run(url, { retries: 0 })).toMatchObject({ state: 'done' });
    expect(proxy.asked.map(({ target }) => target)).toEqual([new URL(url).host]);
    await settings.change({ proxy: { kind: 'none' } });
    expect(await at.run(url, { retries: 0 })).toMatchObject({
      failure: { code: 'host_not_found' },
    });
    expect(proxy.asked).toHaveLength(1);
  });

  test.each([
    ['a password', 'http://ann:secret@proxy.example:3128', /not kept in the settings/],
    ['SOCKS', 'socks5://proxy.example:1080', /HTTP proxies alone/],
    ['nothing', ' ', /no proxy’s address/],
    ['words', 'the one in the cellar', /no proxy’s address/],
  ])('is refused when it is %s', async (_what, url, words) => {
    await using at = await withFile({ version: 1 });
    await expect(at.core.settings.change({ proxy: { kind: 'fixed', url } })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(words) as string,
    });
    expect(await read(at.settingsFile)).toEqual({ version: 1 });
  });

  test('shows no password that a person wrote into the file', async () => {
    const proxy = { kind: 'fixed', url: 'http://ann:secret@proxy.example:3128' };
    await using at = await withFile({ version: 1, proxy });
    expect((await at.core.settings.get()).proxy).toEqual({
      ...{ kind: 'fixed', url: 'http://proxy.example:3128' },
    });
  });
});

test('limits and tries of the settings hold for a run that says nothing itself', async () => {
  await using server = await serve(() => undefined);
  await using at = await withFile({ version: 1, limits: { firstByte: 0.05 }, retries: 1 });
  const run = await at.run(server.url);
  expect(run).toMatchObject({ failure: { code: 'timed_out' } });
  expect(run.failure?.message).toContain('0.1 s');
  const other = await at.run(server.url, { limits: { firstByte: 0.2 } });
  expect(other.failure?.message).toContain('0.2 s');
  expect((await at.core.history.get(run.runId)).intent).not.toHaveProperty('limits');

  const refused = await at.run('http://127.0.0.1:1');
  expect(refused.attempts).toBe(2);
});

test('another CA file is trusted from the next run on', async () => {
  const authority = newAuthority();
  await using server = await serveTls(certify({ host: '127.0.0.1', by: authority }));
  await using at = await withFile({ version: 1 });
  expect((await at.run(server.url, { retries: 0 })).failure?.code).toBe('tls_failed');
  const path = join(at.directory, 'office.pem');
  await writeFile(path, authority.cert);
  expect((await at.core.settings.chooseCaFile(path)).caFile).toBe('~/office.pem');
  expect((await at.run(server.url)).state).toBe('done');
  await at.core.settings.change({ caFile: null });
  expect((await at.run(server.url, { retries: 0 })).failure?.code).toBe('tls_failed');

  await writeFile(path, 'no certificate');
  await expect(at.core.settings.chooseCaFile(path)).rejects.toMatchObject({ code: 'ca_unusable' });
});

test('a host that is taken off the list is asked about again', async () => {
  await using at = await withFile({
    version: 1,
    approvedHosts: [
      { origin: 'https://a.example', key: { id: 'k1', last4: '1234' } },
      { origin: 'https://a.example', key: null },
      { origin: 'https://b.example', key: null },
    ],
  });
  expect((await at.core.settings.forgetHost('https://a.example')).approvedHosts).toEqual([
    { origin: 'https://b.example', key: null },
  ]);
});

test('a host that an older file allows stays in sight, with no key, until it is allowed again', async () => {
  const a = { origin: 'https://a.example', key: { id: null, last4: '' } };
  const b = { origin: 'https://b.example', key: { id: null, last4: '' } };
  await using at = await withFile({ version: 1, approvedOrigins: [a.origin, b.origin] });
  expect(await at.core.settings.get()).toMatchObject({ approvedHosts: [a, b], problems: [] });
  const again = { origin: a.origin, key: { id: 'k1', last4: '1234' } };
  await new SettingsFile(at.settingsFile, console.error).approve(again);
  expect((await at.core.settings.get()).approvedHosts).toEqual([b, again]);
  expect(await at.core.settings.forgetHost(b.origin)).toMatchObject({ approvedHosts: [again] });
});
