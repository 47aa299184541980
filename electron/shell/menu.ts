import { Menu } from 'electron';
import type { Events } from '../contract/events.ts';

type Options = {
  platform: NodeJS.Platform;
  choose: (action: Events['menu.chosen']['action']) => void;
};

/** The application menu. Its roles bring the system's own shortcuts; the rest goes to the page as events. */
export function setMenu({ platform, choose }: Options): void {
  const settings: Electron.MenuItemConstructorOptions = {
    label: 'Settings…',
    accelerator: 'CmdOrCtrl+,',
    registerAccelerator: false,
    click: () => {
      choose('settings');
    },
  };
  const template: Electron.MenuItemConstructorOptions[] = [
    ...(platform === 'darwin' ? [appMenu(settings)] : []),
    {
      label: 'File',
      submenu: [
        // The page hears these keys itself; registering them here too would act twice.
        {
          label: 'Open…',
          accelerator: 'CmdOrCtrl+O',
          registerAccelerator: false,
          click: () => {
            choose('open');
          },
        },
        {
          label: 'Save as…',
          accelerator: 'CmdOrCtrl+S',
          registerAccelerator: false,
          click: () => {
            choose('save');
          },
        },
        { type: 'separator' },
        {
          label: 'Run',
          accelerator: 'CmdOrCtrl+Enter',
          registerAccelerator: false,
          click: () => {
            choose('run');
          },
        },
        { type: 'separator' },
        ...(platform === 'darwin' ? [] : [settings, { type: 'separator' as const }]),
        { role: platform === 'darwin' ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** The first menu of a Mac, as its role makes it, with the settings where they are looked for. */
function appMenu(
  settings: Electron.MenuItemConstructorOptions,
): Electron.MenuItemConstructorOptions {
  const line = { type: 'separator' } as const;
  return {
    role: 'appMenu',
    submenu: [
      ...[{ role: 'about' } as const, line, settings, line],
      ...[{ role: 'services' } as const, line],
      ...(['hide', 'hideOthers', 'unhide'] as const).map((role) => ({ role })),
      ...[line, { role: 'quit' } as const],
    ],
  };
}
