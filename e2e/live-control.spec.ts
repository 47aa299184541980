import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { match, stretches } from './live/compare.ts';
import { heardBy, openLivePage, type LivePage, type Played } from './live/live-page.ts';
import type { Write } from './live/live-server.ts';
import { counted, countedSample, fixture, oddly, paced } from './live/sounds.ts';
import type { PcmReading } from '../renderer/player/engine/pcm.ts';
import { encoded } from '../renderer/player/engine/testing/encode.ts';

const RATE = 24_000;
/** Of one second of the counted sounds here. */
const BYTES = RATE * 4;
const floats: PcmReading = { encoding: 'f32le', sampleRate: RATE, channels: 1 };
/** Frames in which a sound rises at its start, and on either side of a gap. */
const FIRST_RAMP = 120;
const GAP_RAMP = 72;

/** Long enough for a machine that does other things too, where the promise is not about time. */
const BUSY_CUSHION_MS = 400;

const countedBytes = (seconds: number): Uint8Array =>
  encoded([...counted(seconds * RATE)], 'f32le').bytes;

let live: LivePage;
beforeAll(async () => {
  live = await openLivePage();
});
afterAll(async () => {
  expect(live.problems).toEqual([]);
  await live[Symbol.asyncDispose]();
});

/** What a player gave of one channel. */
async function samplesOf(player: Played): Promise<Float32Array> {
  const { planes } = await heardBy(player);
  return planes[0] ?? new Float32Array();
}

describe('a network that stalls', () => {
  test('costs silence exactly where samples were missing, and loses or repeats none', async () => {
    const bytes = countedBytes(4);
    const step = 0.04 * BYTES;
    const stalls: Record<number, number> = { 20: 100, 40: 300, 70: 800 };
    const writes: Write[] = Array.from({ length: bytes.length / step }, (_, index) => ({
      bytes: bytes.subarray(index * step, (index + 1) * step),
      afterMs: 40 + (stalls[index] ?? 0),
    }));
    const player = await live.play(await live.server.stream(writes), { pcm: floats });
    await player.reaches('ended');
    const heard = await samplesOf(player);
    const { underruns, decodedSeconds, playedSeconds } = await player.snapshot();
    expect({ decodedSeconds, playedSeconds }).toEqual({ decodedSeconds: 4, playedSeconds: 4 });
    expect(underruns.count).toBeGreaterThan(0);

    const found = stretches(heard, 2 * GAP_RAMP);
    expect(found[0]?.from).toBeLessThanOrEqual(FIRST_RAMP);
    expect(found.at(-1)?.to).toBe(4 * RATE);
    expect(found).toHaveLength(underruns.gaps.length + 1);
    for (const [index, { at, lastedMs }] of underruns.gaps.entries()) {
      const before = found[index] ?? { at: NaN, from: NaN, to: NaN };
      const behind = found[index + 1] ?? before;
      const border = at * RATE;
      // A gap begins behind the last sample that had come, which was the last of some piece.
      expect(border % 960).toBeCloseTo(0, 6);
      expect(border - before.to).toBeLessThanOrEqual(GAP_RAMP);
      expect(behind.from - border).toBeLessThanOrEqual(GAP_RAMP);
      const silent = behind.at - behind.from - (before.at - before.from);
      expect(silent).toBeCloseTo((lastedMs * RATE) / 1000, 3);
    }
    await player.close();
  });

  test('of a dozen answers that hang does not hold up the one that comes', async () => {
    const hanging = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const [first] = paced(countedBytes(1), BYTES);
        const stream = await live.server.stream(first ? [first] : [], { isLeftOpen: true });
        return live.play(stream, { pcm: floats, isRecorded: false });
      }),
    );
    for (const player of hanging) await player.reaches('filling', 'stalled', 'playing');
    // Held up by others' waits, it would have gaps of a second.
    const coming = await live.server.stream(paced(countedBytes(4), BYTES));
    const player = await live.play(coming, { pcm: floats, cushionMs: BUSY_CUSHION_MS });
    await player.reaches('ended');
    expect((await player.snapshot()).underruns.count).toBe(0);
    for (const each of [...hanging, player]) await each.close();
  });

  test('lets eight play at once, three of which hang', async () => {
    const bytes = countedBytes(2);
    const players = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const isLeftOpen = index < 3;
        const stream = await live.server.stream(paced(bytes, 2 * BYTES), { isLeftOpen });
        return live.play(stream, { pcm: floats, cushionMs: BUSY_CUSHION_MS });
      }),
    );
    for (const [index, player] of players.entries()) {
      await player.reaches(index < 3 ? 'stalled' : 'ended');
      const found = stretches(await samplesOf(player));
      expect(found).toHaveLength(1);
      expect(found[0]?.from).toBeLessThanOrEqual(FIRST_RAMP);
      expect(found[0]?.to).toBeGreaterThanOrEqual(2 * RATE - GAP_RAMP);
    }
    for (const player of players) await player.close();
  });
});

