import type { AppUpdater, ProgressInfo, UpdateInfo } from 'electron-updater';
import { SoundpostError } from '../soundpost-error.ts';
import { plainNotes } from './plain-notes.ts';
import { updateFailure } from './update-failure.ts';
import type { Updater } from './updater.ts';

type Options = {
  updater: AppUpdater;
  /** Before each request: the network as the user set it. */
  prepare: () => Promise<void>;
  info: (text: string) => void;
  warn: (what: unknown) => void;
};

/** electron-updater, with everything off that it does unasked. */
export function fromElectronUpdater({ updater, prepare, info, warn }: Options): Updater {
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  updater.disableWebInstaller = true;
  // It mints an id for each computer and sends it with every request, for releases that go out in stages. Ours don't.
  updater.requestHeaders = { 'x-user-staging-id': '' };
  updater.isUserWithinRollout = () => true;
  updater.logger = {
    info: (message: string) => {
      info(message);
    },
    warn,
    error: warn,
  };
  // Each error is thrown too, and told by whoever called.
  updater.on('error', () => undefined);

  const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw updateFailure(error);
    }
  };
  return {
    check: () =>
      inWords(async () => {
        await prepare();
        const found = await updater.checkForUpdates();
        if (!found) throw new SoundpostError('update_failed', notUpdatable);
        return found.isUpdateAvailable ? releaseOf(found.updateInfo) : null;
      }),
    download: (onShare) =>
      inWords(async () => {
        await prepare();
        const hear = ({ percent }: ProgressInfo): void => {
          onShare(Math.min(Math.max(percent / 100, 0), 1));
        };
        updater.on('download-progress', hear);
        try {
          await updater.downloadUpdate();
        } finally {
          updater.off('download-progress', hear);
        }
      }),
    installOnQuit: () =>
      inWords(async () => {
        // It looks at this when a download ends; the file is there by now and is only checked again.
        updater.autoInstallOnAppQuit = true;
        await updater.downloadUpdate();
      }),
    restart: () => {
      // It throws nothing, and goes on when it could not be installed.
      const errors: Error[] = [];
      const hear = (error: Error): void => {
        errors.push(error);
      };
      updater.on('error', hear);
      updater.quitAndInstall(true, true);
      updater.off('error', hear);
      if (errors[0]) throw updateFailure(errors[0]);
    },
  };
}

/** As an AppImage that was unpacked. */
const notUpdatable =
  'This copy of Soundpost can’t update itself, as it was not installed by one of its packages. Get the newer one from where you got this.';

const releaseOf = ({ version, releaseNotes }: UpdateInfo) => ({
  version,
  notes: plainNotes(releaseNotes),
});
