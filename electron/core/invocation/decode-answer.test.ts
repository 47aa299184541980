import { encode } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { wavHead } from '../audio/wav.ts';
import { answered, mediaBytes } from '../testing/answered.ts';
import { answerBytes, answerMsgpack, slices, stream } from '../testing/model-answers.ts';
import type { Behaviour } from '../testing/model-server.ts';

const OCTETS = 'application/octet-stream';
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const wav = await mediaBytes('tone.wav');
const mp3 = await mediaBytes('tone.mp3');

describe('what an answer is, by its bytes first and its type second', () => {
  test.each([
    'application/octet-stream',
    'application/msgpack',
    'application/x-msgpack',
    'application/vnd.msgpack',
    'application/messagepack; charset=binary',
    'text/plain',
    'audio/wav',
    null,
  ])('msgpack with a length is a message under %s', async (type) => {
    const { outcome, bytes } = await answered(
      answerBytes(encode({ audio: wav, text: 'hi' }), type),
    );
    expect(outcome).toMatchObject({
      state: 'done',
      warnings: [],
      output: { audio: { $type: 'bytes', part: 'audio' }, text: 'hi' },
    });
    expect(bytes[0]?.equals(wav)).toBe(true);
  });

  test.each(['application/json', 'application/octet-stream', 'text/html', 'audio/wav', null])(
    'JSON is a message under %s, with a length and without',
    async (type) => {
      const body = json({ audio: wav.toString('base64') });
      for (const behaviour of [
        answerBytes(body, type),
        stream(slices(body, 1000), { contentType: type ?? '' }),
      ]) {
        const { outcome, bytes } = await answered(behaviour);
        expect(outcome).toMatchObject({ warnings: [], output: { audio: { part: 'audio' } } });
        expect(bytes[0]?.equals(wav)).toBe(true);
      }
    },
  );

  test.each([OCTETS, 'audio/mpeg', 'application/json', 'text/plain', null])(
    'sound is sound under %s, with a length and without',
    async (type) => {
      for (const behaviour of [
        answerBytes(mp3, type),
        stream(slices(mp3, 333), { contentType: type ?? '' }),
      ]) {
        const { outcome, bytes } = await answered(behaviour);
        expect(outcome).toMatchObject({ warnings: [], parts: [{ kind: { format: 'mp3' } }] });
        expect(outcome.output).toBeUndefined();
        expect(bytes[0]?.equals(mp3)).toBe(true);
      }
    },
  );

  test('a stream that is msgpack only by declared type is a message, else it is offered as one', async () => {
    const body = encode({ a: 1 });
    const declared = await answered(stream([body], { contentType: 'application/x-msgpack' }));
    expect(declared.outcome.output).toEqual({ a: 1 });
    const undeclared = await answered(stream([body]));
    expect(undeclared.outcome.output).toBeUndefined();
    expect(undeclared.outcome.warnings[0]).toMatch(/exactly one msgpack message/);
    const wanted = await answered(stream([body]), { answer: 'message' });
    expect(wanted.outcome.output).toEqual({ a: 1 });
  });

  test('bare values are messages: a base64 text is its sound, words are words', async () => {
    const bark = await answered(answerBytes(json(wav.toString('base64')), 'application/json'));
    expect(bark.bytes[0]?.equals(wav)).toBe(true);
    const plain = await answered(answerBytes(Buffer.from(wav.toString('base64')), 'text/plain'));
    expect(plain.bytes[0]?.equals(wav)).toBe(true);
    const words = await answered(answerBytes(json('hello'), 'application/json'));
    expect(words.outcome.output).toBe('hello');
    const python = await answered(answerBytes(Buffer.from('{"a": [NaN, -Infinity]}'), OCTETS));
    expect(JSON.stringify(python.outcome.output)).toContain('-Infinity');
  });

  test('plain text stays text, also in another charset when it says so', async () => {
    const text = await answered(answerBytes(Buffer.from('Grüße'), 'text/plain'));
    expect(text.outcome).toMatchObject({ text: 'Grüße', warnings: [] });
    const latin = await answered(
      answerBytes(Buffer.from('Gr\xfc\xdfe', 'latin1'), 'text/plain; charset=iso-8859-1'),
    );
    expect(latin.outcome.text).toBe('Grüße');
  });
});

describe('base64 sound', () => {
  test('is found in every form, short or long, at any depth, in JSON and in msgpack', async () => {
    for (const sound of [mp3, Buffer.concat([wav, Buffer.alloc(300_000, 1)])]) {
      const plain = sound.toString('base64');
      const forms = {
        plain,
        url: sound.toString('base64url'),
        lines: plain.replace(/.{76}/g, '$&\n'),
        crlf: plain.replace(/.{76}/g, '$&\r\n'),
        data: `data:audio/x-wav;codecs="1";base64,${plain}`,
      };
      const value = { deep: [{ forms }], words: 'no sound' };
      for (const behaviour of [
        answerBytes(json(value), 'application/json'),
        answerBytes(Buffer.from(JSON.stringify(value).replaceAll('/', '\\/')), 'application/json'),
        answerMsgpack(value),
      ]) {
        const { outcome, bytes } = await answered(behaviour);
        expect(outcome.parts.map(({ name }) => name)).toEqual(
          Object.keys(forms).map((name) => `deep[0].forms.${name}`),
        );
        for (const found of bytes) expect(found.equals(sound)).toBe(true);
        expect(outcome.output).toMatchObject({ words: 'no sound' });
      }
    }
  });

  test('a long text that only begins like it is a text', async () => {
    const text = `${wav.toString('base64').repeat(20).replaceAll('=', '')} and words`;
    const { outcome } = await answered(answerBytes(json({ text }), 'application/json'));
    expect(outcome.parts).toEqual([]);
    expect(outcome.output).toEqual({ text });
  });
});

