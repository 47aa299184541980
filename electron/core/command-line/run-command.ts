import type { Intent } from '../../contract/intent.ts';
import type { Core } from '../core.ts';
import { admittedFields } from './admitted-fields.ts';
import { outPlace } from './out-place.ts';
import type { RunCommand } from './parse-arguments.ts';
import { runRequest, type RunOptions } from './run-request.ts';
import type { WrittenField } from './written-fields.ts';

/** What the demo speaks, and how. */
const demoSpeech = {
  text: 'Four score and seven years ago our fathers brought forth, upon this continent, a new nation.',
  pcm: { encoding: 's16le', sampleRate: 24_000, channels: 1 },
} as const;

/** Runs one request and delivers what came. Answers the exit status. */
export function runCommand(command: RunCommand, options: RunOptions): Promise<number> {
  return runRequest(command, options, async () => {
    // A dry run writes nothing, so that it matters to nobody what is there.
    const place =
      command.dryRun !== null ? ({ kind: 'run-folder' } as const) : await outPlace(command);
    return { intent: await intentOf(command, options.core), place };
  });
}

async function intentOf(command: RunCommand, core: Core): Promise<Intent> {
  const { target, body, answer, auth, limits, retries, keyName } = command;
  const isDemoSpeech = target.kind === 'demo' && target.model === 'speak';
  const written: WrittenField[] =
    isDemoSpeech && command.fields.length === 0
      ? [{ name: 'text', type: 'text', text: demoSpeech.text }]
      : command.fields;
  const pcm = command.pcm ?? (isDemoSpeech ? demoSpeech.pcm : undefined);
  const fields = await admittedFields(written, core);
  return {
    ...{ target, body, answer, auth, fields, limits },
    ...(retries === undefined ? {} : { retries }),
    ...(keyName === undefined ? {} : { keyName }),
    ...(pcm ? { pcm } : {}),
  };
}
