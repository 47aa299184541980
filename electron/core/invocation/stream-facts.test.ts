import { expect, test } from 'vitest';
import { wavHeader } from '../audio/wav.ts';
import { MemoryBytes } from '../files/byte-source.ts';
import { Arrivals } from './arrivals.ts';
import { pcmPart } from './headerless.ts';
import { streamFacts } from './stream-facts.ts';

const pcm = { encoding: 's16le', sampleRate: 24_000, channels: 1 } as const;

/** Half a second of silence and half a second of a loud tone. */
function speech(): Buffer {
  const bytes = Buffer.alloc(48_000);
  for (let at = 24_000; at < bytes.length; at += 2) {
    bytes.writeInt16LE(at % 4 === 0 ? 8000 : -8000, at);
  }
  return bytes;
}

/** As if a network had brought `size` bytes in pieces of 4,800 (100 ms of speech), one every 50 ms from 200 ms on. */
function paced(size: number): Arrivals {
  const arrivals = new Arrivals();
  for (let piece = 0; piece * 4800 < size; piece += 1) {
    arrivals.note(Math.min((piece + 1) * 4800, size), 200 + piece * 50);
  }
  return arrivals;
}

test('headerless speech is timed to its first sample, its first audible one, and its end', async () => {
  const part = pcmPart('answer', new MemoryBytes(speech()), pcm);
  const facts = await streamFacts({
    arrivals: paced(48_000),
    sound: part,
    uploaded: 100,
    received: 650,
  });
  expect(facts).toMatchObject({
    pieces: 10,
    firstAudio: 200,
    firstAudible: 200 + 5 * 50,
    soundSeconds: 1,
    realTimeFactor: 0.55,
  });
  expect(facts.gapP50).toBeCloseTo(50, -1);
});

test('a streamed WAV has its first sound behind its header', async () => {
  const bytes = Buffer.concat([wavHeader(pcm, 0), speech()]);
  const source = new MemoryBytes(bytes);
  const arrivals = new Arrivals();
  arrivals.note(44, 10);
  arrivals.note(46, 20);
  arrivals.note(bytes.length, 30);
  expect(await streamFacts({ arrivals, sound: { source } })).toMatchObject({
    firstAudio: 20,
    firstAudible: 30,
    soundSeconds: 1,
  });
});

test('an answer that is no sound is told by its cadence alone, silence by no first audible sample', async () => {
  expect(await streamFacts({ arrivals: paced(9600), sound: undefined })).toEqual({
    pieces: 2,
    gapP50: expect.closeTo(50, 0) as number,
    gapP95: expect.closeTo(50, 0) as number,
  });
  const silence = pcmPart('answer', new MemoryBytes(Buffer.alloc(9600)), pcm);
  const facts = await streamFacts({ arrivals: paced(9600), sound: silence });
  expect(facts.firstAudio).toBe(200);
  expect(facts.firstAudible).toBeUndefined();
});
