import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pcm } from '../../contract/intent.ts';
import { wavHeader } from '../audio/wav.ts';
import { mediaBytes } from '../testing/answered.ts';
import { followed, pull } from '../testing/followed.ts';
import { slices, stream } from '../testing/model-answers.ts';
import { startModelServer } from '../testing/model-server.ts';
import { scratchCore } from '../testing/scratch-core.ts';
import { samples16 } from '../testing/wav-file.ts';

const usual = { encoding: 's16le', sampleRate: 24_000, channels: 1 } as const;
const pcm = samples16(Array.from({ length: 6000 }, (_, n) => 9000 * Math.sin(n / 20)));
const wav = (rate: number, samples: Buffer): Buffer =>
  Buffer.concat([wavHeader({ ...usual, sampleRate: rate }, samples.length), samples]);
const mp3 = await mediaBytes('tone.mp3');
const soundUrl = '/runs/run-1/live/sound';

const base64 = (bytes: Uint8Array, size: number): string[] =>
  [...slices(bytes, size)].map((piece) => Buffer.from(piece).toString('base64'));
const sse = (events: unknown[], name = ''): string =>
  events
    .map((event) => `${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(event)}\n\n`)
    .join('');
const lines = (events: unknown[]): string =>
  `${events.map((event) => JSON.stringify(event)).join('\n')}\n`;
const send = (text: string, contentType = 'text/event-stream', size = 333) =>
  stream(slices(Buffer.from(text), size), { contentType });

/** Half words, half sound, as OpenAI's realtime models send it. */
const spoken = [
  ...['Vier', ' Noten', ' 🎵', ' für', ' Ümit'].map((delta) => ({
    type: 'response.audio_transcript.delta',
    delta,
  })),
  ...base64(mp3, 300).map((delta) => ({ type: 'response.audio.delta', delta })),
  { type: 'response.done' },
];

describe('sound and words inside events', () => {
  test('can be followed in every form of events, declared or not, and are the part and the text at the end', async () => {
    for (const [text, types] of [
      [sse(spoken), ['text/event-stream', 'application/octet-stream', 'text/plain']],
      [sse(spoken, 'chunk').replaceAll('\n', '\r\n'), ['text/event-stream']],
      [lines(spoken), ['application/x-ndjson', 'application/octet-stream', 'application/json']],
    ] as const) {
      for (const contentType of types) {
        for (const answer of ['auto', 'stream'] as const) {
          const got = await followed(send(text, contentType), { intent: { answer } });
          expect(got.live).toEqual({
            mediaType: contentType,
            sound: { url: soundUrl },
            words: { url: '/runs/run-1/live/words' },
          });
          expect(got.sound?.equals(mp3)).toBe(true);
          expect(got.words).toBe('Vier Noten 🎵 für Ümit');
          expect(got.outcome.text).toBe(got.words);
          expect(got.heard?.kind.format).toBe('mp3');
          expect(got.parts[0]?.equals(mp3)).toBe(true);
        }
      }
    }
  });

  test('are the same however the network cuts them', async () => {
    const text = Buffer.from(sse(spoken.slice(0, 9)));
    const expected = mp3.subarray(0, 4 * 300);
    const cuts = fc.uniqueArray(fc.nat(text.length), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const at = [0, ...places.toSorted((a, b) => a - b), text.length];
        const chunks = at.slice(1).map((end, index) => text.subarray(at[index], end));
        const got = await followed(stream(chunks.filter(({ length }) => length > 0)));
        expect(got.sound?.equals(expected)).toBe(true);
        expect(got.words).toBe('Vier Noten 🎵 für Ümit');
      }),
      { numRuns: 40 },
    );
    const oneByOne = await followed(stream(slices(text, 1)));
    expect(oneByOne.sound?.equals(expected)).toBe(true);
    expect(oneByOne.words).toBe('Vier Noten 🎵 für Ümit');
  });

  test('can be heard from the first event on, before the next has come', async () => {
    const heard = Promise.withResolvers<undefined>();
    const chunks = async function* () {
      yield Buffer.from(sse(spoken.slice(0, 6)));
      await heard.promise;
      yield Buffer.from(sse(spoken.slice(6)));
    };
    const onSound = ({ length }: Buffer) => {
      if (length === 300) heard.resolve(undefined);
    };
    const got = await followed(stream(chunks()), { onSound });
    expect(got.sound?.equals(mp3)).toBe(true);
  });

  test('are timed by the events that brought them', async () => {
    const silence = { audio: Buffer.alloc(960).toString('base64') };
    const events = [{ text: 'a' }, silence, { audio: pcm.toString('base64') }, { text: 'b' }];
    const chunks = events.map((event) => Buffer.from(sse([event])));
    const { outcome } = await followed(stream(chunks, { everyMs: 60 }), { intent: { pcm: usual } });
    const { firstAudio = 0, firstAudible = 0, soundSeconds, realTimeFactor } = outcome.stream ?? {};
    expect(firstAudible - firstAudio).toBeGreaterThan(40);
    expect(soundSeconds).toBe(0.27);
    expect(realTimeFactor).toBeGreaterThan(0);
  });
});

