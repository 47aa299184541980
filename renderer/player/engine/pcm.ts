/** How one sample of headerless sound is written. `mulaw` and `alaw` are G.711. */
export type PcmEncoding =
  | 's8'
  | 'u8'
  | 's16le'
  | 's16be'
  | 's24le'
  | 's24be'
  | 's32le'
  | 's32be'
  | 'f32le'
  | 'f32be'
  | 'f64le'
  | 'f64be'
  | 'mulaw'
  | 'alaw';

/** One way to read headerless bytes as sound. `sampleRate` in Hz, 1000 to 768000; 1 to 8 channels, interleaved. */
export type PcmReading = { encoding: PcmEncoding; sampleRate: number; channels: number };

/** Decoded sound: one array a channel, all of one length, full scale at 1. `sampleRate` in Hz. */
export type Sound = { planes: Float32Array<ArrayBuffer>[]; sampleRate: number };

type ReadSample = (view: DataView, at: number) => number;

const codings: Record<PcmEncoding, { bytes: number; read: ReadSample }> = {
  s8: { bytes: 1, read: (view, at) => view.getInt8(at) / 0x80 },
  u8: { bytes: 1, read: (view, at) => (view.getUint8(at) - 0x80) / 0x80 },
  s16le: { bytes: 2, read: (view, at) => view.getInt16(at, true) / 0x8000 },
  s16be: { bytes: 2, read: (view, at) => view.getInt16(at, false) / 0x8000 },
  s24le: {
    bytes: 3,
    read: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 0x80_0000,
  },
  s24be: {
    bytes: 3,
    read: (view, at) => ((view.getInt16(at, false) << 8) | view.getUint8(at + 2)) / 0x80_0000,
  },
  s32le: { bytes: 4, read: (view, at) => view.getInt32(at, true) / 0x8000_0000 },
  s32be: { bytes: 4, read: (view, at) => view.getInt32(at, false) / 0x8000_0000 },
  f32le: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  f32be: { bytes: 4, read: (view, at) => view.getFloat32(at, false) },
  f64le: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  f64be: { bytes: 8, read: (view, at) => view.getFloat64(at, false) },
  mulaw: { bytes: 1, read: (view, at) => mulaw(view.getUint8(at)) },
  alaw: { bytes: 1, read: (view, at) => alaw(view.getUint8(at)) },
};

/** Bytes of one sample of one channel. */
export function bytesPerSample(encoding: PcmEncoding): number {
  return codings[encoding].bytes;
}

/** The whole frames in `bytes` as samples; what follows the last whole frame is left out. */
export function readPcm(bytes: Uint8Array, { encoding, sampleRate, channels }: PcmReading): Sound {
  const { bytes: width, read } = codings[encoding];
  const frames = Math.floor(bytes.length / (width * channels));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const planes = Array.from({ length: channels }, (_, channel) => {
    const plane = new Float32Array(frames);
    for (let frame = 0; frame < frames; frame += 1) {
      plane[frame] = read(view, (frame * channels + channel) * width);
    }
    return plane;
  });
  return { planes, sampleRate };
}

/** ITU-T G.711, table 2a: sign, three bits of segment, four of step; all bits inverted on the wire. */
function mulaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80 ? -magnitude : magnitude) / 0x8000;
}

/** ITU-T G.711, table 1a: every other bit is inverted on the wire. */
function alaw(byte: number): number {
  const bits = byte ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 15) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (bits & 0x80 ? magnitude : -magnitude) / 0x8000;
}
