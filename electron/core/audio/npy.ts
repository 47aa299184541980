/** The preamble that makes an array's bytes a `.npy` file, which `numpy.load` reads (numpy.lib.format, version 1.0). */
export function npyHeader(dtype: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const dictionary = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // The data begins at a multiple of 64 bytes, after a line's end.
  const length = Math.ceil((PREFIX_BYTES + dictionary.length + 1) / 64) * 64 - PREFIX_BYTES;
  const header = new Uint8Array(PREFIX_BYTES + length);
  header.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  new DataView(header.buffer).setUint16(8, length, true);
  header.set(new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`), PREFIX_BYTES);
  return header;
}

/** Magic, version and the header's length. */
const PREFIX_BYTES = 10;
