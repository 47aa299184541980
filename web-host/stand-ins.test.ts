import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { AppStandIn } from './app.ts';
import { listenOnLoopback } from './loopback.ts';
import { only } from './only.ts';
import { parseOptions } from './options.ts';
import { fork } from './utility-process.ts';

test('what is not stood in for throws by its full name', () => {
  class Real {
    #count = 1;
    next = (): number => this.#count++;
    again(): number {
      return this.#count;
    }
  }
  const wrapped: Real & { missing?: () => void } = only('thing', new Real());
  expect(wrapped.next()).toBe(1);
  expect(wrapped.again()).toBe(2);
  expect(() => wrapped.missing).toThrow('Electron’s thing.missing'.replace('’', "'"));
  expect(() => {
    wrapped.missing = () => undefined;
  }).toThrow('thing.missing');
});

test('a utility process answers over its parent port, with what it was given and no more', async () => {
  await using scratch = await scratchDirectory();
  const file = join(scratch.path, 'child.mjs');
  await writeFile(
    file,
    `process.parentPort.on('message', ({ data }) =>
       process.parentPort.postMessage({ data, secret: process.env.SECRET ?? null, arg: process.argv[2] }));`,
  );
  const child = fork(file, ['x'], { env: { A: '1' }, stdio: 'ignore' });
  child.postMessage({ when: new Date(0), bytes: new Uint8Array([1, 2]) });
  const [answer] = (await once(child, 'message')) as unknown[];
  expect(answer).toEqual({
    data: { when: new Date(0), bytes: new Uint8Array([1, 2]) },
    secret: null,
    arg: 'x',
  });
  child.kill();
  await once(child, 'exit');
  child.postMessage({ too: 'late' });
});

test('a port taken by someone else is refused, on either loopback address', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const other = createServer();
    other.listen(0, host);
    const listens = await new Promise((resolve) => {
      other.once('listening', () => {
        resolve(true);
      });
      other.once('error', () => {
        resolve(false);
      });
    });
    // A computer without ::1.
    if (!listens) continue;
    const address = other.address();
    if (typeof address !== 'object' || !address) throw new Error('It has no address.');
    await expect(listenOnLoopback(address.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  }
});

test('quit asks first, and can be refused', () => {
  const ends: number[] = [];
  const app = new AppStandIn({
    root: join(import.meta.dirname, '..'),
    windows: () => [],
    end: (code) => ends.push(code),
  });
  app.once('before-quit', (event: { preventDefault(): void }) => {
    event.preventDefault();
  });
  app.quit();
  expect(ends).toEqual([]);
  app.quit();
  expect(ends).toEqual([0]);
});

test('whoever has work left when the windows are gone ends the app later', () => {
  const ends: number[] = [];
  const app = new AppStandIn({
    root: join(import.meta.dirname, '..'),
    windows: () => [],
    end: (code) => ends.push(code),
  });
  app.once('will-quit', (event: { preventDefault(): void }) => {
    event.preventDefault();
  });
  app.quit();
  expect(ends).toEqual([]);
  app.quit();
  expect(ends).toEqual([0]);
});

test('flags are read strictly', () => {
  expect(parseOptions(['--port', '8000', '--keep', '--no-open', 'a.mp3'])).toEqual({
    port: 8000,
    keep: true,
    open: false,
    openFiles: [],
    rest: ['a.mp3'],
  });
  for (const port of ['x', '-1', '70000', '1.5']) {
    expect(() => parseOptions([`--port=${port}`])).toThrow(RangeError);
  }
  expect(() => parseOptions(['--host', '0.0.0.0'])).toThrow(TypeError);
});
