import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { checkKey } from './core/baseten/account.ts';
import { usualInstallation } from './core/baseten/installation.ts';
import type { ChosenKey, KeyChoice } from './core/baseten/key-choice.ts';
import { exitStatus } from './core/command-line/exit-status.ts';
import { historyCommand } from './core/command-line/history-command.ts';
import { keychainWords } from './core/command-line/keychain-words.ts';
import {
  parseArguments,
  type PresetRunCommand,
  type PresetsCommand,
  type RunCommand,
} from './core/command-line/parse-arguments.ts';
import type { HistoryCommand, ShowCommand } from './core/command-line/parse-history.ts';
import { presetsCommand } from './core/command-line/presets-command.ts';
import { humanReporter, jsonReporter } from './core/command-line/reporter.ts';
import { keysCommand } from './core/command-line/keys-command.ts';
import { modelsCommand } from './core/command-line/models-command.ts';
import type { KeysCommand, ModelsCommand } from './core/command-line/parse-keys.ts';
import { runCommand } from './core/command-line/run-command.ts';
import { runPreset } from './core/command-line/run-preset.ts';
import { usage } from './core/command-line/usage.ts';
import { visible } from './core/command-line/visible.ts';
import { createCore } from './core/core.ts';
import { appDirectories } from './core/files/app-directories.ts';
import { unwritable } from './core/files/replace-file.ts';
import { Keys } from './core/keychain/keys.ts';
import { nodeChild } from './core/keychain/node-child.ts';
import { createSystemKeychain } from './core/keychain/system-keychain.ts';
import { Log } from './core/log.ts';
import { environmentProxy } from './core/transport/proxy.ts';
import { hasErrorCode, toFailure } from './core/soundpost-error.ts';

// Read once and removed before any process is forked, so that none inherits it.
const environmentKey = process.env['BASETEN_API_KEY'];
delete process.env['BASETEN_API_KEY'];

const root = join(import.meta.dirname, '..', '..');

type Spoken =
  | KeysCommand
  | ModelsCommand
  | RunCommand
  | PresetRunCommand
  | PresetsCommand
  | HistoryCommand
  | ShowCommand;

async function run(command: Spoken): Promise<number> {
  const { allowedHosts, caFile } =
    'allowedHosts' in command ? command : { allowedHosts: [], caFile: undefined };
  const directories = appDirectories(process.platform, homedir(), process.env);
  const log = new Log(join(directories.data, 'logs', 'soundpost.log'), () => new Date());
  const keys = new Keys({
    configDirectory: directories.config,
    environmentKey,
    usual: () => usualInstallation(process.env),
    keychain: createSystemKeychain({
      fork: nodeChild(join(import.meta.dirname, 'keychain-process.js'), process.env),
    }),
    check: (key, { management }) =>
      checkKey({ key, managementUrl: management, agents: core.agents }),
    hide: (key) => {
      log.hide(key);
    },
    log: log.error,
  });
  const core = createCore({
    dataDirectory: directories.data,
    configDirectory: directories.config,
    home: homedir(),
    sampleDirectory: join(root, 'resources', 'sample'),
    keys: withCommandLineWords(keys),
    // Whoever types a host wants it asked; a key goes there only when that is said too.
    isAllowed: (origin, key) => key === null || isAllowed(origin, allowedHosts),
    // Nobody is asked here: what was not allowed on the command line is refused, in words that name the option.
    askForHost: () => Promise.resolve('cancel'),
    proxyFor: environmentProxy(process.env),
    caFile,
    by: 'cli',
    log: log.error,
  });
  const interrupted = new AbortController();
  process.on('SIGINT', () => {
    // The first lets the run end in order; whoever asks twice wants out now.
    if (interrupted.signal.aborted) process.exit(exitStatus('cancelled'));
    interrupted.abort();
  });
  const streams = {
    out: (text: string) => process.stdout.write(text),
    error: (text: string) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
    isOutTerminal: process.stdout.isTTY,
  };
  try {
    switch (command.command) {
      case 'keys':
        return await keysCommand(command, { keys, core, streams, readIn: readStandardInput });
      case 'models':
        return await modelsCommand(command, { core, streams });
      case 'presets':
        return await presetsCommand(command, { presets: core.presets, streams });
      case 'history':
      case 'show':
        return await historyCommand(command, { core, streams });
      case 'run':
      case 'run-preset':
    }
    const options = {
      core,
      reporter: command.json ? jsonReporter(streams) : humanReporter(streams),
      writeOut: async (bytes: Uint8Array) => {
        if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
      },
      signal: interrupted.signal,
    };
    return await (command.command === 'run'
      ? runCommand(command, options)
      : runPreset(command, options));
  } finally {
    if ('allowedHosts' in command) await core.history.tidyIfDue().catch(log.error);
    keys.close();
    await core.close();
  }
}

/** What helps on the command line when the keychain can't be used is the environment. */
function withCommandLineWords(keys: KeyChoice): KeyChoice {
  const worded = (chosen: ChosenKey): ChosenKey => ({
    ...chosen,
    use: (options) =>
      chosen.use(options).catch((error: unknown) => {
        throw keychainWords(error);
      }),
  });
  return {
    choose: async (name) => worded(await keys.choose(name)),
    ownerOf: async (url) => {
      const owner = await keys.ownerOf(url);
      return owner && worded(owner);
    },
  };
}

/** A key is a line: more is not read. */
async function readStandardInput(): Promise<string> {
  if (process.stdin.isTTY) {
    process.stderr.write(
      'Paste the key and press Enter. It will be seen here; a file or a pipe shows nothing.\n',
    );
  }
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > 4096) break;
  }
  return text;
}

/** A host may be given with or without its port. */
function isAllowed(origin: string, allowedHosts: string[]): boolean {
  const { host, hostname } = new URL(origin);
  return allowedHosts.includes(host) || allowedHosts.includes(hostname);
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return String(Reflect.get(Object(manifest), 'version'));
}

// Whoever reads our output may stop at any time (`| head`); that is no error.
process.stdout.on('error', (error) => {
  if (hasErrorCode(error, 'EPIPE')) process.exit(0);
  const failure = toFailure(unwritable(error));
  process.stderr.write(`Standard output: ${failure.message}\n`);
  process.exit(exitStatus(failure.code));
});

try {
  const command = parseArguments(process.argv.slice(2));
  if (command.command === 'help') process.stdout.write(usage);
  else if (command.command === 'version') process.stdout.write(`${version()}\n`);
  else process.exitCode = await run(command);
} catch (error) {
  const failure = toFailure(error);
  process.stderr.write(`${visible(failure.message)}\nsoundpost --help says how it is used.\n`);
  process.exitCode = exitStatus(failure.code);
}
