import { opusFrames } from './ogg-head.ts';
import { PacketDecoder } from './packet-decoder.ts';
import {
  DecodeFailure,
  type DecoderListener,
  type Place,
  type StreamDecoder,
} from './stream-decoder.ts';
import { Trim } from './trim.ts';
import { ids, WebmElements, type WebmElement } from './webm-elements.ts';
import { readBlock, readTracks, type WebmTrack } from './webm-track.ts';

/**
 * Opus or Vorbis in WebM, block by block: a live muxer leaves its clusters open, and who waits for a whole one is late by a
 * second. Other codings are left to `other`.
 */
export class WebmDecoder implements StreamDecoder {
  readonly preroll = 0.08;
  readonly #listener: DecoderListener;
  readonly #other: () => StreamDecoder;
  readonly #trim: Trim;
  #elements = new WebmElements();
  #track: WebmTrack | null = null;
  #decoder: PacketDecoder | null = null;
  /** All bytes until the track is known, as another decoder would need them too. */
  #head: Uint8Array[] = [];
  #otherDecoder: StreamDecoder | null = null;
  /** Opus only: seconds at which the next packet stands. */
  #seconds = 0;
  #cluster: number | null = null;

  constructor(listener: DecoderListener, other: () => StreamDecoder) {
    this.#listener = listener;
    this.#other = other;
    this.#trim = new Trim(listener.sound);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#otherDecoder) {
      await this.#otherDecoder.write(bytes);
      return;
    }
    if (!this.#track) this.#head.push(bytes.slice());
    for (const element of this.#elements.push(bytes)) {
      this.#take(element);
      if (this.#track && !this.#track.config) break;
    }
    if (this.#track && !this.#track.config) await this.#handOver();
    await this.#decoder?.ready();
  }

  async end(): Promise<void> {
    if (this.#otherDecoder) {
      await this.#otherDecoder.end();
      return;
    }
    if (!this.#decoder) throw new DecodeFailure('There is no sound in this WebM.');
    await this.#decoder.flush();
  }

  resume(place: Place): void {
    if (this.#otherDecoder) {
      this.#otherDecoder.resume(place);
      return;
    }
    this.#decoder?.close();
    this.#elements = new WebmElements(place.byte);
    this.#trim.limit = Infinity;
    this.#begin(place.byte === 0 ? -(this.#track?.delay ?? 0) : place.seconds);
  }

  close(): void {
    this.#otherDecoder?.close();
    this.#decoder?.close();
  }

  async #handOver(): Promise<void> {
    this.#otherDecoder = this.#other();
    for (const bytes of this.#head.splice(0)) await this.#otherDecoder.write(bytes);
  }

  #take({ id, offset, body }: WebmElement): void {
    if (id === ids.cluster) this.#cluster = offset;
    else if (id === ids.tracks) this.#open(readTracks(body));
    else if (id === ids.simpleBlock || id === ids.blockGroup) this.#decode(id, body);
  }

  /** Going back to the start brings the same track again. */
  #open(track: WebmTrack | null): void {
    if (!track) throw new DecodeFailure('There is no sound in this WebM.');
    if (this.#track) return;
    this.#track = track;
    if (!track.config) return;
    this.#head = [];
    this.#listener.label(track.label);
    this.#begin(-track.delay);
    this.#decoder = new PacketDecoder(track.config, (sound) => {
      this.#trim.pass(sound);
    });
  }

  #begin(seconds: number): void {
    this.#seconds = seconds;
    this.#trim.restart(seconds);
  }

  #decode(id: number, body: Uint8Array<ArrayBuffer>): void {
    const block = readBlock(id, body);
    if (!block || block.track !== this.#track?.number) return;
    const isOpus = this.#track.config?.codec === 'opus';
    if (isOpus && this.#cluster !== null) {
      this.#listener.place({ byte: this.#cluster, seconds: this.#seconds });
    }
    this.#cluster = null;
    for (const packet of block.packets) {
      this.#decoder?.decode(packet, this.#seconds);
      if (isOpus) this.#seconds += opusFrames(packet) / 48_000;
    }
    // Only an end has padding, so what follows it means that it was none.
    this.#trim.limit = isOpus && block.discard > 0 ? this.#seconds - block.discard / 1e9 : Infinity;
  }
}
