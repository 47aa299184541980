import { describe, expect, it } from 'vitest';
import adtsFile from './fixtures/adts.aac?url&inline';
import lameFile from './fixtures/lame.mp3?url&inline';
import plainFile from './fixtures/plain.mp3?url&inline';
import { mp3Info } from './mp3-info.ts';
import { MpegSplitter, type SplitFrame } from './mpeg-splitter.ts';
import { bytesOf, piecesOf } from './testing/fixture.ts';

const plain = bytesOf(plainFile);
const lame = bytesOf(lameFile);
const adts = bytesOf(adtsFile);

function split(bytes: Uint8Array, pieceLength = bytes.length): SplitFrame[] {
  const splitter = new MpegSplitter();
  const frames: SplitFrame[] = [];
  for (const piece of piecesOf(bytes, pieceLength)) frames.push(...splitter.push(piece));
  return [...frames, ...splitter.end()];
}

const bytesIn = (frames: SplitFrame[]): number =>
  frames.reduce((total, { bytes }) => total + bytes.length, 0);

describe('a stream of MPEG frames', () => {
  it('comes apart without a byte left over, wherever it is cut', () => {
    for (const stream of [plain, adts]) {
      const whole = split(stream);
      expect(bytesIn(whole)).toBe(stream.length);
      for (const length of [1, 2, 7, 143, 1000]) {
        const offsets = split(stream, length).map(({ offset }) => offset);
        expect(offsets).toEqual(whole.map(({ offset }) => offset));
      }
    }
  });

  it('says what its frames are', () => {
    expect(split(plain)[0]).toMatchObject({
      coding: 'mp3',
      sampleRate: 24_000,
      channels: 1,
      samples: 576,
    });
    expect(split(adts)[0]).toMatchObject({
      coding: 'aac',
      sampleRate: 24_000,
      channels: 1,
      samples: 1024,
    });
  });

  it('is stepped over to the first frame behind a tag of any size', () => {
    const tag = new Uint8Array(10 + 70_000).fill(0xff);
    tag.set([
      0x49,
      0x44,
      0x33,
      4,
      0,
      0,
      0,
      (70_000 >> 14) & 127,
      (70_000 >> 7) & 127,
      70_000 & 127,
    ]);
    const tagged = new Uint8Array(tag.length + plain.length);
    tagged.set(tag);
    tagged.set(plain, tag.length);
    for (const length of [5, 1000, tagged.length]) {
      const frames = split(tagged, length);
      expect(frames[0]?.offset).toBe(tag.length);
      expect(bytesIn(frames)).toBe(plain.length);
    }
  });

  it('loses only the frames that damage touches', () => {
    for (const stream of [plain, adts]) {
      const whole = split(stream).length;
      const damaged = stream.slice();
      damaged.fill(0xff, 5000, 5400);
      const frames = split(damaged, 100);
      expect(frames.length).toBeGreaterThan(whole - 6);
      expect(frames.at(-1)?.offset).toBe(split(stream).at(-1)?.offset);
      const cut = new Uint8Array([...stream.subarray(0, 5000), ...stream.subarray(5333)]);
      expect(split(cut, 100).length).toBeGreaterThan(whole - 6);
    }
  });

  it('gives a frame as soon as it is whole, once the stream is known', () => {
    const frames = split(plain);
    const third = frames[2];
    const splitter = new MpegSplitter();
    const end = (third?.offset ?? 0) + (third?.length ?? 0);
    expect([...splitter.push(plain.subarray(0, end))]).toHaveLength(3);
  });
});

describe('LAME’s tag', () => {
  it('says how many samples are the encoder’s own', () => {
    const [first] = split(lame);
    if (!first) throw new Error('There is no frame.');
    const info = mp3Info(first.bytes, first);
    expect(info?.delay).toBe(576 + 529);
    expect((info?.total ?? 0) - (info?.delay ?? 0) - (info?.padding ?? 0)).toBe(72_000);
    const [sound] = split(plain);
    if (!sound) throw new Error('There is no frame.');
    expect(mp3Info(sound.bytes, sound)).toBeNull();
  });
});
