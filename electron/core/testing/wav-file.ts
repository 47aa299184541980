type Chunk = [name: string, bytes: Uint8Array];

type WavFile = {
  /** 1 PCM, 3 float, 6 A-law, 7 mu-law */
  tag?: number;
  bits?: number;
  channels?: number;
  sampleRate?: number;
  data: Uint8Array;
  riff?: 'RIFF' | 'RF64' | 'BW64';
  /** Chunks before `fmt `, and between it and the data. */
  before?: Chunk[];
  between?: Chunk[];
  after?: Chunk[];
  extensible?: boolean;
  /** What the header says instead of the truth. */
  saidBytes?: number;
};

/** A WAV file made chunk by chunk, for tests of what reads such files. */
export function wavFile(file: WavFile): Buffer {
  const { tag = 1, bits = 16, channels = 1, sampleRate = 48_000, data, riff = 'RIFF' } = file;
  const format = Buffer.alloc(file.extensible ? 40 : 16);
  const frameBytes = (bits / 8) * channels;
  format.writeUInt16LE(file.extensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * frameBytes, 8);
  format.writeUInt16LE(frameBytes, 12);
  format.writeUInt16LE(bits, 14);
  if (file.extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt16LE(tag, 24);
    format.write('000000001000800000aa00389b71', 26, 'hex');
  }
  const chunks = Buffer.concat([
    ...(file.before ?? []).map((each) => chunk(each)),
    chunk(['fmt ', format]),
    ...(file.between ?? []).map((each) => chunk(each)),
    chunk(['data', data], file.saidBytes),
    ...(file.after ?? []).map((each) => chunk(each)),
  ]);
  const head = Buffer.from(`${riff}\0\0\0\0WAVE`, 'latin1');
  head.writeUInt32LE(riff === 'RIFF' ? chunks.length + 4 : 0xffff_ffff, 4);
  return Buffer.concat([head, chunks]);
}

function chunk([name, bytes]: Chunk, size = bytes.length): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, bytes, Buffer.alloc(bytes.length & 1)]);
}

/** 16-bit little-endian samples. */
export function samples16(samples: ArrayLike<number>): Buffer {
  return Buffer.from(Int16Array.from(samples).buffer);
}

/** 32-bit little-endian floats. */
export function samples32(samples: ArrayLike<number>): Buffer {
  return Buffer.from(Float32Array.from(samples).buffer);
}
