import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Field, Intent } from '../../contract/intent.ts';
import type { RunOutcome, RunProgress } from '../../contract/run.ts';
import { createCore, type Core, type CoreOptions } from '../core.ts';
import { defaultPace } from '../transport/retry.ts';
import { scratchDirectory } from './scratch-directory.ts';
import { oneKey } from '../baseten/key-choice.ts';

const sampleDirectory = join(import.meta.dirname, '../../../resources/sample');

/** The key that a scratch core sends. */
export const scratchKey = 'abcd1234.s3cret';

type Started = { runId: string; outcome: Promise<RunOutcome> };

/** A whole core in a directory of its own, which tries again at once and approves every host. */
export type ScratchCore = AsyncDisposable & {
  core: Core;
  directory: string;
  /** What went to the log: faults of Soundpost itself, so a test wants it empty. */
  logged: unknown[];
  start(
    url: string,
    intent?: Partial<Intent>,
    onProgress?: (progress: RunProgress) => void,
  ): Started;
  /** Runs to the end. */
  run(url: string, intent?: Partial<Intent>): Promise<RunOutcome>;
  /** A field with a file of so many bytes. */
  file(bytes: number): Promise<{ path: string; field: Field }>;
  /** What the run kept of the answer, as it came. */
  kept(outcome: RunOutcome): Promise<string>;
};

export async function scratchCore(options: Partial<CoreOptions> = {}): Promise<ScratchCore> {
  const scratch = await scratchDirectory();
  const logged: unknown[] = [];
  const core = createCore({
    dataDirectory: join(scratch.path, 'data'),
    configDirectory: join(scratch.path, 'config'),
    home: scratch.path,
    sampleDirectory,
    keys: oneKey(scratchKey),
    isAllowed: () => true,
    askForHost: () => Promise.resolve('cancel'),
    pace: { ...defaultPace, first: 1, longest: 1, random: () => 0 },
    log: (error) => logged.push(error),
    ...options,
  });
  let runs = 0;
  let files = 0;
  const start: ScratchCore['start'] = (url, intent = {}, onProgress = () => undefined) => {
    const runId = `run-${(runs += 1)}`;
    const outcome = core.start({
      runId,
      onProgress,
      intent: {
        ...{ target: { kind: 'url', url }, auth: 'api-key', body: 'msgpack', answer: 'auto' },
        fields: [],
        ...intent,
      },
    });
    return { runId, outcome };
  };
  return {
    core,
    directory: scratch.path,
    logged,
    start,
    run: (url, intent) => start(url, intent).outcome,
    async file(bytes) {
      const path = join(scratch.path, `file-${(files += 1)}.bin`);
      await writeFile(path, Buffer.alloc(bytes, 7));
      const { id } = await core.inputs.admit(path);
      return { path, field: { name: 'byte_data', value: { type: 'file', inputId: id } } };
    },
    kept: ({ runId }) => readFile(join(core.runFolder(runId), 'response.bin'), 'latin1'),
    async [Symbol.asyncDispose]() {
      await core.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}
