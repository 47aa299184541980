import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
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

const { rest, openFiles, ...options } = optionsOrEnd();
const main = join(webHost.app.getAppPath(), 'out', 'main', 'main.js');
if (!existsSync(main)) {
  giveUp('Soundpost is not built yet. Run: npm run build');
}

// As Electron starts an unpackaged app: program, folder, then what the user gave.
process.argv = [process.execPath, webHost.app.getAppPath(), ...rest];
await import(main);
for (const path of openFiles) webHost.app.openFile(resolve(path));
hearOfStarts();
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

/**
 * A second start can't be seen from here, as several web hosts run side by side. Who started this process over a channel of
 * Node's, as the specs do, may tell of one.
 */
function hearOfStarts(): void {
  const again = v.strictObject({ again: v.array(v.string()), workingDirectory: v.string() });
  process.on('message', (message) => {
    const parsed = v.safeParse(again, message);
    if (parsed.success)
      webHost.app.startedAgain(parsed.output.again, parsed.output.workingDirectory);
  });
  // Heard as long as the app lives, and no reason for it to live.
  process.channel?.unref();
}
