// Each starter is added to a core, run against a real server that insists on the model's documented input, and its answer
// in the documented shape is heard or read (shapes: basetenlabs/truss-examples, each model/model.py; docs.baseten.co).
import { decode } from '@msgpack/msgpack';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { PresetField } from '../../contract/preset.ts';
import type { RunOutcome } from '../../contract/run.ts';
import { mediaBytes } from '../testing/answered.ts';
import {
  answerBytes,
  answerJson,
  answerMsgpack,
  slices,
  stream,
} from '../testing/model-answers.ts';
import { startModelServer, type Behaviour } from '../testing/model-server.ts';
import { scratchCore } from '../testing/scratch-core.ts';
import { presetToIntent } from './preset-to-intent.ts';
import { Starters } from './starters.ts';

const directory = join(import.meta.dirname, '../../../resources/starters');
const starters = new Starters(directory);
const media = join(import.meta.dirname, '../testing/media');

const pcm16 = await mediaBytes('tone.wav');
const float32 = await mediaBytes('float.wav');
const headerless = pcm16.subarray(44);
const base64 = (bytes: Buffer): string => bytes.toString('base64');

const text = v.pipe(v.string(), v.minLength(1));
/** Base64 of the file that was given. */
const soundText = v.literal(base64(pcm16));
const soundBytes = v.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && pcm16.equals(value),
);
const integer = v.pipe(v.number(), v.integer());
const segments = [{ text: ' Four score', start: 0, end: 1.5 }];

type Case = {
  /** What the model takes, and nothing else. */
  input: v.GenericSchema;
  answer: Behaviour;
  /** The label of each part of sound that comes out; else the decoded output or text. */
  parts?: string[];
  output?: unknown;
  text?: string;
  /** Values that a person must give: no default can be right. */
  given?: Record<string, string>;
  /** The file dropped on it. */
  drops?: true;
};

const speech = <S extends v.ObjectEntries>(shape: S) => v.strictObject(shape);
const whisper = {
  language_code: 'en',
  language_prob: 0.99,
  segments: [{ text: ' Four score', log_prob: -0.1, start_time: 0, end_time: 1.5 }],
};
const faster = { language: 'en', language_probability: 1, duration: 2, segments };
const whisperx = { model_output: [{ ...segments[0], speaker: 'SPEAKER_00' }] };
const float = 'WAV 8 kHz mono float';
const int16 = 'WAV 8 kHz mono';
const prompts = speech({ prompts: v.pipe(v.array(text), v.length(1)), duration: integer });

