import { worded } from './menu-words.ts';

type Item = Electron.MenuItemConstructorOptions;
type Role = NonNullable<Item['role']>;

/** The keys that Electron gives to the roles we use. Null where it gives none. */
const keysOfRoles = {
  ...{ undo: 'CmdOrCtrl+Z', cut: 'CmdOrCtrl+X', copy: 'CmdOrCtrl+C', paste: 'CmdOrCtrl+V' },
  ...{ selectAll: 'CmdOrCtrl+A', delete: null, close: 'CmdOrCtrl+W', minimize: 'CmdOrCtrl+M' },
  ...{ resetZoom: 'CmdOrCtrl+0', zoomIn: 'CmdOrCtrl+Plus', zoomOut: 'CmdOrCtrl+-' },
  ...{ services: null, hide: 'Command+H', hideOthers: 'Command+Alt+H', unhide: null },
} as const satisfies Partial<Record<Role, string | null>>;

/** All keys that the menu's roles have on this system, so that no action is shown with one of them. */
export function roleKeys(platform: NodeJS.Platform): string[] {
  const isMac = platform === 'darwin';
  const always = Object.entries(keysOfRoles).flatMap(([role, keys]) =>
    keys !== null && (isMac || !role.startsWith('hide')) ? [keys] : [],
  );
  return [
    ...always,
    platform === 'win32' ? 'Ctrl+Y' : 'Shift+CmdOrCtrl+Z',
    isMac ? 'Cmd+Option+Shift+V' : 'Shift+CmdOrCtrl+V',
    isMac ? 'Ctrl+Cmd+F' : 'F11',
    ...(platform === 'win32' ? [] : ['CmdOrCtrl+Q']),
  ];
}

/** On Windows the labels of roles are written as those of our own items are. */
const onWindows: Partial<Record<Role, string>> = {
  ...{ selectAll: 'Select all', pasteAndMatchStyle: 'Paste as plain text', zoomIn: 'Zoom in' },
  ...{ zoomOut: 'Zoom out', resetZoom: 'Actual size', togglefullscreen: 'Full screen' },
};

/** A Mac's name the program, which Electron knows by its package's name. */
const onMac: Partial<Record<Role, string>> = { hide: 'Hide Soundpost', quit: 'Quit Soundpost' };

/** An item that the system itself sees to. */
export function role(name: Role, platform: NodeJS.Platform): Item {
  const label = { win32: onWindows, darwin: onMac }[platform as string]?.[name];
  return { role: name, ...(label === undefined ? {} : { label }) };
}

/** The menu for windows, as each system has it. */
export function windowMenu(platform: NodeJS.Platform): Item {
  const isMac = platform === 'darwin';
  const items: Item[] = isMac
    ? [role('minimize', platform), role('zoom', platform), separator, role('front', platform)]
    : [
        role('minimize', platform),
        { ...role('close', platform), label: worded('Close window', 'Close Window', platform) },
      ];
  // On a Mac the role also lists the windows there are, and takes the title that the system expects.
  return {
    ...(isMac ? { role: 'windowMenu' } : {}),
    label: isMac ? 'Window' : '&Window',
    submenu: items,
  };
}

/** A line between items. */
export const separator: Item = { type: 'separator' };
