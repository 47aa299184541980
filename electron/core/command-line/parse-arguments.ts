import { parseArgs } from 'node:util';
import * as v from 'valibot';
import {
  demoModels,
  idSchema,
  type Deployment,
  type Intent,
  type Target,
} from '../../contract/intent.ts';
import { SoundpostError } from '../soundpost-error.ts';

/** A field as it was written on the command line; a file's path is not admitted yet. */
export type WrittenField =
  | { name: string; type: 'text' | 'json'; text: string }
  | { name: string; type: 'file'; path: string };

/** `soundpost run …`, understood. */
export type RunCommand = {
  command: 'run';
  target: Target;
  fields: WrittenField[];
  body: Intent['body'];
  answer: Intent['answer'];
  auth: Intent['auth'];
  allowedHosts: string[];
  /** milliseconds; Infinity for none */
  timeout: number;
  out: string | undefined;
  force: boolean;
  json: boolean;
  sha256: boolean;
};

export type Command = RunCommand | { command: 'help' } | { command: 'version' };

export const usage = `Usage: soundpost run [FILE] (--model ID | --url URL | --demo echo|speak|transcribe) [FIELD…] [options]

FILE alone means byte_data@FILE. A FIELD is
  name=text      a text
  name:=json     a number, true, false, null, a list or a map; 1 is an integer, 1.0 a float
  name@file      the bytes of a file

Options
  --deployment production|development|env:NAME|ID   default: production
  --body msgpack|json|raw                           default: msgpack
  --answer auto|message|stream                      default: auto
  --auth api-key|bearer                             default: api-key
  --allow-host HOST     may be sent the key, besides Baseten's hosts; can be repeated
  --timeout SECONDS     for the whole run; default: none
  --out PATH|DIR|-      where parts go; - is standard output. Default: the run's folder
  --force               replace files that exist
  --json                one JSON object a line on standard output
  --sha256              add each part's SHA-256

The key is BASETEN_API_KEY, or the one that the app keeps in the system's keychain.
Exit status: 0 done, 1 refused by the model or server, 2 usage, 3 network, 4 local file or disk, 130 cancelled.
`;

/** @throws SoundpostError `invalid_request`, `invalid_target`, `invalid_field`: usage errors all, exit status 2 */
export function parseArguments(args: string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [command, ...rest] = positionals;
  if (command !== 'run')
    throw wrong(`There is no command “${command ?? ''}”. The one there is: run.`);
  if (values.json && values.out === '-') {
    throw wrong('--json and --out - would both write to standard output. Leave one of them out.');
  }
  return {
    command,
    target: target(values),
    fields: fields(rest),
    body: choice('body', values.body, ['msgpack', 'json', 'raw']),
    answer: choice('answer', values.answer, ['auto', 'message', 'stream']),
    auth: choice('auth', values.auth, ['api-key', 'bearer']),
    allowedHosts: (values['allow-host'] ?? []).map(host),
    timeout: timeout(values.timeout),
    out: values.out,
    force: values.force ?? false,
    json: values.json ?? false,
    sha256: values.sha256 ?? false,
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
        url: { type: 'string' },
        demo: { type: 'string' },
        body: { type: 'string', default: 'msgpack' },
        answer: { type: 'string', default: 'auto' },
        auth: { type: 'string', default: 'api-key' },
        'allow-host': { type: 'string', multiple: true },
        timeout: { type: 'string' },
        out: { type: 'string' },
        force: { type: 'boolean' },
        json: { type: 'boolean' },
        sha256: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

type Targets = { model?: string; deployment?: string; url?: string; demo?: string };

function target({ model, deployment, url, demo }: Targets): Target {
  const given = [model, url, demo].filter((value) => value !== undefined);
  if (given.length !== 1) throw wrong('Give one of --model ID, --url URL and --demo NAME.');
  if (deployment !== undefined && model === undefined) {
    throw wrong('--deployment goes with --model alone; a URL names its own.');
  }
  if (url !== undefined) return { kind: 'url', url };
  if (demo !== undefined) return { kind: 'demo', model: choice('demo', demo, demoModels) };
  return {
    kind: 'model',
    modelId: id('--model', model ?? ''),
    deployment: deploymentOf(deployment ?? 'production'),
  };
}

function deploymentOf(text: string): Deployment {
  if (text === 'production' || text === 'development') return { kind: text };
  if (text.startsWith('env:')) {
    return { kind: 'environment', name: id('--deployment env:', text.slice(4)) };
  }
  return { kind: 'deployment', id: id('--deployment', text) };
}

function id(option: string, text: string): string {
  const parsed = v.safeParse(idSchema, text);
  if (parsed.success) return parsed.output;
  throw new SoundpostError(
    'invalid_target',
    `${option} “${text.slice(0, 80)}” is not an id: letters, digits, - and _ only, at most 64.`,
  );
}

function host(text: string): string {
  if (/^[^\s/\\?#@]+$/.test(text)) return text.toLowerCase();
  throw wrong(`--allow-host wants a host, such as models.example.com, not “${text.slice(0, 80)}”.`);
}

/** Names are what models use as keys; anything else is a path, and a path that looks like a field starts with `./`. */
const fieldPattern = /^([A-Za-z_][\w.-]*|)(:=|=|@)(.*)$/s;

function fields(written: string[]): WrittenField[] {
  let files = 0;
  return written.map((text): WrittenField => {
    const [, name, mark, value] = fieldPattern.exec(text) ?? [];
    if (name === undefined || mark === undefined || value === undefined) {
      files += 1;
      if (files > 1) throw wrong(`Two files were given. Name further ones: name@${text}.`);
      return { name: 'byte_data', type: 'file', path: text };
    }
    if (mark === '@') return { name, type: 'file', path: value };
    return { name, type: mark === '=' ? 'text' : 'json', text: value };
  });
}

function choice<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw wrong(`--${option} is one of ${allowed.join(', ')}.`);
  return found;
}

function timeout(text: string | undefined): number {
  if (text === undefined) return Infinity;
  const seconds = Number(text);
  if (!(seconds > 0)) throw wrong('--timeout is a number of seconds greater than 0.');
  return seconds * 1000;
}

const wrong = (message: string): SoundpostError => new SoundpostError('invalid_request', message);
