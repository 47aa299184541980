import { join } from 'node:path';
import { buildIfStale, root } from './build.ts';
import { runChild } from './run-child.ts';
import { signing } from './signing.ts';

const usage = `npm run package                        the installers of this system, for x64 and arm64
npm run package -- --dir               the app without an installer
npm run package -- --linux AppImage --x64
What follows -- goes to electron-builder as it is. The packages come to out/package.`;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(usage);
} else if (!buildIfStale()) {
  console.error('Soundpost could not be built; the lines above say why.');
  process.exitCode = 1;
} else {
  for (const words of signing(process.env).words) console.log(words);
  const builder = join(root, 'node_modules', 'electron-builder', 'out', 'cli', 'cli.js');
  const always = ['--config', 'electron-builder.config.ts', '--publish', 'never'];
  process.exitCode = await runChild(process.execPath, [builder, 'build', ...always, ...args]);
}
