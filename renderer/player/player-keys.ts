/** What a key asks of the player. `by` in seconds. */
export type PlayerKey = { do: 'toggle' } | { do: 'mute' } | { do: 'move'; by: number } | null;

/** The same, as the list of shortcuts says it; keys as in `shortcuts.ts`. */
export const playerKeys = [
  { title: 'Play, or pause', keys: ['Space'] },
  { title: 'Five seconds back, or on', keys: ['ArrowLeft', 'ArrowRight'] },
  { title: 'Fifteen seconds back, or on', keys: ['Shift+ArrowLeft', 'Shift+ArrowRight'] },
  { title: 'Mute', keys: ['KeyM'] },
] as const;

type Key = Pick<KeyboardEvent, 'code' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

const STEP = 5;
const LONG_STEP = 15;

/** Reads a key by its place on the keyboard, so that it works in every layout. */
export function playerKey({ code, shiftKey, altKey, ctrlKey, metaKey }: Key): PlayerKey {
  if (altKey || ctrlKey || metaKey) return null;
  const step = shiftKey ? LONG_STEP : STEP;
  if (code === 'ArrowLeft') return { do: 'move', by: -step };
  if (code === 'ArrowRight') return { do: 'move', by: step };
  if (shiftKey) return null;
  if (code === 'Space') return { do: 'toggle' };
  return code === 'KeyM' ? { do: 'mute' } : null;
}

const TYPING = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';
const OWN_KEYS = `${TYPING}, dialog, [role=dialog], [role=alertdialog], [role=menu], [role=listbox], [role=combobox], [role=slider], [role=tab], [role=radio], [role=separator]`;
const OWN_SPACE = 'button, a[href], summary, [role=button], [role=link], [role=option]';

/** Whether whatever has the focus wants this key for itself. */
export function isForControl(target: EventTarget | null, key: Key): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(OWN_KEYS)) return true;
  return key.code === 'Space' && target.closest(OWN_SPACE) !== null;
}
