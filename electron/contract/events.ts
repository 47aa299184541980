import type { KeyList, KeyState } from './key.ts';
import type { MenuAction } from './menu.ts';
import type { ModelList } from './model.ts';
import type { PresetList } from './preset.ts';
import type { RecentFile } from './recent.ts';
import type { RunProgress } from './run.ts';
import type { Settings } from './settings.ts';
import type { UpdateState } from './update.ts';

/** What main tells the page unasked. Types only: main is trusted. */
export type Events = {
  'run.progress': RunProgress;
  'key.changed': KeyState;
  /** After each change of the kept keys, of this process or another. */
  'keys.changed': KeyList;
  /** What is known of the models of a key, the one in use when it is not named. */
  'models.changed': { keyName?: string; list: ModelList };
  /** After each change of the presets, of this process or another: all of them as they are now. */
  'presets.changed': PresetList;
  /** Another process, or a person in an editor, changed the settings: all of them as they are now. */
  'settings.changed': Settings;
  'updates.changed': UpdateState;
  /** Runs came, went or changed, here or in another process: what is shown of the history is to be asked for again. */
  'history.changed': Record<string, never>;
  /** The app was told to open files: `files.take` answers them. */
  'files.opened': Record<string, never>;
  /** After each change of the recent files: all of them as they are now. */
  'recents.changed': RecentFile[];
  /** One of them was chosen in the menu. */
  'recents.chosen': { id: string };
  /** Chosen in the application menu. */
  'menu.chosen': { action: MenuAction };
  /** The note of a run that ended was clicked: the run is to be shown. */
  'run.wanted': { runId: string };
};

export type EventName = keyof Events;
