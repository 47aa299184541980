import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Core } from '../core.ts';
import { ownLease } from '../runs/lease.ts';
import { serve } from '../testing/local-servers.ts';
import { recordOf, writeRunFolder } from '../testing/run-folders.ts';
import { scratchCore } from '../testing/scratch-core.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { smallDisk } from '../testing/small-disk.ts';

const cli = join(import.meta.dirname, '../../cli.ts');
const MEBIBYTE = 1024 * 1024;

/** `soundpost run` as a process of its own, on the same data as a core with this directory. */
function runInOtherProcess(scratch: string, url: string, ...more: string[]): ChildProcess {
  const args = ['run', '--url', url, '--allow-host', '127.0.0.1', 'text=from the other side'];
  const child = spawn(process.execPath, [cli, ...args, ...more], {
    env: {
      ...{ PATH: process.env['PATH'], HOME: scratch, BASETEN_API_KEY: 'abcd1234.s3cret' },
      XDG_DATA_HOME: scratch,
      XDG_CONFIG_HOME: join(scratch, 'config'),
    },
    stdio: 'ignore',
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

const bytesAt = async (core: Core, url = ''): Promise<Buffer> => {
  const response = await core.serve(new Request(`http://page${url}`));
  return Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer());
};

const states = async (core: Core): Promise<string[]> =>
  (await core.history.list({ limit: 50 })).rows.map(({ state }) => state);

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Waits for what another process does. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A stream of MP3-like sound that is never finished. */
const endless = () =>
  serve((_request, response) => {
    response.on('error', () => undefined);
    response.writeHead(200, { 'content-type': 'audio/mpeg', 'x-baseten-request-id': 'req-77' });
    response.write(Buffer.concat([Buffer.from('ID3\u0004'), Buffer.alloc(300_000, 7)]));
  });

describe('a run of another process', () => {
  test('is listed as running while that lives, is not removed or marked, and as interrupted with what came when it was killed', async () => {
    await using scratch = await scratchDirectory();
    await using server = await endless();
    await using house = await scratchCore({ dataDirectory: join(scratch.path, 'soundpost') });
    const runs = join(scratch.path, 'soundpost', 'runs');
    const child = runInOtherProcess(scratch.path, server.url);
    const answer = async (): Promise<number> => {
      const [runId = ''] = await readdir(runs).catch(() => []);
      return sizeOf(join(runs, runId, 'response.bin'));
    };
    await until(async () => (await answer()) >= 300_004);
    expect(await states(house.core)).toEqual(['running']);
    const [runId = ''] = await readdir(runs);
    const record = await readFile(join(runs, runId, 'run.json'), 'utf8');
    expect((await house.core.history.remove([runId])).refused).toHaveLength(1);
    await writeRunFolder(runs, 1, 2_000_000);
    await house.core.history.complete();
    await house.core.history.setLimit(1_000_000);
    expect(await states(house.core)).toEqual(['running']);
    expect((await house.core.history.get(runId)).row).toMatchObject({
      state: 'running',
      by: 'cli',
    });
    expect(await readFile(join(runs, runId, 'run.json'), 'utf8')).toBe(record);

    child.kill('SIGKILL');
    await once(child, 'exit');
    const page = await house.core.history.list({ limit: 10 });
    expect(page.rows[0]).toMatchObject({ state: 'interrupted', received: 300_004 });
    const entry = await house.core.history.get(runId);
    expect(entry.outcome).toMatchObject({
      ...{ state: 'failed', failure: { code: 'interrupted' }, status: 200, requestId: 'req-77' },
      received: 300_004,
    });
    expect(entry.outcome.parts).toMatchObject([{ kind: { format: 'mp3' }, size: 300_004 }]);
    expect((await bytesAt(house.core, entry.outcome.parts[0]?.url)).length).toBe(300_004);
    expect((await house.core.history.list({ limit: 9, text: 'req-77 other side' })).total).toBe(1);
    // Written down now, so the next look costs nothing.
    expect(JSON.parse(await readFile(join(runs, runId, 'run.json'), 'utf8'))).toMatchObject({
      state: 'interrupted',
      parts: [{ pieces: [{ file: 'response.bin', offset: 0, size: 300_004 }] }],
    });
    expect(house.logged).toEqual([]);
  });

  test('that was killed with its answer in two files gives what came of both', async () => {
    await using scratch = await scratchDirectory();
    const sound = Buffer.concat([Buffer.from('ID3\u0004'), Buffer.alloc(2 * MEBIBYTE, 7)]);
    const head = Buffer.from([0x82, 0xa1, 0x61, 0x01, 0xa1, 0x62, 0xc6, 0, 0x40, 0, 0]);
    await using server = await serve((_request, response) => {
      response.on('error', () => undefined);
      response.writeHead(200, { 'content-length': 5 * MEBIBYTE }).write(head);
      response.write(sound);
    });
    const child = runInOtherProcess(scratch.path, server.url, '--out', join(scratch.path, 'o.mp3'));
    const runs = join(scratch.path, 'soundpost', 'runs');
    await until(async () => {
      const [runId = ''] = await readdir(runs).catch(() => []);
      return (await sizeOf(join(runs, runId, 'response-bytes.bin'))) >= sound.length;
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await using house = await scratchCore({ dataDirectory: join(scratch.path, 'soundpost') });
    const [row] = (await house.core.history.list({ limit: 5 })).rows;
    const { outcome } = await house.core.history.get(row?.runId ?? '');
    expect(outcome.parts[0]).toMatchObject({ name: 'b', size: sound.length });
    expect(await bytesAt(house.core, outcome.parts[0]?.url)).toEqual(sound);
  });

  test('that ended is told of to a process that watches, with no index of its own', async () => {
    await using scratch = await scratchDirectory();
    await using server = await serve((_request, response) => response.end('{"said":"hello"}'));
    let changes = 0;
    await using house = await scratchCore({
      dataDirectory: join(scratch.path, 'soundpost'),
      onHistoryChange: () => (changes += 1),
    });
    house.core.history.start();
    const child = runInOtherProcess(scratch.path, server.url);
    expect(await once(child, 'exit')).toEqual([0, null]);
    await until(async () => Promise.resolve(changes > 0));
    expect(await states(house.core)).toEqual(['done']);
  });
});

test('a lease of a process whose number was given out again holds nothing', async () => {
  await using house = await scratchCore();
  const runs = join(house.directory, 'data', 'runs');
  const lease = await ownLease();
  const running = { state: 'running' as const };
  await writeRunFolder(runs, 1, 9, { ...running, lease: { ...lease, processStart: 'before' } });
  await writeRunFolder(runs, 2, 9, { ...running, lease: { pid: 1, processStart: 'x' } });
  await writeRunFolder(runs, 3, 9, { ...running, lease: { pid: 2 ** 22 + 9, processStart: '' } });
  // This process is alive, and knows that it is not at work on this one.
  await writeRunFolder(runs, 4, 9, { ...running, lease });
  expect(await states(house.core)).toEqual(Array(4).fill('interrupted'));
});

describe('the index', () => {
  const damages: [what: string, damage: (path: string) => Promise<void>, said: RegExp | null][] = [
    ['was deleted', (path) => rm(path), null],
    ['was emptied', (path) => truncate(path, 0), null],
    ['was cut in the middle', (path) => truncate(path, 9000), /damaged/],
    ['is noise', (path) => writeFile(path, Buffer.alloc(50_000, 'noise')), /damaged/],
    [
      'is a folder',
      (path) =>
        rm(path)
          .then(() => mkdir(path))
          .then(() => undefined),
      /can’t be written/,
    ],
  ];
  for (const [what, damage, said] of damages) {
    test(`that ${what} comes back from the runs’ folders`, async () => {
      await using scratch = await scratchDirectory();
      const options = { dataDirectory: scratch.path };
      for (let run = 1; run <= 30; run += 1) await writeRunFolder(join(scratch.path, 'runs'), run);
      {
        await using house = await scratchCore(options);
        await house.core.history.complete();
        expect((await house.core.history.list({ limit: 5 })).total).toBe(30);
      }
      await damage(join(scratch.path, 'history.sqlite'));
      await using house = await scratchCore(options);
      await house.core.history.complete();
      const page = await house.core.history.list({ limit: 5, text: 'sentence' });
      expect(page.total).toBe(30);
      if (said) expect(page.notice).toMatch(said);
      else expect(page.notice).toBeUndefined();
    });
  }

  test('that is deleted or filled with noise while it is open is made anew', async () => {
    await using house = await scratchCore();
    const path = join(house.directory, 'data', 'history.sqlite');
    const runs = join(house.directory, 'data', 'runs');
    for (let run = 1; run <= 30; run += 1) await writeRunFolder(runs, run);
    await house.core.history.complete();
    await rm(path);
    await house.core.history.complete();
    expect((await house.core.history.list({ limit: 5 })).total).toBe(30);
    await writeFile(path, Buffer.alloc(200_000, 'noise'));
    await writeFile(`${path}-wal`, '');
    await house.core.history.setNotes('run-000001', 'something to write');
    await house.core.history.complete();
    expect((await house.core.history.list({ limit: 5 })).total).toBe(30);
    expect((await house.core.history.list({ limit: 5, text: 'something' })).total).toBe(1);
  });

  test('is written by two processes’ worth of cores at once without losing a run', async () => {
    await using scratch = await scratchDirectory();
    await using one = await scratchCore({ dataDirectory: scratch.path });
    await using two = await scratchCore({ dataDirectory: scratch.path });
    for (let run = 1; run <= 60; run += 1) await writeRunFolder(join(scratch.path, 'runs'), run);
    await Promise.all([one.core.history.complete(), two.core.history.complete()]);
    for (const { core } of [one, two]) {
      expect((await core.history.list({ limit: 5 })).total).toBe(60);
    }
    await one.core.history.remove(['run-000007']);
    expect((await two.core.history.list({ limit: 5 })).total).toBe(59);
  });
});

describe('a full disk', () => {
  test('under the index leaves all runs listed, and says what happened', async (context) => {
    await using disk = await smallDisk(2);
    if (!disk) return context.skip();
    for (let run = 1; run <= 20; run += 1) await writeRunFolder(join(disk.path, 'runs'), run);
    await writeFile(join(disk.path, 'other'), Buffer.alloc(2 * MEBIBYTE)).catch(() => undefined);
    await using house = await scratchCore({ dataDirectory: disk.path });
    await house.core.history.complete();
    const page = await house.core.history.list({ limit: 5 });
    expect(page.total).toBe(20);
    expect(page.notice).toMatch(/disk of this computer is full/);
  });

  test('while the record is written keeps what came, and the next start shows it', async (context) => {
    await using disk = await smallDisk(80);
    if (!disk) return context.skip();
    await using server = await serve((_request, response) => {
      response.on('error', () => undefined);
      const more = (): void => {
        while (!response.destroyed) {
          if (!response.write(Buffer.alloc(MEBIBYTE, 9))) return void response.once('drain', more);
        }
      };
      more();
    });
    let runId: string;
    {
      await using house = await scratchCore({ dataDirectory: disk.path });
      const outcome = await house.run(server.url);
      expect(outcome.warnings.join()).toMatch(/could not be written down/);
      runId = outcome.runId;
    }
    await using house = await scratchCore({ dataDirectory: disk.path });
    const page = await house.core.history.list({ limit: 5 });
    expect(page.rows[0]).toMatchObject({ runId, state: 'interrupted' });
    const { outcome } = await house.core.history.get(runId);
    expect(outcome.parts[0]?.size).toBeGreaterThan(60 * MEBIBYTE);
  });
});

describe('a folder that is not ours', () => {
  test('is refused and never followed, and the others are listed', async () => {
    await using house = await scratchCore();
    const runs = join(house.directory, 'data', 'runs');
    const secret = join(house.directory, 'secret');
    await mkdir(secret);
    await writeFile(join(secret, 'response.bin'), 'secret');
    await writeFile(join(secret, 'run.json'), JSON.stringify(recordOf('x', new Date(), 6)));
    await writeRunFolder(runs, 1);
    await symlink(secret, join(runs, 'link'));
    await mkdir(join(runs, 'linked-record'));
    await symlink(join(secret, 'run.json'), join(runs, 'linked-record', 'run.json'));
    await mkdir(join(runs, 'huge'));
    await writeFile(join(runs, 'huge', 'run.json'), '');
    await truncate(join(runs, 'huge', 'run.json'), 65 * MEBIBYTE);
    const pieces = [{ file: '../../secret/response.bin', offset: 0, size: 6 }];
    const [part] = recordOf('x', new Date(), 6).parts ?? [];
    if (part) await writeRunFolder(runs, 2, 6, { parts: [{ ...part, pieces }] });
    const input = { inputId: 'a', name: 'a', size: 1, file: '/etc/passwd' };
    await writeRunFolder(runs, 3, 6, { inputs: [input] });
    await writeFile(join(runs, 'a file'), 'x');
    await house.core.history.complete();
    const { rows } = await house.core.history.list({ limit: 50 });
    expect(rows.map(({ runId }) => runId)).toEqual(['run-000001']);
    for (const id of ['link', 'linked-record', 'huge', 'run-000002', 'run-000003']) {
      await expect(house.core.history.get(id)).rejects.toMatchObject({ code: 'file_unreadable' });
    }
    expect(JSON.stringify(house.logged)).not.toContain('secret');
  });

  test('with a link in a part’s or an input’s place serves nothing of it', async () => {
    await using house = await scratchCore();
    const runs = join(house.directory, 'data', 'runs');
    const secret = join(house.directory, 'secret');
    await writeFile(secret, 'a secret of somebody');
    const inputs = [{ inputId: 'a', name: 'a.wav', size: 6, file: 'input-1.wav' }];
    const runId = await writeRunFolder(runs, 1, 6, { inputs });
    await rm(join(runs, runId, 'response.bin'));
    await symlink(secret, join(runs, runId, 'response.bin'));
    await symlink(secret, join(runs, runId, 'input-1.wav'));
    const entry = await house.core.history.get(runId);
    expect(entry.outcome.parts).toEqual([]);
    expect(entry.outcome.warnings.join()).toMatch(/no longer in the run’s folder/);
    expect(entry.inputs).toEqual([{ name: 'a.wav', size: 6 }]);
  });
});
