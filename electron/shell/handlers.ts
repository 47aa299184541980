import { clipboard, shell, type BrowserWindow } from 'electron';
import { basename } from 'node:path';
import type { Handlers } from '../contract/requests.ts';
import type { Core } from '../core/core.ts';
import type { Keys } from '../core/keychain/keys.ts';
import type { CrashDumps } from '../core/crashes/crash-dumps.ts';
import type { OpenedFiles } from '../core/opening/opened-files.ts';
import type { RecentFiles } from '../core/opening/recent-files.ts';
import type { Starters } from '../core/presets/starters.ts';
import type { Updates } from '../core/updates/updates.ts';
import { appHandlers, type AppFacts } from './app-handlers.ts';
import type { Dialogs } from './dialogs.ts';
import { copyHandlers } from './copy-handlers.ts';
import { pasteHandlers } from './paste-handlers.ts';
import { keyHandlers } from './key-handlers.ts';
import type { ApplicationMenu } from './menu.ts';
import { modelHandlers } from './model-handlers.ts';
import { presetHandlers } from './preset-handlers.ts';
import { fileHandlers } from './recents.ts';
import { settingsHandlers } from './settings-handlers.ts';
import { updateHandlers } from './update-handlers.ts';
import { sendEvent } from './window.ts';

type Options = {
  core: Core;
  keys: Keys;
  starters: Starters;
  updates: Updates;
  crashDumps: CrashDumps;
  dialogs: Dialogs;
  recents: RecentFiles;
  opened: OpenedFiles;
  window: () => BrowserWindow | null;
  facts: AppFacts;
  menu: ApplicationMenu;
};

/** What each request of the page does. */
export function createHandlers(options: Options): Handlers {
  const { core, dialogs, recents, window } = options;

  return {
    'input.open': async () => {
      const paths = await dialogs.openFiles();
      return recents.admit(paths.map((path) => ({ name: basename(path), path })));
    },
    'run.check': ({ intent }) => core.check(intent),
    'run.start': ({ runId, intent, preset, save }) =>
      core.start({
        runId,
        intent,
        preset,
        save,
        onProgress: (progress) => {
          sendEvent(window(), 'run.progress', progress);
        },
      }),
    'run.cancel': ({ runId }) => {
      core.cancel(runId);
      return done();
    },
    'run.showInFolder': ({ runId }) => {
      shell.showItemInFolder(core.history.folder(runId));
      return done();
    },
    'run.showSaved': async ({ runId }) => {
      shell.showItemInFolder(await core.saved.find(runId));
      return null;
    },
    'part.save': async ({ runId, part: name, as, sampleRate, pcm }) => {
      const part = core.part(runId, name);
      const path = await dialogs.saveFile(await core.saved.nameFor(runId, part, as));
      if (path === null) return null;
      // The dialog has asked already when a file of that name was there.
      await core.savePart(part, as, path, 'replace', { sampleRate, pcm });
      recents.remember([path]);
      return { savedAs: basename(path) };
    },
    'output.save': async ({ runId }) => {
      const path = await dialogs.saveFile(await core.saved.nameFor(runId, null, 'received'));
      if (path === null) return null;
      await core.saveOutput(runId, path, 'replace');
      return { savedAs: basename(path) };
    },
    'transcript.save': async ({ runId, text, as }) => {
      const path = await dialogs.saveFile(await core.saved.nameFor(runId, null, as));
      if (path === null) return null;
      await core.saveText(text, path);
      return { savedAs: basename(path) };
    },
    'history.list': (query) => core.history.list(query),
    'history.choices': () => Promise.resolve(core.history.choices()),
    'history.get': ({ runId }) => core.history.get(runId),
    'history.star': async ({ runId, star }) => {
      await core.history.setStar(runId, star);
      return null;
    },
    'history.notes': async ({ runId, notes }) => {
      await core.history.setNotes(runId, notes);
      return null;
    },
    'history.remove': ({ runIds }) => core.history.remove(runIds),
    'history.restore': ({ runIds }) => core.history.restore(runIds),
    'history.usage': () => core.history.usage(),
    'history.limit': ({ bytes }) => core.history.setLimit(bytes),
    'clipboard.write': async ({ text }) => {
      await clipboard.writeText(text);
      return null;
    },
    ...appHandlers(options),
    ...fileHandlers(recents, options.opened),
    ...copyHandlers(core),
    ...pasteHandlers(options),
    ...presetHandlers(options),
    ...settingsHandlers(options),
    ...updateHandlers(options),
    ...keyHandlers(options),
    ...modelHandlers(options),
  };
}

const done = (): Promise<null> => Promise.resolve(null);
