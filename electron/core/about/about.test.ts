import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { aboutThis, websiteOf } from './about.ts';

const system = { platform: 'linux', release: '6.1.0', arch: 'x64' };

test('a package tells what it runs on, its licence, and those of what is bundled', async () => {
  await using scratch = await scratchDirectory();
  const root = scratch.path;
  await writeFile(join(root, 'LICENSE'), 'MIT License');
  for (const [part, text] of [
    ['main', '# valibot'],
    ['renderer', '# svelte'],
  ] as const) {
    await mkdir(join(root, 'out', part), { recursive: true });
    await writeFile(join(root, 'out', part, 'licenses.md'), text);
  }
  await writeFile(join(root, 'out', 'renderer', 'licenses-mediabunny.md'), '## mediabunny');
  await writeFile(join(root, 'out', 'renderer', 'other.md'), 'no licence');
  const versions = { electron: '45.4.1', chrome: '156.0', node: '24.18.1', v8: '1' };
  expect(await aboutThis({ root, version: '0.1.0', versions, system })).toEqual({
    ...{ name: 'Soundpost', version: '0.1.0', runsIn: 'desktop', system: 'Linux 6.1.0 x64' },
    versions: [
      { name: 'Electron', version: '45.4.1' },
      { name: 'Chromium', version: '156.0' },
      { name: 'Node.js', version: '24.18.1' },
    ],
    licence: 'MIT License',
    notices: '# valibot\n\n## mediabunny\n\n# svelte',
  });
});

test('on plain Node it is the web host, and a build without notices says so', async () => {
  await using scratch = await scratchDirectory();
  const about = await aboutThis({
    ...{ root: scratch.path, version: '0.1.0', versions: { node: '24.1.0' } },
    system: { ...system, platform: 'darwin' },
  });
  expect(about).toMatchObject({ runsIn: 'web host', notices: null, licence: 'MIT' });
  expect(about.versions).toEqual([{ name: 'Node.js', version: '24.1.0' }]);
  expect(about.system).toBe('macOS (Darwin 6.1.0) x64');
});

test('only a real https page is a build’s website', async () => {
  await using scratch = await scratchDirectory();
  const named = async (homepage?: unknown): Promise<string | null> => {
    await writeFile(join(scratch.path, 'package.json'), JSON.stringify({ homepage }));
    return websiteOf(scratch.path);
  };
  expect(websiteOf(scratch.path)).toBeNull();
  expect(await named('https://soundpost.org/app')).toBe('https://soundpost.org/app');
  for (const none of [
    ...['https://soundpost.invalid', 'http://soundpost.org', 'file:///etc/passwd', 'x', '', 7],
    ...[undefined, 'https://user:pass@soundpost.org', 'https://localhost/', 'https://10.0.0.1/'],
  ]) {
    expect(await named(none), String(none)).toBeNull();
  }
});
