import { Menu } from 'electron';
import type { Events } from '../contract/events.ts';

type Options = {
  platform: NodeJS.Platform;
  choose: (action: Events['menu.chosen']['action']) => void;
};

/** The application menu. Its roles bring the system's own shortcuts; the rest goes to the page as events. */
export function setMenu({ platform, choose }: Options): void {
  const template: Electron.MenuItemConstructorOptions[] = [
    ...(platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
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
