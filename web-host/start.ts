import { existsSync } from 'node:fs';
import { join } from 'node:path';
import './hook.ts';
import { webHost } from './electron.ts';
import { parseOptions } from './options.ts';

// The same main process as the desktop app's, on plain Node, with its page in any browser.

const { rest, ...options } = parseOptions(process.argv.slice(2));
const main = join(import.meta.dirname, '..', 'out', 'main', 'main.js');
if (!existsSync(main)) {
  console.error('Soundpost is not built yet. Run: npm run build');
  process.exit(1);
}

// As Electron starts an unpackaged app: program, folder, then what the user gave.
process.argv = [process.execPath, webHost.app.getAppPath(), ...rest];
await import(main);
await webHost.start({
  ...options,
  onUrl: (url) => {
    console.log(`Soundpost is at ${url}`);
    console.log(
      options.keep
        ? 'The address works once. Press Ctrl+C here to end it.'
        : 'The address works once. Close its tab, or press Ctrl+C here, to end it.',
    );
  },
  log: (error) => {
    console.error(error);
  },
});
