import { expect, test } from 'vitest';
import { WaitingRoom } from './waiting-room.ts';

const never = Promise.withResolvers().promise;
const LONG = 60_000;

test('who comes to a full room sends away the one that has waited longest, and nobody else', async () => {
  const room = new WaitingRoom(2, 0);
  const gone: string[] = [];
  const wait = (name: string, something: Promise<unknown> = never): Promise<void> =>
    room.wait(something, LONG).then(() => {
      gone.push(name);
    });
  const first = wait('first');
  const second = Promise.withResolvers();
  const answered = wait('second', second.promise);
  expect(room.isFull).toBe(true);
  const third = wait('third');
  await first;
  expect(gone).toEqual(['first']);
  await third;
  second.resolve(undefined);
  await answered;
  expect(gone).toEqual(['first', 'third', 'second']);
  expect(room.isFull).toBe(false);
});

test('who has only just come is not sent away', async () => {
  const room = new WaitingRoom(1, LONG);
  const first = Promise.withResolvers();
  const waiting = room.wait(first.promise, LONG).then(() => 'something came');
  const second = room.wait(never, 1).then(() => 'nothing came');
  expect(await Promise.race([waiting, second])).toBe('nothing came');
  first.resolve(undefined);
  expect(await waiting).toBe('something came');
});

test('a wait that was long enough ends by itself and leaves its place', async () => {
  const room = new WaitingRoom(1);
  await room.wait(never, 1);
  expect(room.isFull).toBe(false);
});