test('a page that is busy for nine tenths of the time is not heard', async () => {
  // The cushion is shorter than what the page is busy for at a time, and long enough for a busy machine.
  const stream = await live.server.stream(paced(countedBytes(4), BYTES));
  const player = await live.play(stream, { pcm: floats, cushionMs: 600 });
  await player.reaches('filling', 'playing');
  const block = await live.page.evaluateHandle(() => window.live.block(900, 1000));
  await player.reaches('ended');
  await block.evaluate((stop) => {
    stop();
  });
  const found = stretches(await samplesOf(player));
  expect(found).toHaveLength(1);
  expect(found[0]?.to).toBe(4 * RATE);
  expect((await player.snapshot()).underruns.count).toBe(0);
  await player.close();
});

describe('samples that would hurt', () => {
  test('become silence when they are no numbers, and bend to full scale when they are beyond it', async () => {
    const samples = counted(RATE);
    const wild = samples.slice();
    for (let frame = 5000; frame < 5100; frame += 3) {
      wild[frame] = NaN;
      wild[frame + 1] = Infinity;
      wild[frame + 2] = -Infinity;
    }
    for (let frame = 9000; frame < 9100; frame += 1) wild[frame] = frame % 2 ? 40 : -1e30;
    const { bytes } = encoded(wild, 'f32le');
    const player = await live.play(await live.server.stream(oddly(bytes, 2 * BYTES)), {
      pcm: floats,
    });
    await player.reaches('ended');
    const heard = await samplesOf(player);
    const { offset } = match(heard, samples, FIRST_RAMP);
    const inFrames = (from: number, to: number): Float32Array =>
      heard.subarray(offset + from, offset + to);
    expect(inFrames(5000, 5100)).toEqual(new Float32Array(100));
    for (const [index, sample] of inFrames(9000, 9100).entries()) {
      expect(Math.abs(sample)).toBeLessThanOrEqual(1);
      expect(Math.abs(sample)).toBeGreaterThan(0.89);
      expect(sample > 0).toBe(index % 2 === 1);
    }
    expect(inFrames(FIRST_RAMP, 5000)).toEqual(samples.subarray(FIRST_RAMP, 5000));
    expect(inFrames(9100, RATE)).toEqual(samples.subarray(9100));
    await player.close();
  });

  test('never come at full level at first, also after a jump', async () => {
    const { bytes } = encoded(Array<number>(4 * RATE).fill(0.8), 'f32le');
    const player = await live.play(await live.server.stream(oddly(bytes, 20 * BYTES)), {
      pcm: floats,
    });
    await player.plays(0.3);
    await player.tell((each, to) => {
      each.seek(to);
    }, 3);
    await player.reaches('ended');
    const heard = await samplesOf(player);
    const rises = heard
      .map((sample, at) => sample - (heard[at - 1] ?? 0))
      .filter((step) => step > 0);
    expect(Math.max(...rises)).toBeLessThanOrEqual(0.8 / FIRST_RAMP + 1e-6);
    expect(rises.length).toBeGreaterThan(2 * FIRST_RAMP - 10);
    await player.close();
  });
});

