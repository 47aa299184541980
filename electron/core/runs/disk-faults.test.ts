import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { serve } from '../testing/local-servers.ts';
import { scratchCore } from '../testing/scratch-core.ts';
import { smallDisk } from '../testing/small-disk.ts';

const MEBIBYTE = 1024 * 1024;

describe('a full disk', () => {
  test('in the middle of a stream ends the run, and all that fitted is kept', async (context) => {
    await using disk = await smallDisk(80);
    if (!disk) return context.skip();
    await using house = await scratchCore({ dataDirectory: disk.path });
    const piece = Buffer.alloc(MEBIBYTE, 9);
    await using server = await serve((_request, response) => {
      response.on('error', () => undefined);
      const more = (): void => {
        while (!response.destroyed) {
          if (!response.write(piece)) return void response.once('drain', more);
        }
      };
      more();
    });
    const outcome = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'disk_full' } });
    const { size } = await stat(join(house.core.runFolder(outcome.runId), 'response.bin'));
    expect(size).toBeGreaterThan(60 * MEBIBYTE);
    expect(outcome.parts[0]?.size).toBe(size);
    expect(outcome.warnings.join()).toMatch(/could not be written down/);
  });

  test('is said before the first byte when the answer’s length is known', async (context) => {
    await using disk = await smallDisk(80);
    if (!disk) return context.skip();
    await using house = await scratchCore({ dataDirectory: disk.path });
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 70 * MEBIBYTE }).write('x');
    });
    const outcome = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'disk_full' }, received: 0 });
    expect(outcome.failure?.message).toMatch(/too full for the answer/);
  });

  test('while a part is decoded leaves the answer whole', async (context) => {
    await using disk = await smallDisk(68);
    if (!disk) return context.skip();
    await using house = await scratchCore({ dataDirectory: disk.path });
    const sound = Buffer.concat([Buffer.from('ID3\u0004'), Buffer.alloc(2 * MEBIBYTE, 7)]);
    const json = JSON.stringify({ audio: sound.toString('base64') });
    const filled = Promise.withResolvers<undefined>();
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      void filled.promise.then(() => response.end(json));
    });
    let isFilling = false;
    const outcome = await house.start(server.url, {}, ({ phase }) => {
      if (phase !== 'receiving' || isFilling) return;
      // The rest of the disk goes to somebody else while the answer is on its way.
      isFilling = true;
      void writeFile(join(disk.path, 'other'), Buffer.alloc(64 * MEBIBYTE)).then(() => {
        filled.resolve(undefined);
      });
    }).outcome;
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'disk_full' } });
    expect(await house.kept(outcome)).toBe(json);
    expect(outcome.parts).toMatchObject([{ name: 'answer', size: json.length }]);
    const left = await readdir(house.core.runFolder(outcome.runId));
    expect(left.filter((name) => name.startsWith('transformed'))).toEqual([]);
  });

  test('under “Save as” leaves the file that was there, and nothing else', async (context) => {
    await using disk = await smallDisk(1);
    if (!disk) return context.skip();
    await using house = await scratchCore();
    await using server = await serve((_request, response) => {
      response.end(Buffer.alloc(3 * MEBIBYTE, 1));
    });
    const { runId } = await house.run(server.url);
    const path = join(disk.path, 'take.bin');
    await writeFile(path, 'precious');
    const part = house.core.part(runId, 'answer');
    const saving = house.core.savePart(part, 'received', path, 'replace');
    await expect(saving).rejects.toMatchObject({ code: 'disk_full' });
    expect(await readFile(path, 'utf8')).toBe('precious');
    expect(await readdir(disk.path)).toEqual(['take.bin']);
  });
});

describe('a disk that can only be read', () => {
  test('ends a run before anything is sent', async (context) => {
    await using disk = await smallDisk(80);
    if (!disk) return context.skip();
    await disk.makeReadOnly();
    await using house = await scratchCore({ dataDirectory: disk.path });
    let heard = 0;
    await using server = await serve((_request, response) => {
      heard += 1;
      response.end();
    });
    const outcome = await house.run(server.url);
    expect(outcome.failure).toMatchObject({ code: 'disk_error' });
    expect(outcome.failure?.message).toMatch(/may not write there/);
    expect(heard).toBe(0);
  });

  test('for settings forgets a yes, and does not lose the run', async (context) => {
    await using disk = await smallDisk(1);
    if (!disk) return context.skip();
    const old = '{"version":1,"approvedOrigins":["https://old.example"]}';
    await writeFile(join(disk.path, 'settings.json'), old);
    await disk.makeReadOnly();
    await using house = await scratchCore({
      configDirectory: disk.path,
      isAllowed: () => false,
      askForHost: () => Promise.resolve('send-key'),
    });
    await using server = await serve((_request, response) => response.end('{}'));
    expect((await house.run(server.url)).state).toBe('done');
    expect(house.logged.length).toBe(1);
    expect(await readFile(join(disk.path, 'settings.json'), 'utf8')).toBe(old);
  });
});

describe('a folder', () => {
  test('of runs that is a file is said in words, and nothing is sent', async () => {
    await using house = await scratchCore();
    await mkdir(join(house.directory, 'data'), { recursive: true });
    await writeFile(join(house.directory, 'data', 'runs'), 'precious');
    await using server = await serve((_request, response) => response.end());
    const outcome = await house.run(server.url);
    expect(outcome.failure).toMatchObject({ code: 'disk_error' });
    expect(outcome.failure?.message).toMatch(/There is a file of that name/);
    expect(await readFile(join(house.directory, 'data', 'runs'), 'utf8')).toBe('precious');
  });

  test('of a run that vanishes before the answer is told of in words', async () => {
    await using house = await scratchCore();
    await using server = await serve((_request, response) => {
      void rm(join(house.directory, 'data', 'runs', 'run-1'), { recursive: true }).then(() =>
        response.end('{}'),
      );
    });
    const outcome = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'disk_error' } });
    expect(outcome.failure?.message).toMatch(/folder is not there/);
    expect(outcome.warnings.join()).toMatch(/could not be written down/);
  });

  test('of a run that vanishes in the middle of the answer is told of in words', async () => {
    await using house = await scratchCore();
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.write(encode({ a: 1 }));
    });
    const { runId, outcome } = house.start(server.url, {}, ({ received }) => {
      if (received === 0) return;
      void rm(join(house.directory, 'data', 'runs', runId), { recursive: true, force: true }).then(
        () => {
          house.core.cancel(runId);
        },
      );
    });
    expect(await outcome).toMatchObject({ state: 'cancelled', parts: [] });
    expect((await outcome).warnings.join()).toMatch(/could not be written down/);
    expect(JSON.stringify(await outcome)).not.toContain(house.directory);
  });
});

test('a name too long to save under is said in words', async () => {
  await using house = await scratchCore();
  await using server = await serve((_request, response) => response.end('abc'));
  const { runId } = await house.run(server.url);
  const path = join(house.directory, 'ü'.repeat(200));
  const saving = house.core.savePart(house.core.part(runId, 'answer'), 'received', path, 'keep');
  await expect(saving).rejects.toMatchObject({
    code: 'disk_error',
    message: expect.stringMatching(/name is too long/) as string,
  });
  expect((await readdir(house.directory)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
