import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SettingsFile } from '../settings/settings.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { crashDumpsWanted } from './crash-dumps-wanted.ts';

test('crash dumps are wanted from the moment that the settings say so, and no longer', async () => {
  await using scratch = await scratchDirectory();
  expect(crashDumpsWanted(scratch.path)).toBe(false);
  const settings = new SettingsFile(join(scratch.path, 'settings.json'), () => undefined);
  await settings.change({ appearance: 'dark' });
  expect(crashDumpsWanted(scratch.path)).toBe(false);
  await settings.change({ crashDumps: true });
  expect(crashDumpsWanted(scratch.path)).toBe(true);
  await settings.change({ crashDumps: null });
  expect(crashDumpsWanted(scratch.path)).toBe(false);
});

test.each(['{', '{"version":1,"crashDumps":"yes"}', '{"version":2,"crashDumps":true}', '[]'])(
  'a settings file that says %s wants none',
  async (text) => {
    await using scratch = await scratchDirectory();
    await writeFile(join(scratch.path, 'settings.json'), text);
    expect(crashDumpsWanted(scratch.path)).toBe(false);
  },
);
