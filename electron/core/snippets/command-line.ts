import type { Deployment, Field, Intent, Travel } from '../../contract/intent.ts';
import { isBasetenHost } from '../baseten/endpoint.ts';
import { messageOf } from '../codec/request-body.ts';
import { writeJson } from '../codec/json-write.ts';
import type { OpenFile } from '../codec/field-value.ts';
import { FileSlice } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { shellWord } from './shell-quote.ts';

type Request = {
  intent: Intent;
  /** Where it goes, when that host may have the key; null for one that may not, and for the demo. */
  keyTo: URL | null;
  openFile: OpenFile;
};

/**
 * The line that makes the same run with this program, for any POSIX shell.
 * @throws SoundpostError `invalid_request` for fields that can't be written on a command line
 */
export async function commandLine({ intent, keyTo, openFile }: Request): Promise<string> {
  const { body, answer, auth, pcm, keyName } = intent;
  const words = [
    ...targetWords(intent.target),
    ...(await fieldWords(intent, openFile)),
    ...(body === 'msgpack' ? [] : [`--body ${body}`]),
    ...(answer === 'auto' ? [] : [`--answer ${answer}`]),
    ...(pcm ? [`--pcm ${pcm.encoding}@${pcm.sampleRate}:${pcm.channels}`] : []),
    ...(auth === 'api-key' ? [] : [`--auth ${auth}`]),
    ...(keyName === undefined ? [] : [`--key ${shellWord(keyName)}`]),
    ...limitWords(intent),
    ...(keyTo && !isBasetenHost(keyTo) ? [`--allow-host ${shellWord(keyTo.host)}`] : []),
  ];
  return ['soundpost run', ...words].join(' \\\n  ');
}

function targetWords(target: Intent['target']): string[] {
  if (target.kind === 'demo') return [`--demo ${target.model}`];
  if (target.kind === 'url') return [`--url ${shellWord(target.url)}`];
  const deployment = deploymentWord(target.deployment);
  return [
    `--model ${target.modelId}`,
    ...(deployment === 'production' ? [] : [`--deployment ${deployment}`]),
    ...(target.path === undefined ? [] : [`--path ${shellWord(target.path)}`]),
  ];
}

function deploymentWord(deployment: Deployment): string {
  switch (deployment.kind) {
    case 'production':
    case 'development':
      return deployment.kind;
    case 'environment':
      return `env:${deployment.name}`;
    case 'deployment':
      return deployment.id;
  }
}

const limitOptions = {
  total: 'timeout',
  connect: 'connect-timeout',
  firstByte: 'first-byte-timeout',
  idle: 'idle-timeout',
} as const;

function limitWords({ limits = {}, retries }: Intent): string[] {
  const given = Object.entries(limitOptions).flatMap(([limit, option]) => {
    const seconds = limits[limit as keyof typeof limitOptions];
    return seconds === undefined ? [] : [`--${option} ${seconds}`];
  });
  return retries === undefined ? given : [...given, `--retries ${retries}`];
}

/** As `written-fields.ts` reads names. */
const nameable = /^(?:[A-Za-z_][\w.-]*(?:\[[^[\]]*\])*)?$/;

async function fieldWords({ fields, body }: Intent, openFile: OpenFile): Promise<string[]> {
  const odd = fields.find(({ name }) => !nameable.test(name));
  if (odd) {
    const isMessage = body === 'msgpack' || body === 'json';
    if (!isMessage || fields.some(({ value }) => value.type === 'file')) throw unnameable(odd);
    // The whole message as one JSON text, in which a name can be anything.
    const pieces = writeJson(await messageOf(fields, body, openFile));
    const bytes = pieces.flatMap((piece) => (piece instanceof Uint8Array ? [piece] : []));
    return [shellWord(`:=${Buffer.concat(bytes).toString()}`)];
  }
  const words: string[] = [];
  for (const field of fields) words.push(shellWord(await fieldWord(field, openFile)));
  return [...words, ...travelWords(fields, body)];
}

const unnameable = ({ name }: Field): SoundpostError =>
  new SoundpostError(
    'invalid_request',
    `The field name “${name.slice(0, 80)}” can’t be written on the command line. Copy the request as curl or Python, or rename the field.`,
  );

async function fieldWord({ name, value }: Field, openFile: OpenFile): Promise<string> {
  switch (value.type) {
    case 'text':
      return `${name}=${value.text}`;
    case 'number':
      return `${name}:=${value.literal.trim()}`;
    case 'json':
      return `${name}:=${value.text}`;
    case 'switch':
      return `${name}:=${value.on}`;
    case 'file': {
      const { bytes } = await openFile(value.inputId ?? '');
      return `${name}@${bytes instanceof FileSlice ? bytes.path : ''}`;
    }
  }
}

function travelWords(fields: Field[], body: Intent['body']): string[] {
  const ways = new Map<string, Set<string>>();
  for (const { name, value } of fields) {
    if (value.type !== 'file') continue;
    const way = travelWord(value.travel ?? { as: 'auto' });
    // A nameless file goes as its body has it, and `--as` needs a name.
    const isUsual = way === (body === 'json' ? 'base64' : 'bytes');
    ways.set(name, (ways.get(name) ?? new Set()).add(name === '' && isUsual ? 'auto' : way));
  }
  return [...ways].flatMap(([name, all]) => {
    const [way = 'auto', another] = all;
    if (another === undefined && way === 'auto') return [];
    if (another === undefined && name !== '') return [`--as ${shellWord(`${name}=${way}`)}`];
    throw new SoundpostError(
      'invalid_request',
      'The way these files travel can’t be written on the command line. Copy the request as Python, or give each file a name of its own.',
    );
  });
}

function travelWord(travel: Travel): string {
  if (travel.as !== 'samples') return travel.as;
  return `samples:${travel.dtype}@${travel.sampleRate}:${travel.shape}`;
}
