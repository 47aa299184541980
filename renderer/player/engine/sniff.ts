import { FRAME_HEADER_BYTES, mpegFrame } from './mpeg-frame.ts';

/** A format that says what it is. `mpeg`: MP3 or AAC in ADTS. */
export type SniffedFormat = 'wav' | 'mpeg' | 'ogg' | 'flac' | 'mp4' | 'webm';

type Magic = { format: SniffedFormat; at: number; text: string };

const magics: Magic[] = [
  { format: 'wav', at: 8, text: 'WAVE' },
  { format: 'ogg', at: 0, text: 'OggS' },
  { format: 'flac', at: 0, text: 'fLaC' },
  { format: 'webm', at: 0, text: '\x1aE\xdf\xa3' },
  { format: 'mpeg', at: 0, text: 'ID3' },
  ...['ftyp', 'styp', 'moov', 'moof'].map((text) => ({ format: 'mp4' as const, at: 4, text })),
];

/** RF64 is WAV beyond 4 GiB (EBU Tech 3306). */
const riffs = ['RIFF', 'RF64'];

/**
 * The format that a stream's first bytes tell: null when they tell none, `more` while the next bytes could decide.
 * `isAll`: no more will come.
 */
export function sniff(head: Uint8Array, isAll: boolean): SniffedFormat | 'more' | null {
  const letters = new TextDecoder('latin1').decode(head.subarray(0, 12));
  const isRiff = riffs.some((riff) => letters.startsWith(riff));
  const whole = magics.find(({ format, at, text }) => {
    return (format !== 'wav' || isRiff) && letters.startsWith(text, at);
  });
  if (whole) return whole.format;
  const isMpeg = mpegStarts(head, isAll);
  if (isMpeg === true) return 'mpeg';
  if (isAll) return null;
  return isMpeg === 'more' || couldBecome(letters) ? 'more' : null;
}

/** Whether what is there so far begins one of the magics. */
function couldBecome(letters: string): boolean {
  const begins = (text: string): boolean => text.startsWith(letters) || letters === '';
  if (letters.length < 4) {
    if (riffs.some(begins)) return true;
    if (magics.some(({ at, text }) => at === 0 && begins(text))) return true;
  } else if (letters.length < 12 && riffs.some((riff) => letters.startsWith(riff))) {
    return 'WAVE'.startsWith(letters.slice(8));
  }
  // An MP4 box begins with its size: a first one of at least 16 MiB is none.
  if (letters.length >= 8 || !'\0'.startsWith(letters.slice(0, 1))) return false;
  return magics.some(({ at, text }) => at === 4 && text.startsWith(letters.slice(4)));
}

function mpegStarts(head: Uint8Array, isAll: boolean): boolean | 'more' {
  if (head[0] === 0xff && head.length < FRAME_HEADER_BYTES) return isAll ? false : 'more';
  const frame = mpegFrame(head, 0);
  if (!frame) return false;
  if (head.length < frame.length + FRAME_HEADER_BYTES) {
    return isAll ? head.length === frame.length : 'more';
  }
  return mpegFrame(head, frame.length)?.identity === frame.identity;
}
