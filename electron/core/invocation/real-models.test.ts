// What the audio models of Baseten's library and of truss-examples answer, in their own shapes (basetenlabs/truss-examples,
// each model/model.py; docs.baseten.co for Whisper).
import { describe, expect, test } from 'vitest';
import { answered, mediaBytes } from '../testing/answered.ts';
import { answerBytes, answerMsgpack, slices, stream } from '../testing/model-answers.ts';
import type { Behaviour } from '../testing/model-server.ts';

const pcm16 = await mediaBytes('tone.wav');
const float32 = await mediaBytes('float.wav');
const headerless = pcm16.subarray(44);
const streamedWav = await mediaBytes('streamed.wav');
const base64 = (bytes: Buffer): string => bytes.toString('base64');
const json = (value: unknown): Behaviour =>
  answerBytes(Buffer.from(JSON.stringify(value)), 'application/json');

describe('speech and music', () => {
  const int16 = 'WAV 8 kHz mono';
  const float = 'WAV 8 kHz mono float';
  test.each<[string, Behaviour, [name: string, label: string, bytes: Buffer][]]>([
    ['Kokoro', json({ base64: base64(float32) }), [['base64', float, float32]]],
    ['XTTS v2, Piper', json({ output: base64(pcm16) }), [['output', int16, pcm16]]],
    ['Sesame CSM', json({ output: base64(float32) }), [['output', float, float32]]],
    ['Chatterbox', json({ audio: base64(float32) }), [['audio', float, float32]]],
    ['Bark, MetaVoice', json(base64(float32)), [['answer', float, float32]]],
    [
      'MusicGen, AudioGen',
      json({ data: [base64(pcm16), base64(float32)] }),
      [
        ['data[0]', int16, pcm16],
        ['data[1]', float, float32],
      ],
    ],
    ['Qwen3-Omni', json({ text: ['Hello.'], audio: base64(pcm16) }), [['audio', int16, pcm16]]],
    [
      'Qwen3-TTS, a list of texts',
      json({ audio: [base64(pcm16)], sample_rate: 8000, count: 1 }),
      [['audio[0]', int16, pcm16]],
    ],
    ['Qwen3-TTS, one text', answerBytes(pcm16, 'audio/wav'), [['answer', int16, pcm16]]],
    ['truss init', answerMsgpack({ byte_data: pcm16 }), [['byte_data', int16, pcm16]]],
    [
      'Orpheus',
      stream(slices(headerless, 999), { contentType: 'audio/wav' }),
      [['answer', 'PCM 24 kHz mono', headerless]],
    ],
    [
      'Orpheus on vLLM',
      stream(slices(streamedWav, 999), { contentType: 'audio/wav' }),
      [['answer', int16, streamedWav]],
    ],
    [
      'XTTS streaming',
      stream(slices(headerless, 999)),
      [['answer', 'PCM 24 kHz mono', headerless]],
    ],
  ])('of %s is heard, exactly as it was sent', async (_name, behaviour, parts) => {
    const { outcome, bytes } = await answered(behaviour, { body: 'json' });
    expect(outcome.state).toBe('done');
    expect(outcome.parts.map(({ name, kind }) => [name, kind.label])).toEqual(
      parts.map(([name, label]) => [name, label]),
    );
    for (const [index, [, , sent]] of parts.entries()) {
      expect(bytes[index]?.equals(sent)).toBe(true);
    }
    for (const { playUrl } of outcome.parts) expect(playUrl).toBeDefined();
  });

  test('a WAV that left its length open, or that several make, can be had mended; a whole one needs nothing', async () => {
    const mended = async (...wavs: Buffer[]) =>
      (await answered(stream(wavs, { contentType: 'audio/wav' }))).outcome.parts[0]?.mended;
    expect(await mended(streamedWav)).toBe('sizes');
    expect(await mended(pcm16, pcm16)).toBe('joined');
    expect(await mended(pcm16)).toBeUndefined();
  });

  test('a stream with the format said is read by it, without a guess', async () => {
    const { outcome } = await answered(stream(slices(headerless, 999)), {
      pcm: { encoding: 's16le', sampleRate: 8000, channels: 1 },
    });
    expect(outcome).toMatchObject({ warnings: [], parts: [{ kind: { label: 'PCM 8 kHz mono' } }] });
  });
});

