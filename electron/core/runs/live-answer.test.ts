import { expect, test } from 'vitest';
import { MemoryBytes } from '../files/byte-source.ts';
import { LiveAnswer } from './live-answer.ts';

function growing(): { live: LiveAnswer; add: (text: string) => void } {
  let bytes = Buffer.alloc(0);
  const live = new LiveAnswer(() => new MemoryBytes(bytes));
  return {
    live,
    add: (text) => {
      bytes = Buffer.concat([bytes, Buffer.from(text)]);
      live.grew();
    },
  };
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test('a reader that waits is answered as soon as something comes', async () => {
  const { live, add } = growing();
  const waiting = live.read(0, 100, 60_000);
  add('Four');
  expect(text((await waiting).bytes)).toBe('Four');
});

test('a reader that waited long enough is told that nothing came', async () => {
  const { live, add } = growing();
  add('Four');
  expect(await live.read(4, 100, 1)).toMatchObject({ received: 4, isComplete: false });
});

test('readers at different places each get their own bytes, and no more than they have room for', async () => {
  const { live, add } = growing();
  add('Four score');
  const both = await Promise.all([live.read(0, 4, 0), live.read(5, 100, 0)]);
  expect(both.map(({ bytes }) => text(bytes))).toEqual(['Four', 'score']);
});

test('the end is told with the last bytes and never before them, also to a reader that comes late', async () => {
  const { live, add } = growing();
  add('Four score');
  live.end();
  expect(await live.read(0, 4, 60_000)).toMatchObject({ isComplete: false });
  expect(await live.read(4, 100, 60_000)).toMatchObject({ isComplete: true, received: 10 });
  expect(text((await live.read(10, 100, 60_000)).bytes)).toBe('');
});

test('an end without bytes wakes whoever waits', async () => {
  const { live } = growing();
  const waiting = live.read(0, 100, 60_000);
  live.end();
  expect(await waiting).toMatchObject({ received: 0, isComplete: true });
});
