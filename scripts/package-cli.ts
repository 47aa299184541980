import { mkdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from './build.ts';
import { makeCommandLinePackage } from './command-line-package.ts';

// `npm run package:cli`: the command line as an npm tarball.

const folder = join(root, 'out', 'package');
await mkdir(folder, { recursive: true });
const tarball = await makeCommandLinePackage(folder);
const { size } = await stat(tarball);
console.log(
  `${relative(root, tarball)}: ${(size / 1e6).toFixed(1)} MB. Install it: npm install --global FILE`,
);
