// RIFF WAVE as Microsoft's "Multimedia Programming Interface and Data Specifications 1.0" and mmreg.h say it, RF64 and BW64
// as EBU Tech 3306 and ITU-R BS.2088 do, and the laws of ITU-T G.711.
import type { ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';

/** The samples in a WAV file. `sampleRate` in Hz; `dataAt` in bytes. */
export type WavSound = {
  encoding: 'pcm' | 'float' | 'mu-law' | 'a-law';
  bytesPerSample: number;
  channels: number;
  sampleRate: number;
  dataAt: number;
  /** Whole frames that are really there. */
  frames: number;
};

/** What a hostile file may make us step over. */
const MOST_CHUNKS = 1000;
const MOST_CHANNELS = 256;
const EXTENSIBLE = 0xfffe;
const UNKNOWN_SIZE = 0xffff_ffff;

/**
 * Finds the samples of a WAV, RF64 or BW64 file. A size that is unknown, zero or beyond the file means "to its end", so that
 * streamed and truncated files give what they hold.
 * @throws SoundpostError `needs_decoding` when it is another format, or a WAV of compressed sound; `file_unreadable`
 */
export async function findWavSound(source: ByteSource): Promise<WavSound> {
  const riff = await source.read(0, 12);
  if (!/^(RIFF|RF64|BW64)/.test(letters(riff, 0)) || letters(riff, 8) !== 'WAVE') {
    throw new SoundpostError(
      'needs_decoding',
      'Soundpost’s command line reads only WAV files as samples. Convert the file to WAV first.',
    );
  }
  let format: Format | undefined;
  let longSize: number | undefined;
  for (let at = 12, chunks = 0; chunks < MOST_CHUNKS; chunks += 1) {
    const head = await source.read(at, 8);
    if (head.length < 8) break;
    const size = view(head).getUint32(4, true);
    const name = letters(head, 0);
    if (name === 'ds64') longSize = dataSize(await source.read(at + 8, 16));
    if (name === 'fmt ') format = readFormat(await source.read(at + 8, Math.min(size, 40)));
    if (name === 'data') {
      if (!format) break;
      const said = size === UNKNOWN_SIZE ? longSize : size;
      return soundAt(at + 8, said, format, source.size);
    }
    // Chunks are padded to even lengths.
    at += 8 + size + (size & 1);
  }
  throw new SoundpostError(
    'file_unreadable',
    'The file begins as a WAV, but its sound can’t be found. It may be damaged; save it anew from the program it came from.',
  );
}

type Format = Pick<WavSound, 'encoding' | 'bytesPerSample' | 'channels' | 'sampleRate'>;

function readFormat(chunk: Uint8Array): Format | undefined {
  if (chunk.length < 16) return undefined;
  const fields = view(chunk);
  const written = fields.getUint16(0, true);
  // The first two bytes of an extensible file's sub-format are the tag it would have had.
  const tag = written === EXTENSIBLE && chunk.length >= 26 ? fields.getUint16(24, true) : written;
  const channels = fields.getUint16(2, true);
  const sampleRate = fields.getUint32(4, true);
  const bytesPerSample = fields.getUint16(12, true) / channels;
  if (channels === 0 || channels > MOST_CHANNELS || sampleRate === 0) return undefined;
  const encoding = encodings.get(tag);
  if (!encoding?.bytes.includes(bytesPerSample)) {
    throw new SoundpostError(
      'needs_decoding',
      'The sound in this WAV file is compressed in a way that Soundpost can’t read. Convert it to WAV with PCM samples first.',
    );
  }
  return { encoding: encoding.name, bytesPerSample, channels, sampleRate };
}

const encodings = new Map<number, { name: WavSound['encoding']; bytes: number[] }>([
  [1, { name: 'pcm', bytes: [1, 2, 3, 4] }],
  [3, { name: 'float', bytes: [4, 8] }],
  [6, { name: 'a-law', bytes: [1] }],
  [7, { name: 'mu-law', bytes: [1] }],
]);

function dataSize(ds64: Uint8Array): number | undefined {
  return ds64.length < 16 ? undefined : Number(view(ds64).getBigUint64(8, true));
}

function soundAt(
  dataAt: number,
  said: number | undefined,
  format: Format,
  fileSize: number,
): WavSound {
  const there = Math.max(0, fileSize - dataAt);
  const bytes = said ? Math.min(said, there) : there;
  const frames = Math.floor(bytes / (format.bytesPerSample * format.channels));
  return { ...format, dataAt, frames };
}

/**
 * Reads `frames` frames from `first` on, as one array a channel. Integers are divided by their full scale (16-bit by 32768),
 * so they lie from -1 to 1; floats are as they stand. Fewer frames only when the file has become shorter.
 */
export async function readFrames(
  source: ByteSource,
  sound: WavSound,
  first: number,
  frames: number,
): Promise<Float32Array[]> {
  const { encoding, bytesPerSample, channels, dataAt } = sound;
  const frameBytes = bytesPerSample * channels;
  const bytes = await source.read(dataAt + first * frameBytes, frames * frameBytes);
  const read = Math.floor(bytes.length / frameBytes);
  const sampleAt = readers[`${encoding} ${bytesPerSample}`];
  if (!sampleAt) throw new TypeError(`no reader for ${encoding} of ${bytesPerSample} bytes`);
  const data = view(bytes);
  return Array.from({ length: channels }, (_, channel) => {
    const plane = new Float32Array(read);
    for (let frame = 0, at = channel * bytesPerSample; frame < read; frame += 1) {
      plane[frame] = sampleAt(data, at);
      at += frameBytes;
    }
    return plane;
  });
}

const readers: Record<string, (data: DataView, at: number) => number> = {
  'pcm 1': (data, at) => (data.getUint8(at) - 128) / 128,
  'pcm 2': (data, at) => data.getInt16(at, true) / 32_768,
  'pcm 3': (data, at) => ((data.getInt8(at + 2) << 16) | data.getUint16(at, true)) / 8_388_608,
  'pcm 4': (data, at) => data.getInt32(at, true) / 2_147_483_648,
  'float 4': (data, at) => data.getFloat32(at, true),
  'float 8': (data, at) => data.getFloat64(at, true),
  'mu-law 1': (data, at) => muLaw(data.getUint8(at)) / 32_768,
  'a-law 1': (data, at) => aLaw(data.getUint8(at)) / 32_768,
};

function muLaw(byte: number): number {
  const code = ~byte;
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return code & 0x80 ? 0 - magnitude : magnitude;
}

function aLaw(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = ((code & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return code & 0x80 ? magnitude : -magnitude;
}

const letters = (bytes: Uint8Array, at: number): string =>
  new TextDecoder('latin1').decode(bytes.subarray(at, at + 4));

const view = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
