import { existsSync } from 'node:fs';
import { join } from 'node:path';
import './hook.ts';
import { hasErrorCode } from '../electron/core/soundpost-error.ts';
import { webHost } from './electron.ts';
import { parseOptions, type Options } from './options.ts';

// The same main process as the desktop app's, on plain Node, with its page in any browser.

function giveUp(why: unknown): never {
  console.error(why instanceof Error ? why.message : why);
  process.exit(2);
}

function optionsOrEnd(): Options {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    giveUp(error);
  }
}

const { rest, ...options } = optionsOrEnd();
const main = join(webHost.app.getAppPath(), 'out', 'main', 'main.js');
if (!existsSync(main)) {
  giveUp('Soundpost is not built yet. Run: npm run build');
}

// As Electron starts an unpackaged app: program, folder, then what the user gave.
process.argv = [process.execPath, webHost.app.getAppPath(), ...rest];
await import(main);
try {
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
} catch (error) {
  if (!hasErrorCode(error, 'EADDRINUSE', 'EACCES')) throw error;
  giveUp(
    `Port ${options.port} can’t be had on this computer. Choose another, or leave --port out.`,
  );
}
