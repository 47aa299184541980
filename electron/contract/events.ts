import type { KeyList, KeyState } from './key.ts';
import type { ModelList } from './model.ts';
import type { PresetList } from './preset.ts';
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
  /** A menu or the system asked for it: `open` is File > Open. */
  'menu.chosen': { action: 'open' | 'save' | 'run' | 'settings' };
};

export type EventName = keyof Events;
