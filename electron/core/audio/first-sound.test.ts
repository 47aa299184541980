import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MemoryBytes } from '../files/byte-source.ts';
import { mediaBytes } from '../testing/answered.ts';
import { firstSound } from './first-sound.ts';

const fixtures = join(import.meta.dirname, '../../../renderer/player/engine/fixtures');
const fixture = (name: string): Promise<Buffer> => readFile(join(fixtures, name));
const facts = (bytes: Uint8Array) => firstSound({ source: new MemoryBytes(bytes) });

test('sound is as long as its frames, pages or samples say, as ffprobe counts them', async () => {
  for (const [name, seconds] of [
    ['adts.aac', 3.072],
    ['lame.mp3', 3.048],
    ['plain.mp3', 3.048],
    ['opus1s.ogg', 3],
    ['opus20.ogg', 3],
    ['vorbis.ogg', 3],
    ['speech.flac', 2],
    ['frag200.mp4', 3.043],
    ['live.webm', 3.001],
  ] as const) {
    expect((await facts(await fixture(name)))?.seconds).toBeCloseTo(seconds, 3);
  }
  for (const name of ['streamed.wav', 'flac.ogg', 'tone.flac', 'tone.opus', 'vorbis.ogg']) {
    expect((await facts(await mediaBytes(name)))?.seconds).toBeCloseTo(0.4, 3);
  }
});

test('half a stream is about half as long, whatever its head promised', async () => {
  for (const name of [
    ...['adts.aac', 'plain.mp3', 'opus20.ogg', 'speech.flac'],
    ...['frag200.mp4', 'live.webm'],
  ]) {
    const bytes = await fixture(name);
    const whole = (await facts(bytes))?.seconds ?? 0;
    const half = (await facts(bytes.subarray(0, bytes.length / 2)))?.seconds ?? 0;
    expect(half / whole).toBeGreaterThan(0.35);
    expect(half / whole).toBeLessThan(0.65);
  }
});

test('the first frame that can be heard lies behind tags, junk and frames that hold none', async () => {
  const plain = await fixture('plain.mp3');
  const [first, behindInfo, behindTag] = await Promise.all(
    [plain, await fixture('lame.mp3'), await mediaBytes('tagged.mp3')].map(facts),
  );
  expect(first?.audioBytes).toBe(144);
  expect(behindInfo?.audioBytes).toBe(356);
  expect(behindTag?.audioBytes).toBe(449);
  const behindJunk = Buffer.concat([Buffer.from('junk '.repeat(20)), plain]);
  expect((await facts(behindJunk))?.audioBytes).toBe(244);
  expect((await facts(await fixture('opus1s.ogg')))?.audioBytes).toBe(2485);
});

test('frames that go on behind tags in their middle are counted on', async () => {
  const tagged = await mediaBytes('tagged.mp3');
  const one = (await facts(tagged))?.seconds ?? 0;
  const two = (await facts(Buffer.concat([tagged, tagged])))?.seconds ?? 0;
  // The second file's frame that holds no sound is counted as one.
  expect(two).toBeGreaterThanOrEqual(2 * one);
  expect(two).toBeLessThan(2 * one + 0.08);
});

test('Ogg streams behind each other are as long as all of them', async () => {
  const chain = [await fixture('opus20.ogg'), await fixture('vorbis.ogg')];
  expect(await facts(Buffer.concat(chain))).toEqual({ audioBytes: 152, seconds: 6 });
});

test('what can’t be told honestly is left out', async () => {
  const broadcast = await fixture('opus20.ogg');
  // The first page of sound ends an hour behind the beginning.
  broadcast.writeBigInt64LE(3600n * 48_000n, broadcast.indexOf('OggS', 90) + 6);
  expect(await facts(broadcast)).toEqual({ audioBytes: 152 });
  expect(await facts(await mediaBytes('tone.caf'))).toBeNull();
  for (const name of ['frag200.mp4', 'live.webm']) {
    expect(await facts((await fixture(name)).subarray(0, 100))).toBeNull();
  }
  for (const bytes of [Buffer.from('OggS\0'), Buffer.from('fLaC'), Buffer.from('ID3\x04')]) {
    expect((await facts(bytes))?.seconds).toBeUndefined();
  }
});
