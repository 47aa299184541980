import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { webHostFlags } from '../web-host/options.ts';
import { buildIfStale, root } from './build.ts';
import { fetchElectron, whyNoWindow } from './electron-binary.ts';
import { exitOf, runChild } from './run-child.ts';

const AT_ONCE_MS = 3000;

const usage = `npm start                    opens Soundpost, with Electron where it can be had
npm start -- FILE…           opens it with these files
npm start -- --web           serves it to a browser on this computer instead
npm start -- --web --port N  on a fixed port, for ssh -L N:localhost:N
  --no-open                  prints the address and opens no browser
  --keep                     stays when the page is closed`;

const args = process.argv.slice(2);
const flags = {
  ...webHostFlags,
  web: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function valuesOrEnd() {
  try {
    return parseArgs({ args, allowPositionals: true, options: flags });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(usage);
    process.exit(2);
  }
}

const { values, positionals } = valuesOrEnd();
// npm runs scripts in the folder of the checkout; files are named from where its user is.
const cwd = process.env['INIT_CWD'] ?? process.cwd();
if (values.help) {
  console.log(usage);
} else if (!buildIfStale()) {
  console.error('Soundpost could not be built; the lines above say why.');
  process.exitCode = 1;
} else {
  process.exitCode = await (values.web ? serve() : desktop());
}

function serve(): Promise<number> {
  const forHost = args.filter((arg) => arg !== '--web');
  const host = join(root, 'web-host', 'start.ts');
  // Node still calls its own type stripper an experiment, in a warning that would only puzzle here.
  const quiet = '--disable-warning=ExperimentalWarning';
  return runChild(process.execPath, [quiet, host, ...forHost], cwd);
}

async function desktop(): Promise<number> {
  const impossible = whyNoWindow();
  if (impossible !== null) return instead(impossible);
  const electron = await fetchElectron();
  if ('why' in electron) return instead(electron.why);

  const startedAt = performance.now();
  const child = spawn(electron.program, [root, ...positionals], {
    cwd,
    stdio: ['inherit', 'inherit', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000);
    process.stderr.write(chunk);
  });
  const code = await exitOf(child);
  if (code === 0 || performance.now() - startedAt > AT_ONCE_MS) return code;
  return instead(whyItEnded(said, code));
}

function instead(why: string): Promise<number> {
  console.log(`Electron can’t be used here: ${why}. Soundpost opens in a browser instead.`);
  return serve();
}

function whyItEnded(said: string, code: number): string {
  if (/sandbox/i.test(said)) return 'this system does not let its sandbox start (user namespaces)';
  if (/display|ozone/i.test(said)) return 'it could not open the display';
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(said)?.[1];
  if (library) return `the system library ${library} is missing`;
  return `it ended at once with code ${code}`;
}
