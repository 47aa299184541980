import { describe, expect, it } from 'vitest';
import opusFile from './fixtures/opus20.ogg?url&inline';
import opusSecondsFile from './fixtures/opus1s.ogg?url&inline';
import vorbisFile from './fixtures/vorbis.ogg?url&inline';
import { opusFrames, readHead } from './ogg-head.ts';
import { OggPackets, type OggPacket } from './ogg-packets.ts';
import { bytesOf, piecesOf } from './testing/fixture.ts';

const opus = bytesOf(opusFile);
const opusSeconds = bytesOf(opusSecondsFile);
const vorbis = bytesOf(vorbisFile);

function packetsOf(bytes: Uint8Array, pieceLength = bytes.length, from = 0): OggPacket[] {
  const packets = new OggPackets(from);
  return [...piecesOf(bytes.subarray(from), pieceLength)].flatMap((piece) => [
    ...packets.push(piece),
  ]);
}

describe('an Ogg stream', () => {
  it('gives the same packets wherever it is cut', () => {
    for (const stream of [opus, opusSeconds, vorbis]) {
      const whole = packetsOf(stream);
      expect(whole.at(-1)?.page.isLast).toBe(true);
      for (const length of [1, 28, 999]) expect(packetsOf(stream, length)).toEqual(whole);
    }
  });

  it('holds as many Opus frames as its last page counts, and the padding', () => {
    for (const stream of [opus, opusSeconds]) {
      const packets = packetsOf(stream);
      const head = readHead(packets.slice(0, 2).map(({ bytes }) => bytes));
      expect(head).toMatchObject({ label: 'Ogg Opus', preSkip: 312 });
      const frames = packets.slice(2).reduce((total, { bytes }) => total + opusFrames(bytes), 0);
      const counted = packets.at(-1)?.page.granule ?? 0;
      expect(counted).toBe(144_000 + 312);
      expect(frames).toBeGreaterThanOrEqual(counted);
      expect(frames - counted).toBeLessThan(960);
    }
  });

  it('can be read from any page on which a packet begins', () => {
    const whole = packetsOf(opusSeconds);
    const later = whole.findLast(({ beginsPage }) => beginsPage);
    const from = later?.page.offset ?? 0;
    const rest = packetsOf(opusSeconds, 50, from);
    expect(rest).toEqual(whole.filter(({ page }) => page.offset >= from));
  });

  it('is found again behind damage', () => {
    const damaged = opus.slice();
    damaged.fill(0, 4000, 4100);
    expect(packetsOf(damaged).length).toBeGreaterThan(packetsOf(opus).length - 6);
  });

  it('gives a packet before its page is whole', () => {
    const whole = packetsOf(opusSeconds);
    const third = whole[3];
    const bytes = opusSeconds.subarray(0, (third?.page.offset ?? 0) + 400);
    expect(packetsOf(bytes).length).toBeGreaterThan(3);
  });

  it('says what Vorbis is in three headers', () => {
    const headers = packetsOf(vorbis).slice(0, 3);
    const bytes = headers.map((packet) => packet.bytes);
    expect(readHead(bytes.slice(0, 2))).toBeNull();
    expect(readHead(bytes)).toMatchObject({
      label: 'Ogg Vorbis',
      config: { codec: 'vorbis', sampleRate: 24_000, numberOfChannels: 1 },
    });
  });
});
