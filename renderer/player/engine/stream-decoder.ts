import type { Sound } from './pcm.ts';

/** A byte of the stream from which decoding can begin, and the time of the first sample that comes out then. */
export type Place = { byte: number; seconds: number };

/** What a decoder tells while bytes go in. */
export type DecoderListener = {
  /** The next sound. `at`: its first frame, counted from the start of the stream. */
  sound: (sound: Sound, at: number) => void;
  /** A place to come back to. */
  place: (place: Place) => void;
  /** What is being decoded, in the field's words: "MP3", "WAV float 32-bit". */
  label: (label: string) => void;
};

/** Turns the bytes of one format into sound as they come; chunks may end anywhere. */
export type StreamDecoder = {
  /** Seconds before a target from which it must decode, for what comes out at the target to be right. */
  readonly preroll: number;
  /** Takes the next bytes; resolves when more may come. @throws DecodeFailure */
  write: (bytes: Uint8Array) => Promise<void>;
  /** There are no more bytes; resolves when the last sound has been told. @throws DecodeFailure */
  end: () => Promise<void>;
  /** Goes to a place told before, or to byte 0 at 0 seconds: the next bytes are those from there on. */
  resume: (place: Place) => void;
  close: () => void;
};

/** The bytes can't be decoded as what they seemed to be. The message says why, for a log. */
export class DecodeFailure extends Error {
  override readonly name = 'DecodeFailure';
}
