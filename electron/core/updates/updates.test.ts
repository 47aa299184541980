import { DebUpdater } from 'electron-updater';
import { ElectronHttpExecutor } from 'electron-updater/out/electronHttpExecutor.js';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { UpdateState } from '../../contract/update.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { startUpdateFeed, type Offer } from '../testing/update-feed.ts';
import { fromElectronUpdater } from './electron-updater.ts';
import { Updates } from './updates.ts';

/** The library's own, with Node's requests in the place of Electron's. */
class NodeHttpExecutor extends ElectronHttpExecutor {
  override createRequest(options: RequestOptions, callback: (response: IncomingMessage) => void) {
    return request(options, callback) as never;
  }
}

/** electron-updater itself on Node's network, with what it would have from Electron: a version, folders, and a quit. */
async function realUpdater(folder: string, feed: string, isPackaged = true) {
  const appUpdateConfigPath = join(folder, 'app-update.yml');
  await writeFile(
    appUpdateConfigPath,
    `provider: generic\nurl: ${feed}\nupdaterCacheDirName: soundpost-updater\n`,
  );
  const onQuit: ((exitCode: number) => void)[] = [];
  const updater = new DebUpdater(null, {
    ...{ version: '1.2.0', name: 'soundpost', isPackaged, appUpdateConfigPath },
    ...{ userDataPath: folder, baseCachePath: folder },
    whenReady: () => Promise.resolve(),
    relaunch: () => undefined,
    quit: () => undefined,
    onQuit: (handler) => onQuit.push(handler),
  });
  Reflect.set(updater, 'httpExecutor', new NodeHttpExecutor());
  return { updater, onQuit };
}

