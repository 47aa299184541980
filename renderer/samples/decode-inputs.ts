import type { Failure, Result } from '../../electron/contract/failure.ts';
import type { Intent } from '../../electron/contract/intent.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { startWorker } from '../player/start-worker.ts';
import type { SamplesReport, SamplesRequest } from './samples-messages.ts';

/** An intent that main can send, and what drops the inputs that were made for it. */
export type Prepared = { intent: Intent; drop: () => void };

type Options = {
  /** What the form's fields hold, to know what each input is. */
  inputs: readonly Input[];
  signal: AbortSignal;
  /** How far the file at hand is, from 0 to 1. */
  onProgress: (share: number) => void;
};

/** The inputs that are to travel as samples and are no WAV, the one format that main reads itself. */
export function toDecode({ fields }: Intent, inputs: readonly Input[]): Input[] {
  const ids = fields.flatMap(({ value }) =>
    value.type === 'file' && value.travel?.as === 'samples' ? [value.inputId] : [],
  );
  return inputs.filter(({ id, kind }) => ids.includes(id) && kind.format !== 'wav');
}

/** Decodes what main can't read, and puts it in the place of what was chosen. @throws the signal's reason */
export async function decodeInputs(
  intent: Intent,
  { inputs, signal, onProgress }: Options,
): Promise<Result<Prepared>> {
  const uploads: string[] = [];
  const drop = (): void => {
    for (const url of uploads) void fetch(url, { method: 'DELETE' });
  };
  const decoded = new Map<string | null, string>();
  try {
    for (const input of toDecode(intent, inputs)) {
      const uploadUrl = `/inputs/${crypto.randomUUID()}`;
      uploads.push(uploadUrl);
      const { id } = await decode({ url: input.url, uploadUrl }, signal, onProgress);
      decoded.set(input.id, id);
    }
  } catch (error) {
    drop();
    if (error instanceof Undecoded) return { ok: false, failure: error.failure };
    throw error;
  }
  const fields = intent.fields.map(({ name, value }) => {
    if (value.type !== 'file') return { name, value };
    return { name, value: { ...value, inputId: decoded.get(value.inputId) ?? value.inputId } };
  });
  return { ok: true, data: { intent: { ...intent, fields }, drop } };
}

class Undecoded extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

const undecodable: Failure = {
  code: 'needs_decoding',
  message:
    'This computer can’t decode the file, so it can’t go as samples. Convert it to WAV first, or send it as it is.',
};

/** @throws Undecoded, the signal's reason */
async function decode(
  request: SamplesRequest,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Input> {
  const worker = startWorker('samples');
  try {
    return await new Promise<Input>((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
      worker.addEventListener('error', () => {
        reject(new Undecoded(undecodable));
      });
      worker.addEventListener('message', ({ data }: MessageEvent<SamplesReport>) => {
        if (data.type === 'progress') onProgress(data.share);
        else if (data.type === 'done') resolve(data.input);
        else reject(new Undecoded(data.type === 'failed' ? data.failure : undecodable));
      });
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
  }
}
