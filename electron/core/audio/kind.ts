import type { Kind } from '../../contract/sound.ts';
import { beginsLikeMessage } from '../codec/message-head.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { firstFrame, frameBehindJunk, id3Length, type MpegFrame } from './mpeg-frame.ts';
import { wavHead } from './wav.ts';

/** What kinds are told by, in most cases. */
export const HEAD_BYTES = 4096;
/** Of ID3 tags one behind the other. */
const MOST_TAGS = 4;

/** A kind with the media type that it is sent and served as. */
export type DescribedKind = Kind & { mediaType: string };

const audio = (
  format: NonNullable<Kind['format']>,
  label: string,
  mediaType: string,
  extension: string = format,
): DescribedKind => ({ media: 'audio', format, label, extension, mediaType });

/**
 * What bytes are, judged by the bytes alone: declared types lie (a stream declared `audio/wav` may be headerless PCM,
 * and `application/octet-stream` anything). Without `looksBehindJunk` frames count only at the beginning.
 */
export async function kindOf(
  source: ByteSource,
  { looksBehindJunk = true }: { looksBehindJunk?: boolean } = {},
): Promise<DescribedKind> {
  const head = await source.read(0, HEAD_BYTES);
  const tagged = await behindId3(head, source);
  if (tagged) return tagged;
  const known = soundOf(head) ?? plainKind(head, source.size);
  return (looksBehindJunk && known.media === 'bytes' ? soundBehindJunk(head) : null) ?? known;
}

/** MP3 or AAC that was cut out of its middle. The first bytes of a message are no junk, and lie before its sound too. */
export function soundBehindJunk(head: Uint8Array): DescribedKind | null {
  const frame = beginsLikeMessage(head) ? null : frameBehindJunk(head.subarray(0, HEAD_BYTES));
  return frame && mpeg(frame);
}

/** The sound format that first bytes tell, or null when they tell none. A few hundred bytes are enough for most. */
export function soundOf(head: Uint8Array): DescribedKind | null {
  const letters = new TextDecoder('latin1').decode(head.subarray(0, 128));
  const at = (offset: number, text: string): boolean => letters.startsWith(text, offset);

  if (/^(RIFF|RF64|BW64|RIFX)/.test(letters) && at(8, 'WAVE')) return wav(head);
  if (at(0, 'OggS\0')) return ogg(letters);
  if (at(0, 'fLaC')) return audio('flac', 'FLAC', 'audio/flac');
  if (at(0, 'FORM') && at(8, 'AIFF')) return audio('aiff', 'AIFF', 'audio/aiff');
  if (at(0, 'FORM') && at(8, 'AIFC')) return audio('aiff', 'AIFF-C', 'audio/aiff', 'aifc');
  if (at(0, 'caff\0\x01')) return audio('caf', 'CAF', 'audio/x-caf');
  if (at(0, '#!AMR\n')) return audio('amr', 'AMR', 'audio/amr');
  if (at(0, '#!AMR-WB\n')) return audio('amr', 'AMR-WB', 'audio/amr-wb', 'awb');
  if (at(0, '\x1a\x45\xdf\xa3')) {
    return letters.includes('matroska')
      ? audio('webm', 'Matroska', 'audio/webm', 'mka')
      : audio('webm', 'WebM', 'audio/webm');
  }
  if (/^....(ftyp|styp|moof)/s.test(letters)) return mp4(letters);
  const frame = firstFrame(head);
  if (frame) return mpeg(frame);
  return id3Length(head) > 0 ? audio('mp3', 'MP3', 'audio/mpeg') : null;
}

function wav(head: Uint8Array): DescribedKind {
  const format = wavHead(head);
  if (!format) return audio('wav', 'WAV', 'audio/wav');
  const coding = format.coding === 'pcm' ? '' : ` ${format.coding}`;
  const label = `WAV ${rate(format.sampleRate)} ${channels(format.channels)}${coding}`;
  return audio('wav', label.trimEnd(), 'audio/wav');
}

/** The first page holds one packet, the codec's own head, behind 28 bytes (RFC 3533 §6). */
function ogg(letters: string): DescribedKind {
  const coding = ['OpusHead', '\x01vorbis', '\x7fFLAC', 'Speex'].find((head) =>
    letters.startsWith(head, 28),
  );
  const name = / ?(opus|vorbis|flac|speex)/i.exec(coding ?? '')?.[1]?.toLowerCase() ?? '';
  const label = name === 'flac' ? 'FLAC' : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return audio('ogg', `Ogg ${label}`.trimEnd(), 'audio/ogg', name === 'opus' ? 'opus' : 'ogg');
}

/** Pictures come in the same boxes. Fragments of a stream may come without the first box. */
function mp4(letters: string): DescribedKind | null {
  const brand = letters.slice(8, 12);
  if (/^(avi[fs]|hei[cx]|mif1|msf1)$/.test(brand)) return null;
  return /^M4[AB] $/.test(brand)
    ? audio('mp4', 'M4A', 'audio/mp4', 'm4a')
    : audio('mp4', 'MP4', 'audio/mp4', 'mp4');
}

function mpeg(frame: MpegFrame): DescribedKind {
  if (frame.coding === 'aac') return audio('aac', 'AAC', 'audio/aac');
  return audio('mp3', `MP3 ${rate(frame.sampleRate)} ${channels(frame.channels)}`, 'audio/mpeg');
}

/** Tags of any size may stand before the first frame; their own length says where it is. */
async function behindId3(head: Uint8Array, source: ByteSource): Promise<DescribedKind | null> {
  let at = id3Length(head);
  if (at === 0) return null;
  let behind = await source.read(at, HEAD_BYTES);
  for (let more = id3Length(behind), tags = 1; more > 0 && tags < MOST_TAGS; tags += 1) {
    at += more;
    behind = await source.read(at, HEAD_BYTES);
    more = id3Length(behind);
  }
  const frame = frameBehindJunk(behind);
  return soundOf(behind) ?? (frame ? mpeg(frame) : audio('mp3', 'MP3', 'audio/mpeg'));
}

/** The picture that first bytes begin, or null. Four of them are enough. */
export function pictureOf(head: Uint8Array): DescribedKind | null {
  if (head[0] === 0x89 && head[1] === 0x50 && head[2] === 0x4e && head[3] === 0x47) {
    return { media: 'image', label: 'PNG', extension: 'png', mediaType: 'image/png' };
  }
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) {
    return { media: 'image', label: 'JPEG', extension: 'jpg', mediaType: 'image/jpeg' };
  }
  return null;
}

function plainKind(head: Uint8Array, size: number): DescribedKind {
  const picture = pictureOf(head);
  if (picture) return picture;
  const text = utf8Text(head, size > head.length);
  if (text === null || size === 0) {
    return {
      media: 'bytes',
      label: 'bytes',
      extension: 'bin',
      mediaType: 'application/octet-stream',
    };
  }
  return /^\s*[[{]/.test(text)
    ? { media: 'json', label: 'JSON', extension: 'json', mediaType: 'application/json' }
    : { media: 'text', label: 'text', extension: 'txt', mediaType: 'text/plain' };
}

/** The head as text, or null when it is none. A character may be cut in two where the head ends. */
export function utf8Text(head: Uint8Array, isCut: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: isCut });
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** `44100` as "44.1 kHz". */
const rate = (hertz: number): string => `${Number((hertz / 1000).toFixed(2))} kHz`;

const channels = (count: number): string =>
  count === 1 ? 'mono' : count === 2 ? 'stereo' : `${count} channels`;
