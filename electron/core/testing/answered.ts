import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Intent } from '../../contract/intent.ts';
import type { RunOutcome } from '../../contract/run.ts';
import { createCore } from '../core.ts';
import type { Behaviour } from './model-server.ts';
import { startModelServer } from './model-server.ts';
import { scratchDirectory } from './scratch-directory.ts';
import { oneKey } from '../baseten/key-choice.ts';

const media = join(import.meta.dirname, 'media');

/** A file of `testing/media`: 0.4 s of a tone in many formats. */
export const mediaBytes = (name: string): Promise<Buffer> => readFile(join(media, name));

export type Answered = {
  outcome: RunOutcome;
  /** The bytes of each part, in order; `playable` as a player gets them. */
  bytes: Buffer[];
  playable: Buffer[];
};

/** What one run makes of a behaviour's answer, from a real server through the whole core. Large parts need not be fetched. */
export async function answered(
  behaviour: Behaviour,
  intent: Partial<Intent> = {},
  fetches = true,
): Promise<Answered> {
  await using scratch = await scratchDirectory();
  await using server = await startModelServer();
  server.answer('/predict', behaviour);
  const core = createCore({
    dataDirectory: join(scratch.path, 'data'),
    configDirectory: join(scratch.path, 'config'),
    home: scratch.path,
    sampleDirectory: scratch.path,
    keys: oneKey('abcd1234.s3cret'),
    isAllowed: () => true,
    askForHost: () => Promise.resolve('cancel'),
    log: (error) => {
      throw error;
    },
  });
  try {
    const outcome = await core.start({
      runId: 'answered',
      intent: {
        target: { kind: 'url', url: `${server.url}/predict` },
        auth: 'api-key',
        body: 'msgpack',
        answer: 'auto',
        fields: [],
        // A refusal is looked at as it comes.
        retries: 0,
        ...intent,
      },
      onProgress: () => undefined,
    });
    const fetchAll = (urls: (string | undefined)[]): Promise<Buffer[]> =>
      Promise.all(
        urls.map(async (url) => {
          const response = await core.serve(new Request(`http://page${url ?? ''}`));
          return Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer());
        }),
      );
    return {
      outcome,
      bytes: await fetchAll((fetches ? outcome.parts : []).map(({ url }) => url)),
      playable: await fetchAll((fetches ? outcome.parts : []).map(({ playUrl }) => playUrl)),
    };
  } finally {
    await core.close();
  }
}
