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

/**
 * Opus (RFC 7845) or Vorbis in Ogg, packet by packet. Encoder delay at the start and padding on the last page are left out.
 * Streams of other codecs inside are passed over.
 */
export class OggDecoder implements StreamDecoder {
  // RFC 7845 §4.6: an Opus decoder has settled after 80 ms.
  readonly preroll = 0.08;
  readonly #listener: DecoderListener;
  readonly #trim: Trim;
  #packets = new OggPackets();
  #decoder: PacketDecoder | null = null;
  #serial: number | null = null;
  #headers: Uint8Array<ArrayBuffer>[] = [];
  #head: OggHead | null = null;
  /** Opus only: frames of 48 kHz before the next packet, and before the first page (a stream may be joined midway). */
  #frames = 0;
  #firstGranule: number | null = null;

  constructor(listener: DecoderListener) {
    this.#listener = listener;
    this.#trim = new Trim(listener.sound);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (const packet of this.#packets.push(bytes)) this.#take(packet);
    await this.#decoder?.ready();
  }

  async end(): Promise<void> {
    if (!this.#decoder) throw new DecodeFailure('There is no Opus and no Vorbis in this Ogg.');
    await this.#decoder.flush();
  }

  resume({ byte, seconds }: Place): void {
    this.#decoder?.close();
    this.#packets = new OggPackets(byte);
    if (byte === 0) {
      this.#serial = null;
      this.#headers = [];
      this.#head = null;
      return;
    }
    this.#frames = Math.round(seconds * 48_000) + (this.#head?.preSkip ?? 0);
    this.#trim.restart(seconds);
  }

  close(): void {
    this.#decoder?.close();
  }

  #take(packet: OggPacket): void {
    this.#serial ??= isKnownHead(packet.bytes) ? packet.serial : null;
    if (packet.serial !== this.#serial) return;
    if (this.#head) {
      this.#decode(this.#head, packet);
      return;
    }
    this.#headers.push(packet.bytes);
    this.#head = readHead(this.#headers);
    if (this.#head) this.#begin(this.#head);
  }

  #begin(head: OggHead): void {
    this.#listener.label(head.label);
    this.#frames = 0;
    this.#trim.restart(-head.preSkip / 48_000);
    this.#decoder?.close();
    this.#decoder = new PacketDecoder(head.config, (sound) => {
      this.#trim.pass(sound);
    });
  }

  #decode(head: OggHead, { bytes, page, beginsPage, endsPage }: OggPacket): void {
    const frames = head.config.codec === 'opus' ? opusFrames(bytes) : 0;
    const seconds = (this.#frames - head.preSkip) / 48_000;
    if (frames > 0 && beginsPage) this.#listener.place({ byte: page.offset, seconds });
    this.#frames += frames;
    if (frames > 0 && endsPage) this.#firstGranule ??= Math.max(0, page.granule - this.#frames);
    if (page.isLast && page.granule >= 0) {
      const rate = frames > 0 ? 48_000 : head.config.sampleRate;
      this.#trim.limit = (page.granule - (this.#firstGranule ?? 0) - head.preSkip) / rate;
    }
    this.#decoder?.decode(bytes, seconds);
  }
}

function isKnownHead(bytes: Uint8Array): boolean {
  const letters = new TextDecoder('latin1').decode(bytes.subarray(0, 8));
  return letters === 'OpusHead' || letters.startsWith('\x01vorbis');
}
