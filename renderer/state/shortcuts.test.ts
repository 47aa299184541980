import { describe, expect, it } from 'vitest';
import { shortcut } from './shortcuts.ts';

const plain = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };

describe('shortcuts', () => {
  it('go by Ctrl, and by Command on a Mac', () => {
    const run = { do: 'run' };
    expect(shortcut({ ...plain, code: 'Enter', ctrlKey: true }, 'linux')).toEqual(run);
    expect(shortcut({ ...plain, code: 'Enter', metaKey: true }, 'darwin')).toEqual(run);
    expect(shortcut({ ...plain, code: 'Enter', metaKey: true }, 'linux')).toBeNull();
  });

  it('choose a preset by its number, with Alt too where a browser keeps Ctrl', () => {
    const third = { do: 'select', at: 2 };
    expect(shortcut({ ...plain, code: 'Digit3', ctrlKey: true }, 'linux')).toEqual(third);
    expect(shortcut({ ...plain, code: 'Digit3', altKey: true }, 'linux')).toEqual(third);
    expect(shortcut({ ...plain, code: 'Digit3' }, 'linux')).toBeNull();
  });

  it('tell saving the answer from saving the preset by Shift', () => {
    const key = { ...plain, code: 'KeyS', ctrlKey: true };
    expect(shortcut(key, 'linux')).toEqual({ do: 'save' });
    expect(shortcut({ ...key, shiftKey: true }, 'linux')).toEqual({ do: 'save-preset' });
  });

  it('leave AltGr alone, which types letters', () => {
    expect(shortcut({ ...plain, code: 'KeyN', ctrlKey: true, altKey: true }, 'linux')).toBeNull();
  });
});
