import { encode } from '@msgpack/msgpack';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { wavHeader } from '../audio/wav.ts';
import { mediaBytes } from '../testing/answered.ts';
import { followed } from '../testing/followed.ts';
import { slices, stream } from '../testing/model-answers.ts';
import { samples16 } from '../testing/wav-file.ts';

const fixtures = join(import.meta.dirname, '../../../renderer/player/engine/fixtures');
const fixture = (name: string): Promise<Buffer> => readFile(join(fixtures, name));

const usual = { encoding: 's16le', sampleRate: 24_000, channels: 1 } as const;
const tone = samples16(Array.from({ length: 12_000 }, (_, n) => 9000 * Math.sin(n / 20)));
/** Speech as models send it: a moment of silence, and then a voice. */
const speech = Buffer.concat([Buffer.alloc(6000), tone, tone]);
const noise = Buffer.from(Array.from({ length: 80_000 }, (_, n) => (n * 2_654_435_761) >>> 13));
const openWav = (dataBytes: number): Buffer => Buffer.concat([wavHeader(usual, dataBytes), speech]);
const error = '{"detail": "CUDA out of memory"}';

const sounds = new Map<string, Buffer>([
  ['WAV of size 0', openWav(0)],
  ['WAV of the largest size', openWav(0xffff_ffff)],
  ...(await Promise.all(
    ['tone.wav', 'tagged.mp3', 'tone.mp3', 'tone.aac', 'fragmented.mp4', 'tone.caf'].map(
      async (name): Promise<[string, Buffer]> => [name, await mediaBytes(name)],
    ),
  )),
  ...(await Promise.all(
    [
      ...['adts.aac', 'frag200.mp4', 'lame.mp3', 'live.webm', 'opus20.ogg', 'plain.mp3'],
      ...['speech.flac', 'vorbis.ogg'],
    ].map(async (name): Promise<[string, Buffer]> => [name, await fixture(name)]),
  )),
]);

describe('sound of a format that its bytes tell', () => {
  for (const [name, bytes] of sounds) {
    test(`${name} can be followed, under any type, and is the part at the end`, async () => {
      for (const contentType of ['application/octet-stream', 'audio/wav', 'text/plain']) {
        const got = await followed(stream(slices(bytes, 997), { contentType }));
        expect(got.live).toEqual({
          mediaType: contentType,
          sound: { url: '/runs/run-1/live/sound' },
        });
        expect(got.sound?.equals(bytes)).toBe(true);
        expect(got.heard).toMatchObject({ name: 'answer', kind: { media: 'audio' } });
      }
    });
  }

  test('is told from pieces of any size, one byte too, also when something else was agreed', async () => {
    for (const bytes of sounds.values()) {
      for (const size of [1, 2, 3, 5, 7, 11, 13]) {
        const head = bytes.subarray(0, 64);
        const chunks = [...slices(head, size), bytes.subarray(64)];
        const got = await followed(stream(chunks), { intent: { pcm: usual } });
        expect(got.live?.sound).toEqual({ url: '/runs/run-1/live/sound' });
        expect(got.heard?.kind.media).toBe('audio');
      }
    }
  });

  test('can be heard from its first bytes on, long before the rest has come', async () => {
    for (const bytes of [openWav(0), sounds.get('plain.mp3'), sounds.get('opus20.ogg'), speech]) {
      const heard = Promise.withResolvers<undefined>();
      const sound = bytes ?? Buffer.alloc(0);
      const chunks = async function* () {
        yield sound.subarray(0, 1500);
        await heard.promise;
        yield sound.subarray(1500);
      };
      const intent = sound === speech ? { pcm: usual } : {};
      const onSound = (pulled: Buffer) => {
        if (pulled.length === 1500) heard.resolve(undefined);
      };
      const got = await followed(stream(chunks()), { intent, onSound });
      expect(got.sound?.equals(sound)).toBe(true);
    }
  });
});

