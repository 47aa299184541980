import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { CrashDumps } from './crash-dumps.ts';

const now = new Date('2026-06-30T12:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 24 * 60 * 60 * 1000);

/** A folder as Crashpad leaves it; `on` is the system whose way it has. */
async function withDumps(on: 'linux' | 'win32' = 'linux') {
  const scratch = await scratchDirectory();
  const folder = join(scratch.path, 'crashes');
  const dumps = new CrashDumps(folder, () => now);
  const put = async (path: string, { bytes = 10, days = 0 } = {}): Promise<void> => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.alloc(bytes));
    await utimes(file, daysAgo(days), daysAgo(days));
  };
  const crash = async (name: string, options?: { bytes?: number; days?: number }) => {
    if (on === 'win32') {
      await put(`reports/${name}.dmp`, options);
      return;
    }
    await put(`completed/${name}.dmp`, options);
    await put(`completed/${name}.meta`, { days: options?.days ?? 0 });
    await put(`attachments/${name}/log`, { days: options?.days ?? 0 });
  };
  const files = async (): Promise<string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .toSorted();
  return {
    ...{ folder, dumps, put, crash, files, outside: scratch.path },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

describe('crash dumps', () => {
  test('are few: the newest stay, with what belongs to them', async () => {
    await using at = await withDumps();
    for (const days of [1, 2, 3, 4]) await at.crash(`day${days}`, { days });
    await at.dumps.purge({ count: 2, bytes: 1000, days: 30 });
    expect(await at.files()).toEqual([
      ...['attachments/day1/log', 'attachments/day2/log'],
      ...['completed/day1.dmp', 'completed/day1.meta', 'completed/day2.dmp', 'completed/day2.meta'],
    ]);
  });

  test('are small together: the oldest go first, and one that is too large alone goes too', async () => {
    await using at = await withDumps('win32');
    for (const days of [1, 2, 3]) await at.crash(`day${days}`, { days, bytes: 400 });
    await at.dumps.purge({ count: 10, bytes: 1000, days: 30 });
    expect(await at.files()).toEqual(['reports/day1.dmp', 'reports/day2.dmp']);
    await at.crash('day0', { bytes: 5000 });
    await at.dumps.purge({ count: 10, bytes: 1000, days: 30 });
    expect(await at.files()).toEqual([]);
  });

  test('are young', async () => {
    await using at = await withDumps();
    await at.crash('old', { days: 31 });
    await at.crash('young', { days: 29 });
    await at.dumps.purge({ count: 10, bytes: 1000, days: 30 });
    expect((await at.files()).filter((path) => path.includes('old'))).toEqual([]);
    expect(await at.dumps.usage()).toEqual({ count: 1, bytes: 10 });
  });

  test('are found wherever Crashpad puts them, also before it is done with one', async () => {
    await using at = await withDumps();
    for (const place of ['new', 'pending', 'completed', 'reports']) {
      await at.put(`${place}/${place}.dmp`);
      await at.put(`${place}/${place}.lock`);
    }
    expect(await at.dumps.usage()).toEqual({ count: 4, bytes: 40 });
    await at.dumps.clear();
    expect(await at.files()).toEqual([]);
  });

  test('are all that goes: what Crashpad knows itself by stays, and so does what is no dump', async () => {
    await using at = await withDumps();
    await at.crash('one');
    for (const other of ['settings.dat', 'metadata', 'notes.txt', 'completed/one.txt']) {
      await at.put(other);
    }
    await at.dumps.clear();
    expect(await at.files()).toEqual([
      'completed/one.txt',
      'metadata',
      'notes.txt',
      'settings.dat',
    ]);
  });

  test.skipIf(process.platform === 'win32')('that a link leads to are left alone', async () => {
    await using at = await withDumps();
    await at.crash('one');
    await mkdir(join(at.outside, 'other'));
    await writeFile(join(at.outside, 'other', 'theirs.dmp'), 'x');
    await symlink(join(at.outside, 'other'), join(at.folder, 'completed', 'linked'));
    await symlink(join(at.outside, 'other', 'theirs.dmp'), join(at.folder, 'linked.dmp'));
    await at.dumps.clear();
    expect(await readdir(join(at.outside, 'other'))).toEqual(['theirs.dmp']);
  });

  test('where there were never any are none', async () => {
    await using at = await withDumps();
    expect(await at.dumps.usage()).toEqual({ count: 0, bytes: 0 });
    await at.dumps.purge();
    await at.dumps.clear();
  });

  test('whose folder is something else are said to be out of reach', async () => {
    await using scratch = await scratchDirectory();
    const file = join(scratch.path, 'crashes');
    await writeFile(file, '');
    await expect(new CrashDumps(file, () => now).usage()).rejects.toMatchObject({
      code: 'disk_error',
    });
  });
});
