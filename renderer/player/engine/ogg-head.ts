/** What an Ogg stream's header packets say. `preSkip`: frames of 48 kHz that an Opus encoder put in front. */
export type OggHead = { label: string; config: AudioDecoderConfig; preSkip: number };

/** Opus has two header packets, Vorbis three. Null until all are there. */
export function readHead(packets: Uint8Array<ArrayBuffer>[]): OggHead | null {
  const [first] = packets;
  if (!first || first.length < 19) return null;
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  if (first[0] === 1) {
    if (packets.length < 3) return null;
    const config = {
      codec: 'vorbis',
      numberOfChannels: view.getUint8(11),
      sampleRate: view.getUint32(12, true),
      description: laced(packets),
    };
    return { label: 'Ogg Vorbis', config, preSkip: 0 };
  }
  if (packets.length < 2) return null;
  const config = {
    codec: 'opus',
    numberOfChannels: view.getUint8(9),
    sampleRate: 48_000,
    description: withoutPreSkip(first),
  };
  return { label: 'Ogg Opus', config, preSkip: view.getUint16(10, true) };
}

/** The browser's decoder would leave the pre-skip out itself, and again each time it begins anew in the middle. */
export function withoutPreSkip(head: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = head.slice();
  copy.fill(0, 10, 12);
  return copy;
}

/** Vorbis headers as one: their number less one, the lengths of all but the last, and the packets. */
function laced(packets: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const lengths = packets
    .slice(0, -1)
    .flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255]);
  return Uint8Array.from([packets.length - 1, ...lengths, ...packets.flatMap((p) => [...p])]);
}

/** How many frames of 48 kHz an Opus packet holds (RFC 6716 §3.1 and §3.2). */
export function opusFrames(packet: Uint8Array): number {
  const [toc = 0, second = 0] = packet;
  const configuration = toc >> 3;
  const each =
    configuration < 12
      ? ([480, 960, 1920, 2880][configuration & 3] ?? 0)
      : configuration < 16
        ? ([480, 960][configuration & 1] ?? 0)
        : ([120, 240, 480, 960][configuration & 3] ?? 0);
  const code = toc & 3;
  return each * (code === 0 ? 1 : code === 3 ? second & 63 : 2);
}
