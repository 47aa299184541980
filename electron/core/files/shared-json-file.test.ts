import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { otherProcess } from '../testing/other-process.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { smallDisk } from '../testing/small-disk.ts';
import { lockFile } from './file-lock.ts';
import { ownIdentity } from './process-identity.ts';
import { SharedJsonFile } from './shared-json-file.ts';

const moduleUrl = (name: string): string => pathToFileURL(join(import.meta.dirname, name)).href;

const schema = v.object({ version: v.literal(1), words: v.array(v.string()) });
type Words = v.InferOutput<typeof schema>;
const format = {
  title: 'The words',
  version: 1,
  initial: { version: 1, words: [] } as Words,
  read: (json: object) => v.parse(schema, json),
  write: (value: Words) => value,
};
const open = (path: string): SharedJsonFile<Words> => new SharedJsonFile(path, format);
const add = (file: SharedJsonFile<Words>, word: string): Promise<void> =>
  file.change((value) => ({
    value: { ...value, words: [...value.words, word] },
    answer: undefined,
  }));

/** Adds `<name>-0`, `<name>-1`, … to the file. */
const adder = `
  import { SharedJsonFile } from '${moduleUrl('shared-json-file.ts')}';
  const [path, name, count] = process.argv.slice(-3);
  const file = new SharedJsonFile(path, {
    title: 'The words', version: 1, initial: { version: 1, words: [] },
    read: (json) => json, write: (value) => value,
  });
  for (let n = 0; n < Number(count); n += 1) {
    await file.change((value) => ({ value: { ...value, words: [...value.words, name + '-' + n] } }));
  }`;

/** Takes the lock, says so, and keeps it. */
const holder = `
  import { lockFile } from '${moduleUrl('file-lock.ts')}';
  const lock = await lockFile(process.argv.at(-1));
  console.log('held');
  setInterval(() => lock, 1000);`;

