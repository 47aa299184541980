import { expect, test } from 'vitest';
import { MemoryBytes } from '../files/byte-source.ts';
import { LiveAnswer } from './live-answer.ts';
import { serveLive } from './serve-live.ts';
import { WaitingRoom } from './waiting-room.ts';

const LONG = 60_000;

function growing(room = new WaitingRoom()) {
  let bytes = Buffer.from('Four');
  const live = new LiveAnswer(() => new MemoryBytes(bytes));
  const add = (text: string): void => {
    bytes = Buffer.concat([bytes, Buffer.from(text)]);
    live.grew();
  };
  const ask = async (query: string) => {
    const response = await serveLive(new Request(`http://page/live?${query}`), live, room);
    const reader = response.body?.getReader();
    const next = async (): Promise<string | null> => {
      const read = await reader?.read();
      return read?.value ? Buffer.from(read.value).toString() : null;
    };
    return { response, next };
  };
  return { live, add, ask };
}

test('who lets it flow gets what comes next in the same response, and the end in another', async () => {
  const { live, add, ask } = growing();
  const { response, next } = await ask('from=0&flow=1');
  expect(response.headers.get('x-live-complete')).toBe('0');
  expect(await next()).toBe('Four');
  const more = next();
  add(' score');
  expect(await more).toBe(' score');
  const last = next();
  live.end();
  expect(await last).toBeNull();
  const end = await ask('from=10&flow=1');
  expect(end.response.headers.get('x-live-complete')).toBe('1');
  expect(await end.next()).toBeNull();
});

test('a response that flows ends when others need the connection', async () => {
  const room = new WaitingRoom(1, LONG);
  const { ask } = growing(room);
  const { next } = await ask('from=0&flow=1');
  expect(await next()).toBe('Four');
  const waits = Promise.withResolvers();
  const other = room.wait(waits.promise, LONG);
  expect(await next()).toBeNull();
  waits.resolve(undefined);
  await other;
});

test('who does not ask for it gets what is there, and the response ends', async () => {
  const { next } = await growing().ask('from=1');
  // A response that was not asked to flow has no more.
  const first = await next();
  expect(first).toBe('our');
  expect(await next()).toBeNull();
});