const cases: Record<string, Case> = {
  'baseten-whisper': {
    input: v.strictObject({
      whisper_input: v.strictObject({
        audio: v.strictObject({ audio_bytes: soundBytes }),
        whisper_params: v.strictObject({
          audio_language: text,
          show_word_timestamps: v.boolean(),
          use_dynamic_preprocessing: v.boolean(),
        }),
      }),
    }),
    answer: answerMsgpack(whisper),
    output: whisper,
    drops: true,
  },
  'faster-whisper': {
    input: v.strictObject({ audio: soundText }),
    answer: answerJson(faster),
    output: faster,
    drops: true,
  },
  whisperx: {
    input: v.strictObject({ audio_b64: soundText }),
    answer: answerJson(whisperx),
    output: whisperx,
    drops: true,
  },
  parakeet: {
    input: v.strictObject({ audio_url: v.pipe(v.string(), v.url()), timestamps: v.boolean() }),
    answer: answerJson({ transcript: 'Four score' }),
    output: { transcript: 'Four score' },
    given: { audio_url: 'https://example.com/talk.wav' },
  },
  'xtts-v2': {
    input: speech({ text, speaker_voice: text, language: text }),
    answer: answerJson({ output: base64(pcm16) }),
    parts: [int16],
  },
  'xtts-streaming': {
    input: speech({ text, language: text, chunk_size: integer }),
    answer: stream(slices(headerless, 999)),
    parts: ['PCM 24 kHz mono'],
  },
  orpheus: {
    input: speech({
      ...{ prompt: text, voice: text, max_chunk_size: integer, temperature: v.number() },
      ...{ top_p: v.number(), max_tokens: integer, repetition_penalty: v.number() },
    }),
    answer: stream(slices(headerless, 999), { contentType: 'audio/wav' }),
    parts: ['PCM 24 kHz mono'],
  },
  kokoro: {
    input: speech({ text, voice: text, speed: v.number() }),
    answer: answerJson({ base64: base64(float32) }),
    parts: [float],
  },
  chatterbox: {
    input: speech({ text, voice: soundText }),
    answer: answerJson({ audio: base64(float32) }),
    parts: [float],
    drops: true,
  },
  'sesame-csm': {
    input: speech({ text, speaker: integer }),
    answer: answerJson({ output: base64(float32) }),
    parts: [float],
  },
  piper: {
    input: speech({ text }),
    answer: answerJson({ output: base64(pcm16) }),
    parts: [int16],
  },
  musicgen: {
    input: prompts,
    answer: answerJson({ data: [base64(pcm16)] }),
    parts: [int16],
  },
  'musicgen-melody': {
    input: speech({ ...prompts.entries, melody: soundText }),
    answer: answerJson({ data: [base64(pcm16)] }),
    parts: [int16],
    drops: true,
  },
  audiogen: {
    input: prompts,
    answer: answerJson({ data: [base64(pcm16)] }),
    parts: [int16],
  },
  metavoice: {
    input: speech({ text, guidance: v.tuple([v.number(), v.number()]), top_p: v.number() }),
    answer: answerJson(base64(pcm16)),
    parts: [int16],
  },
  'truss-echo': {
    input: v.strictObject({ byte_data: soundBytes }),
    answer: answerMsgpack({ byte_data: pcm16 }),
    parts: [int16],
    drops: true,
  },
  'openai-speech': {
    input: speech({ input: text, response_format: v.literal('wav') }),
    answer: answerBytes(pcm16, 'audio/wav'),
    parts: [int16],
  },
  'openai-transcriptions': {
    input: v.strictObject({ file: v.string(), model: text, response_format: v.literal('json') }),
    answer: answerJson({ text: 'Four score' }),
    output: { text: 'Four score' },
    drops: true,
  },
};

const all = await starters.list();

