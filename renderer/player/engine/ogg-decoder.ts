import { OggPackets, type OggPacket } from './ogg-packets.ts';
import { opusFrames, readHead, type OggHead } from './ogg-head.ts';
import { PacketDecoder } from './packet-decoder.ts';
import {
  DecodeFailure,
  type DecoderListener,
  type Place,
  type StreamDecoder,
} from './stream-decoder.ts';
import { Trim } from './trim.ts';

/** One of the streams that stand behind each other: where its first page begins, and the second of the whole at which it does. */
type Link = {
  byte: number;
  begin: number;
  serial: number;
  head: OggHead;
  /** Opus only: frames of 48 kHz before its first page, as it may be joined midway. */
  firstGranule: number | null;
};

/** A stream of which not all header packets have come. */
type Coming = { byte: number; serial: number; headers: Uint8Array<ArrayBuffer>[] };

/**
 * Opus (RFC 7845) or Vorbis in Ogg, packet by packet. Encoder delay at the start and padding on the last page are left out.
 * Behind a stream another one may follow, as models send that speak sentence by sentence: of the same samples, it goes on
 * with them. Streams of other codecs beside them are passed over.
 */
export class OggDecoder implements StreamDecoder {
  // RFC 7845 §4.6: an Opus decoder has settled after 80 ms.
  readonly preroll = 0.08;
  readonly #listener: DecoderListener;
  readonly #trim: Trim;
  #packets = new OggPackets();
  #decoder: PacketDecoder | null = null;
  /** Those found so far, in order; the last one's sound comes now. */
  readonly #links: Link[] = [];
  #coming: Coming | null = null;
  /** Whether the last link has given a packet of sound, so that the next beginning is not of a stream beside it. */
  #hasSound = false;
  /** What follows is other sound. */
  #isOver = false;
  /** Opus only: frames of 48 kHz before the next packet of the link. */
  #frames = 0;

  constructor(listener: DecoderListener) {
    this.#listener = listener;
    this.#trim = new Trim(listener.sound);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#isOver) return;
    const packets = this.#packets;
    for (const packet of packets.push(bytes)) {
      if (this.#begins(packet)) await this.#decoder?.flush();
      // Meanwhile it may have been sent to another place.
      if (packets !== this.#packets) return;
      this.#take(packet);
    }
    await this.#decoder?.ready();
  }

  async end(): Promise<void> {
    if (!this.#decoder) throw new DecodeFailure('There is no Opus and no Vorbis in this Ogg.');
    await this.#decoder.flush();
  }

  resume({ byte, seconds }: Place): void {
    this.#decoder?.close();
    this.#packets = new OggPackets(byte);
    this.#coming = null;
    this.#isOver = false;
    this.#hasSound = false;
    // Those behind it are come to again, and the first one at its own beginning.
    this.#links.length =
      byte === 0 ? 0 : this.#links.findLastIndex((link) => link.byte <= byte) + 1;
    const link = this.#links.at(-1);
    if (!link) return;
    this.#frames = Math.round((seconds - link.begin) * 48_000) + link.head.preSkip;
    this.#decodeFrom(link, seconds);
  }

  close(): void {
    this.#decoder?.close();
  }

  #begins({ bytes, page }: OggPacket): boolean {
    if (!page.isFirst || this.#coming || !isKnownHead(bytes)) return false;
    return this.#links.length === 0 || this.#hasSound;
  }

  #take(packet: OggPacket): void {
    if (this.#isOver) return;
    const { bytes, serial, page } = packet;
    if (this.#begins(packet)) {
      this.#coming = { byte: page.offset, serial, headers: [] };
      this.#hasSound = false;
    }
    const coming = this.#coming;
    const link = this.#links.at(-1);
    if (serial === coming?.serial) {
      coming.headers.push(bytes);
      const head = readHead(coming.headers);
      if (head) this.#begin(coming, head);
    } else if (!coming && link && serial === link.serial) this.#decode(link, packet);
  }

  #begin({ byte, serial }: Coming, head: OggHead): void {
    this.#coming = null;
    const last = this.#links.at(-1);
    if (last && !isSameSound(last.head, head)) {
      this.#isOver = true;
      return;
    }
    const begin = last ? this.#trim.reached : 0;
    const link = { byte, begin, serial, head, firstGranule: null };
    this.#links.push(link);
    this.#frames = 0;
    this.#listener.label(head.label);
    this.#decodeFrom(link, begin - head.preSkip / 48_000);
  }

  #decodeFrom({ begin, head }: Link, seconds: number): void {
    this.#trim.begin = begin;
    this.#trim.limit = Infinity;
    this.#trim.restart(seconds);
    this.#decoder?.close();
    this.#decoder = new PacketDecoder(head.config, (sound) => {
      this.#trim.pass(sound);
    });
  }

  #decode(link: Link, { bytes, page, beginsPage, endsPage }: OggPacket): void {
    const { head, begin } = link;
    this.#hasSound = true;
    const frames = head.config.codec === 'opus' ? opusFrames(bytes) : 0;
    const seconds = begin + (this.#frames - head.preSkip) / 48_000;
    if (frames > 0 && beginsPage) this.#listener.place({ byte: page.offset, seconds });
    this.#frames += frames;
    if (frames > 0 && endsPage) link.firstGranule ??= Math.max(0, page.granule - this.#frames);
    if (page.isLast && page.granule >= 0) {
      const rate = frames > 0 ? 48_000 : head.config.sampleRate;
      this.#trim.limit = begin + (page.granule - (link.firstGranule ?? 0) - head.preSkip) / rate;
    }
    this.#decoder?.decode(bytes, seconds);
  }
}

function isKnownHead(bytes: Uint8Array): boolean {
  const letters = new TextDecoder('latin1').decode(bytes.subarray(0, 8));
  return letters === 'OpusHead' || letters.startsWith('\x01vorbis');
}

const isSameSound = ({ config: a }: OggHead, { config: b }: OggHead): boolean =>
  a.codec === b.codec && a.sampleRate === b.sampleRate && a.numberOfChannels === b.numberOfChannels;