describe('headerless sound inside events', () => {
  const pieces = base64(pcm, 960).map((audio) => ({ audio }));

  test('is read as the user said, as an event says, or as is usual, which is said to be a guess', async () => {
    const told = { ...usual, sampleRate: 16_000 };
    const asked: Pcm = { encoding: 'mulaw', sampleRate: 8000, channels: 1 };
    for (const [events, intent, reading] of [
      [pieces, {}, { pcm: usual, isGuess: true }],
      [[{ sample_rate: 16_000 }, ...pieces], {}, { pcm: told }],
      [pieces.map((piece) => ({ ...piece, sample_rate: 16_000 })), {}, { pcm: told }],
      [[...pieces, { sample_rate: 16_000 }], {}, { pcm: told }],
      [pieces, { pcm: asked }, { pcm: asked }],
    ] as const) {
      for (const [text, name] of [
        [lines([...events]), 'audio'],
        [sse([...events], 'audio'), 'data.audio'],
      ] as const) {
        const got = await followed(send(text, 'application/octet-stream'), { intent });
        expect(got.live?.sound).toEqual({ url: soundUrl, ...reading });
        expect(got.heard).toMatchObject({ name, pcm: reading.pcm });
        expect(got.sound?.equals(pcm)).toBe(true);
      }
    }
  });
});

describe('events that each hold a whole file', () => {
  test('are heard as one WAV that goes on, of the samples of all, and stay parts of their own', async () => {
    const halves = [pcm.subarray(0, 4000), pcm.subarray(4000)];
    const events = halves.map((half) => ({ audio: wav(24_000, half).toString('base64') }));
    const got = await followed(send(sse(events)));
    expect(got.sound?.subarray(44).equals(pcm)).toBe(true);
    expect(got.sound?.readUInt32LE(40)).toBe(0xffff_ffff);
    expect(got.outcome.parts.map(({ name }) => name)).toEqual(['audio', 'audio (2)']);
    expect(got.heard).toBeUndefined();
    expect(got.outcome.stream?.soundSeconds).toBe(0.25);
  });

  test('of other samples or another format end what is heard with the first, which is that part', async () => {
    const first = wav(24_000, pcm);
    const flac = await mediaBytes('tone.flac');
    for (const second of [wav(16_000, pcm), flac, await mediaBytes('tagged.mp3')]) {
      const events = [first, second, first].map((file) => ({ audio: file.toString('base64') }));
      const got = await followed(send(sse(events)));
      expect(got.sound?.subarray(44).equals(pcm)).toBe(true);
      expect(got.heard?.name).toBe('audio');
    }
    const both = [flac, flac].map((file) => ({ audio: file.toString('base64') }));
    const got = await followed(send(lines(both), 'application/x-ndjson'));
    expect(got.sound?.equals(flac)).toBe(true);
    expect(got.heard?.name).toBe('audio');
  });

  test('and one whole file alone is the part that was heard, as it came', async () => {
    const file = wav(24_000, pcm);
    const got = await followed(send(sse([{ audio: file.toString('base64') }])));
    expect(got.heard?.name).toBe('audio');
    expect(got.parts[0]?.equals(file)).toBe(true);
  });
});

test('sentences get a line each, and a character in two events stays one', async () => {
  const sentences = ['It is four.', 'It is seven.', 'It is late.'].map((text) => ({ text }));
  expect((await followed(send(sse(sentences)))).words).toBe(
    'It is four.\nIt is seven.\nIt is late.',
  );
  const halves = ['a ', '\ud83c', '\udfb5', ' b'].map((token) => ({ token }));
  expect((await followed(send(lines(halves), 'application/jsonl'))).words).toBe('a 🎵 b');
});

test('an event of endless length is given up, and all that came is on disk', async () => {
  const head = Buffer.from(sse([{ token: 'a' }, { token: 'b' }]));
  const endless = function* () {
    yield head;
    for (let megabytes = 0; megabytes < 20; megabytes += 1) yield Buffer.alloc(1024 * 1024, 'x');
    yield Buffer.from('\n\n');
  };
  const got = await followed(stream(endless(), { contentType: 'text/event-stream' }));
  expect(got.words).toBe('ab');
  expect(got.outcome).toMatchObject({
    state: 'done',
    received: head.length + 20 * 1024 * 1024 + 2,
  });
});

test('what seems to be sound and breaks off is heard as far as it went, and harms nothing', async () => {
  const events = [...base64(pcm, 960).slice(0, 3), 'no base64 '.repeat(20)];
  const got = await followed(send(sse(events.map((audio) => ({ audio })))));
  expect(got.sound?.equals(pcm.subarray(0, 3 * 960))).toBe(true);
  expect(got.outcome).toMatchObject({ state: 'done', parts: [{ kind: { media: 'text' } }] });
  expect(got.heard).toBeUndefined();
});

test('a run that is cancelled leaves what came to be followed to its end', async () => {
  await using server = await startModelServer();
  await using house = await scratchCore();
  const endless = async function* () {
    for (;;) {
      yield Buffer.from(sse([{ audio: pcm.subarray(0, 960).toString('base64') }]));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  server.answer('/predict', stream(endless()));
  let readers: Promise<Buffer[]> | undefined;
  const run = house.start(`${server.url}/predict`, {}, ({ live }) => {
    const { url } = live?.sound ?? {};
    if (url === undefined || readers) return;
    // Two at once, at their own pace.
    readers = Promise.all([
      pull(house.core, url),
      pull(house.core, url, ({ length }) => {
        if (length > 3000) house.core.cancel(run.runId);
      }),
    ]);
  });
  const outcome = await run.outcome;
  expect(outcome.state).toBe('cancelled');
  const [one, other] = (await readers) ?? [];
  expect(one?.length).toBeGreaterThan(3000);
  expect(other?.equals(one ?? Buffer.alloc(0))).toBe(true);
  expect((await pull(house.core, `/runs/${run.runId}/live/sound`)).equals(other as Buffer)).toBe(
    true,
  );
  expect(outcome.parts).toMatchObject([{ name: 'audio', size: one?.length, heardLive: true }]);
});

test('six runs that stream at once are each heard whole', async () => {
  const all = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      followed(n % 2 === 0 ? send(sse(spoken)) : send(lines(spoken), 'application/x-ndjson', 20)),
    ),
  );
  for (const got of all) expect(got.sound?.equals(mp3)).toBe(true);
});
