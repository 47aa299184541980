import { expect, test } from 'vitest';
import { Arrivals } from './arrivals.ts';

test('tells when a byte had come, exactly at the beginning and nearly so after hours', () => {
  const arrivals = new Arrivals();
  for (let piece = 1; piece <= 200_000; piece += 1) arrivals.note(piece * 100, piece * 20);
  expect(arrivals.timeOf(1)).toBe(20);
  expect(arrivals.timeOf(100)).toBe(20);
  expect(arrivals.timeOf(101)).toBe(40);
  const late = arrivals.timeOf(15_000_000) ?? 0;
  expect(Math.abs(late - 3_000_000)).toBeLessThan(30_000);
  expect(arrivals.timeOf(20_000_001)).toBeUndefined();
});

test('tells a steady stream from one with stalls', () => {
  const arrivals = new Arrivals();
  let at = 0;
  for (let piece = 1; piece <= 1000; piece += 1) {
    at += piece % 10 === 0 ? 500 : 20;
    arrivals.note(piece, at);
  }
  const cadence = arrivals.cadence();
  expect(cadence?.pieces).toBe(1000);
  expect(Math.abs((cadence?.p50 ?? 0) - 20)).toBeLessThan(1);
  expect(Math.abs((cadence?.p95 ?? 0) - 500)).toBeLessThan(10);
});

test('has no cadence before the second piece', () => {
  const arrivals = new Arrivals();
  arrivals.note(10, 5);
  expect(arrivals.cadence()).toBeUndefined();
});
