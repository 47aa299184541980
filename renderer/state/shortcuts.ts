import type { MenuAction } from '../../electron/contract/menu.ts';

/**
 * Keys pressed together: what is held, in this order, and the key by its place on the keyboard (`KeyboardEvent.code`), so that
 * it works in every layout. `Mod` is ⌘ on a Mac and Ctrl elsewhere.
 */
export type Keys = string;

type Action = {
  readonly id: MenuAction;
  /** What it does, as the palette and the list of shortcuts say it. */
  readonly title: string;
  /** Any of these asks for it. */
  readonly keys: readonly Keys[];
};

const window = [
  { id: 'run', title: 'Run, or cancel the run', keys: ['Mod+Enter', 'Mod+NumpadEnter'] },
  { id: 'cancel', title: 'Cancel the run', keys: ['Escape'] },
  { id: 'open', title: 'Open a file…', keys: ['Mod+KeyO'] },
  { id: 'save', title: 'Save the answer as…', keys: ['Mod+KeyS'] },
  { id: 'save-preset', title: 'Save the preset', keys: ['Mod+Shift+KeyS'] },
  // Browsers keep Ctrl+N for a new window, and Ctrl and digits for tabs; Alt is free in both.
  { id: 'new-preset', title: 'New preset…', keys: ['Mod+KeyN', 'Alt+KeyN'] },
  { id: 'duplicate', title: 'Duplicate the preset', keys: ['Mod+KeyD'] },
  { id: 'rename', title: 'Rename the preset', keys: [] },
  { id: 'history', title: 'History', keys: ['Mod+Shift+KeyH'] },
  { id: 'settings', title: 'Settings', keys: ['Mod+Comma'] },
  { id: 'palette', title: 'Search everything', keys: ['Mod+KeyK'] },
  { id: 'presets', title: 'Search the presets', keys: ['Mod+KeyP'] },
  { id: 'sidebar', title: 'Show or hide the sidebar', keys: ['Mod+KeyB'] },
  { id: 'shortcuts', title: 'Keyboard shortcuts', keys: ['Mod+Shift+Slash'] },
  { id: 'paste', title: 'Fill in a request from the clipboard', keys: [] },
  { id: 'copy-curl', title: 'Copy as curl', keys: [] },
  { id: 'copy-python', title: 'Copy as Python', keys: [] },
  { id: 'copy-javascript', title: 'Copy as JavaScript', keys: [] },
  { id: 'copy-cli', title: 'Copy as command line', keys: [] },
  // The player hears its own keys.
  { id: 'play', title: 'Play, or pause', keys: [] },
  { id: 'mute', title: 'Mute, or unmute', keys: [] },
  { id: 'website', title: 'Soundpost website', keys: [] },
  { id: 'logs', title: 'Show the logs folder', keys: [] },
  { id: 'diagnostics', title: 'Copy diagnostics', keys: [] },
  { id: 'about', title: 'About Soundpost', keys: [] },
] as const satisfies readonly Action[];

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

const presets = numbers.map((number) => ({
  id: `preset-${number}` as const,
  title: `Preset ${number}`,
  keys: [`Mod+Digit${number}`, `Alt+Digit${number}`],
}));

/** Everything that a key can ask of the window, and the keys it has unless the user chose others. */
export const actions = [...window, ...presets] satisfies readonly Action[];

export type ActionId = (typeof actions)[number]['id'];

/** The action of each combination of keys. */
export type Bindings = ReadonlyMap<Keys, ActionId>;

/** The keys of each action, those that `chosen` does not name being the usual ones. The first action to name keys has them. */
export function bindingsOf(chosen: Partial<Record<ActionId, readonly Keys[]>> = {}): Bindings {
  const bindings = new Map<Keys, ActionId>();
  for (const { id, keys } of actions) {
    for (const combination of chosen[id] ?? keys) {
      if (!bindings.has(combination)) bindings.set(combination, id);
    }
  }
  return bindings;
}

/** By action: keys of its own that do something else, as an action before it has them. */
export function conflictsOf(
  chosen: Partial<Record<ActionId, readonly Keys[]>>,
): ReadonlyMap<ActionId, { keys: Keys; title: string }> {
  const bindings = bindingsOf(chosen);
  const conflicts = new Map<ActionId, { keys: Keys; title: string }>();
  for (const { id, keys } of actions) {
    for (const combination of chosen[id] ?? keys) {
      const other = bindings.get(combination);
      const title = actions.find((action) => action.id === other)?.title;
      if (other !== id && title !== undefined) conflicts.set(id, { keys: combination, title });
    }
  }
  return conflicts;
}

type Key = Pick<KeyboardEvent, 'code' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** The combination that is pressed. Null when it holds the other system's key, which is none of the window's. */
export function keysOf(key: Key, platform: string): Keys | null {
  const isMac = platform === 'darwin';
  if (isMac ? key.ctrlKey : key.metaKey) return null;
  const held = [
    (isMac ? key.metaKey : key.ctrlKey) && 'Mod',
    key.altKey && 'Alt',
    key.shiftKey && 'Shift',
  ];
  return [...held.filter((name) => name !== false), key.code].join('+');
}

/** The keys of these that are shown to people: in a browser those that it leaves to the page. */
export function shownOf(keys: readonly Keys[], platform: string): Keys | undefined {
  const free = platform === 'darwin' ? undefined : keys.find((one) => one.startsWith('Alt+'));
  return free ?? keys[0];
}

/** How an action's keys are shown, if it has some; `chosen` as for `bindingsOf`. */
export function shownKeys(
  id: string,
  chosen: Partial<Record<string, readonly Keys[]>>,
  platform: string,
): string | undefined {
  const own = chosen[id] ?? actions.find((action) => action.id === id)?.keys ?? [];
  const shown = shownOf(own, platform);
  return shown === undefined ? undefined : keysInWords(shown, platform);
}

const names: Record<string, string> = {
  Enter: '↩',
  NumpadEnter: '↩',
  Escape: 'Esc',
  Delete: 'Del',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Slash: '/',
  Comma: ',',
  Period: '.',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Minus: '-',
  Equal: '=',
};

/** A combination as people read it: `⌘⇧S` on a Mac, `Ctrl ⇧S` elsewhere. */
export function keysInWords(keys: Keys, platform: string): string {
  const isMac = platform === 'darwin';
  const parts = keys.split('+');
  const code = parts.at(-1) ?? '';
  const held = parts.slice(0, -1).map((name) => {
    if (name === 'Shift') return '⇧';
    if (name === 'Alt') return isMac ? '⌥' : 'Alt ';
    return isMac ? '⌘' : 'Ctrl ';
  });
  return held.join('') + (names[code] ?? code.replace(/^(Key|Digit)/, ''));
}
