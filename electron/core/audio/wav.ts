import type { Pcm } from '../../contract/intent.ts';

/** `sampleRate` in Hz. */
type WavFormat = { channels: number; sampleRate: number };

/** The `fmt ` chunk of a WAV whose first bytes these are, or null when they don't hold one (Microsoft RIFF WAVE). */
export function wavFormat(head: Uint8Array): WavFormat | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = 12; at + 24 <= head.length;) {
    const size = view.getUint32(at + 4, true);
    if (view.getUint32(at, false) === 0x666d7420) {
      return {
        channels: view.getUint16(at + 10, true),
        sampleRate: view.getUint32(at + 12, true),
      };
    }
    // Chunks are padded to even lengths.
    at += 8 + size + (size & 1);
  }
  return null;
}

const HEADER_BYTES = 44;
/** RIFF sizes are 32-bit. Longer sound gets the largest size, which players read as "to the end". */
const LARGEST = 0xffff_ffff;

/** The 44 bytes that make headerless PCM of `dataBytes` a WAV file. */
export function wavHeader(pcm: Pcm, dataBytes: number): Uint8Array {
  const bytesPerFrame = 2 * pcm.channels;
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  const text = (at: number, letters: string): void => {
    header.set(new TextEncoder().encode(letters), at);
  };
  text(0, 'RIFF');
  view.setUint32(4, Math.min(dataBytes + HEADER_BYTES - 8, LARGEST), true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, pcm.channels, true);
  view.setUint32(24, pcm.sampleRate, true);
  view.setUint32(28, pcm.sampleRate * bytesPerFrame, true);
  view.setUint16(32, bytesPerFrame, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, Math.min(dataBytes, LARGEST), true);
  return header;
}
