import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('turns go to those who wait, in order, and to no one who left', () => {
  const turns = new Turns(2);
  const started: string[] = [];
  const take = (name: string): (() => void) => turns.take(() => started.push(name));
  const endA = take('a');
  const endB = take('b');
  const endC = take('c');
  take('d');
  take('e');
  expect(started).toEqual(['a', 'b']);
  endC();
  endA();
  endA();
  expect(started).toEqual(['a', 'b', 'd']);
  endB();
  expect(started).toEqual(['a', 'b', 'd', 'e']);
});
