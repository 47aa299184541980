import type { Kind } from '../../contract/sound.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { id3Length, isAdts, mp3Frame } from './mpeg-frame.ts';
import { wavFormat } from './wav.ts';

const HEAD_BYTES = 4096;

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
 * and `application/octet-stream` anything).
 */
export async function kindOf(source: ByteSource): Promise<DescribedKind> {
  const head = await source.read(0, HEAD_BYTES);
  return (await behindId3(head, source)) ?? soundOf(head) ?? plainKind(head, source.size);
}

/** The sound format that first bytes tell, or null when they tell none. A few hundred bytes are enough for most. */
export function soundOf(head: Uint8Array): DescribedKind | null {
  const letters = new TextDecoder('latin1').decode(head.subarray(0, 64));
  const at = (offset: number, text: string): boolean => letters.startsWith(text, offset);

  if (at(0, 'RIFF') && at(8, 'WAVE')) {
    const wav = wavFormat(head);
    return audio(
      'wav',
      wav ? `WAV ${rate(wav.sampleRate)} ${channels(wav.channels)}` : 'WAV',
      'audio/wav',
    );
  }
  if (at(0, 'OggS')) {
    const coding = at(28, 'OpusHead') ? ' Opus' : at(29, 'vorbis') ? ' Vorbis' : '';
    return audio('ogg', `Ogg${coding}`, 'audio/ogg', coding === ' Opus' ? 'opus' : 'ogg');
  }
  if (at(0, 'fLaC')) return audio('flac', 'FLAC', 'audio/flac');
  if (at(0, 'FORM') && (at(8, 'AIFF') || at(8, 'AIFC'))) return audio('aiff', 'AIFF', 'audio/aiff');
  if (at(4, 'ftyp')) {
    return at(8, 'M4A')
      ? audio('mp4', 'M4A', 'audio/mp4', 'm4a')
      : audio('mp4', 'MP4', 'audio/mp4', 'mp4');
  }
  if (head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3) {
    return audio('webm', 'WebM', 'audio/webm');
  }
  if (isAdts(head)) return audio('aac', 'AAC', 'audio/aac');
  const frame = mp3Frame(head);
  if (frame) {
    return audio('mp3', `MP3 ${rate(frame.sampleRate)} ${channels(frame.channels)}`, 'audio/mpeg');
  }
  return at(0, 'ID3') ? audio('mp3', 'MP3', 'audio/mpeg') : null;
}

/** A tag of any size may stand before an MP3's first frame; its own length says where the frame is. */
async function behindId3(head: Uint8Array, source: ByteSource): Promise<DescribedKind | null> {
  const length = id3Length(head);
  if (length === 0) return null;
  const behind = soundOf(await source.read(length, HEAD_BYTES));
  return behind ?? audio('mp3', 'MP3', 'audio/mpeg');
}

function plainKind(head: Uint8Array, size: number): DescribedKind {
  if (head[0] === 0x89 && head[1] === 0x50 && head[2] === 0x4e && head[3] === 0x47) {
    return { media: 'image', label: 'PNG', extension: 'png', mediaType: 'image/png' };
  }
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) {
    return { media: 'image', label: 'JPEG', extension: 'jpg', mediaType: 'image/jpeg' };
  }
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
function utf8Text(head: Uint8Array, isCut: boolean): string | null {
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
