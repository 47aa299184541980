import { expect, test } from 'vitest';
import { suggestedName } from './suggested-name.ts';

const kind = { media: 'audio', format: 'wav', label: 'WAV', extension: 'wav' } as const;
const named = (name: string): string => suggestedName({ name, kind }, 'received');

test('a name that Windows keeps for a device is led by an underscore', () => {
  expect(named('CON')).toBe('_CON.wav');
  expect(named('lpt1.take')).toBe('_lpt1.take.wav');
  expect(named('com2 ')).toBe('_com2.wav');
  expect(named('console')).toBe('console.wav');
});

test('control characters and those that turn text around are not in a name', () => {
  expect(named('a\u009bb\u202ec\u2066d\u0007e\u007ff')).toBe('a_b_c_d_e_f.wav');
  expect(named('../../etc/passwd')).toBe('_.._etc_passwd.wav');
});

test('a long name is cut to 120 bytes, between characters', () => {
  expect(named('x'.repeat(300))).toBe(`${'x'.repeat(120)}.wav`);
  expect(named('音'.repeat(100))).toBe(`${'音'.repeat(40)}.wav`);
  expect(named(`a${'🎵'.repeat(100)}`)).toBe(`a${'🎵'.repeat(29)}.wav`);
});

test('nothing left of a name is called answer', () => {
  expect(named('...')).toBe('answer.wav');
});
