import { parseArgs } from 'node:util';
import {
  bodyKinds,
  type Intent,
  type Limits,
  type Pcm,
  type Target,
} from '../../contract/intent.ts';
import { choice, wrong } from './choice.ts';
import { limits, retries } from './limit-options.ts';
import { parseHistory, parseShow, type HistoryCommand, type ShowCommand } from './parse-history.ts';
import { pcmOption } from './pcm-option.ts';
import { targetOf } from './target-options.ts';
import { writtenFields, type WrittenField } from './written-fields.ts';

/** `soundpost run …`, understood. */
export type RunCommand = {
  command: 'run';
  target: Target;
  fields: WrittenField[];
  body: Intent['body'];
  answer: Intent['answer'];
  auth: Intent['auth'];
  pcm: Pcm | undefined;
  allowedHosts: string[];
  limits: Limits;
  retries: number | undefined;
  caFile: string | undefined;
  out: string | undefined;
  force: boolean;
  json: boolean;
  sha256: boolean;
  /** Nothing is sent; the same request is told as a curl command. */
  dryRun: boolean;
};

export type Command =
  RunCommand | HistoryCommand | ShowCommand | { command: 'help' } | { command: 'version' };

/** @throws SoundpostError `invalid_request`, `invalid_target`, `invalid_field`: usage errors all, exit status 2 */
export function parseArguments(args: string[]): Command {
  // Each command has options of its own.
  const [first, ...others] = args;
  if (first === 'history' || first === 'show') {
    const command = first === 'history' ? parseHistory(others, Date.now()) : parseShow(others);
    return command === 'help' ? { command } : command;
  }
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [command, ...rest] = positionals;
  if (command !== 'run')
    throw wrong(`There is no command “${command ?? ''}”. Those there are: run, history, show.`);
  if (values.json && values.out === '-') {
    throw wrong('--json and --out - would both write to standard output. Leave one of them out.');
  }
  return {
    command,
    target: targetOf(values),
    fields: writtenFields(rest, values.as ?? []),
    body: choice('body', values.body, bodyKinds),
    answer: choice('answer', values.answer, ['auto', 'message', 'stream']),
    auth: choice('auth', values.auth, ['api-key', 'bearer']),
    pcm: pcmOption(values.pcm),
    allowedHosts: (values['allow-host'] ?? []).map(host),
    limits: limits(values),
    retries: retries(values.retries),
    caFile: values.ca,
    out: values.out,
    force: values.force ?? false,
    json: values.json ?? false,
    sha256: values.sha256 ?? false,
    dryRun: values['dry-run'] ?? false,
  };
}

// The inferred type of parseArgs is the table of options itself.
function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        deployment: { type: 'string' },
        path: { type: 'string' },
        url: { type: 'string' },
        demo: { type: 'string' },
        body: { type: 'string', default: 'msgpack' },
        as: { type: 'string', multiple: true },
        answer: { type: 'string', default: 'auto' },
        auth: { type: 'string', default: 'api-key' },
        pcm: { type: 'string' },
        'allow-host': { type: 'string', multiple: true },
        timeout: { type: 'string' },
        'connect-timeout': { type: 'string' },
        'first-byte-timeout': { type: 'string' },
        'idle-timeout': { type: 'string' },
        retries: { type: 'string' },
        ca: { type: 'string' },
        out: { type: 'string' },
        force: { type: 'boolean' },
        json: { type: 'boolean' },
        sha256: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function host(text: string): string {
  if (/^[^\s/\\?#@]+$/.test(text)) return text.toLowerCase();
  throw wrong(`--allow-host wants a host, such as models.example.com, not “${text.slice(0, 80)}”.`);
}
