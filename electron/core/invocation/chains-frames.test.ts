import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryBytes } from '../files/byte-source.ts';
import { answered } from '../testing/answered.ts';
import { slices, stream } from '../testing/model-answers.ts';
import { areChainsFrames, ChainsFrames } from './chains-frames.ts';

/** As `StreamWriter` of truss_chains writes it. */
function frame(kind: number, value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value));
  const tag = Buffer.from([kind, 0, 0, 0, 0]);
  tag.writeUInt32BE(json.length, 1);
  return Buffer.concat([tag, json]);
}

const whole = Buffer.concat([
  frame(2, { sample_rate: 24_000 }),
  frame(3, { word: 'Four' }),
  frame(3, { word: 'scöre' }),
  frame(4, { seconds: 1.5 }),
]);
const send = (bytes: Buffer) =>
  answered(stream(slices(bytes, 7), { contentType: 'application/octet-stream' }));

test('a chain’s frames are shown as a list, its header and footer by name', async () => {
  const { outcome } = await send(whole);
  expect(outcome).toMatchObject({
    state: 'done',
    output: [
      { event: 'header', data: { sample_rate: 24_000 } },
      { word: 'Four' },
      { word: 'scöre' },
      { event: 'footer', data: { seconds: 1.5 } },
    ],
    warnings: [],
  });
});

test('frames that were cut short give what came, with a word', async () => {
  const { outcome } = await send(whole.subarray(0, whole.length - 3));
  expect(outcome.output).toHaveProperty('3.event', 'footer');
  expect(outcome.warnings.join()).toMatch(/ends inside an event/);
});

test('what is not frames from its first byte to its last is none', async () => {
  const item = frame(3, { a: 1 });
  const others = [
    [1, 2, 3],
    [...item, 0],
    [...item, ...frame(2, {})],
    [...frame(4, {}), ...item],
    [...frame(3, [1])],
    [...frame(5, {})],
    // No frame of it is whole.
    [...item.subarray(0, item.length - 1)],
    [],
  ];
  for (const bytes of others) {
    expect(await areChainsFrames(new MemoryBytes(Uint8Array.from(bytes)))).toBe(false);
  }
  expect(await areChainsFrames(new MemoryBytes(item))).toBe(true);
});

test('however the frames are cut into pieces, the events are the same', () => {
  const parse = (pieces: Uint8Array[]) => {
    const parser = new ChainsFrames();
    return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
  };
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length)), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const pieces = edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
      expect(parse(pieces)).toEqual(parse([whole]));
    }),
  );
});
