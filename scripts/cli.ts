import { join } from 'node:path';
import { buildIfStale, root } from './build.ts';
import { runChild } from './run-child.ts';

// `npm run -s soundpost -- …`: the command line as it stands in this checkout.

if (!buildIfStale()) {
  console.error('Soundpost could not be built; the lines above say why.');
  process.exit(1);
}
const cli = join(root, 'out', 'main', 'cli.js');
process.exitCode = await runChild(process.execPath, [cli, ...process.argv.slice(2)]);
