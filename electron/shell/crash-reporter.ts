import { app, crashReporter } from 'electron';
import { mkdirSync } from 'node:fs';
import type { CrashDumps } from '../core/crashes/crash-dumps.ts';

type Options = { dumps: CrashDumps; isWanted: boolean; log: (error: unknown) => void };

/**
 * Leaves dumps of crashes on this computer when the user wants them, and sends none. To be called before the app is ready: a page
 * that is older than the reporter is not watched, and the reporter can't be stopped again.
 */
export function startCrashReporter({ dumps, isWanted, log }: Options): void {
  if (isWanted) {
    try {
      mkdirSync(dumps.folder, { recursive: true, mode: 0o700 });
      app.setPath('crashDumps', dumps.folder);
      crashReporter.start({ uploadToServer: false });
    } catch (error) {
      log(error);
    }
  }
  (isWanted ? dumps.purge() : dumps.clear()).catch(log);
  app.on('render-process-gone', (_event, _contents, { reason, exitCode }) => {
    if (reason !== 'clean-exit') log(`The page’s process is gone: ${reason}, ${exitCode}.`);
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason !== 'clean-exit') log(`A process of kind ${type} is gone: ${reason}, ${exitCode}.`);
  });
}
