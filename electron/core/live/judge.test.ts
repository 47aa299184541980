import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pcm } from '../../contract/intent.ts';
import { LOOKED_AT, type Said } from '../invocation/headerless.ts';
import { mediaBytes } from '../testing/answered.ts';
import { samples16 } from '../testing/wav-file.ts';
import { judge, type Judgement } from './judge.ts';

const names = ['tone.wav', 'tone.mp3', 'tagged.mp3', 'tone.aac', 'tone.opus', 'fragmented.mp4'];
const media = await Promise.all(names.map(mediaBytes));
const wave = samples16(Array.from({ length: 5000 }, (_, n) => 9000 * Math.sin(n / 20)));
const texts = [
  'Four score and seven years ago',
  'data: {"token": "Four"}\n\n',
  'event: chunk\r\ndata: 1\r\n\r\n',
  'id: 7\nname: x\n',
  '{"a": 1}\n{"a": 2}\n',
  '[laughs] Hello.',
  '"Hello," she said. "Hello."',
  '"Error: CUDA out of memory"',
  'RIFF raff, FORM and caff',
  'ID3 tags are text here',
  'Vier Noten 🎵 für Ümit',
  `data:audio/wav;base64,${wave.toString('base64')}`,
  media[0]?.toString('base64') ?? '',
].map((text) => Buffer.from(text));

const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...media,
        ...texts,
        wave,
        Buffer.alloc(300),
        Buffer.from(encode({ a: wave })),
        Buffer.from('\u0003\0\0\0\u0008{"a": 1}', 'latin1'),
      ),
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ minLength: 1, maxLength: 2 }),
      fc.nat(400).map((size) => Buffer.concat(media).subarray(700, 700 + size)),
      fc.constantFrom(0xff, 0x55, 0x80, 0x82).map((byte) => Buffer.alloc(40, byte)),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => Buffer.concat(pieces).subarray(0, LOOKED_AT));
const pcm: Pcm = { encoding: 's16le', sampleRate: 8000, channels: 1 };
const said = fc.record<Said>({
  contentType: fc.constantFrom(
    ...['', 'application/octet-stream', 'audio/wav', 'audio/mpeg', 'text/plain'],
    ...['text/event-stream', 'application/x-ndjson', 'application/json', 'application/zip'],
  ),
  isStream: fc.constant(true),
  intent: fc.constantFrom<Said['intent']>(
    { answer: 'auto' },
    { answer: 'stream' },
    { answer: 'auto', pcm },
  ),
});

test('what is heard once is heard to the end, and what is not never becomes headerless sound, wherever it is cut', () => {
  fc.assert(
    fc.property(bytes, said, fc.nat(20), (all, about, step) => {
      const end = judge(all, true, about) as Judgement;
      for (let size = 0; size < all.length; size += size < 100 ? 1 : 200 + step) {
        const sofar = judge(all.subarray(0, size), false, about);
        if (sofar === 'more') continue;
        if (sofar.is === 'sound') expect(sofar).toEqual(end);
        else expect('pcm' in end).toBe(false);
      }
      expect(end).not.toBe('more');
    }),
    { numRuns: 500 },
  );
});
