import type { Intent } from '../../contract/intent.ts';
import type { OutputValue } from '../../contract/run.ts';
import { kindOf, type DescribedKind } from '../audio/kind.ts';
import { findParts } from '../codec/answer-parts.ts';
import { decodeBase64 } from '../codec/base64.ts';
import { JsonError, readJson } from '../codec/json-read.ts';
import { MsgpackError, readMsgpack } from '../codec/msgpack-read.ts';
import { toOutput } from '../codec/output.ts';
import { Dictionary, type Value } from '../codec/value.ts';
import { FileSlice, type ByteSource, type SliceableBytes } from '../files/byte-source.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { StoredPart } from '../runs/runs.ts';
import { SoundpostError } from '../soundpost-error.ts';

const LONGEST_SHOWN_TEXT = 1_000_000;
/** A JSON answer is held as one text, and V8 holds none of 512 MiB. */
const LARGEST_JSON = 256 * 1024 * 1024;

/** What an answer turned out to be. */
export type DecodedAnswer = {
  parts: StoredPart[];
  output?: OutputValue;
  text?: string;
  warnings: string[];
  /** Set when a 200 says in its body that it is an error. */
  failure?: SoundpostError;
};

type Received = {
  file: SliceableBytes;
  contentType: string;
  /** A stream has no Content-Length: a Truss generator's raw chunks, never a msgpack message. */
  isStream: boolean;
  intent: Pick<Intent, 'answer' | 'pcm'>;
  folder: RunFolder;
};

/**
 * Finds out what an answer is, by its bytes first and its headers second (`application/octet-stream` alone means four
 * different things, Truss's truss_server.py), and takes it apart. Whatever can't be decoded stays whole as raw bytes.
 */
export async function decodeAnswer(received: Received): Promise<DecodedAnswer> {
  const { file, isStream } = received;
  if (file.size === 0) {
    const warning = isStream
      ? 'The stream ended without a single byte. A model that fails before its first chunk looks like this; its logs say why.'
      : 'The answer is empty.';
    return { parts: [], warnings: [warning] };
  }
  const described = await kindOf(file);
  const read = await readMessage(received, described.media);
  return 'value' in read
    ? decodeMessage(read.value, received.folder)
    : rawAnswer(received, described, read.warnings);
}

type Message = { value: Value } | { warnings: string[] };

async function readMessage(
  { file, contentType, isStream, intent }: Received,
  media: DescribedKind['media'],
): Promise<Message> {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const isMsgpack =
    type === 'application/octet-stream' ||
    /^application\/(x-|vnd\.)?(msgpack|messagepack)$/.test(type);
  if (intent.answer === 'stream' || (intent.answer === 'auto' && isStream && isMsgpack))
    return { warnings: [] };
  const isJson = type.endsWith('json') || (media === 'json' && !isStream);
  try {
    if (isJson) return await readJsonFile(file);
    if (isMsgpack || intent.answer === 'message') return { value: await readMsgpack(file) };
    return { warnings: [] };
  } catch (error) {
    if (!(error instanceof MsgpackError || error instanceof JsonError)) throw error;
    const name = isJson ? 'JSON' : 'msgpack';
    // Truss sends a model's top-level bytes as they are, so octet-stream that is no msgpack is nothing strange.
    const isTooMuch = error instanceof MsgpackError && error.isTooMuch;
    const isExpected = !isJson && !isTooMuch && intent.answer === 'auto';
    return {
      warnings: isExpected
        ? []
        : [
            `The answer could not be taken apart as ${name}: ${error.message}, at ${error.position}. It is kept as it came.`,
          ],
    };
  }
}

async function readJsonFile(file: ByteSource): Promise<Message> {
  if (file.size > LARGEST_JSON) {
    return {
      warnings: [
        'The JSON answer is too large to be taken apart. It is kept as it came; msgpack has no such limit.',
      ],
    };
  }
  return { value: readJson(new TextDecoder().decode(await file.read(0, file.size))) };
}

async function decodeMessage(value: Value, folder: RunFolder): Promise<DecodedAnswer> {
  const parts: StoredPart[] = [];
  const partAt = new Map<number, { name: string; size: number }>();
  for (const found of findParts(value)) {
    const source = found.kind === 'bytes' ? found.source : await decodedFile(found.text, folder);
    if (!source) continue;
    const name = unusedName(found.path || 'answer', parts);
    partAt.set(found.leaf, { name, size: source.size });
    const { mediaType, ...kind } = await kindOf(source);
    parts.push({ name, kind, mediaType, source });
  }
  const failure = saidFailure(value);
  return {
    parts,
    output: toOutput(value, (leaf) => partAt.get(leaf)),
    warnings: [],
    ...(failure ? { failure } : {}),
  };
}

function unusedName(name: string, parts: StoredPart[]): string {
  const taken = parts.filter((part) => part.name === name || part.name.startsWith(`${name} (`));
  return taken.length === 0 ? name : `${name} (${taken.length + 1})`;
}

async function decodedFile(text: string, folder: RunFolder): Promise<FileSlice | null> {
  const bytes = decodeBase64(text);
  return bytes && new FileSlice(await folder.writeTransformed(bytes), 0, bytes.length);
}

async function rawAnswer(
  { file, intent, isStream }: Received,
  { mediaType, ...kind }: DescribedKind,
  warnings: string[],
): Promise<DecodedAnswer> {
  const isText = kind.media === 'text' || kind.media === 'json';
  if (isText) {
    const text = new TextDecoder().decode(await file.read(0, LONGEST_SHOWN_TEXT));
    return { parts: [{ name: 'answer', kind, mediaType, source: file }], text, warnings };
  }
  const { pcm } = intent;
  if (kind.media !== 'bytes' || !pcm) {
    return { parts: [{ name: 'answer', kind, mediaType, source: file }], warnings };
  }
  const frame = 2 * pcm.channels;
  if (isStream && file.size % frame !== 0) {
    warnings = [
      ...warnings,
      'The sound ends inside a sample, so the stream was probably cut short, or its PCM format is another.',
    ];
  }
  const label = `PCM ${pcm.sampleRate / 1000} kHz ${pcm.channels === 1 ? 'mono' : `${pcm.channels} channels`}`;
  return {
    parts: [
      {
        name: 'answer',
        kind: { media: 'audio', format: 'pcm', label, extension: 'pcm' },
        mediaType: 'audio/wav',
        source: file,
        pcm,
      },
    ],
    warnings,
  };
}

/** Some models answer 200 and an error in the body (whisper, musicgen, parakeet in Baseten's examples). */
function saidFailure(value: Value): SoundpostError | undefined {
  const words = errorWords(value);
  if (words === undefined) return undefined;
  return new SoundpostError(
    'answer_is_error',
    'The model answered with an error of its own, though the server said all was well. Its words are below.',
    { detail: words },
  );
}

function errorWords(value: Value): string | undefined {
  if (typeof value === 'string') return value.startsWith('Error:') ? value : undefined;
  if (!(value instanceof Dictionary)) return undefined;
  const error = value.get('error');
  if (typeof error === 'string' && error !== '') return error;
  if (value.get('status') !== 'error') return undefined;
  const message = value.get('message');
  return typeof message === 'string' ? message : 'status: error';
}
