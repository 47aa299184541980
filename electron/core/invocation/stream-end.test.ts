import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kindOf } from '../audio/kind.ts';
import { MemoryBytes, wholeFile } from '../files/byte-source.ts';
import { earlyEnd } from './stream-end.ts';

const media = join(import.meta.dirname, '../testing/media');

async function endOf(name: string, keep: (size: number) => number): Promise<string | null> {
  const file = await wholeFile(join(media, name));
  const bytes = new MemoryBytes(await file.read(0, keep(file.size)));
  return earlyEnd(bytes, await kindOf(bytes));
}

const formats = [
  ['tone.wav', /promises 6444 bytes and/],
  ['tone.aiff', /promises/],
  ['tone.mp3', /inside a frame/],
  ['tagged.mp3', /inside a frame/],
  ['tone.aac', /inside a frame/],
  ['tone.opus', /inside an Ogg page/],
  ['vorbis.ogg', /inside an Ogg page/],
  ['flac.ogg', /inside an Ogg page/],
  ['tone.m4a', /inside an MP4 box/],
  ['fragmented.mp4', /inside an MP4 box/],
] as const;

test.each(formats)('%s tells that it was cut short', async (name, words) => {
  for (const lost of [1, 5, 40]) expect(await endOf(name, (size) => size - lost)).toMatch(words);
});

test.each([...formats.map(([name]) => name), 'streamed.wav', 'rf64.wav', 'float.wav', 'tone.flac'])(
  '%s as it is raises no alarm',
  async (name) => {
    expect(await endOf(name, (size) => size)).toBeNull();
  },
);

test('a WAV whose header leaves its length open may end anywhere', async () => {
  expect(await endOf('streamed.wav', (size) => size - 100)).toBeNull();
});
