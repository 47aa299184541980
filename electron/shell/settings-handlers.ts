import { nativeTheme, shell } from 'electron';
import type { Handlers } from '../contract/requests.ts';
import type { Settings } from '../contract/settings.ts';
import type { Core } from '../core/core.ts';
import type { CrashDumps } from '../core/crashes/crash-dumps.ts';
import type { Updates } from '../core/updates/updates.ts';
import { SoundpostError } from '../core/soundpost-error.ts';
import type { Dialogs } from './dialogs.ts';

type Options = {
  core: Pick<Core, 'settings'>;
  updates: Pick<Updates, 'allow'>;
  crashDumps: Pick<CrashDumps, 'clear'>;
  dialogs: Pick<Dialogs, 'chooseFolder' | 'chooseCaFile' | 'allowProxy'>;
};

type SettingsHandlers = Pick<Handlers, Extract<keyof Handlers, `settings.${string}`>>;

/** What the page's requests about settings do. */
export function settingsHandlers({
  core,
  dialogs,
  updates,
  crashDumps,
}: Options): SettingsHandlers {
  const { settings } = core;
  return {
    'settings.get': async () => shown(await settings.get()),
    'settings.change': async (change) => {
      const proxy = await settings.newProxy(change);
      if (proxy !== null && !(await dialogs.allowProxy(proxy))) {
        throw new SoundpostError(
          'cancelled',
          'You did not agree to the proxy, so it stays as it was.',
        );
      }
      const changed = await settings.change(change);
      updates.allow(changed.checkForUpdates);
      if (!changed.crashDumps && change.crashDumps !== undefined) await crashDumps.clear();
      return shown(changed);
    },
    'settings.forgetHost': ({ origin }) => settings.forgetHost(origin),
    'settings.chooseFolder': async () => {
      const path = await dialogs.chooseFolder();
      return path === null ? null : settings.chooseFolder(path);
    },
    'settings.chooseCaFile': async () => {
      const path = await dialogs.chooseCaFile();
      return path === null ? null : settings.chooseCaFile(path);
    },
    'settings.places': () => settings.places(),
    'settings.showFolder': async ({ which }) => {
      const problem = await shell.openPath(await settings.folder(which));
      if (problem !== '') throw new SoundpostError('invalid_request', notShown);
      return null;
    },
    'settings.previewName': ({ template, request }) => settings.preview(template, request),
  };
}

/** Menus and the system's dialogs look as the page does. */
export function shown(settings: Settings): Settings {
  nativeTheme.themeSource = settings.appearance;
  return settings;
}

const notShown =
  'This computer has nothing to show a folder with, or it failed. The folder’s name is here to copy.';
