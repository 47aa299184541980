import type { KeyState } from './key.ts';
import type { Settings } from './settings.ts';
import type { Input } from './sound.ts';
import type { UpdateState } from './update.ts';

/** What the page needs to draw its first frame. */
export type AppState = {
  version: string;
  /** Node's name of the system: `darwin`, `win32`, `linux`, … */
  platform: string;
  sample: Input;
  key: KeyState;
  /** Where runs are kept, for showing only: `~/.local/share/soundpost/runs`. */
  runsFolder: string;
  settings: Settings;
  /** Whether this build names a page on the web. */
  hasWebsite: boolean;
  updates: UpdateState;
};
