import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { keyNameSchema, type Installation } from '../../contract/key.ts';
import { wrong } from './choice.ts';

/** `soundpost keys …`, understood. */
export type KeysCommand = { command: 'keys'; json: boolean } & (
  | { action: 'list' }
  | { action: 'add'; name: string | undefined; installation: Installation | undefined }
  | { action: 'check' | 'remove' | 'use'; name: string }
  | { action: 'rename'; name: string; to: string }
);

/** `soundpost models …`, understood. */
export type ModelsCommand = {
  command: 'models';
  /** Words that a model's name or id holds. */
  text: string;
  keyName: string | undefined;
  json: boolean;
};

/** @throws SoundpostError `invalid_request` */
export function parseKeys(args: string[]): KeysCommand | 'help' {
  const { values, positionals } = parse(args, {
    management: { type: 'string' },
    inference: { type: 'string' },
  });
  if (values.help) return 'help';
  const [action = 'list', first, second, ...more] = positionals;
  const { management, inference, json = false } = values;
  const any = { command: 'keys', json } as const;
  if (action !== 'add' && (management ?? inference) !== undefined) {
    throw wrong('--management and --inference go with keys add alone.');
  }
  if (action === 'list' && first === undefined) return { ...any, action };
  if (action === 'add' && second === undefined) {
    const name = first === undefined ? undefined : nameOf(first);
    return { ...any, action, name, installation: installationOf(management, inference) };
  }
  if (action === 'rename' && first && second && more.length === 0) {
    return { ...any, action, name: nameOf(first), to: nameOf(second) };
  }
  if ((action === 'check' || action === 'remove' || action === 'use') && first && !second) {
    return { ...any, action, name: nameOf(first) };
  }
  throw wrong(
    'Write “keys”, “keys add [NAME]” with the key on standard input, “keys check NAME”, “keys rename NAME NEW”, “keys remove NAME” or “keys use NAME”.',
  );
}

/** @throws SoundpostError `invalid_request` */
export function parseModels(args: string[]): ModelsCommand | 'help' {
  const { values, positionals } = parse(args, { key: { type: 'string' } });
  if (values.help) return 'help';
  return {
    command: 'models',
    text: positionals.join(' '),
    keyName: values.key === undefined ? undefined : nameOf(values.key),
    json: values.json ?? false,
  };
}

/** @throws SoundpostError `invalid_request` */
export function nameOf(text: string): string {
  const parsed = v.safeParse(keyNameSchema, text);
  if (parsed.success) return parsed.output;
  throw wrong('The name of a key is one line of at most 64 characters.');
}

function installationOf(
  management: string | undefined,
  inference: string | undefined,
): Installation | undefined {
  if (management === undefined && inference === undefined) return undefined;
  if (management !== undefined && inference !== undefined) return { management, inference };
  throw wrong(
    'An installation of your own has two addresses: --management https://api.example.com --inference https://model-{id}.api.example.com.',
  );
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'];
type Values = Partial<Record<'management' | 'inference' | 'key', string>> &
  Partial<Record<'json' | 'help', boolean>>;

function parse(args: string[], options: Options): { values: Values; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ...options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    return { values, positionals };
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}
