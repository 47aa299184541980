import type { Failure } from './failure.ts';
import type { Pcm } from './intent.ts';
import type { Kind } from './sound.ts';

/** Where a run stands. `queued` only when six others are in flight. */
export type Phase =
  'queued' | 'connecting' | 'uploading' | 'waiting' | 'retrying' | 'receiving' | 'decoding';

/** The pause before another try. */
export type Retry = {
  /** When it begins: milliseconds since 1970 */
  at: number;
  /** The number of the coming try, from 2 on, and of all that are allowed. */
  attempt: number;
  of: number;
  /** `busy`: the server said so. `unreachable`: it could not be asked, so nothing was sent. */
  why: 'busy' | 'unreachable';
};

/**
 * What of a streamed answer can be followed while it comes. Of each URL `GET url?from=OFFSET` answers the bytes from there on,
 * at most 256 KiB, and waits up to a second for the first of them; its headers `x-live-received` (bytes so far) and
 * `x-live-complete` (1 when these bytes reach the end, 0 before) say how it stands. With `&flow=1` what comes within the next
 * second follows in the same response.
 */
export type Live = {
  /** As the answer's headers declare it, which may be a lie; empty when they don't. */
  mediaType: string;
  /**
   * Sound: the answer's own bytes, or those that its events carry. `pcm` is how bytes are to be read that tell no format
   * themselves, absent when nobody knows; `isGuess` when neither the user nor the answer said it. A guess may be followed
   * by another `pcm` for the same URL, when a later event tells the rate. Files that come one an event are joined where
   * their format lets them; where it does not, the sound ends with the first.
   */
  sound?: { url: string; pcm?: Pcm; isGuess?: true };
  /** Words, in UTF-8: the answer's own text, or what its events carry. */
  words?: { url: string };
};

/** Sent at most about ten times a second while a run is in flight, and once at each change of phase. */
export type RunProgress = {
  runId: string;
  phase: Phase;
  /** bytes of the request body handed to the socket, and its whole length */
  sent: number;
  toSend: number;
  /** bytes of the answer written to disk; `toReceive` when the server said a length */
  received: number;
  toReceive?: number;
  /** Set while an answer is streamed; what can be followed joins as soon as it is known. */
  live?: Live;
  /** Only while `retrying`. */
  retry?: Retry;
};

/** One piece of an answer that stands for itself: sound, bytes, or a text body. */
export type Part = {
  /** Unique within the run; where it was found: `byte_data`, `data[0]`, `answer`. Safe as a URL segment after encoding. */
  name: string;
  kind: Kind;
  /** bytes */
  size: number;
  /** Root-relative URL of exactly the received bytes, with Range. */
  url: string;
  /** For playing: the same URL, or one that puts a WAV header before headerless PCM. Absent when it is no sound. */
  playUrl?: string;
  /** Hz. Set for samples of a numpy array, which can be heard at any rate: `playUrl?rate=16000`. This one is without it. */
  sampleRate?: number;
  /** Set for headerless samples: how they are read. Another way: `playUrl?encoding=s16be&rate=16000&channels=1`. */
  pcm?: Pcm;
  /** A WAV that plays, and can be saved, mended: `joined`: several one behind the other; `sizes`: its header left its length open. */
  mended?: 'joined' | 'sizes';
  /** This part is what `Live.sound` played. Absent when that was no one part, as when each event held a file of its own. */
  heardLive?: true;
};

/**
 * A decoded answer as the page's tree shows it; also the form of the command line's `output`. Plain JSON values stay
 * themselves, all else is an object with `$type`:
 *
 * - `bytes` with `length`, `part` when they are one, `sha256` when it was asked for
 * - `datetime`, `date`, `time` (ISO 8601 as it came), `uuid`, `decimal` with `value`
 * - `timedelta` with `days`, `seconds`, `microseconds`
 * - `bigint` with `value` in decimal, beyond 2^53; `float` with `value` `NaN`, `Infinity` or `-Infinity`
 * - `complex` with `re`, `im`
 * - `ndarray` with `dtype` (numpy's string or descr), `shape`, `part` (when it is sound), `values`: flat, in C order, the first 1,000 (fewer of large
 *   items), `truncated` when there are more. A structured item is the list of its fields.
 * - `scalar` with `dtype`, `value`
 * - `opaque` with `what`, `length`: arrays of Python objects, msgpack extensions
 * - `map` with `entries`: keys that are not all distinct text, or a real `$type` or `__proto__` among them
 */
export type OutputValue =
  null | boolean | number | string | OutputValue[] | { [key: string]: OutputValue };

/** A map in the answer that is marked as one of Truss's types and is none: where it is, and what is wrong. */
export type Flaw = {
  /** Names and indexes from the whole answer down; entries of a `$type: 'map'` go by index. */
  at: (string | number)[];
  /** Completes “This is …”. */
  flaw: string;
};

/**
 * Milliseconds from the start of the run. A mark that was not reached is absent. After several tries the marks are those of
 * the last one.
 */
export type Timings = {
  /** When the last try began, if there were several. */
  lastTry?: number;
  /** When the pause before another try began that the run ended in. */
  paused?: number;
  connected?: number;
  uploaded?: number;
  firstByte?: number;
  received?: number;
  total: number;
};

/**
 * How a streamed answer came. Times in milliseconds from the start of the run; what can't be told is absent. Sound out of
 * events is timed by the events that brought it.
 */
export type StreamFacts = {
  /** In how many pieces the network brought it, and the milliseconds between them: the middle one, and 95 % are shorter. */
  pieces?: number;
  gapP50?: number;
  gapP95?: number;
  /** When enough had come for something to be heard: headers and the first frame. */
  firstAudio?: number;
  /** When the first sample above −50 dBFS had come. Told for WAV and headerless samples; other formats would have to be decoded. */
  firstAudible?: number;
  /** How long the sound is. Told for WAV, headerless samples, MP3, AAC in ADTS, Ogg and FLAC. */
  soundSeconds?: number;
  /** Seconds of work for one second of sound: below 1 is faster than real time. Counted from the request's last byte. */
  realTimeFactor?: number;
};

/** What became of saving an answer by itself: the files' names below the folder, which is for showing only. */
export type Saved = { names: string[]; folder: string; failure?: Failure };

/** How a run ended, with everything that came, also when it failed or was cancelled. */
export type RunOutcome = {
  runId: string;
  state: 'done' | 'failed' | 'cancelled';
  failure?: Failure;
  /** Said without calling the run a failure: an empty stream, an answer that is probably cut short. */
  warnings: string[];
  /** The URL asked, without any user name, password or demo token. */
  url: string;
  status?: number;
  statusText?: string;
  requestId?: string;
  sent: number;
  received: number;
  /** How many tries it took, when more than one. All else here tells of the last. */
  attempts?: number;
  timings: Timings;
  /** Set when the answer was a stream. */
  stream?: StreamFacts;
  /** Answer headers as received, in order. */
  headers: [name: string, value: string][];
  parts: Part[];
  /** Set when the answer was to be saved by itself. */
  saved?: Saved;
  /** The decoded message with parts in place as `$type: 'bytes'`. Absent for raw answers. */
  output?: OutputValue;
  /** Set when the message was more than 16 MiB of JSON, and `output` is its beginning. */
  outputTruncated?: true;
  flaws?: Flaw[];
  /** The answer's text, when it is text: at most 1,000,000 characters. */
  text?: string;
};
