import { expect, test } from 'vitest';
import { wavHead } from '../audio/wav.ts';
import { Joined, MemoryBytes } from '../files/byte-source.ts';
import { wavFile } from '../testing/wav-file.ts';
import { playableWav } from './playable-wav.ts';

const samples = (...values: number[]): Buffer => Buffer.from(values);

type Played = { data: Buffer; saidBytes: number | null | undefined; warning: string | null };

/** What a player gets, and how long its header says that it is. */
async function played(...files: Buffer[]): Promise<Played | null> {
  const found = await playableWav(new MemoryBytes(Buffer.concat(files)));
  if (!found) return null;
  const whole = new Joined(found.pieces);
  const bytes = Buffer.from(await whole.read(0, whole.size));
  const { data } = wavHead(bytes) ?? {};
  return {
    data: bytes.subarray(data?.offset),
    saidBytes: data?.size,
    warning: found.warning,
  };
}

test('WAVs one behind the other play as one, whatever chunks stand between their samples', async () => {
  const found = await played(
    wavFile({ data: samples(1, 0, 2, 0), after: [['LIST', Buffer.from('odd')]] }),
    wavFile({ data: samples(3, 0) }),
    wavFile({ data: samples(4, 0, 5, 0), before: [['LIST', Buffer.alloc(9)]] }),
  );
  expect(found).toEqual({
    data: samples(1, 0, 2, 0, 3, 0, 4, 0, 5, 0),
    saidBytes: 10,
    warning: expect.stringMatching(/^It is 3 WAV files .* They play as one/) as string,
  });
});

test('samples of an odd length are followed by a byte of padding, which is no sound', async () => {
  const odd = { bits: 8, data: samples(1, 2, 3) };
  expect((await played(wavFile(odd), wavFile(odd)))?.data).toEqual(samples(1, 2, 3, 1, 2, 3));
});

test('a WAV of other samples ends the sound, and that is said', async () => {
  const found = await played(
    wavFile({ data: samples(1, 0) }),
    wavFile({ data: samples(2, 0) }),
    wavFile({ data: samples(3, 0), sampleRate: 8000 }),
    wavFile({ data: samples(4, 0) }),
  );
  expect(found?.data).toEqual(samples(1, 0, 2, 0));
  expect(found?.warning).toMatch(/It is 2 WAV files .* Then comes a WAV of another format/);
});

test('the last of several may be cut short, or leave its length open', async () => {
  const last = wavFile({ data: samples(2, 0, 3, 0) });
  const cut = await played(wavFile({ data: samples(1, 0) }), last.subarray(0, -2));
  expect(cut?.data).toEqual(samples(1, 0, 2, 0));
  expect(cut?.warning).toMatch(/probably cut short/);
  const open = wavFile({ data: samples(2, 0, 3, 0), saidBytes: 0 });
  const streamed = await played(wavFile({ data: samples(1, 0) }), open);
  expect(streamed?.data).toEqual(samples(1, 0, 2, 0, 3, 0));
  expect(streamed?.warning).not.toMatch(/cut short/);
});

test('a single WAV of a true size plays as it is', async () => {
  expect(await played(wavFile({ data: samples(1, 0) }))).toBeNull();
  const tagged = wavFile({ data: samples(1, 0), after: [['LIST', Buffer.from('INFOIART')]] });
  expect(await played(tagged)).toBeNull();
});
