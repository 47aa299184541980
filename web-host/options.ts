import { parseArgs } from 'node:util';

/** How the web host was asked to start. */
export type Options = {
  /** 0 lets the system choose. A fixed one is for `ssh -L`. */
  port: number;
  /** Stay when the page is closed. */
  keep: boolean;
  /** Open the page in the user's browser. */
  open: boolean;
  /** Files that are handed over as macOS does it: by an event, before the app is ready. */
  openFiles: string[];
  /** What is left for the app itself: file names. */
  rest: string[];
};

/** The flags `npm start` and `web-host/start.ts` share. `--open-file` shows on any system what macOS does. */
export const webHostFlags = {
  port: { type: 'string' },
  keep: { type: 'boolean' },
  'no-open': { type: 'boolean' },
  'open-file': { type: 'string', multiple: true },
} as const;

/**
 * Reads the web host's flags.
 *
 * @throws TypeError for an unknown flag, RangeError for a port that is none
 */
export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    options: webHostFlags,
    allowPositionals: true,
  });
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError('--port needs a number from 1 to 65535.');
  }
  return {
    port,
    keep: values.keep ?? false,
    open: !(values['no-open'] ?? false),
    openFiles: values['open-file'] ?? [],
    rest: positionals,
  };
}
