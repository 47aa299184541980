import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { RecentFile } from '../../contract/recent.ts';
import { Inputs } from '../files/inputs.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { RecentFiles } from './recent-files.ts';

/** A user's home with files in it, and the list over them. */
async function world() {
  const scratch = await scratchDirectory();
  const home = join(scratch.path, 'home');
  const temporary = join(scratch.path, 'temporary');
  const list = join(scratch.path, 'data', 'recent-files.json');
  await mkdir(temporary);
  const inputs = new Inputs();
  const told: RecentFile[][] = [];
  const system: string[] = [];
  const logged: unknown[] = [];
  const open = (place = temporary): RecentFiles =>
    new RecentFiles({
      ...{ path: list, home, temporary: place },
      admit: (path) => inputs.admit(path),
      system: {
        add: (path) => system.push(path),
        clear: () => system.splice(0),
      },
      onChange: (files) => told.push(files),
      log: (error) => logged.push(error),
    });
  const file = async (name: string, folder = home) => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'sound');
    return { name: basename(path), path };
  };
  return {
    ...{ home, temporary, list, open, file, told, system, logged },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

const names = (files: RecentFile[]): string[] => files.map(({ name }) => name);

test('what was taken is listed, the last first, also after a new start', async () => {
  await using at = await world();
  const recents = at.open();
  await recents.admit([await at.file('a.wav')]);
  await recents.admit([await at.file('b.wav'), await at.file('c.wav')]);
  expect(names(await recents.list())).toEqual(['b.wav', 'c.wav', 'a.wav']);
  expect(await at.open().list()).toEqual(await recents.list());
  expect(at.told.at(-1)).toEqual(await recents.list());
  expect(at.system.map((path) => basename(path))).toEqual(['a.wav', 'c.wav', 'b.wav']);
});

test('a file that is used again comes first under the id it has', async () => {
  await using at = await world();
  const recents = at.open();
  const [a, b] = [await at.file('a.wav'), await at.file('b.wav')];
  await recents.admit([a]);
  const [before] = await recents.list();
  await recents.admit([b]);
  await recents.admit([a]);
  expect(names(await recents.list())).toEqual(['a.wav', 'b.wav']);
  expect((await recents.list())[0]).toEqual(before);
});

test('no more than twenty are kept', async () => {
  await using at = await world();
  const recents = at.open();
  const files = await Promise.all(Array.from({ length: 30 }, (_, n) => at.file(`${n}.wav`)));
  await recents.admit(files);
  expect(names(await recents.list())).toEqual(files.slice(0, 20).map(({ name }) => name));
});

test('the page is told names and short folders and no path', async () => {
  await using at = await world();
  const recents = at.open();
  await recents.admit([
    await at.file('a.wav'),
    await at.file('takes/b.wav'),
    await at.file('music/2026/band/monday/takes/c.wav'),
  ]);
  const listed = await recents.list();
  expect(listed.map(({ folder }) => folder.replaceAll('\\', '/'))).toEqual([
    '~',
    '~/takes',
    '~/…/monday/takes',
  ]);
  expect(JSON.stringify(listed)).not.toContain(at.home);
});

test('what could not be taken is not listed, and the others are', async () => {
  await using at = await world();
  const recents = at.open();
  await mkdir(join(at.home, 'folder'), { recursive: true });
  const { taken, refused } = await recents.admit([
    { name: 'gone.wav', path: join(at.home, 'gone.wav') },
    { name: 'folder', path: join(at.home, 'folder') },
    await at.file('a.wav'),
    { name: 'far.wav', path: '' },
  ]);
  expect(taken.map(({ name }) => name)).toEqual(['a.wav']);
  expect(refused.map(({ name, failure }) => [name, failure.message])).toEqual([
    ['gone.wav', expect.stringMatching(/not there any more/)],
    ['folder', expect.stringMatching(/folder/)],
    ['far.wav', expect.stringMatching(/not a file on this computer/)],
  ]);
  expect(JSON.stringify(refused)).not.toContain(at.home);
  expect(names(await recents.list())).toEqual(['a.wav']);
});

test('presets and what lies in the temporary folder are taken and not listed', async () => {
  await using at = await world();
  const link = join(at.home, 'link');
  await mkdir(at.home);
  await symlink(at.temporary, link, 'junction');
  const recents = at.open(link);
  const { taken } = await recents.admit([
    await at.file('Team.SOUNDPOST'),
    await at.file('x/upload.wav', at.temporary),
    { name: 'upload.wav', path: join(link, 'x', 'upload.wav') },
  ]);
  expect(taken).toHaveLength(3);
  expect(await recents.list()).toEqual([]);
  expect(at.system).toEqual([]);
});

test('one that is opened is taken, and comes first', async () => {
  await using at = await world();
  const recents = at.open();
  await recents.admit([await at.file('a.wav'), await at.file('b.wav')]);
  const { taken, refused } = await recents.open((await recents.list())[1]?.id ?? '');
  expect([taken.map(({ name }) => name), refused]).toEqual([['b.wav'], []]);
  expect(names(await recents.list())).toEqual(['b.wav', 'a.wav']);
});

test('one that is gone says so and comes off the list', async () => {
  await using at = await world();
  const recents = at.open();
  const a = await at.file('takes/a.wav');
  await recents.admit([a, await at.file('b.wav')]);
  const id = (await recents.list())[0]?.id ?? '';
  await rename(dirname(a.path), join(at.home, 'elsewhere'));
  const { taken, refused } = await recents.open(id);
  expect(taken).toEqual([]);
  expect(refused).toEqual([
    {
      name: 'a.wav',
      failure: { code: 'file_unreadable', message: expect.stringMatching(/taken off/) as string },
    },
  ]);
  expect(names(await recents.list())).toEqual(['b.wav']);
  await expect(recents.open(id)).rejects.toMatchObject({ code: 'unknown_input' });
});

test('one that can’t be read today stays on the list', async () => {
  await using at = await world();
  const recents = at.open();
  const a = await at.file('a.wav');
  await recents.admit([a]);
  await rm(a.path);
  await mkdir(a.path);
  const { refused } = await recents.open((await recents.list())[0]?.id ?? '');
  expect(refused).toHaveLength(1);
  expect(names(await recents.list())).toEqual(['a.wav']);
});

test('after clearing, no file on this computer tells what was on the list', async () => {
  await using at = await world();
  const recents = at.open();
  await recents.admit([await at.file('secret.wav')]);
  await recents.clear();
  expect(await recents.list()).toEqual([]);
  expect(at.told.at(-1)).toEqual([]);
  expect(at.system).toEqual([]);
  expect(await readFile(at.list, 'utf8')).not.toContain('secret');
});

test.each([
  ['cut short', '{"version":1,"files":[{"id"'],
  ['of another version', '{"version":2,"files":[]}'],
  ['with an id that is none', '{"version":1,"files":[{"id":"../x","path":"/a"}]}'],
  ['over a megabyte', `{"version":1,"files":[],"x":"${'x'.repeat(1024 * 1024)}"}`],
])('a list that is %s counts as none and is written anew', async (_name, text) => {
  await using at = await world();
  await mkdir(dirname(at.list));
  await writeFile(at.list, text);
  const recents = at.open();
  expect(await recents.list()).toEqual([]);
  await recents.admit([await at.file('a.wav')]);
  expect(names(await recents.list())).toEqual(['a.wav']);
});

test('a disk that takes no list keeps no file from being taken', async () => {
  await using at = await world();
  await writeFile(dirname(at.list), 'in the way');
  const recents = at.open();
  expect((await recents.admit([await at.file('a.wav')])).taken).toHaveLength(1);
  await recents.close();
  expect(at.logged).toMatchObject([{ code: 'disk_error' }]);
});