async function world(): Promise<AsyncDisposable & { directory: string; path: string }> {
  const scratch = await scratchDirectory();
  const { path: directory } = scratch;
  return {
    directory,
    path: join(directory, 'words.json'),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

test('processes that change the file at once lose nothing of one another', async () => {
  await using at = await world();
  const names = ['a', 'b', 'c'];
  const others = names.map((name) => otherProcess(adder, at.path, name, '25'));
  const file = open(at.path);
  for (let n = 0; n < 25; n += 1) await add(file, `own-${n}`);
  expect(await Promise.all(others.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const { words } = (await file.read()).value;
  const wanted = [...names, 'own'].flatMap((name) =>
    Array.from({ length: 25 }, (_, n) => `${name}-${n}`),
  );
  expect(words.toSorted()).toEqual(wanted.toSorted());
  expect((await readdir(at.directory)).toSorted()).toEqual(['words.json', 'words.json.bak']);
});

test('the file is readable, private, and what it held before lies beside it', async () => {
  await using at = await world();
  const file = open(join(at.directory, 'new', 'folder', 'words.json'));
  await add(file, 'one');
  await add(file, 'two');
  const path = join(at.directory, 'new', 'folder', 'words.json');
  expect(await readFile(path, 'utf8')).toBe(
    '{\n  "version": 1,\n  "words": [\n    "one",\n    "two"\n  ]\n}\n',
  );
  expect(JSON.parse(await readFile(`${path}.bak`, 'utf8'))).toEqual({ version: 1, words: ['one'] });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

describe('a lock', () => {
  test('whose holder was killed is taken over', async () => {
    await using at = await world();
    await using other = otherProcess(holder, `${at.path}.lock`);
    expect(await other.line()).toBe('held');
    other.child.kill('SIGKILL');
    await other.ended;
    expect(await readdir(at.directory)).toEqual(['words.json.lock']);
    // Two at once, so that one might take the other's new lock for the old one.
    const late = [otherProcess(adder, at.path, 'a', '5'), otherProcess(adder, at.path, 'b', '5')];
    await add(open(at.path), 'own');
    await Promise.all(late.map(({ ended }) => ended));
    expect((await open(at.path).read()).value.words.length).toBe(11);
  });

  test('whose holder lives is respected, and a wait without end is said in words', async () => {
    await using at = await world();
    await using other = otherProcess(holder, `${at.path}.lock`);
    expect(await other.line()).toBe('held');
    await expect(lockFile(`${at.path}.lock`, 200)).rejects.toMatchObject({
      code: 'disk_error',
      message: expect.stringMatching(/Another Soundpost is writing/) as string,
    });
  });

  test('of a process whose id another one has now is taken over', async () => {
    await using at = await world();
    const { host, started } = await ownIdentity();
    const dead = { host, pid: process.ppid, started: `${started}0`, token: 'x' };
    await writeFile(`${at.path}.lock`, JSON.stringify(dead));
    await add(open(at.path), 'own');
    expect(await readdir(at.directory)).toEqual(['words.json']);
  });

  test('that was taken away is noticed, and the change is made again to what is there then', async () => {
    await using at = await world();
    const lock = await lockFile(`${at.path}.lock`);
    await writeFile(`${at.path}.lock`, 'somebody else');
    expect(await lock.isOurs()).toBe(false);
    await lock[Symbol.asyncDispose]();
    expect(await readFile(`${at.path}.lock`, 'utf8')).toBe('somebody else');
  });
});

describe('a file that is', () => {
  const damaged: [string, string | Buffer][] = [
    ['cut short', '{"version":1,"words":["on'],
    ['empty', ''],
    ['no JSON', 'words: one'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['a list', '[]'],
    ['null', 'null'],
    ['of another kind', '{"version":1,"words":"one"}'],
    ['full of zeros', Buffer.alloc(4096)],
    ['deeper than any', '['.repeat(200_000)],
  ];

  test.each(damaged)('%s is set aside whole, and the copy is used', async (_name, content) => {
    await using at = await world();
    await add(open(at.path), 'one');
    await add(open(at.path), 'two');
    await writeFile(at.path, content);
    const { value, problem } = await open(at.path).read();
    expect(value.words).toEqual(['one']);
    expect(problem?.message).toMatch(/set aside as words\.json\.damaged-.*copy from before/);
    expect(problem?.message).not.toContain(at.directory);
    const names = await readdir(at.directory);
    const aside = names.find((name) => name.includes('.damaged-')) ?? '';
    expect(await readFile(join(at.directory, aside))).toEqual(Buffer.from(content));
    expect(await open(at.path).read()).toEqual({ value });
    await add(open(at.path), 'three');
    expect((await open(at.path).read()).value.words).toEqual(['one', 'three']);
  });

  test('damaged like its copy is set aside, and the copy stays as it is', async () => {
    await using at = await world();
    await writeFile(at.path, 'no');
    await writeFile(`${at.path}.bak`, 'no either');
    await add(open(at.path), 'one');
    expect(await readFile(`${at.path}.bak`, 'utf8')).toBe('no either');
    expect((await open(at.path).read()).value.words).toEqual(['one']);
    expect((await readdir(at.directory)).filter((name) => name.includes('damaged'))).toHaveLength(
      1,
    );
  });

  test('a newer version’s is left alone, and said so', async () => {
    await using at = await world();
    const newer = '{"version":2,"words":{"en":["one"]}}';
    await writeFile(at.path, newer);
    const { value, problem } = await open(at.path).read();
    expect(value.words).toEqual([]);
    expect(problem?.message).toMatch(/newer Soundpost/);
    await expect(add(open(at.path), 'one')).rejects.toMatchObject({ code: 'file_unreadable' });
    expect(await readFile(at.path, 'utf8')).toBe(newer);
    expect(await readdir(at.directory)).toEqual(['words.json']);
  });

  test('over 16 MB is neither read nor changed', async () => {
    await using at = await world();
    await writeFile(at.path, `{"version":1,"words":["${'x'.repeat(17 * 1024 * 1024)}"]}`);
    await expect(open(at.path).read()).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(add(open(at.path), 'one')).rejects.toMatchObject({ code: 'file_unreadable' });
    expect(await readdir(at.directory)).toEqual(['words.json']);
  });

  test('a folder is said in words', async () => {
    await using at = await world();
    await mkdir(at.path);
    await expect(open(at.path).read()).rejects.toMatchObject({ code: 'file_unreadable' });
  });
});

test('a full disk leaves the file as it was, with a copy beside it', async (context) => {
  await using disk = await smallDisk(1);
  if (!disk) return context.skip();
  const path = join(disk.path, 'words.json');
  await add(open(path), 'one');
  await add(open(path), 'two');
  const before = await readFile(path, 'utf8');
  const failing = add(open(path), 'x'.repeat(2 * 1024 * 1024));
  await expect(failing).rejects.toMatchObject({ code: 'disk_full' });
  expect(await readFile(path, 'utf8')).toBe(before);
  expect(await readFile(`${path}.bak`, 'utf8')).toBe(before);
  expect((await readdir(disk.path)).toSorted()).toEqual(['words.json', 'words.json.bak']);
});

test('a disk that can only be read gives what is there, from the copy when the file is damaged', async (context) => {
  await using disk = await smallDisk(1);
  if (!disk) return context.skip();
  const path = join(disk.path, 'words.json');
  await add(open(path), 'one');
  await add(open(path), 'two');
  await writeFile(path, 'no');
  await disk.makeReadOnly();
  const { value, problem } = await open(path).read();
  expect(value.words).toEqual(['one']);
  expect(problem?.message).toMatch(/left as it is.*copy/);
  await expect(add(open(path), 'three')).rejects.toMatchObject({ code: 'disk_error' });
});
