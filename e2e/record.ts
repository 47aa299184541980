import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import type { Asked } from '../web-host/record.ts';
import { launchApp, type App, type LaunchOptions } from './app.ts';

/** All that was asked of one kind, in order. */
export type Recorded = <W extends Asked['what']>(what: W) => Promise<Extract<Asked, { what: W }>[]>;

/** Starts the app on the web host, which writes down what a browser can't show. */
export async function launchRecorded(
  options: LaunchOptions = {},
): Promise<App & { recorded: Recorded }> {
  const scratch = await scratchDirectory();
  const file = join(scratch.path, 'record.jsonl');
  const app = await launchApp({
    ...options,
    env: { ...options.env, SOUNDPOST_WEB_HOST_RECORD: file },
  });
  const stop = async (): Promise<void> => {
    await app.stop();
    await scratch[Symbol.asyncDispose]();
  };
  const recorded: Recorded = async (what) => {
    const text = await readFile(file, 'utf8').catch(() => '');
    const all = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Asked);
    return all.filter((asked) => asked.what === what) as Extract<Asked, { what: typeof what }>[];
  };
  return { ...app, recorded, stop, [Symbol.asyncDispose]: stop };
}
