import { withoutPreSkip } from './ogg-head.ts';
import { elementsOf, ids, numberIn, readSize } from './webm-elements.ts';

/** The first track of sound. `config` is null for codings that are not read here. `delay`: seconds an encoder put in front. */
export type WebmTrack = {
  number: number;
  label: string;
  config: AudioDecoderConfig | null;
  delay: number;
};

const TYPE_AUDIO = 2;

/** What a `Tracks` element says of sound; null when it has none. */
export function readTracks(tracks: Uint8Array<ArrayBuffer>): WebmTrack | null {
  for (const { id, body } of elementsOf(tracks)) {
    if (id !== ids.trackEntry) continue;
    const fields = new Map([...elementsOf(body)].map((field) => [field.id, field.body]));
    const field = (name: number): Uint8Array<ArrayBuffer> => fields.get(name) ?? new Uint8Array(0);
    if (numberIn(field(ids.trackType)) !== TYPE_AUDIO) continue;
    const codec = new TextDecoder('latin1').decode(field(ids.codecId));
    const audio = new Map([...elementsOf(field(ids.audio))].map((each) => [each.id, each.body]));
    return {
      number: numberIn(field(ids.trackNumber)),
      label: codec === 'A_OPUS' ? 'WebM Opus' : 'WebM Vorbis',
      config: configOf(codec, field(ids.codecPrivate), audio),
      delay: delayOf(codec, field(ids.codecPrivate), numberIn(field(ids.codecDelay))),
    };
  }
  return null;
}

/** Seconds. Opus says it twice, and muxers have got `CodecDelay` wrong for rates other than 48 kHz: browsers go by the head. */
function delayOf(codec: string, head: Uint8Array, nanoseconds: number): number {
  if (codec !== 'A_OPUS' || head.length < 12) return nanoseconds / 1e9;
  return new DataView(head.buffer, head.byteOffset).getUint16(10, true) / 48_000;
}

function configOf(
  codec: string,
  description: Uint8Array<ArrayBuffer>,
  audio: Map<number, Uint8Array>,
): AudioDecoderConfig | null {
  const numberOfChannels = numberIn(audio.get(ids.channels) ?? Uint8Array.of(1));
  if (codec === 'A_OPUS' && description.length >= 19) {
    const config = { codec: 'opus', sampleRate: 48_000, numberOfChannels };
    return { ...config, description: withoutPreSkip(description) };
  }
  const rate = audio.get(ids.samplingFrequency);
  if (codec !== 'A_VORBIS' || !rate) return null;
  const view = new DataView(rate.buffer, rate.byteOffset, rate.byteLength);
  const sampleRate = rate.byteLength === 4 ? view.getFloat32(0) : view.getFloat64(0);
  return { codec: 'vorbis', sampleRate, numberOfChannels, description };
}

/** One block: its frames of a codec, and how many nanoseconds at its end are an encoder's own. */
export type WebmBlock = { track: number; packets: Uint8Array<ArrayBuffer>[]; discard: number };

/** A `SimpleBlock`, or a `BlockGroup` with what is told beside its block. */
export function readBlock(id: number, body: Uint8Array<ArrayBuffer>): WebmBlock | null {
  let block = body;
  let discard = 0;
  if (id === ids.blockGroup) {
    const fields = new Map([...elementsOf(body)].map((field) => [field.id, field.body]));
    block = fields.get(ids.block) ?? new Uint8Array(0);
    discard = numberIn(fields.get(ids.discardPadding) ?? new Uint8Array(0));
  }
  const track = readSize(block, 0);
  if (!track || block.length < track.length + 3) return null;
  // Behind the track: two bytes of time, which frames tell better, and the flags.
  const lacing = ((block[track.length + 2] ?? 0) >> 1) & 3;
  return { track: track.value, packets: unlaced(block.slice(track.length + 3), lacing), discard };
}

/** The packets in a block (RFC 9559 §10.3): one, or several of equal length, or with their lengths in front. */
function unlaced(bytes: Uint8Array<ArrayBuffer>, lacing: number): Uint8Array<ArrayBuffer>[] {
  if (lacing === 0) return [bytes];
  const count = (bytes[0] ?? 0) + 1;
  const lengths: number[] = [];
  let at = 1;
  while (lacing !== 2 && lengths.length < count - 1) {
    let length = 0;
    if (lacing === 1) {
      for (; bytes[at] === 255; at += 1) length += 255;
      length += bytes[at] ?? 0;
      at += 1;
    } else {
      const size = readSize(bytes, at);
      if (!size) return [];
      // The first length as it is, the others as differences, moved up so that they are positive.
      const half = 2 ** (7 * size.length - 1) - 1;
      const last = lengths.at(-1);
      length = last === undefined ? size.value : last + size.value - half;
      at += size.length;
    }
    lengths.push(length);
  }
  const each = Math.floor((bytes.length - at) / count);
  return Array.from({ length: count }, (_, index) => {
    const length = lacing === 2 ? each : (lengths[index] ?? bytes.length - at);
    at += length;
    return bytes.slice(at - length, at);
  });
}
