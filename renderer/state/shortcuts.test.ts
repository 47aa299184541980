import { describe, expect, it } from 'vitest';
import { actions, bindingsOf, keysInWords, keysOf, shownOf } from './shortcuts.ts';

const plain = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
const bindings = bindingsOf();

function asked(key: Partial<typeof plain> & { code: string }, platform = 'linux') {
  return bindings.get(keysOf({ ...plain, ...key }, platform) ?? '');
}

describe('shortcuts', () => {
  it('go by Ctrl, and by Command on a Mac', () => {
    expect(asked({ code: 'Enter', ctrlKey: true })).toBe('run');
    expect(asked({ code: 'Enter', metaKey: true }, 'darwin')).toBe('run');
    expect(asked({ code: 'Enter', metaKey: true })).toBeUndefined();
    expect(asked({ code: 'Enter', ctrlKey: true }, 'darwin')).toBeUndefined();
  });

  it('choose a preset by its number, with Alt too where a browser keeps Ctrl', () => {
    expect(asked({ code: 'Digit3', ctrlKey: true })).toBe('preset-3');
    expect(asked({ code: 'Digit3', altKey: true })).toBe('preset-3');
    expect(asked({ code: 'Digit3' })).toBeUndefined();
  });

  it('tell saving the answer from saving the preset by Shift', () => {
    expect(asked({ code: 'KeyS', ctrlKey: true })).toBe('save');
    expect(asked({ code: 'KeyS', ctrlKey: true, shiftKey: true })).toBe('save-preset');
  });

  it('leave AltGr alone, which types letters', () => {
    expect(asked({ code: 'KeyN', ctrlKey: true, altKey: true })).toBeUndefined();
  });

  it('never ask for two things at once', () => {
    const all = actions.flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
  });

  it('are the chosen ones where the user chose', () => {
    const own = bindingsOf({ history: ['Mod+KeyY'], run: [] });
    expect(own.get('Mod+KeyY')).toBe('history');
    expect(own.get('Mod+Shift+KeyH')).toBeUndefined();
    expect(own.get('Mod+Enter')).toBeUndefined();
    expect(own.get('Mod+KeyO')).toBe('open');
  });

  it('are written as each system writes them', () => {
    expect(keysInWords('Mod+Shift+KeyS', 'darwin')).toBe('⌘⇧S');
    expect(keysInWords('Mod+Shift+KeyS', 'linux')).toBe('Ctrl ⇧S');
    expect(keysInWords('Mod+Enter', 'win32')).toBe('Ctrl ↩');
    expect(keysInWords('Escape', 'darwin')).toBe('Esc');
    expect(shownOf(['Mod+Digit1', 'Alt+Digit1'], 'darwin')).toBe('Mod+Digit1');
    expect(keysInWords(shownOf(['Mod+Digit1', 'Alt+Digit1'], 'linux') ?? '', 'linux')).toBe(
      'Alt 1',
    );
  });
});
