const named: Record<string, string> = {
  ...{ Enter: 'Enter', NumpadEnter: 'Enter', Escape: 'Esc', Space: 'Space', Tab: 'Tab' },
  ...{ Backspace: 'Backspace', Delete: 'Delete', Insert: 'Insert', Home: 'Home', End: 'End' },
  ...{ PageUp: 'PageUp', PageDown: 'PageDown' },
  ...{ ArrowUp: 'Up', ArrowDown: 'Down', ArrowLeft: 'Left', ArrowRight: 'Right' },
  ...{ Slash: '/', Comma: ',', Period: '.', Semicolon: ';', Quote: "'", Backquote: '`' },
  ...{ BracketLeft: '[', BracketRight: ']', Backslash: '\\', Minus: '-', Equal: '=' },
};
const modifiers: Record<string, string> = {
  ...{ Mod: 'CmdOrCtrl', Ctrl: 'Ctrl', Alt: 'Alt', Shift: 'Shift', Meta: 'Super' },
};

/**
 * Keys as the settings write them (`Mod+Shift+KeyS`), as an Electron accelerator (`CmdOrCtrl+Shift+S`). Undefined for keys that a
 * menu has no name for.
 */
export function acceleratorOf(chord: string): string | undefined {
  const parts = chord.split('+');
  const code = parts.at(-1) ?? '';
  const key = /^(?:Key([A-Z])|Digit([0-9])|(F(?:[1-9]|1[0-9]|2[0-4])))$/.exec(code);
  const name = key?.[1] ?? key?.[2] ?? key?.[3] ?? named[code];
  if (name === undefined) return undefined;
  return [...parts.slice(0, -1).map((held) => modifiers[held] ?? held), name].join('+');
}

const aliases: Record<string, string> = {
  ...{ cmdorctrl: 'mod', commandorcontrol: 'mod', option: 'alt', command: 'cmd', control: 'ctrl' },
  ...{ plus: '=', return: 'enter' },
};

/** The same text for accelerators that are the same keys on this system. */
export function sameKeys(accelerator: string, platform: NodeJS.Platform): string {
  const main = platform === 'darwin' ? 'cmd' : 'ctrl';
  const parts = accelerator.toLowerCase().split('+');
  const names = parts.map((part) => aliases[part] ?? part);
  return names
    .map((name) => (name === 'mod' ? main : name))
    .sort()
    .join('+');
}