describe('bytes that are not what they seem', () => {
  test('are not played when they say nothing, and are once they are told apart', async () => {
    const bytes = countedBytes(1.5);
    const player = await live.play(await live.server.stream(oddly(bytes, 3 * BYTES)));
    await player.reaches('undecidable');
    expect(await player.recorded()).toEqual([]);
    const head = await live.page.evaluate((id) => {
      const { state } = window.live.snapshot(id);
      return state.phase === 'undecidable' ? [...state.head] : [];
    }, player.id);
    expect(head.length).toBeGreaterThan(0);
    expect(head).toEqual([...bytes.subarray(0, head.length)]);
    await player.tell((each, reading) => {
      each.reinterpret(reading);
    }, floats);
    await player.reaches('ended');
    const { worst } = match(await samplesOf(player), counted(1.5 * RATE), FIRST_RAMP);
    expect(worst).toBe(0);
    await player.close();
  });

  test('are read anew in place, at the second where they were played wrongly', async () => {
    const bytes = countedBytes(3);
    const player = await live.play(await live.server.stream(oddly(bytes, 6 * BYTES)), {
      pcm: { encoding: 's16be', sampleRate: RATE, channels: 2 },
    });
    await player.plays(0.5);
    const { playedSeconds } = await player.snapshot();
    await player.tell((each, reading) => {
      each.reinterpret(reading);
    }, floats);
    await player.reaches('ended');
    const outputs = await player.recorded();
    expect(outputs.map(({ planes }) => planes.length)).toEqual([2, 1]);
    const found = stretches(outputs[1]?.planes[0] ?? new Float32Array());
    expect(found).toHaveLength(1);
    expect(found[0]?.to).toBe(3 * RATE);
    const begins = (found[0]?.from ?? 0) / RATE;
    expect(begins).toBeGreaterThanOrEqual(playedSeconds);
    expect(begins).toBeLessThan(playedSeconds + 0.5);
    expect((await player.snapshot()).format).toEqual({
      label: 'PCM f32le',
      sampleRate: RATE,
      channels: 1,
    });
    await player.close();
  });

  test('are never played when they are words, whatever was agreed', async () => {
    const words = Buffer.from('{"error": "The voice is not known to this model.", "code": 404}');
    const player = await live.play(await live.server.stream(oddly(words, 200)), { pcm: floats });
    await player.reaches('undecidable');
    expect(await player.recorded()).toEqual([]);
    await player.close();
  });
});