describe('headerless sound', () => {
  test('is read as the user said, from its first sample on, and as the part says at the end', async () => {
    for (const encoding of ['s16le', 'f32le', 'mulaw', 'alaw', 'u8'] as const) {
      const pcm = { encoding, sampleRate: 8000, channels: 1 };
      const silence = { s16le: 0, f32le: 0, mulaw: 0xff, alaw: 0x55, u8: 0x7f }[encoding];
      const bytes = Buffer.concat([Buffer.alloc(200, silence), Buffer.alloc(8, 0xd5), tone]);
      for (const size of [1, 40, 5000]) {
        const chunks = [...slices(bytes.subarray(0, 400), size), bytes.subarray(400)];
        const got = await followed(stream(chunks), { intent: { pcm } });
        expect(got.live?.sound).toEqual({ url: '/runs/run-1/live/sound', pcm });
        expect(got.sound?.equals(bytes)).toBe(true);
        expect(got.heard).toMatchObject({ pcm });
      }
    }
  });

  test('that is declared WAV, as Orpheus does, or L16, is read so, and a guess is said to be one', async () => {
    for (const [contentType, pcm, isGuess] of [
      ['audio/wav', usual, true],
      ['audio/L16;rate=16000', { ...usual, sampleRate: 16_000 }, undefined],
      ['audio/pcm; rate=8000; channels=2', { ...usual, sampleRate: 8000, channels: 2 }, undefined],
      ['audio/pcm; rate=5', usual, true],
    ] as const) {
      const got = await followed(stream(slices(speech, 999), { contentType }));
      const url = '/runs/run-1/live/sound';
      expect(got.live?.sound).toEqual({ url, pcm, ...(isGuess ? { isGuess } : {}) });
      expect(got.heard).toMatchObject({ pcm });
      expect(got.outcome.warnings.length).toBeGreaterThan(0);
    }
  });

  test('of an unknown type is heard when it runs like a wave, also behind a second of silence', async () => {
    const late = Buffer.concat([Buffer.alloc(50_000), speech]);
    for (const bytes of [speech, late]) {
      for (const size of [700, 4096, 100_000]) {
        const got = await followed(stream(slices(bytes, size)));
        expect(got.live?.sound).toMatchObject({ pcm: usual, isGuess: true });
        expect(got.heard).toMatchObject({ pcm: usual });
        expect(got.sound?.equals(bytes)).toBe(true);
      }
    }
  });

  test('that nobody knows how to read is offered without a reading, when it may be sound', async () => {
    for (const contentType of ['application/octet-stream', 'audio/mpeg']) {
      const got = await followed(stream(slices(noise, 5000), { contentType }));
      expect(got.live?.sound).toEqual({ url: '/runs/run-1/live/sound' });
      expect(got.heard).toMatchObject({ kind: { media: 'bytes' } });
    }
    const zip = await followed(stream(slices(noise, 5000), { contentType: 'application/zip' }));
    expect(zip.live).toEqual({ mediaType: 'application/zip' });
    expect(zip.heard).toBeUndefined();
  });
});

describe('words', () => {
  const words = 'Vier Noten 🎵 für Ümit. '.repeat(300);

  test('can be read as they come, cut anywhere, under any type', async () => {
    for (const contentType of ['application/octet-stream', 'text/plain', 'audio/wav']) {
      for (const size of [1, 3, 1000]) {
        const text = Buffer.from(size === 1 ? words.slice(0, 300) : words);
        const got = await followed(stream(slices(text, size), { contentType }));
        expect(got.live).toEqual({
          mediaType: contentType,
          words: { url: '/runs/run-1/live/words' },
        });
        expect(got.words).toBe(text.toString());
        expect(got.outcome.text).toBe(text.toString());
        expect(got.heard).toBeUndefined();
      }
    }
  });

  test('an error told in words is never heard, also when sound was agreed or declared', async () => {
    const errors = [error, 'Traceback (most recent call last): CUDA out of memory', 'Oops', 'R'];
    for (const text of errors) {
      for (const chunks of [slices(Buffer.from(text), 1), [Buffer.from(text)]]) {
        const intent = { pcm: usual };
        const got = await followed(stream(chunks, { contentType: 'audio/wav' }), { intent });
        expect(got.live?.sound).toBeUndefined();
        expect(got.heard).toBeUndefined();
      }
    }
    // What comes behind such words is no sound either.
    const mixed = Buffer.concat([Buffer.from('Error: CUDA out of memory, giving up'), noise]);
    const got = await followed(stream(slices(mixed, 10_000)), { intent: { pcm: usual } });
    expect(got.live?.sound).toBeUndefined();
    expect(got.outcome.parts).toMatchObject([{ name: 'answer', kind: { media: 'bytes' } }]);
  });
});

test('one message is neither sound nor words, though it holds sound', async () => {
  const wav = await mediaBytes('tone.wav');
  for (const bytes of [
    Buffer.from(encode({ byte_data: wav })),
    Buffer.from(encode({ audio: tone, sample_rate: 24_000 })),
    Buffer.from(encode([{ audio: await mediaBytes('tone.mp3') }])),
    Buffer.from(JSON.stringify({ text: 'Four score', audio: wav.toString('base64') })),
    Buffer.from(JSON.stringify({ text: 'Four score', segments: [1, 2] }, null, 2)),
    Buffer.from(JSON.stringify(wav.toString('base64'))),
    Buffer.from(wav.toString('base64')),
  ]) {
    for (const size of [3, 1000]) {
      const chunks = [...slices(bytes.subarray(0, 300), size), bytes.subarray(300)];
      const got = await followed(stream(chunks));
      expect(got.live).toEqual({ mediaType: 'application/octet-stream' });
      expect(got.heard).toBeUndefined();
    }
  }
});

test('what comes compressed is only heard at the end', async () => {
  const packed = gzipSync(openWav(0));
  const got = await followed(async ({ response, readAll }) => {
    await readAll();
    response.writeHead(200, { 'content-type': 'audio/wav', 'content-encoding': 'gzip' });
    response.write(packed.subarray(0, 1000));
    response.end(packed.subarray(1000));
  });
  expect(got.live).toEqual({ mediaType: 'audio/wav' });
  expect(got.parts[0]?.equals(openWav(0))).toBe(true);
  expect(got.heard).toBeUndefined();
});

test('an empty stream offers nothing', async () => {
  const got = await followed(stream([], { contentType: 'audio/wav' }), { intent: { pcm: usual } });
  expect(got.live).toEqual({ mediaType: 'audio/wav' });
  expect(got.outcome).toMatchObject({ state: 'done', parts: [] });
});