test('every file is a starter with an id of its own, named like the file, and every one is tried here', async () => {
  const ids = all.map(({ id }) => id);
  expect((await readdir(directory)).toSorted()).toEqual(ids.map((id) => `${id}.json`).toSorted());
  expect(ids.toSorted()).toEqual(Object.keys(cases).toSorted());
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test.each(Object.entries(cases))(
  'the starter %s sends what its model takes, and what that answers comes out',
  async (id, { input, answer, given = {}, drops, ...wanted }) => {
    await using house = await scratchCore();
    await using server = await startModelServer();
    const deployment = { kind: 'production' } as const;
    const draft = await starters.draft(id, { kind: 'model', modelId: 'abc123', deployment });
    const preset = await house.core.presets.create(draft);
    expect(preset).toMatchObject(draft);

    // The same request, sent to this computer instead of to Baseten.
    const path = `/production/${preset.target.kind === 'model' ? (preset.target.path ?? 'predict') : ''}`;
    server.answer(path, answer);
    const sound = drops ? [(await house.core.inputs.admit(join(media, 'tone.wav'))).id] : [];
    const intent = presetToIntent(preset, {
      inputs: sound,
      overrides: Object.entries(given).map(([name, value]) => {
        return { name, value: { type: 'text', text: value } };
      }),
      target: { kind: 'url', url: server.url + path },
    });
    const outcome = await house.start('', intent).outcome;

    const [request] = server.requests;
    const type = String(request?.headers['content-type']);
    expect(v.safeParse(input, await sent(type, request?.body)).issues).toBeUndefined();
    expect(outcome).toMatchObject({ state: 'done', warnings: [] });
    expect(shown(outcome)).toEqual({ parts: [], ...wanted });
    expect(house.logged).toEqual([]);
  },
);

test('headerless sound that was asked for is heard with the starter’s format', async () => {
  await using house = await scratchCore();
  await using server = await startModelServer();
  server.answer('/speech', stream(slices(headerless, 999), { contentType: 'audio/pcm' }));
  const model = { kind: 'model', modelId: 'a', deployment: { kind: 'production' } } as const;
  const preset = await house.core.presets.create(await starters.draft('openai-speech', model));
  const intent = presetToIntent(preset, {
    overrides: [{ name: 'response_format', value: { type: 'text', text: 'pcm' } }],
    target: { kind: 'url', url: `${server.url}/speech` },
  });
  const outcome = await house.start('', intent).outcome;
  expect(outcome).toMatchObject({ warnings: [], parts: [{ kind: { label: 'PCM 24 kHz mono' } }] });
});

test('an OpenAI-style starter takes a server’s base URL or endpoint, and a model’s URL for the model', async () => {
  const at = async (url: string, id = 'openai-speech'): Promise<unknown> => {
    const { target } = await starters.draft(id, { kind: 'url', url });
    return target.kind === 'url' ? target.url : target;
  };
  const speech = 'https://tts.acme.dev/v1/audio/speech';
  for (const url of ['https://tts.acme.dev', 'https://tts.acme.dev/v1/', speech, `${speech}/`]) {
    expect(await at(url)).toBe(speech);
  }
  expect(await at('http://10.0.0.7:8000/oai')).toBe('http://10.0.0.7:8000/oai/v1/audio/speech');
  expect(await at('http://localhost:1/v1', 'openai-transcriptions')).toBe(
    'http://localhost:1/v1/audio/transcriptions',
  );
  const chain = 'https://chain-abc.api.baseten.co/environments/production/run_remote';
  expect(await at(chain)).toBe(chain);
  expect(await at('https://model-abc.api.baseten.co/environments/staging/predict')).toEqual({
    ...{ kind: 'model', modelId: 'abc', path: 'sync/v1/audio/speech' },
    deployment: { kind: 'environment', name: 'staging' },
  });
  await expect(at('no address')).rejects.toMatchObject({ code: 'invalid_target' });
  expect(await at('https://me:secret@tts.acme.dev/v1')).toBe(speech);
});

test('each switch says what it does, as its name and its value do not', () => {
  const switches = all
    .flatMap(({ request }): PresetField[] => request.fields)
    .filter(({ type }) => type === 'switch');
  expect(switches.length).toBeGreaterThan(0);
  expect(switches.filter(({ note = '' }) => note === '').map(({ name }) => name)).toEqual([]);
});

test('each default lies within its own range', () => {
  const numbers = all
    .flatMap(({ request }): PresetField[] => request.fields)
    .filter((field) => field.type === 'number')
    .filter(({ literal }) => literal !== '');
  for (const { name, literal, min = -Infinity, max = Infinity } of numbers) {
    expect(Number(literal), name).toBeGreaterThanOrEqual(min);
    expect(Number(literal), name).toBeLessThanOrEqual(max);
  }
});

async function sent(type: string, body: Buffer | undefined): Promise<unknown> {
  if (type === 'application/octet-stream') return decode(body ?? Buffer.alloc(0));
  if (type === 'application/json') return JSON.parse(String(body)) as unknown;
  const response = new Response(new Uint8Array(body ?? []), { headers: { 'content-type': type } });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated for servers, and here it is the independent parser
  const form = await response.formData();
  const entries: [string, unknown][] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') entries.push([name, value]);
    else {
      expect(Buffer.from(await value.arrayBuffer()).equals(pcm16)).toBe(true);
      entries.push([name, value.name]);
    }
  }
  return Object.fromEntries(entries);
}

function shown({ parts, output, text: words }: RunOutcome): object {
  const sounds = parts.filter(({ playUrl }) => playUrl !== undefined);
  if (sounds.length > 0) return { parts: sounds.map(({ kind }) => kind.label) };
  return { parts: [], ...(output === undefined ? { text: words } : { output }) };
}