describe('a listener', () => {
  test('loses no sample by a pause', async () => {
    const player = await live.play(await live.server.stream(paced(countedBytes(2), BYTES)), {
      pcm: floats,
    });
    for (const seconds of [0.3, 0.9]) {
      await player.plays(seconds);
      await player.tell((each) => each.pause(), null);
      expect((await player.snapshot()).state.phase).toBe('paused');
      const { length } = await samplesOf(player);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await samplesOf(player)).toHaveLength(length);
      await player.tell((each) => each.resume(), null);
    }
    await player.reaches('ended');
    const heard = await samplesOf(player);
    const { gaps } = (await player.snapshot()).underruns;
    const found = stretches(heard, 2 * GAP_RAMP);
    // The answer went on coming meanwhile, so nothing was missing behind a pause.
    expect(gaps).toEqual([]);
    expect(found).toHaveLength(1);
    expect(found[0]?.to).toBe(2 * RATE);
    await player.close();
  });

  test('lands on the very sample, forwards and back, and at the newest sound', async () => {
    const stream = await live.server.stream([{ bytes: countedBytes(8), afterMs: 0 }], {
      isLeftOpen: true,
    });
    const player = await live.play(stream, { pcm: floats });
    const targets = [4.321, 1.5, 3];
    await player.plays(0.2);
    for (const [index, seconds] of targets.entries()) {
      // The last of them while it is paused.
      if (index === 2) await player.tell((each) => each.pause(), null);
      await player.tell((each, to) => {
        each.seek(to);
      }, seconds);
      await player.tell((each) => each.resume(), null);
      await player.playsFrom(seconds, 0.2);
    }
    await player.tell((each) => {
      each.toLive();
    }, null);
    await player.reaches('stalled');
    const heard = await samplesOf(player);
    const found = stretches(heard);
    expect(found).toHaveLength(5);
    for (const [index, seconds] of targets.entries()) {
      const { at, from } = found[index + 1] ?? { at: NaN, from: NaN };
      const target = Math.round(seconds * RATE);
      expect(from - target).toBeGreaterThanOrEqual(0);
      expect(from - target).toBeLessThanOrEqual(FIRST_RAMP);
      // The rise begins at the target itself.
      const middle = at - (from - target) + FIRST_RAMP / 2 - 1;
      expect(heard[middle]).toBeCloseTo(countedSample(target + FIRST_RAMP / 2 - 1) / 2, 3);
    }
    const newest = found[4] ?? { from: NaN, to: NaN };
    expect(newest.from).toBeGreaterThan(7.5 * RATE);
    expect(newest.to).toBeGreaterThanOrEqual(8 * RATE - GAP_RAMP);
    await player.close();
  });

  test('lands where they asked in every format', async () => {
    const names = [
      'plain.mp3',
      'lame.mp3',
      'adts.aac',
      'opus20.ogg',
      'opus1s.ogg',
      'vorbis.ogg',
      'live.webm',
      'frag200.mp4',
    ];
    for (const group of [names.slice(0, 4), names.slice(4)]) {
      const players = await Promise.all(
        group.map(async (name) => {
          const stream = await live.server.stream([{ bytes: await fixture(name), afterMs: 0 }]);
          const player = await live.play(stream, { cushionMs: BUSY_CUSHION_MS });
          await player.plays(0.1);
          await player.tell((each, to) => {
            each.seek(to);
          }, 2);
          return { name, stream, player };
        }),
      );
      for (const { name, stream, player } of players) {
        await player.reaches('ended');
        expect((await player.snapshot()).underruns.count, name).toBe(0);
        const { sampleRate, planes } = await heardBy(player);
        const [whole = new Float32Array()] = (await live.decoded(stream, sampleRate)).planes;
        const rest = whole.subarray(2 * sampleRate);
        const heard = planes[0] ?? new Float32Array();
        const end = heard.findLastIndex((sample) => sample !== 0) + 1;
        const tail = heard.subarray(end - rest.length - 2000);
        const found = match(tail, rest, 0.005 * sampleRate);
        expect(found.isSoftAtFirst, name).toBe(true);
        // The padding of the last frame, which the browser cuts off as MP4 tells its length.
        expect(found.behind, name).toBeLessThanOrEqual(name === 'frag200.mp4' ? 1024 : 0);
        // Opus settles to within its noise in 80 ms; AAC fills bands with noise that its decoder makes up.
        expect(found.worst, name).toBeLessThanOrEqual(
          /opus|webm/.test(name) ? 0.002 : name === 'adts.aac' ? 0.03 : 1e-4,
        );
        await player.close();
      }
    }
  });

  test('lands where they asked in one Ogg after the other, and goes on into the next', async () => {
    const files = [await fixture('opus20.ogg'), await fixture('opus1s.ogg')];
    const wholes = await Promise.all(
      files.map(async (bytes) => {
        const alone = await live.server.stream([{ bytes: Uint8Array.from(bytes), afterMs: 0 }]);
        return [...((await live.decoded(alone, 48_000)).planes[0] ?? [])];
      }),
    );
    const whole = Float32Array.from(wholes.flat());
    for (const target of [2, 4]) {
      const stream = await live.server.stream([{ bytes: Buffer.concat(files), afterMs: 0 }]);
      const player = await live.play(stream, { cushionMs: BUSY_CUSHION_MS });
      await player.plays(0.1);
      await player.tell((each, to) => {
        each.seek(to);
      }, target);
      await player.reaches('ended');
      const heard = (await heardBy(player)).planes[0] ?? new Float32Array();
      const rest = whole.subarray(target * 48_000);
      const end = heard.findLastIndex((sample) => sample !== 0) + 1;
      const found = match(heard.subarray(end - rest.length - 2000), rest, 0.005 * 48_000);
      expect(found, String(target)).toMatchObject({ isSoftAtFirst: true, behind: 0 });
      expect(found.worst, String(target)).toBeLessThanOrEqual(0.002);
      await player.close();
    }
  });

  test('sets how loud it is without a click, and can mute it', async () => {
    const { bytes } = encoded(Array<number>(3 * RATE).fill(0.8), 'f32le');
    const player = await live.play(await live.server.stream(oddly(bytes, 20 * BYTES)), {
      pcm: floats,
    });
    await player.plays(0.3);
    await player.tell((each) => {
      each.setVolume(0.5);
    }, null);
    await player.plays(0.8);
    await player.tell((each) => {
      each.setMuted(true);
    }, null);
    await player.plays(1.3);
    await player.tell((each) => {
      each.setMuted(false);
    }, null);
    await player.reaches('ended');
    const heard = await samplesOf(player);
    const levels = heard
      .filter((_, at) => at % 240 === 0)
      .map((sample) => Math.round(sample * 1000));
    const held = [...levels].filter(
      (level, at) => level === levels[at - 1] && level !== levels[at - 2],
    );
    expect(held.filter((level) => level >= 0)).toEqual(expect.arrayContaining([800, 400, 0]));
    // Its end is as sudden as it was sent.
    const end = heard.findLastIndex((sample) => sample !== 0);
    const steps = heard.subarray(1, end).map((sample, at) => Math.abs(sample - (heard[at] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(0.01);
    await player.close();
  });

  test('who closes it hears nothing more, and nothing more is asked for', async () => {
    const player = await live.play(await live.server.stream(paced(countedBytes(5), BYTES)), {
      pcm: floats,
    });
    await player.plays(0.3);
    await player.close();
    // What was asked before is told of a moment later.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const asked: string[] = [];
    live.page.on('request', (request) => asked.push(request.url()));
    const { length } = await samplesOf(player);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await samplesOf(player)).toHaveLength(length);
    expect(asked).toEqual([]);
    const state = await live.page.evaluate(
      (id) => window.live.player(id).output?.context.state,
      player.id,
    );
    expect(state).toBe('closed');
  });
});
