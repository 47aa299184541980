import type { Intent } from '../../contract/intent.ts';
import type { Live, Part, RunOutcome } from '../../contract/run.ts';
import type { Core } from '../core.ts';
import type { Behaviour } from './model-server.ts';
import { startModelServer } from './model-server.ts';
import { scratchCore } from './scratch-core.ts';

/** What a page that follows a run gets. */
export type Followed = {
  outcome: RunOutcome;
  /** The last that was told; undefined when the answer was no stream. */
  live: Live | undefined;
  /** All that the URLs gave, from the moment each was told to its end; null when there was none. */
  sound: Buffer | null;
  words: string | null;
  /** The bytes of each part. */
  parts: Buffer[];
  heard: Part | undefined;
};

type Options = {
  intent?: Partial<Intent>;
  /** Called with the sound that has been pulled so far. */
  onSound?: (sound: Buffer) => void;
};

/** One run from a real server through the whole core, with its sound and words pulled as the page pulls them. */
export async function followed(
  behaviour: Behaviour,
  { intent, onSound }: Options = {},
): Promise<Followed> {
  await using server = await startModelServer();
  await using house = await scratchCore();
  server.answer('/predict', behaviour);
  const pulls: { sound?: Promise<Buffer>; words?: Promise<Buffer> } = {};
  let live: Live | undefined;
  const run = house.start(`${server.url}/predict`, intent, (progress) => {
    live = progress.live ?? live;
    if (live?.sound) pulls.sound ??= pull(house.core, live.sound.url, onSound);
    if (live?.words) pulls.words ??= pull(house.core, live.words.url);
  });
  const outcome = await run.outcome;
  const sound = (await pulls.sound) ?? null;
  const words = (await pulls.words)?.toString() ?? null;
  const parts = await Promise.all(outcome.parts.map(({ url }) => bytesAt(house.core, url)));
  if (house.logged.length > 0) throw house.logged[0];
  const heard = outcome.parts.filter(({ heardLive }) => heardLive);
  if (heard.length > 1) throw new Error('More than one part says that it was heard.');
  return { outcome, live, sound, words, parts, heard: heard[0] };
}

/** Pulls a growing answer from its first byte to its end. */
export async function pull(
  core: Core,
  url: string,
  onBytes: (all: Buffer) => void = () => undefined,
): Promise<Buffer> {
  for (let all = Buffer.alloc(0); ;) {
    const response = await core.serve(new Request(`http://page${url}?from=${all.length}`));
    if (!response?.ok) throw new Error(`${url} can't be followed.`);
    all = Buffer.concat([all, Buffer.from(await response.arrayBuffer())]);
    onBytes(all);
    if (response.headers.get('x-live-complete') === '1') return all;
  }
}

async function bytesAt(core: Core, url: string): Promise<Buffer> {
  const response = await core.serve(new Request(`http://page${url}`));
  return Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer());
}
