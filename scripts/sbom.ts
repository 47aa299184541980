import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './build.ts';
import { shippedBill, type Bill } from './shipped-bill.ts';

// What a package is made of, in CycloneDX.
const { stdout } = await promisify(execFile)('npm', ['sbom', '--sbom-format=cyclonedx'], {
  cwd: root,
  maxBuffer: 64 * 1024 * 1024,
  shell: process.platform === 'win32',
});
const manifestOf = async (folder: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
const own = (await manifestOf(root)) as { version: string; dependencies: Record<string, string> };
const electron = (await manifestOf(join(root, 'node_modules', 'electron'))) as { version: string };
const bill = shippedBill(JSON.parse(stdout) as Bill, {
  dependencies: Object.keys(own.dependencies),
  electron: electron.version,
});
const folder = join(root, 'out', 'package');
await mkdir(folder, { recursive: true });
const file = join(folder, `Soundpost-${own.version}-sbom.cdx.json`);
await writeFile(file, `${JSON.stringify(bill, null, 2)}\n`);
console.log(file);
