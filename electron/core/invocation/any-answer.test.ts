import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wholeFile } from '../files/byte-source.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { mediaBytes } from '../testing/answered.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { decodeAnswer } from './decode-answer.ts';

const wav = await mediaBytes('tone.wav');
const sound = wav.toString('base64');
const text = (words: string): Buffer => Buffer.from(words);
const answers = [
  wav,
  ...(await Promise.all(
    ['tone.mp3', 'tagged.mp3', 'tone.aac', 'tone.opus', 'fragmented.mp4', 'tone.webm'].map(
      mediaBytes,
    ),
  )),
  Buffer.from(encode({ audio: wav, text: 'hi', list: [1, -2, 1.5, null, new Date(0)] })),
  text(JSON.stringify({ audio: sound, n: 1.5, deep: [{ text: 'é🎵' }], data_b64: 'AAAA' })),
  text(JSON.stringify(sound)),
  text(`event: a\r\ndata: {"audio":"${sound}"}\r\n\r\ndata: {"audio":"AAAA"}\n\n`),
  text(`{"delta":"a"}\n{"delta":"${sound}"}\n`),
  text('Grüße, and nothing else.'),
];
const types = [
  'application/octet-stream',
  'application/json',
  'application/msgpack',
  'text/event-stream',
  'application/x-ndjson',
  'text/plain; charset=utf-16',
  'audio/wav',
  '',
];

/** An answer with some bytes changed, cut at both ends, perhaps with another behind it. */
const spoiled = fc
  .record({
    bytes: fc.constantFrom(...answers),
    behind: fc.constantFrom(Buffer.alloc(0), Buffer.alloc(0), ...answers),
    changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    start: fc.nat(20),
    end: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ bytes, behind, changes, start, end }) => {
    const all = Buffer.concat([bytes, behind]);
    for (const [at, byte] of changes) all[at % Math.min(all.length, 400)] = byte;
    return all.subarray(start % 3 === 0 ? start : 0, Math.ceil(all.length * end));
  });

test('whatever comes, under any type, becomes parts or data whose bytes can be read', async () => {
  await using scratch = await scratchDirectory();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      spoiled,
      fc.constantFrom(...types),
      fc.boolean(),
      fc.constantFrom('auto' as const, 'message' as const, 'stream' as const),
      async (body, contentType, isStream, answer) => {
        runs += 1;
        const folder = await RunFolder.create(scratch.path, `run-${runs}`);
        const path = join(folder.path, 'response.bin');
        await writeFile(path, body);
        const decoded = await decodeAnswer({
          file: await wholeFile(path),
          contentType,
          isStream,
          intent: { answer },
          folder,
        });
        const isSomething = decoded.parts.length > 0 || decoded.output !== undefined;
        expect(isSomething || body.length === 0).toBe(true);
        for (const { source } of decoded.parts) {
          expect((await source.read(0, source.size)).length).toBe(source.size);
        }
        expect(JSON.parse(JSON.stringify(decoded.output ?? null))).toBeDefined();
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);