describe('sound with a header that lies or is missing', () => {
  test('a streamed WAV is kept as it came and played with its true sizes', async () => {
    for (const size of [0, 0xffff_ffff, 0x7fff_ffff]) {
      const streamed = Buffer.from(wav);
      streamed.writeUInt32LE(size, 4);
      streamed.writeUInt32LE(size, 40);
      const { bytes, playable, outcome } = await answered(
        stream(slices(streamed, 1001), { contentType: 'audio/wav' }),
      );
      expect(outcome.warnings).toEqual([]);
      expect(bytes[0]?.equals(streamed)).toBe(true);
      expect(playable[0]?.equals(wav)).toBe(true);
    }
  });

  test('a WAV that is longer by its header than what came is said', async () => {
    const cut = wav.subarray(0, 4000);
    const { outcome } = await answered(answerBytes(encode({ audio: cut })));
    expect(outcome.warnings).toEqual([
      'audio: Its header promises 6444 bytes and 4000 came, so it was probably cut short.',
    ]);
  });

  test('headerless sound declared WAV is played as what models send, and says so', async () => {
    const pcm = wav.subarray(44);
    const { outcome, bytes, playable } = await answered(
      stream(slices(pcm, 999), { contentType: 'audio/wav' }),
    );
    expect(outcome.parts[0]?.kind).toMatchObject({ format: 'pcm', label: 'PCM 24 kHz mono' });
    expect(outcome.warnings[0]).toMatch(/declared audio\/wav and has no header.*24 kHz mono/);
    expect(bytes[0]?.equals(pcm)).toBe(true);
    expect(wavHead(playable[0] ?? Buffer.alloc(0))?.data).toEqual({ offset: 44, size: pcm.length });
  });

  test('the rate that a type says is taken', async () => {
    const { outcome } = await answered(
      answerBytes(wav.subarray(44), 'audio/L16; rate=8000; channels=1'),
    );
    expect(outcome.parts[0]?.kind.label).toBe('PCM 8 kHz mono');
  });

  test('an undeclared stream is heard when it runs like a wave, and noise is not', async () => {
    const heard = await answered(stream(slices(wav.subarray(44), 1000)));
    expect(heard.outcome.parts[0]?.kind.format).toBe('pcm');
    expect(heard.outcome.warnings[0]).toMatch(/run like 16-bit sound/);
    const noise = Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * at * 7919) % 251));
    const unheard = await answered(stream([noise]));
    expect(unheard.outcome.parts[0]?.kind.media).toBe('bytes');
  });

  test('PCM that ends inside a sample is said', async () => {
    const { outcome } = await answered(stream([wav.subarray(44, 4001)]), {
      pcm: { encoding: 's16le', sampleRate: 8000, channels: 1 },
    });
    expect(outcome.warnings[0]).toMatch(/inside a sample/);
  });
});

describe('a message that ends too early', () => {
  /** Says a length that is longer than what it sends, then closes. */
  const cut =
    (bytes: Uint8Array, contentType: string): Behaviour =>
    async ({ request, response, readAll }) => {
      await readAll();
      response.writeHead(200, { 'content-type': contentType, 'content-length': 1_000_000 });
      response.write(bytes, () => {
        request.socket.destroySoon();
      });
    };

  test('gives the fields that came and the sound as far as it came, in msgpack and in JSON', async () => {
    const long = Buffer.concat([wav, Buffer.alloc(200_000, 1)]);
    const part = 5000;
    const message = { text: 'hi', n: 1, audio: long, last: 'lost' };
    const packed = encode(message);
    const packedCut = packed.subarray(0, Buffer.from(packed).indexOf('RIFF') + part);
    const text = json({ ...message, audio: long.toString('base64') });
    const textCut = text.subarray(0, text.indexOf('UklGR') + (part / 3) * 4 + 1);
    for (const { bytes: sent, type } of [
      { bytes: packedCut, type: OCTETS },
      { bytes: textCut, type: 'application/json' },
    ]) {
      for (const behaviour of [cut(sent, type), answerBytes(sent, type)]) {
        const { outcome, bytes } = await answered(behaviour);
        expect(outcome.output).toMatchObject({ text: 'hi', n: 1, audio: { part: 'audio' } });
        expect(outcome.warnings[0]).toMatch(/ends too early/);
        expect(outcome.parts).toMatchObject([{ name: 'audio', kind: { format: 'wav' } }]);
        expect(bytes[0]?.length).toBeGreaterThan(part - 4);
        expect(long.subarray(0, bytes[0]?.length).equals(bytes[0] ?? Buffer.alloc(0))).toBe(true);
      }
      const { outcome } = await answered(cut(sent, type));
      expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'answer_incomplete' } });
    }
  });

  test('every beginning of a msgpack map is something, and none of noise is a message', async () => {
    const packed = encode({ a: 1, b: [1, 2, { c: wav.subarray(0, 50) }] });
    for (let size = 1; size < packed.length; size += 7) {
      const { outcome } = await answered(answerBytes(packed.subarray(0, size)));
      expect(outcome.state).toBe('done');
      expect(outcome.parts.length + (outcome.output === undefined ? 0 : 1)).toBeGreaterThan(0);
    }
    const noise = await answered(answerBytes(Buffer.from([0x82, 0xc3, 0x91, 0xc6, 9, 9, 9, 9, 1])));
    expect(noise.outcome).toMatchObject({ warnings: [], parts: [{ name: 'answer' }] });
  });
});
