import type { Release } from '../../contract/update.ts';

/** What finds, fetches and installs newer versions. Its methods throw SoundpostErrors. */
export type Updater = {
  /** Null when there is nothing newer. */
  check: () => Promise<Release | null>;
  /** Fetches what `check` found last. `onShare` hears how much of it there is, between 0 and 1. */
  download: (onShare: (share: number) => void) => Promise<void>;
  /** From now on what was fetched is installed when the app ends. */
  installOnQuit: () => Promise<void>;
  /** Ends the app, installs what was fetched, and starts that. */
  restart: () => void;
};
