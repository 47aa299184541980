import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MemoryBytes, wholeFile } from '../files/byte-source.ts';
import { kindOf } from './kind.ts';
import { wavHeader } from './wav.ts';

const sample = join(import.meta.dirname, '../../../resources/sample/Gettysburg.mp3');
const of = (bytes: Uint8Array | string): Promise<{ label: string; extension: string }> =>
  kindOf(new MemoryBytes(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes));

test('the bundled recording is known as what it is, behind its tag', async () => {
  expect(await kindOf(await wholeFile(sample))).toMatchObject({
    media: 'audio',
    format: 'mp3',
    label: 'MP3 44.1 kHz mono',
    extension: 'mp3',
  });
});

test('a tag of any size is stepped over', async () => {
  const whole = await wholeFile(sample);
  const frames = await whole.read(4096, 8192);
  const frameAt = frames.findIndex((byte, at) => byte === 0xff && (frames[at + 1] ?? 0) >= 0xe0);
  const tag = Buffer.alloc(10 + 100_000);
  tag.write('ID3\x04', 'latin1');
  tag.set([(100_000 >> 14) & 127, (100_000 >> 7) & 127, 100_000 & 127], 7);
  expect((await of(Buffer.concat([tag, frames.subarray(frameAt)]))).label).toBe(
    'MP3 44.1 kHz mono',
  );
});

test('a header of ours makes PCM a WAV', async () => {
  const header = wavHeader({ encoding: 's16le', sampleRate: 24_000, channels: 1 }, 480);
  expect((await of(Buffer.concat([header, Buffer.alloc(480)]))).label).toBe('WAV 24 kHz mono');
});

test('containers are told by their first bytes, never by a name', async () => {
  const ogg = Buffer.alloc(64);
  ogg.write('OggS');
  ogg.write('OpusHead', 28);
  const adts = Buffer.from([0xff, 0xf1, 0x50, 0x80, 0x01, 0x7f, 0xfc]);
  expect((await of(ogg)).label).toBe('Ogg Opus');
  expect((await of(`fLaC${'\0'.repeat(40)}`)).extension).toBe('flac');
  expect((await of(`\0\0\0\x20ftypM4A ${'\0'.repeat(20)}`)).extension).toBe('m4a');
  expect((await of(Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3]))).extension).toBe('webm');
  expect((await of(adts)).extension).toBe('aac');
});

test('words, JSON and noise are told apart, also when a character is cut in two', async () => {
  expect((await of('hello')).extension).toBe('txt');
  expect((await of(' {"a": 1}')).extension).toBe('json');
  expect((await of(new Uint8Array([0, 1, 2, 3, 250]))).extension).toBe('bin');
  expect((await of('é'.repeat(4000))).extension).toBe('txt');
  expect(
    (await of(Buffer.from([0xff, 0xfb, 0x90, 0x00, ...Array<number>(600).fill(7)]))).extension,
  ).toBe('bin');
});
