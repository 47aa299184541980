import type { Pcm } from '../../contract/intent.ts';
import type { OutputValue, Part } from '../../contract/run.ts';
import type { Kind } from '../../contract/sound.ts';
import { npyHeader } from '../audio/npy.ts';
import { wavOfArray } from '../audio/array-wav.ts';
import { wavOfPcm } from '../audio/pcm.ts';
import type { ArraySound } from '../audio/array-sound.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { shareFile } from '../files/share-file.ts';
import { replaceFile } from '../files/replace-file.ts';
import type { LiveAnswer } from './live-answer.ts';
import { recordedOutput } from './run-folder.ts';
import { SoundpostError } from '../soundpost-error.ts';

/** A part with where its bytes lie, which stays in this process. */
export type StoredPart = {
  name: string;
  kind: Kind;
  mediaType: string;
  source: ByteSource;
  /** What players get instead: a WAV that was streamed, with a header of true sizes. */
  play?: ByteSource[];
  /** Set for a numpy array of samples: how it is to be read. */
  array?: ArraySound;
  /** Set for headerless samples: how they are read unless another reading is asked for. */
  pcm?: Pcm;
  /** Set for the part that could be heard while it came. */
  heardLive?: true;
};

/** Another way to hear a part: an array at a rate in Hz, or any bytes as headerless samples. */
export type Reading = { sampleRate?: number | undefined; pcm?: Pcm | undefined };

/** Beyond these a session forgets its oldest runs; their folders stay. */
const MOST_RUNS = 1000;
/** A decoded message may take some dozens of megabytes; those of older runs are read from their records again. */
const MOST_OUTPUTS = 20;

/** A streamed answer, and what of it can be followed. */
type Followed = { answer: LiveAnswer; sound?: LiveAnswer; words?: LiveAnswer };

type StoredRun = { folder: string; parts: StoredPart[]; output?: OutputValue | undefined };

/** The runs of this session, by id: where their parts lie, for showing, playing and saving. */
export class Runs {
  readonly #runs = new Map<string, StoredRun>();
  readonly #live = new Map<string, Followed>();

  /** Makes an answer readable while it grows, and after. */
  addLive(runId: string, answer: LiveAnswer): void {
    this.#live.set(runId, { answer });
    forgetOldest(this.#live);
  }

  /** Makes what an answer turned out to hold readable in the same way. Answers its root-relative URL. */
  offerLive(runId: string, what: 'sound' | 'words', live: LiveAnswer): string {
    const followed = this.#live.get(runId);
    if (followed) followed[what] = live;
    return `/runs/${runId}/live/${what}`;
  }

  /** The answer itself, or its sound or words. @throws SoundpostError `invalid_request` */
  live(runId: string, what: keyof Followed = 'answer'): LiveAnswer {
    const answer = this.#live.get(runId)?.[what];
    if (!answer) throw new SoundpostError('invalid_request', 'That run has no answer to follow.');
    return answer;
  }

  add(runId: string, run: StoredRun): Part[] {
    this.#runs.set(runId, run);
    forgetOldest(this.#runs);
    const older = [...this.#runs.values()].at(-MOST_OUTPUTS - 1);
    if (older) older.output = undefined;
    return run.parts.map((part, index) => {
      const url = `/runs/${runId}/${index}`;
      return {
        name: part.name,
        kind: part.kind,
        size: part.source.size,
        url,
        ...(part.kind.media === 'audio'
          ? { playUrl: part.play || part.array || part.pcm ? `${url}/wav` : url }
          : {}),
        ...(part.pcm ? { pcm: part.pcm } : {}),
        ...(part.array ? { sampleRate: part.array.sampleRate } : {}),
        // A header, and the samples of each.
        ...(part.play ? { mended: part.play.length > 2 ? 'joined' : 'sizes' } : {}),
        ...(part.heardLive ? { heardLive: true } : {}),
      };
    });
  }

  /** The run is not to be had any more. */
  forget(runId: string): void {
    this.#runs.delete(runId);
    this.#live.delete(runId);
  }

  folder(runId: string): string {
    return this.#run(runId).folder;
  }

  part(runId: string, isWanted: (part: StoredPart, index: number) => boolean): StoredPart {
    const part = this.#run(runId).parts.find(isWanted);
    if (!part) throw new SoundpostError('invalid_request', 'That run has no such part.');
    return part;
  }

  /**
   * Puts a part where the user said: exactly its bytes, those of an array in a `.npy` file, or as players get them. With
   * `share` a part that is a whole file in the run's folder gets a second name there instead of being copied, where the
   * disk can.
   * @throws SoundpostError
   */
  async save(
    part: StoredPart,
    as: 'received' | 'wav',
    path: string,
    existing: 'replace' | 'keep',
    { share = false, ...reading }: { share?: boolean } & Reading = {},
  ): Promise<void> {
    if (share && as === 'received' && !part.array && (await shareFile(part.source, path, existing)))
      return;
    const pieces = as === 'wav' ? playable(part, reading) : received(part);
    await replaceFile(path, pieces, { existing, mode: 0o666 });
  }

  /** Writes the decoded message as JSON text. @throws SoundpostError */
  async saveOutput(runId: string, path: string, existing: 'replace' | 'keep'): Promise<void> {
    const { folder, output = await recordedOutput(folder) } = this.#run(runId);
    if (output === undefined) {
      throw new SoundpostError(
        'invalid_request',
        'That run has no decoded message, or one too large to be kept beside response.bin.',
      );
    }
    await replaceFile(path, [jsonText(output)], { existing, mode: 0o666 });
  }

  /** Writes text that was made of an answer. @throws SoundpostError */
  async saveText(text: string, path: string): Promise<void> {
    const bytes = new MemoryBytes(new TextEncoder().encode(text));
    await replaceFile(path, [bytes], { existing: 'replace', mode: 0o666 });
  }

  #run(runId: string): StoredRun {
    const run = this.#runs.get(runId);
    if (!run) throw new SoundpostError('invalid_request', 'That run is not known in this session.');
    return run;
  }
}

/** Maps keep the order in which keys were added. */
function forgetOldest(map: Map<string, unknown>): void {
  for (const runId of map.keys()) {
    if (map.size <= MOST_RUNS) return;
    map.delete(runId);
  }
}

/** A decoded message as JSON text, for people and scripts. */
export function jsonText(output: OutputValue): MemoryBytes {
  return new MemoryBytes(new TextEncoder().encode(`${JSON.stringify(output, null, 2)}\n`));
}

/** A part as it is saved when nothing is to be lost: its bytes, and for an array what its dtype and shape are. */
function received({ source, array }: StoredPart): ByteSource[] {
  if (!array) return [source];
  return [new MemoryBytes(npyHeader(array.dtype, array.shape)), source];
}

/** A part as a player needs it. */
export function playable(part: StoredPart, reading: Reading = {}): ByteSource[] {
  const { source, play, array } = part;
  if (array) return wavOfArray(source, array, reading.sampleRate ?? array.sampleRate);
  const pcm = reading.pcm ?? part.pcm;
  return pcm ? wavOfPcm(source, pcm) : (play ?? [source]);
}
