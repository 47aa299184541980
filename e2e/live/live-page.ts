import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { scratchDirectory } from '../../electron/core/testing/scratch-directory.ts';
import type { LivePlayer, LiveSnapshot } from '../../renderer/player/engine/live-player.ts';
import type { PcmReading } from '../../renderer/player/engine/pcm.ts';
import { launchBrowser } from '../browser.ts';
import { watchForProblems } from '../problems.ts';
import { buildLivePage } from './build-page.ts';
import { LiveServer, type Stream } from './live-server.ts';
import type { PackedSound } from './page/page.ts';

export type Sound = { sampleRate: number; planes: Float32Array[] };

/** A player in the page, driven from here. */
export type Played = {
  id: number;
  /** Resolves when it is in one of these phases. */
  reaches(...phases: string[]): Promise<void>;
  /** Resolves when this much has been played. */
  plays(seconds: number): Promise<void>;
  /** Resolves when, after a jump to `seconds`, more than `more` have been played. */
  playsFrom(seconds: number, more: number): Promise<void>;
  snapshot(): Promise<LiveSnapshot>;
  states(): Promise<string[]>;
  /** Does something to the player itself. */
  tell<A>(act: (player: LivePlayer, argument: A) => unknown, argument: A): Promise<void>;
  /** Everything that left it towards the device, one entry for each output it had. */
  recorded(): Promise<Sound[]>;
  close(): Promise<void>;
};

/** All that left a player which needed a single output. */
export async function heardBy(player: Played): Promise<Sound> {
  const [heard, ...others] = await player.recorded();
  if (!heard || others.length > 0) throw new Error('The player had not exactly one output.');
  return heard;
}

/** A page of the engine alone in a real browser, and the server that feeds it. */
export type LivePage = {
  page: Page;
  server: LiveServer;
  problems: string[];
  play(
    stream: Pick<Stream, 'live'>,
    options?: { pcm?: PcmReading; cushionMs?: number; isRecorded?: boolean },
  ): Promise<Played>;
  /** The whole of an answer as the browser decodes a file. */
  decoded(stream: Stream, sampleRate: number): Promise<Sound>;
} & AsyncDisposable;

/** Builds the page and serves it. */
export async function serveLivePage(): Promise<{ server: LiveServer } & AsyncDisposable> {
  await using cleanup = new AsyncDisposableStack();
  const scratch = cleanup.use(await scratchDirectory());
  await buildLivePage(join(scratch.path, 'page'));
  const server = cleanup.use(await LiveServer.start(scratch.path));
  const finish = cleanup.move();
  return { server, [Symbol.asyncDispose]: () => finish.disposeAsync() };
}

/** Builds the page, serves it and opens it. */
export async function openLivePage(): Promise<LivePage> {
  await using cleanup = new AsyncDisposableStack();
  const { server } = cleanup.use(await serveLivePage());
  const { browser } = cleanup.use(await launchBrowser());
  const page = await browser.newPage();
  const problems = await watchForProblems(page);
  await page.goto(server.url);
  await page.waitForFunction(() => 'live' in window);
  const finish = cleanup.move();
  return {
    page,
    server,
    problems,
    play: async ({ live: url }, { isRecorded = true, ...options } = {}) => {
      const id = await page.evaluate(([play, recorded]) => window.live.play(play, recorded), [
        { url, ...options },
        isRecorded,
      ] as const);
      return playedBy(page, id);
    },
    decoded: async (stream, sampleRate) => {
      await stream.ended;
      return unpack(
        await page.evaluate(([url, rate]) => window.live.decoded(url, rate), [
          stream.plain,
          sampleRate,
        ] as const),
      );
    },
    [Symbol.asyncDispose]: () => finish.disposeAsync(),
  };
}

function playedBy(page: Page, id: number): Played {
  const snapshot = (): Promise<LiveSnapshot> =>
    page.evaluate((number) => window.live.snapshot(number), id);
  const within = async (wait: Promise<unknown>, what: string): Promise<void> => {
    await wait.catch(async (error: unknown) => {
      const now = { ...(await snapshot()), peaks: null };
      throw new Error(`Player ${id} did not ${what}: ${JSON.stringify(now)}`, { cause: error });
    });
  };
  return {
    id,
    reaches: (...phases) =>
      within(
        page.waitForFunction(([number, wanted]) => wanted.includes(window.live.phase(number)), [
          id,
          phases,
        ] as const),
        `reach ${phases.join(' or ')}`,
      ),
    plays: (seconds) =>
      within(
        page.waitForFunction(
          ([number, wanted]) => window.live.snapshot(number).playedSeconds >= wanted,
          [id, seconds] as const,
        ),
        `play ${seconds} s`,
      ),
    playsFrom: (seconds, more) =>
      within(
        page.waitForFunction(
          ([number, from, for_]) => {
            const { playedSeconds } = window.live.snapshot(number);
            return playedSeconds >= from + for_ && playedSeconds < from + 2;
          },
          [id, seconds, more] as const,
        ),
        `play on from ${seconds} s`,
      ),
    snapshot,
    states: () => page.evaluate((number) => window.live.states(number), id),
    tell: async (act, argument) => {
      const player = await page.evaluateHandle((number) => window.live.player(number), id);
      // The page's policy forbids making code of text; the driver's own way of running functions is not under it.
      await player.evaluate(act as never, argument);
      await player.dispose();
    },
    recorded: async () => {
      const packed = await page.evaluate((number) => window.live.recorded(number), id);
      return packed.map(unpack);
    },
    close: () => page.evaluate((number) => window.live.player(number).close(), id),
  };
}

function unpack({ sampleRate, planes }: PackedSound): Sound {
  return {
    sampleRate,
    planes: planes.map((plane) => {
      const bytes = Uint8Array.from(Buffer.from(plane, 'base64'));
      return new Float32Array(bytes.buffer);
    }),
  };
}
