import type { Release, UpdateState } from '../../contract/update.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import type { Updater } from './updater.ts';

/** Milliseconds. The start is for what the user came to do. */
const FIRST_CHECK = 30_000;
const BETWEEN_CHECKS = 24 * 60 * 60 * 1000;

type Options = {
  /** Null where the build has no place for updates. Called at the first check: until then nothing of an updater is loaded. */
  load: (() => Promise<Updater>) | null;
  /** The version that the user does not want to hear of again. */
  skipped: () => Promise<string | undefined>;
  skip: (version: string) => Promise<void>;
  /** Calls once so many milliseconds later; the answered function calls that off. */
  later: (milliseconds: number, call: () => void) => () => void;
  now: () => Date;
  onState: (state: UpdateState) => void;
  log: (error: unknown) => void;
};

/** Newer versions of Soundpost: looked for only as the user allowed, fetched and installed only as the user says. */
export class Updates {
  readonly #options: Options;
  #state: UpdateState;
  #updater: Promise<Updater> | undefined;
  #callOff: (() => void) | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#state = options.load ? { phase: 'idle' } : { phase: 'none' };
  }

  get state(): UpdateState {
    return this.#state;
  }

  /** Whether it may look by itself: some time after the start, and once a day. */
  allow(mayLook: boolean): void {
    if (mayLook === (this.#callOff !== undefined)) return;
    this.#callOff?.();
    this.#callOff = undefined;
    if (mayLook && this.#options.load) this.#lookIn(FIRST_CHECK);
  }

  /** Looks now, as the user asked: a version that was skipped is offered too. */
  check(): Promise<UpdateState> {
    return this.#look({ offersSkipped: true });
  }

  /** Fetches the version that is offered, or whose download failed. @throws SoundpostError `invalid_request` */
  async download(): Promise<UpdateState> {
    const release = this.#offered();
    const updater = await this.#loaded();
    this.#tell({ phase: 'downloading', release, share: 0 });
    return this.#attempt(release, async () => {
      await updater.download((share) => {
        if (this.#state.phase === 'downloading') {
          this.#tell({ phase: 'downloading', release, share });
        }
      });
      return { phase: 'ready', release, onQuit: false };
    });
  }

  /** Installs what was fetched: when the app ends, or ends it now. @throws SoundpostError `invalid_request` */
  async install(when: 'quit' | 'now'): Promise<UpdateState> {
    if (this.#state.phase !== 'ready') throw nothingThere();
    const { release } = this.#state;
    const updater = await this.#loaded();
    return this.#attempt(release, async () => {
      if (when === 'now') updater.restart();
      else await updater.installOnQuit();
      return { phase: 'ready', release, onQuit: when === 'quit' };
    });
  }

  /** Says nothing more of the version that is offered. @throws SoundpostError `invalid_request`, and what keeping it throws */
  async skip(): Promise<UpdateState> {
    const { version } = this.#offered();
    await this.#options.skip(version);
    return this.#tell({ phase: 'idle' });
  }

  #lookIn(milliseconds: number): void {
    this.#callOff = this.#options.later(milliseconds, () => {
      this.#lookIn(BETWEEN_CHECKS);
      void this.#look({ offersSkipped: false });
    });
  }

  async #look({ offersSkipped }: { offersSkipped: boolean }): Promise<UpdateState> {
    const before = this.#state;
    if (!['idle', 'offered', 'failed'].includes(before.phase)) return before;
    if (before.phase === 'offered' && !offersSkipped) return this.#lookAgain(before);
    this.#tell({ phase: 'checking' });
    return this.#attempt(undefined, () => this.#found(offersSkipped));
  }

  /** What is offered stays so, unless something newer is found before the user decides. */
  async #lookAgain(before: UpdateState): Promise<UpdateState> {
    try {
      const found = await this.#found(false);
      if (this.#state === before && found.phase === 'offered') this.#tell(found);
    } catch (error) {
      this.#options.log(error);
    }
    return this.#state;
  }

  async #found(offersSkipped: boolean): Promise<UpdateState> {
    const release = await (await this.#loaded()).check();
    const skipped = offersSkipped ? undefined : await this.#options.skipped();
    const lookedAt = this.#options.now().toISOString();
    if (!release || release.version === skipped) return { phase: 'idle', lookedAt };
    return { phase: 'offered', release };
  }

  async #attempt(
    release: Release | undefined,
    attempt: () => Promise<UpdateState>,
  ): Promise<UpdateState> {
    try {
      return this.#tell(await attempt());
    } catch (error) {
      this.#options.log(error);
      const failure = toFailure(error);
      return this.#tell({ phase: 'failed', failure, ...(release ? { release } : {}) });
    }
  }

  #offered(): Release {
    const state = this.#state;
    if (state.phase === 'offered') return state.release;
    if (state.phase === 'failed' && state.release) return state.release;
    throw nothingThere();
  }

  #loaded(): Promise<Updater> {
    const { load } = this.#options;
    if (!load) throw nothingThere();
    return (this.#updater ??= load());
  }

  #tell(state: UpdateState): UpdateState {
    this.#state = state;
    this.#options.onState(state);
    return state;
  }
}

const nothingThere = (): SoundpostError =>
  new SoundpostError(
    'invalid_request',
    'There is no newer version here to do that with. Check for updates again.',
  );
