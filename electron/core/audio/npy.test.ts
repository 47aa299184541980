import { expect, test } from 'vitest';
import { npyHeader } from './npy.ts';

test('a .npy file begins as numpy itself writes it', () => {
  // numpy.save of arange(6, dtype='<f4').reshape(2, 3), and of arange(3, dtype='>i2')
  expect(Buffer.from(npyHeader('<f4', [2, 3])).toString('latin1')).toBe(
    `\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }${' '.repeat(58)}\n`,
  );
  expect(Buffer.from(npyHeader('>i2', [3])).toString('latin1')).toBe(
    `\x93NUMPY\x01\x00\x76\x00{'descr': '>i2', 'fortran_order': False, 'shape': (3,), }${' '.repeat(60)}\n`,
  );
});
