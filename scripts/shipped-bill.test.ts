import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { root } from './build.ts';
import { shippedBill, type Bill } from './shipped-bill.ts';

let all: Bill;
let bill: Bill;
let dependencies: string[];

beforeAll(async () => {
  const { stdout } = await promisify(execFile)('npm', ['sbom', '--sbom-format=cyclonedx'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  all = JSON.parse(stdout) as Bill;
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  dependencies = Object.keys(own.dependencies);
  bill = shippedBill(all, { dependencies, electron: '45.4.1' });
}, 60_000);

const names = (of: Bill): string[] => of.components.map(({ name }) => name);

test('every package that the app’s own code names is in the bill of materials', async () => {
  const shipped = new Set(names(bill));
  const imported = new Set<string>();
  const places = ['electron', 'renderer'].map((place) => `${place}/**/*.{ts,svelte}`);
  for await (const path of glob(places, { cwd: root })) {
    if (/\.test\.ts$|[\\/]testing[\\/]/.test(path)) continue;
    const text = await readFile(join(root, path), 'utf8');
    const forms =
      /^(?:import|export) (?!type)[^;]*?from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm;
    for (const [, named, lazily] of text.matchAll(forms)) {
      const name = named ?? lazily ?? '';
      if (!name.startsWith('node:')) imported.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
    }
  }
  expect(imported).toContain('electron-updater');
  for (const name of imported) {
    // A scoped name stands as it is; npm gives the others theirs.
    expect(
      [...shipped].some((one) => one === name || name.endsWith(`/${one}`)),
      name,
    ).toBe(true);
  }
});

test('what those need is in it too, and Electron, and no tool', () => {
  expect(names(bill)).toEqual(
    expect.arrayContaining(['svelte', 'builder-util-runtime', 'electron']),
  );
  expect(bill.components.find(({ name }) => name === 'electron')?.purl).toBe(
    'pkg:npm/electron@45.4.1',
  );
  for (const tool of ['vitest', 'vite', 'eslint', 'playwright-core', 'electron-builder', 'knip']) {
    expect(names(all)).toContain(tool);
    expect(names(bill)).not.toContain(tool);
  }
});

test('it is about Soundpost, and each reference in it leads somewhere', () => {
  const { component } = bill.metadata;
  expect(component).toMatchObject({ name: 'soundpost', type: 'application' });
  const refs = new Set([component['bom-ref'], ...bill.components.map((one) => one['bom-ref'])]);
  for (const { ref, dependsOn } of bill.dependencies) {
    expect(refs).toContain(ref);
    for (const needed of dependsOn) expect(refs).toContain(needed);
  }
});
