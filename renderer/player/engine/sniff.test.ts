import { describe, expect, it } from 'vitest';
import speechFile from '../../../resources/sample/gettysburg-24000-mono.s16le?url&inline';
import adts from './fixtures/adts.aac?url&inline';
import mp4 from './fixtures/frag200.mp4?url&inline';
import lame from './fixtures/lame.mp3?url&inline';
import webm from './fixtures/live.webm?url&inline';
import opus from './fixtures/opus20.ogg?url&inline';
import plain from './fixtures/plain.mp3?url&inline';
import flac from './fixtures/speech.flac?url&inline';
import { openDecoder } from './open-decoder.ts';
import { sniff } from './sniff.ts';
import { bytesOf, speechOf } from './testing/fixture.ts';

const listener = { sound: () => undefined, place: () => undefined, label: () => undefined };

describe('a stream’s first bytes', () => {
  it('tell its format as soon as they can, and nothing else before', () => {
    const files = {
      mpeg: [plain, lame, adts],
      mp4: [mp4],
      webm: [webm],
      ogg: [opus],
      flac: [flac],
    };
    for (const [format, urls] of Object.entries(files)) {
      for (const bytes of urls.map(bytesOf)) {
        const length = Array.from(bytes.keys()).find(
          (end) => sniff(bytes.subarray(0, end), false) !== 'more',
        );
        expect(sniff(bytes.subarray(0, length), false)).toBe(format);
        expect(length).toBeLessThan(400);
      }
    }
    const riff = new TextEncoder().encode('RIFF\0\0\0\0WAVEfmt ');
    expect(sniff(riff.subarray(0, 11), false)).toBe('more');
    expect(sniff(riff, false)).toBe('wav');
  });

  it('of headerless sound tell no format at once', () => {
    const speech = speechOf(speechFile, 3);
    for (const from of [0, 14_000, 30_000, 60_001]) {
      expect(sniff(speech.subarray(from, from + 16), false)).toBeNull();
    }
  });

  it('that could be a frame, but are followed by none, are no MPEG', () => {
    const bytes = new Uint8Array(2000).fill(7);
    bytes.set([0xff, 0xfb, 0x90, 0x00]);
    expect(sniff(bytes, false)).toBeNull();
    expect(sniff(bytes.subarray(0, 300), false)).toBe('more');
    expect(sniff(bytes.subarray(0, 300), true)).toBeNull();
  });

  it('are read as agreed when they say nothing, but never when they are words', () => {
    const pcm = { encoding: 's16le', sampleRate: 24_000, channels: 1 } as const;
    const speech = speechOf(speechFile, 1).subarray(14_000);
    expect(openDecoder(speech, false, pcm, listener)).toHaveProperty('preroll', 0);
    expect(openDecoder(speech, false, null, listener)).toBe('undecidable');
    const words = new TextEncoder().encode('{"error": "The voice is not known to this model."}');
    expect(openDecoder(words.subarray(0, 20), false, pcm, listener)).toBe('more');
    expect(openDecoder(words.subarray(0, 20), true, pcm, listener)).toBe('undecidable');
    expect(openDecoder(words, false, pcm, listener)).toBe('undecidable');
  });
});