async function house(offer: Offer) {
  await using cleanup = new AsyncDisposableStack();
  const scratch = cleanup.use(await scratchDirectory());
  const feed = cleanup.use(await startUpdateFeed(offer));
  const { updater, onQuit } = await realUpdater(scratch.path, feed.url);
  const states: UpdateState[] = [];
  const logged: unknown[] = [];
  /** What was to be done later: a clock that is wound by hand. */
  const waiting = new Map<number, { milliseconds: number; call: () => void }>();
  const seen = { loads: 0, prepared: 0, skipped: undefined as string | undefined, made: 0 };
  const updates = new Updates({
    load: () => {
      seen.loads++;
      return Promise.resolve(
        fromElectronUpdater({
          updater,
          prepare: () => {
            seen.prepared++;
            return Promise.resolve();
          },
          info: () => undefined,
          warn: () => undefined,
        }),
      );
    },
    skipped: () => Promise.resolve(seen.skipped),
    skip: (version) => {
      seen.skipped = version;
      return Promise.resolve();
    },
    later: (milliseconds, call) => {
      const id = seen.made++;
      waiting.set(id, { milliseconds, call });
      return () => waiting.delete(id);
    },
    now: () => new Date('2026-05-01T12:00:00Z'),
    onState: (state) => states.push(state),
    log: (error) => logged.push(error),
  });
  /** Lets the time come that is waited for, and says in how many milliseconds that was. */
  const wind = (): number => {
    const [id, { milliseconds, call }] = [...waiting][0] ?? [
      -1,
      { milliseconds: -1, call: () => undefined },
    ];
    waiting.delete(id);
    call();
    return milliseconds;
  };
  const settled = async (): Promise<UpdateState> => {
    await expect
      .poll(() => updates.state.phase, { timeout: 10_000 })
      .not.toMatch(/checking|downloading/);
    return updates.state;
  };
  const held = cleanup.move();
  return {
    ...{ updates, updater, feed, states, logged, seen, wind, settled, waiting, onQuit },
    folder: scratch.path,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

const notes = 'Faster.\nNothing else.';

describe('until it is switched on', () => {
  test('nothing is loaded, nothing is asked, and no time is waited for', async () => {
    await using at = await house({ version: '2.0.0' });
    at.updates.allow(false);
    expect([at.seen.loads, at.feed.heard.length, at.waiting.size]).toEqual([0, 0, 0]);
    expect(at.updates.state).toEqual({ phase: 'idle' });
  });

  test('and off again, no look follows', async () => {
    await using at = await house({ version: '2.0.0' });
    at.updates.allow(true);
    at.updates.allow(true);
    expect(at.waiting.size).toBe(1);
    at.updates.allow(false);
    expect(at.waiting.size).toBe(0);
  });

  test('a build without a place for updates has nothing to switch on', async () => {
    const states: UpdateState[] = [];
    const updates = new Updates({
      load: null,
      skipped: () => Promise.resolve(undefined),
      skip: () => Promise.resolve(),
      later: () => {
        throw new Error('It waits for something.');
      },
      now: () => new Date(),
      onState: (state) => states.push(state),
      log: () => undefined,
    });
    updates.allow(true);
    expect(updates.state).toEqual({ phase: 'none' });
    await expect(updates.download()).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('once it is on', () => {
  test('it looks some time after the start and then daily, and offers a newer version with its notes', async () => {
    await using at = await house({ version: '2.0.0', notes });
    at.updates.allow(true);
    expect(at.wind()).toBe(30_000);
    expect(await at.settled()).toEqual({ phase: 'offered', release: { version: '2.0.0', notes } });
    expect(at.wind()).toBe(24 * 60 * 60 * 1000);
    expect((await at.settled()).phase).toBe('offered');
    expect(at.feed.paths().every((path) => /^\/latest[a-z0-9-]*\.yml$/.test(path))).toBe(true);
    expect(at.seen).toMatchObject({ loads: 1, prepared: 2 });
  });

  test.each(['1.2.0', '1.1.9', '0.9.0'])('%s is no newer version than 1.2.0', async (version) => {
    await using at = await house({ version });
    expect(await at.updates.check()).toEqual({
      phase: 'idle',
      lookedAt: '2026-05-01T12:00:00.000Z',
    });
  });

  test('no request says who asks', async () => {
    await using at = await house({ version: '2.0.0' });
    await at.updates.check();
    await at.updates.download();
    const ids = at.feed.heard.map(({ headers }) => JSON.stringify(headers));
    expect(at.feed.heard.length).toBeGreaterThan(1);
    const id = await readFile(join(at.folder, '.updaterId'), 'utf8').catch(() => 'none');
    for (const headers of ids) {
      expect(headers).not.toContain(id);
      expect(headers).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|cookie|referer/i);
    }
  });

  test('a skipped version is not offered again unasked, the next one is, and so is the skipped one when asked', async () => {
    await using at = await house({ version: '2.0.0' });
    at.updates.allow(true);
    at.wind();
    await at.settled();
    expect(await at.updates.skip()).toEqual({ phase: 'idle' });
    at.wind();
    expect(await at.settled()).toMatchObject({
      phase: 'idle',
      lookedAt: expect.any(String) as string,
    });
    at.feed.offer({ version: '2.0.1' });
    at.wind();
    expect(await at.settled()).toMatchObject({ phase: 'offered', release: { version: '2.0.1' } });
    at.feed.offer({ version: '2.0.0' });
    expect(await at.updates.check()).toMatchObject({
      phase: 'offered',
      release: { version: '2.0.0' },
    });
  });
});

describe('a newer version', () => {
  test('is fetched only when the user says so, checked, and not installed by that', async () => {
    await using at = await house({ version: '2.0.0', bytes: Buffer.alloc(2_000_000, 'x') });
    await at.updates.check();
    expect(at.feed.paths().some((path) => path.endsWith('.deb'))).toBe(false);
    expect(await at.updates.download()).toMatchObject({ phase: 'ready', onQuit: false });
    const shares = at.states.flatMap((state) =>
      state.phase === 'downloading' ? [state.share] : [],
    );
    expect(shares[0]).toBe(0);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(at.onQuit).toEqual([]);
    expect(await readdir(join(at.folder, 'soundpost-updater', 'pending'))).toContain(
      'Soundpost-2.0.0-deb.deb',
    );
  });

  test('is installed when the app ends once the user said so, without being fetched twice', async () => {
    await using at = await house({ version: '2.0.0' });
    await at.updates.check();
    await at.updates.download();
    const before = at.feed.heard.length;
    expect(await at.updates.install('quit')).toMatchObject({ phase: 'ready', onQuit: true });
    expect(at.onQuit).toHaveLength(1);
    expect(at.feed.heard.length).toBe(before);
  });

  test('whose bytes are others than its release names is thrown away, and can be tried again', async () => {
    await using at = await house({
      version: '2.0.0',
      sends: Buffer.alloc(300_000, 'something else'),
    });
    await at.updates.check();
    const failed = await at.updates.download();
    expect(failed).toMatchObject({
      phase: 'failed',
      failure: { code: 'update_failed' },
      release: { version: '2.0.0' },
    });
    expect(JSON.stringify(failed)).toMatch(/thrown away, and nothing was installed/);
    expect(await readdir(join(at.folder, 'soundpost-updater', 'pending'))).toEqual([]);
    at.feed.offer({ version: '2.0.0' });
    expect((await at.updates.download()).phase).toBe('ready');
  });

  test('can’t be fetched, skipped or installed where there is none', async () => {
    await using at = await house({ version: '1.2.0' });
    await at.updates.check();
    for (const attempt of [at.updates.download(), at.updates.skip(), at.updates.install('now')]) {
      await expect(attempt).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });
});

test('an offer stays while a later look fails, and gives way to a newer one', async () => {
  await using at = await house({ version: '2.0.0' });
  at.updates.allow(true);
  at.wind();
  await at.settled();
  at.feed.offer({ version: '2.0.0', status: 503 });
  at.wind();
  await expect.poll(() => at.logged.length).toBe(1);
  expect(at.updates.state).toMatchObject({ phase: 'offered', release: { version: '2.0.0' } });
  at.feed.offer({ version: '2.0.1' });
  at.wind();
  await expect.poll(() => at.updates.state).toMatchObject({ release: { version: '2.0.1' } });
  expect(at.states.map(({ phase }) => phase)).toEqual(['checking', 'offered', 'offered']);
});

test('a restart that can install nothing says so', async () => {
  await using at = await house({ version: '2.0.0' });
  const nothing = (): void => undefined;
  const prepare = (): Promise<void> => Promise.resolve();
  const own = fromElectronUpdater({ updater: at.updater, prepare, info: nothing, warn: nothing });
  expect(() => {
    own.restart();
  }).toThrow(/The update failed, and this version was left as it is/);
});

test('a copy that no package installed says that it can’t update itself', async () => {
  await using scratch = await scratchDirectory();
  await using feed = await startUpdateFeed({ version: '2.0.0' });
  const { updater } = await realUpdater(scratch.path, feed.url, false);
  const prepare = (): Promise<void> => Promise.resolve();
  const nothing = (): void => undefined;
  const own = fromElectronUpdater({ updater, prepare, info: nothing, warn: nothing });
  await expect(own.check()).rejects.toThrow(/can’t update itself/);
  expect(feed.heard).toEqual([]);
});

describe('a place for updates that', () => {
  const offers: [what: string, offer: Offer, words: RegExp][] = [
    [
      'has nothing for this system',
      { version: '2.0.0', status: 404 },
      /no release for this system/,
    ],
    ['is out of order', { version: '2.0.0', status: 503 }, /refused to answer/],
    [
      'answers with a page',
      { version: '2.0.0', says: '<html>\n<p>Log in: to go on</p>' },
      /no release|no such|failed/,
    ],
    [
      'names no version',
      { version: '2.0.0', says: 'version: soon\nfiles: []\n' },
      /something that is no release/,
    ],
  ];
  test.each(offers)('%s is told in words, and the next look is made', async (_, offer, words) => {
    await using at = await house(offer);
    at.updates.allow(true);
    at.wind();
    const state = await at.settled();
    expect(state).toMatchObject({ phase: 'failed', failure: { code: 'update_failed' } });
    expect(state.phase === 'failed' && state.failure.message).toMatch(words);
    expect(at.logged).toHaveLength(1);
    at.feed.offer({ version: '2.0.0' });
    at.wind();
    expect((await at.settled()).phase).toBe('offered');
  });

  test('is not there is told in words', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await using scratch = await scratchDirectory();
    const port = typeof address === 'object' ? address?.port : 0;
    const { updater } = await realUpdater(scratch.path, `http://127.0.0.1:${port}/`);
    const prepare = (): Promise<void> => Promise.resolve();
    const nothing = (): void => undefined;
    const own = fromElectronUpdater({ updater, prepare, info: nothing, warn: nothing });
    await expect(own.check()).rejects.toThrow(/could not be reached/);
  });
});
