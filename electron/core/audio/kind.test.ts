import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MemoryBytes, wholeFile } from '../files/byte-source.ts';
import { kindOf, type DescribedKind } from './kind.ts';
import { wavHeader } from './wav.ts';

const sample = join(import.meta.dirname, '../../../resources/sample/Gettysburg.mp3');
// Made by FFmpeg 5.1 from `-f lavfi -i sine=440:duration=0.4:sample_rate=8000`.
const media = join(import.meta.dirname, '../testing/media');
const bytesOf = async (name: string): Promise<Uint8Array> => {
  const file = await wholeFile(join(media, name));
  return file.read(0, file.size);
};
const of = (bytes: Uint8Array | string): Promise<DescribedKind> =>
  kindOf(new MemoryBytes(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes));

test('the bundled recording is known as what it is, behind its tag', async () => {
  expect(await kindOf(await wholeFile(sample))).toMatchObject({
    media: 'audio',
    format: 'mp3',
    label: 'MP3 44.1 kHz mono',
    extension: 'mp3',
  });
});

test.each([
  ['tone.wav', 'WAV 8 kHz mono', 'wav'],
  ['float.wav', 'WAV 8 kHz mono float', 'wav'],
  ['mulaw.wav', 'WAV 8 kHz mono µ-law', 'wav'],
  ['rf64.wav', 'WAV 8 kHz mono', 'wav'],
  ['streamed.wav', 'WAV 8 kHz mono', 'wav'],
  ['tone.mp3', 'MP3 8 kHz mono', 'mp3'],
  ['tagged.mp3', 'MP3 44.1 kHz stereo', 'mp3'],
  ['tone.aac', 'AAC', 'aac'],
  ['tone.m4a', 'M4A', 'm4a'],
  ['fragmented.mp4', 'MP4', 'mp4'],
  ['tone.flac', 'FLAC', 'flac'],
  ['tone.opus', 'Ogg Opus', 'opus'],
  ['vorbis.ogg', 'Ogg Vorbis', 'ogg'],
  ['flac.ogg', 'Ogg FLAC', 'ogg'],
  ['tone.webm', 'WebM', 'webm'],
  ['tone.mka', 'Matroska', 'mka'],
  ['tone.aiff', 'AIFF', 'aiff'],
  ['tone.caf', 'CAF', 'caf'],
])('%s is told by its first bytes as %s, never by a name', async (name, label, extension) => {
  expect(await of(await bytesOf(name))).toMatchObject({ media: 'audio', label, extension });
});

test('AMR is told by its letters', async () => {
  expect((await of('#!AMR\n\x3c\x91')).label).toBe('AMR');
  expect((await of('#!AMR-WB\n\x3c\x91')).extension).toBe('awb');
});

test('a tag of any size is stepped over, and AAC behind one is no MP3', async () => {
  const whole = await wholeFile(sample);
  const frames = await whole.read(4096, 8192);
  const frameAt = frames.findIndex((byte, at) => byte === 0xff && (frames[at + 1] ?? 0) >= 0xe0);
  const tag = Buffer.alloc(10 + 100_000);
  tag.write('ID3\x04', 'latin1');
  tag.set([(100_000 >> 14) & 127, (100_000 >> 7) & 127, 100_000 & 127], 7);
  const mp3 = frames.subarray(frameAt);
  expect((await of(Buffer.concat([tag, mp3]))).label).toBe('MP3 44.1 kHz mono');
  expect((await of(Buffer.concat([tag, tag, mp3]))).label).toBe('MP3 44.1 kHz mono');
  expect((await of(Buffer.concat([tag, await bytesOf('tone.aac')]))).label).toBe('AAC');
});

test('junk before an MP3’s first frame does not hide it', async () => {
  const junk = Buffer.alloc(1000, 0xfe);
  const mp3 = await bytesOf('tone.mp3');
  expect((await of(Buffer.concat([junk, mp3]))).label).toBe('MP3 8 kHz mono');
  // What a stream joined in the middle of a frame looks like.
  expect((await of(mp3.subarray(30))).label).toBe('MP3 8 kHz mono');
});

test('a header of ours makes PCM a WAV', async () => {
  const header = wavHeader({ encoding: 's16le', sampleRate: 24_000, channels: 1 }, 480);
  expect((await of(Buffer.concat([header, Buffer.alloc(480)]))).label).toBe('WAV 24 kHz mono');
});

test('words, JSON and noise are told apart, also when a character is cut in two', async () => {
  expect((await of('hello')).extension).toBe('txt');
  expect((await of(' {"a": 1}')).extension).toBe('json');
  expect((await of(new Uint8Array([0, 1, 2, 3, 250]))).extension).toBe('bin');
  expect((await of('é'.repeat(4000))).extension).toBe('txt');
});

describe('what is no sound is not taken for one', () => {
  test('words that begin like a format are words', async () => {
    for (const words of ['ID3 tags hold the title', 'caffeine', 'OggS is a word', 'RIFF raff']) {
      expect((await of(words)).media, words).toBe('text');
    }
  });

  test('one frame header of MP3 or AAC is chance', async () => {
    for (const start of [
      [0xff, 0xfb, 0x90, 0x00],
      [0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc],
    ]) {
      const bytes = Buffer.from([...start, ...Array<number>(2000).fill(7)]);
      expect((await of(bytes)).extension).toBe('bin');
    }
  });

  test('noise and quiet PCM never become MP3', async () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2 ** 31;
    for (let round = 0; round < 300; round += 1) {
      const noise = Buffer.from(Array.from({ length: 8192 }, () => random() * 256));
      expect((await of(noise)).media).toBe('bytes');
      const quiet = new Int16Array(4096).map(() => Math.round((random() - 0.5) * 8));
      expect((await of(new Uint8Array(quiet.buffer))).media).toBe('bytes');
    }
  });

  test('no bytes at all break the look at them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('RIFF', 'OggS\0', 'ID3\x04', 'FORM', '\xff\xf1', '\xff\xfb', '    moof'),
        fc.uint8Array({ maxLength: 200 }),
        async (head, rest) => {
          const bytes = Buffer.concat([Buffer.from(head, 'latin1'), rest]);
          expect((await of(bytes)).label).not.toBe('');
        },
      ),
    );
  });
});
