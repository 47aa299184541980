import { setTimeout } from 'node:timers/promises';
import { openLivePage, serveLivePage, type LivePage } from '../e2e/live/live-page.ts';
import { browserCost } from './chromium-cost.ts';
import { quietBrowser } from './quiet-browser.ts';
import { atItsPace, type Format, type Unit } from './stream-formats.ts';

/** Milliseconds from the first bytes that could be decoded to the first sound; null where it can't play that. */
export type FirstSound = {
  engine: number;
  latency: number;
  gaps: number;
  mediaSource: number | null;
  element: number | null;
};

/** Plays the beginning of a stream by each of the three means, one after the other. */
export async function firstSound(
  live: LivePage,
  { mediaType, pcm }: Format,
  units: Unit[],
  playsBy: ('media source' | 'element')[],
): Promise<FirstSound> {
  const begin = async (): Promise<{
    stream: { live: string; plain: string };
    at: Promise<number>;
  }> => {
    const { promise: at, resolve } = Promise.withResolvers<number>();
    return { stream: await live.server.stream(atItsPace(units, resolve), { mediaType }), at };
  };
  const { stream, at } = await begin();
  const player = await live.play(stream, { ...(pcm ? { pcm } : {}), isRecorded: false });
  await player.reaches('ended', 'failed');
  const { timings, underruns } = await player.snapshot();
  await player.close();
  const after = async (means: 'media source' | 'element'): Promise<number | null> => {
    if (!playsBy.includes(means)) return null;
    const other = await begin();
    const heard = await live.page.evaluate(
      ([how, url, type]) => window.live.heardBy(how, url, type),
      [means, other.stream.plain, mediaType] as const,
    );
    return heard === null ? null : heard - (await other.at);
  };
  return {
    engine: (timings.firstSoundAt ?? NaN) - (await at),
    latency: timings.outputLatencyMs ?? NaN,
    gaps: underruns.count,
    mediaSource: await after('media source'),
    element: await after('element'),
  };
}

export type Steady = {
  name: string;
  minutes: number;
  underruns: number;
  /**
   * Of one core, without what an idle page takes: of the stream, and of a lone oscillator, the least that makes sound in a
   * browser here. MiB of the renderers after the first minute, and at the end.
   */
  processor?: number;
  floor?: number;
  firstMinute?: number;
  last?: number;
};

const SETTLING_SECONDS = 5;
const MEASURED_SECONDS = 10;

/** One long stream alone on a page that no driver looks into: a driver's view of the network costs time, and keeps every byte. */
export async function alone(format: Format, units: Unit[], minutes: number): Promise<Steady> {
  await using served = await serveLivePage();
  const { server } = served;
  const { pcm } = format;
  const idleShare = await shareOf(server.url);
  const floor = await shareOf(`${server.url}/?tone=${pcm?.sampleRate ?? 48_000}`);
  const stream = await server.stream(atItsPace(units, () => undefined));
  const play = JSON.stringify({ url: stream.live, ...(pcm ? { pcm } : {}) });
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(await quietBrowser(`${server.url}/?play=${encodeURIComponent(play)}`));
  await setTimeout(SETTLING_SECONDS * 1000);
  const before = browserCost();
  const began = performance.now();
  await setTimeout(Math.min(60, (minutes * 60) / 2) * 1000);
  const firstMinute = browserCost().mebibytes;
  await setTimeout(Math.max(0, minutes * 60_000 - 8000 - (performance.now() - began)));
  const after = browserCost();
  const wall = (performance.now() - began) / 1000;
  const said = new URLSearchParams(server.said.at(-1));
  if (!(Number(said.get('played')) > 0)) throw new Error('Nothing was played.');
  return {
    name: `${format.name} alone`,
    minutes,
    underruns: Number(said.get('underruns')),
    processor: (after.seconds - before.seconds) / wall - idleShare,
    floor: floor - idleShare,
    firstMinute,
    last: after.mebibytes,
  };
}

/** Seconds of processor time a second that a page takes, once it has settled. */
async function shareOf(url: string): Promise<number> {
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(await quietBrowser(url));
  await setTimeout(SETTLING_SECONDS * 1000);
  const before = browserCost();
  await setTimeout(MEASURED_SECONDS * 1000);
  return (browserCost().seconds - before.seconds) / MEASURED_SECONDS;
}

/** Long streams side by side, those named last on a page that is busy for 300 of every 400 ms. */
export async function together(
  calm: [Format, Unit[]][],
  busy: [Format, Unit[]][],
  minutes: number,
): Promise<Steady[]> {
  const play = async (live: LivePage, all: [Format, Unit[]][], note: string): Promise<Steady[]> => {
    const players = await Promise.all(
      all.map(async ([{ name, pcm }, units]) => {
        const stream = await live.server.stream(atItsPace(units, () => undefined));
        const player = await live.play(stream, { ...(pcm ? { pcm } : {}), isRecorded: false });
        return { name, player };
      }),
    );
    for (const { player } of players) await player.plays(1);
    if (note !== '') {
      await live.page.evaluate(() => {
        window.live.block(300, 400);
      });
    }
    await setTimeout(minutes * 60_000 - 5000);
    return Promise.all(
      players.map(async ({ name, player }) => ({
        name: name + note,
        minutes,
        underruns: (await player.snapshot()).underruns.count,
      })),
    );
  };
  await using one = await openLivePage();
  await using other = await openLivePage();
  const both = await Promise.all([
    play(one, calm, ''),
    play(other, busy, ', page busy 300 of 400 ms'),
  ]);
  return both.flat();
}
