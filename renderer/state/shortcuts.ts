/** What a key asks of the window. `at` counts presets from 0. */
export type Shortcut =
  | { do: 'run' | 'open' | 'save' | 'save-preset' | 'new-preset' | 'history' | 'cancel' }
  | { do: 'select'; at: number };

type Key = Pick<KeyboardEvent, 'code' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** Reads a key by its place on the keyboard, so that it works in every layout. */
export function shortcut(key: Key, platform: string): Shortcut | null {
  const { code, shiftKey, altKey, ctrlKey, metaKey } = key;
  if (code === 'Escape') return { do: 'cancel' };
  const mod = platform === 'darwin' ? metaKey : ctrlKey;
  // A browser keeps Ctrl and digits for its tabs; Alt is free in both.
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  if (digit && !shiftKey && mod !== altKey) return { do: 'select', at: Number(digit) - 1 };
  if (!mod || altKey) {
    // Browsers keep Ctrl+N for a new window.
    return altKey && !mod && !shiftKey && code === 'KeyN' ? { do: 'new-preset' } : null;
  }
  if (shiftKey) {
    if (code === 'KeyH') return { do: 'history' };
    return code === 'KeyS' ? { do: 'save-preset' } : null;
  }
  switch (code) {
    case 'Enter':
    case 'NumpadEnter':
      return { do: 'run' };
    case 'KeyO':
      return { do: 'open' };
    case 'KeyS':
      return { do: 'save' };
    case 'KeyN':
      return { do: 'new-preset' };
    default:
      return null;
  }
}
