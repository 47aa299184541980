import { expect, test } from 'vitest';
import { answered, mediaBytes } from '../testing/answered.ts';
import { answerBytes, slices, stream } from '../testing/model-answers.ts';

const wav = await mediaBytes('tone.wav');
const mp3 = await mediaBytes('tone.mp3');
const pcm = wav.subarray(44);
const base64 = (bytes: Buffer, size: number): string[] =>
  [...slices(bytes, size)].map((piece) => Buffer.from(piece).toString('base64'));
const sse = (events: unknown[], name = ''): string =>
  events
    .map((event) => `${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(event)}\n\n`)
    .join('');
const lines = (events: unknown[]): string =>
  events.map((event) => JSON.stringify(event)).join('\n');
const send = (text: string, contentType = 'text/event-stream') =>
  // Seven bytes at a time cut characters, lines and events.
  answered(stream(slices(Buffer.from(text), 7), { contentType }));

test('server-sent events become a list, whatever type they are declared as', async () => {
  const text = `: hi\n\n${sse([{ n: 1 }, { n: '🎵' }])}data: words\n\ndata: [DONE]\n\n`;
  for (const type of ['text/event-stream', 'application/octet-stream', 'text/plain']) {
    const { outcome } = await send(text, type);
    expect(outcome).toMatchObject({
      state: 'done',
      output: [{ n: 1 }, { n: '🎵' }, 'words'],
      warnings: [],
    });
  }
});

test('JSON lines become a list, declared or not, with a length or without', async () => {
  const text = `${lines([{ n: 1 }, [2], { n: 'ü' }])}\n`;
  for (const type of [
    'application/x-ndjson',
    'application/jsonl',
    'application/json',
    'text/plain',
  ]) {
    for (const answer of [
      await send(text, type),
      await answered(answerBytes(Buffer.from(text), type)),
    ]) {
      expect(answer.outcome.output).toEqual([{ n: 1 }, [2], { n: 'ü' }]);
    }
  }
});

test('the pieces of a sound under one path become one part, and words one text', async () => {
  const sound = base64(mp3, 300).map((delta) => ({ type: 'response.audio.delta', delta }));
  const words = ['Four', ' score', ' and'].map((delta) => ({
    type: 'response.audio_transcript.delta',
    delta,
  }));
  const { outcome, bytes } = await send(sse([...words, ...sound, { type: 'response.done' }]));
  expect(outcome.parts).toMatchObject([{ name: 'delta', kind: { format: 'mp3' } }]);
  expect(bytes[0]?.equals(mp3)).toBe(true);
  expect(outcome.text).toBe('Four score and');
  expect(outcome.output).toMatchObject({
    3: { delta: { $type: 'bytes', length: 300, part: 'delta' } },
  });
});

test('pieces without a header are PCM at the rate an event tells, else as is usual, with a warning', async () => {
  const pieces = base64(pcm, 960).map((audio) => ({ audio }));
  const told = await send(lines([{ sample_rate: 8000 }, ...pieces]), 'application/x-ndjson');
  expect(told.outcome).toMatchObject({
    parts: [{ name: 'audio', kind: { label: 'PCM 8 kHz mono' } }],
    warnings: [],
  });
  expect(told.bytes[0]?.equals(pcm)).toBe(true);
  const usual = await send(sse(pieces, 'chunk'));
  expect(usual.outcome.parts[0]).toMatchObject({ kind: { label: 'PCM 24 kHz mono' } });
  expect(usual.outcome.warnings[0]).toMatch(/no header/);
});

test('events that each hold a whole file are parts of their own', async () => {
  const { outcome, bytes } = await send(sse([1, 2].map(() => ({ audio: wav.toString('base64') }))));
  expect(outcome.parts.map(({ name }) => name)).toEqual(['audio', 'audio (2)']);
  for (const found of bytes) expect(found.equals(wav)).toBe(true);
});

test('words are no sound, also under a path that speaks of it', async () => {
  const texts = ['Four', 'score', 'with', 'seven'].map((audio) => ({ audio: audio.repeat(20) }));
  const { outcome } = await send(sse([...texts, { audio: 'not base64 at all, '.repeat(8) }]));
  expect(outcome.parts).toMatchObject([{ name: 'answer', kind: { media: 'text' } }]);
});

test('an error in an event fails the run and keeps what came', async () => {
  for (const error of [
    sse([{ error: { message: 'CUDA out of memory' } }]),
    sse([{ message: 'CUDA out of memory' }], 'error'),
    sse([{ type: 'error', message: 'CUDA out of memory' }]),
  ]) {
    const { outcome } = await send(sse([{ token: 'a' }, { token: 'b' }]) + error);
    expect(outcome).toMatchObject({
      state: 'failed',
      failure: { code: 'answer_is_error' },
      text: 'ab',
    });
    expect(outcome.failure?.detail).toContain('CUDA out of memory');
  }
});

test('a stream cut inside an event says so and shows what came', async () => {
  const { outcome } = await send(`${sse([{ a: 1 }])}data: {"b": [1, "tw`);
  expect(outcome.output).toEqual([{ a: 1 }, { b: [1, 'tw'] }]);
  expect(outcome.warnings).toEqual(['The stream ends inside an event, so it was cut short.']);
  const whole = await send(`data: {"a": 1}`);
  expect(whole.outcome).toMatchObject({ output: [{ a: 1 }], warnings: [] });
});

test('a text that only looks like events stays a text', async () => {
  for (const text of ['data: one line without an end', 'id: 7\nname: x\n', '{"a":1} and words']) {
    const { outcome } = await send(text, 'text/plain');
    expect(outcome.text).toBe(text);
  }
});