describe('transcripts', () => {
  const segment = { text: ' Four score', start: 0, end: 1.5 };
  test.each<[string, unknown]>([
    [
      'Baseten Whisper',
      {
        language_code: 'en',
        language_prob: 0.99,
        segments: [
          {
            text: ' Four score',
            log_prob: -0.1,
            start_time: 0,
            end_time: 1.5,
            word_timestamps: [{ word: 'Four', start_time: 0, end_time: 0.4 }],
          },
        ],
      },
    ],
    [
      'faster-whisper',
      { language: 'en', language_probability: 1, duration: 2, segments: [segment] },
    ],
    ['Whisper', { language: 'english', segments: [segment], text: ' Four score' }],
    ['WhisperX', { model_output: [{ ...segment, speaker: 'SPEAKER_00' }] }],
    ['Whisper on TorchServe', { output: 'Four score' }],
    ['Parakeet', { transcript: 'Four score' }],
    ['Parakeet with times', { transcript: { text: 'Four score', score: -1, timestep: [0, 4] } }],
    [
      'the transcription chain',
      {
        segments: [{ start_time_sec: 0, end_time_sec: 1.5, text: 'Four', language_code: 'en' }],
        input_duration_sec: 2,
        speedup: 40.5,
      },
    ],
  ])('of %s are data as they were sent, in JSON and in msgpack', async (_name, value) => {
    const text = await answered(json(value));
    expect(text.outcome).toMatchObject({ state: 'done', output: value, parts: [], warnings: [] });
    const packed = await answered(answerMsgpack(value));
    expect(packed.outcome).toMatchObject({ state: 'done', output: value, parts: [], warnings: [] });
  });

  test('streamed as text are the text, cut anywhere', async () => {
    const text = 'Vor siebenundachtzig Jahren gründeten unsere Väter …';
    for (const contentType of ['text/plain', 'application/octet-stream', '']) {
      const { outcome } = await answered(stream(slices(Buffer.from(text), 1), { contentType }));
      expect(outcome).toMatchObject({ state: 'done', text, warnings: [] });
    }
  });
});

describe('a 200 that is an error', () => {
  test.each<[string, unknown, RegExp]>([
    ['faster-whisper', { error: 'Either audio or url is needed' }, /Either audio/],
    [
      'MusicGen',
      { status: 'error', data: null, message: 'CUDA out of memory', traceback: 'File "model.py"' },
      /CUDA out of memory\nFile/,
    ],
    ['Parakeet', 'Error: 404 Client Error', /404/],
    [
      'OpenAI’s shape',
      { error: { message: 'Bad voice', type: 'invalid_request_error' } },
      /Bad voice/,
    ],
    ['a plain no', { success: false, message: 'no speech found' }, /no speech/],
  ])('%s fails the run with the model’s words', async (_name, value, words) => {
    for (const behaviour of [json(value), answerMsgpack(value)]) {
      const { outcome } = await answered(behaviour);
      expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'answer_is_error' } });
      expect(outcome.failure?.detail).toMatch(words);
      expect(outcome.output).toEqual(value);
    }
  });

  test.each<[string, unknown]>([
    ['no error', { error: null, text: 'fine' }],
    ['an empty one', { error: '' }],
    ['false', { error: false }],
    ['an empty list', { error: [] }],
    ['a rate', { error: 0.013, wer: 0.2 }],
    ['the word none', { error: 'None', text: 'fine' }],
    ['a transcript about errors', { text: 'Error: is the first word of this talk.' }],
    ['a long text about errors', `Error: ${'and so on. '.repeat(1000)}`],
    ['a good status', { status: 'success', message: 'done' }],
  ])('%s is an answer', async (_name, value) => {
    expect((await answered(json(value))).outcome.state).toBe('done');
  });

  test('sound with a complaint is an answer with a warning', async () => {
    const { outcome } = await answered(json({ audio: base64(pcm16), error: 'speaker 3 failed' }));
    expect(outcome).toMatchObject({
      state: 'done',
      warnings: ['The model says: speaker 3 failed'],
    });
  });
});
