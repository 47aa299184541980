import { parseArgs } from 'node:util';
import {
  bodyKinds,
  type Intent,
  type Limits,
  type Pcm,
  type Target,
} from '../../contract/intent.ts';
import { snippetKinds, type SnippetKind } from '../../contract/snippet.ts';
import { choice, wrong } from './choice.ts';
import { limits, retries } from './limit-options.ts';
import { parseHistory, parseShow, type HistoryCommand, type ShowCommand } from './parse-history.ts';
import {
  nameOf,
  parseKeys,
  parseModels,
  type KeysCommand,
  type ModelsCommand,
} from './parse-keys.ts';
import { pcmOption } from './pcm-option.ts';
import { targetOf, type Targets } from './target-options.ts';
import {
  isField,
  namedTravel,
  writtenField,
  writtenFields,
  type NamedTravel,
  type WrittenField,
} from './written-fields.ts';

/** How a run is made and told of, whatever is sent. */
export type Delivery = {
  allowedHosts: string[];
  caFile: string | undefined;
  out: string | undefined;
  force: boolean;
  json: boolean;
  sha256: boolean;
  /** Nothing is sent; the same request is told so. */
  dryRun: SnippetKind | null;
};

/** `soundpost run …`, understood. */
export type RunCommand = Delivery & {
  command: 'run';
  target: Target;
  fields: WrittenField[];
  body: Intent['body'];
  answer: Intent['answer'];
  auth: Intent['auth'];
  pcm: Pcm | undefined;
  limits: Limits;
  retries: number | undefined;
  keyName: string | undefined;
};

/** `soundpost run --preset NAME …`: what is absent is as the preset has it. */
export type PresetRunCommand = Delivery & {
  command: 'run-preset';
  preset: string;
  /** Run one after another; none means one run. */
  files: string[];
  fields: WrittenField[];
  travels: NamedTravel[];
  targets: Targets;
  changes: Partial<Pick<Intent, 'body' | 'answer' | 'auth' | 'pcm' | 'retries' | 'keyName'>>;
  limits: Limits;
};

/** `soundpost presets …` */
export type PresetsCommand = { command: 'presets'; json: boolean } & (
  { action: 'list' } | { action: 'export'; names: string[] } | { action: 'import'; file: string }
);

export type Command =
  | RunCommand
  | PresetRunCommand
  | PresetsCommand
  | HistoryCommand
  | ShowCommand
  | KeysCommand
  | ModelsCommand
  | { command: 'help' }
  | { command: 'version' };

/** @throws SoundpostError `invalid_request`, `invalid_target`, `invalid_field`: usage errors all, exit status 2 */
export function parseArguments(args: string[]): Command {
  // Each command has options of its own.
  const [first, ...others] = args;
  if (first === 'history' || first === 'show') {
    const command = first === 'history' ? parseHistory(others, Date.now()) : parseShow(others);
    return command === 'help' ? { command } : command;
  }
  if (first === 'keys' || first === 'models') {
    const command = first === 'keys' ? parseKeys(others) : parseModels(others);
    return command === 'help' ? { command } : command;
  }
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [command, ...rest] = positionals;
  if (command === 'presets') return presetsCommand(rest, values);
  if (command !== 'run') {
    throw wrong(
      `There is no command “${command ?? ''}”. There are: run, presets, models, keys, history, show.`,
    );
  }
  if (values.json && values.out === '-') {
    throw wrong('--json and --out - would both write to standard output. Leave one of them out.');
  }
  return values.preset === undefined ? plainRun(rest, values) : presetRun(rest, values);
}

type Values = ReturnType<typeof parse>['values'];

function plainRun(rest: string[], values: Values): RunCommand {
  return {
    command: 'run',
    target: targetOf(values),
    fields: writtenFields(rest, values.as ?? []),
    ...{ body: 'msgpack', answer: 'auto', auth: 'api-key', pcm: undefined, retries: undefined },
    keyName: undefined,
    ...changes(values),
    limits: limits(values),
    ...delivery(values),
  };
}

function presetRun(rest: string[], values: Values): PresetRunCommand {
  return {
    command: 'run-preset',
    preset: values.preset ?? '',
    files: rest.filter((text) => !isField(text)),
    fields: rest.filter(isField).map(writtenField),
    travels: (values.as ?? []).map(namedTravel),
    targets: values,
    changes: changes(values),
    limits: limits(values),
    ...delivery(values),
  };
}

/** What was said of the request's form. */
function changes(values: Values): PresetRunCommand['changes'] {
  const { body, answer, auth } = values;
  const pcm = pcmOption(values.pcm);
  const more = retries(values.retries);
  return {
    ...(body === undefined ? {} : { body: choice('body', body, bodyKinds) }),
    ...(answer === undefined
      ? {}
      : { answer: choice('answer', answer, ['auto', 'message', 'stream']) }),
    ...(auth === undefined ? {} : { auth: choice('auth', auth, ['api-key', 'bearer', 'none']) }),
    ...(pcm ? { pcm } : {}),
    ...(more === undefined ? {} : { retries: more }),
    ...(values.key === undefined ? {} : { keyName: nameOf(values.key) }),
  };
}

function delivery(values: Values): Delivery {
  return {
    allowedHosts: (values['allow-host'] ?? []).map(host),
    caFile: values.ca,
    out: values.out,
    force: values.force ?? false,
    json: values.json ?? false,
    sha256: values.sha256 ?? false,
    dryRun: dryRun(values),
  };
}

/** Whoever asks for code wants to read it, and nothing sent. */
function dryRun({ code, 'dry-run': isDry = false }: Values): SnippetKind | null {
  if (code !== undefined) return choice('code', code, snippetKinds);
  return isDry ? 'curl' : null;
}

function presetsCommand([action, ...rest]: string[], values: Values): PresetsCommand {
  const { json = false, ...others } = values;
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrong(`--${other} does not go with presets; --json does.`);
  const [file] = rest;
  if (action === undefined) return { command: 'presets', json, action: 'list' };
  if (action === 'export' && rest.length > 0) {
    return { command: 'presets', json, action, names: rest };
  }
  if (action === 'import' && file !== undefined && rest.length === 1) {
    return { command: 'presets', json, action, file };
  }
  throw wrong('Write “presets”, “presets export NAME…” or “presets import FILE”.');
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
        preset: { type: 'string' },
        body: { type: 'string' },
        as: { type: 'string', multiple: true },
        answer: { type: 'string' },
        auth: { type: 'string' },
        key: { type: 'string' },
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
        code: { type: 'string' },
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
