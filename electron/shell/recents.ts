import { app } from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RecentFile } from '../contract/recent.ts';
import type { Handlers } from '../contract/requests.ts';
import type { Core } from '../core/core.ts';
import type { OpenedFiles } from '../core/opening/opened-files.ts';
import { RecentFiles } from '../core/opening/recent-files.ts';

type Options = {
  dataDirectory: string;
  inputs: Core['inputs'];
  onChange: (list: RecentFile[]) => void;
  log: (error: unknown) => void;
};

/** The recent files, also in the lists that macOS has in its dock and Windows in its task bar. */
export function createRecents({ dataDirectory, inputs, onChange, log }: Options): RecentFiles {
  const hasList = process.platform === 'darwin' || process.platform === 'win32';
  return new RecentFiles({
    path: join(dataDirectory, 'recent-files.json'),
    home: homedir(),
    temporary: app.getPath('temp'),
    admit: (path) => inputs.admit(path),
    system: {
      add: (path) => {
        if (hasList) app.addRecentDocument(path);
      },
      clear: () => {
        if (hasList) app.clearRecentDocuments();
      },
    },
    ...{ onChange, log },
  });
}

type FileHandlers = Pick<Handlers, 'files.take' | Extract<keyof Handlers, `recents.${string}`>>;

/** What the page's requests about files from outside and recent ones do. */
export function fileHandlers(recents: RecentFiles, opened: OpenedFiles): FileHandlers {
  return {
    'files.take': () => opened.take(),
    'recents.list': () => recents.list(),
    'recents.open': ({ id }) => recents.open(id),
    'recents.clear': async () => {
      await recents.clear();
      return null;
    },
  };
}
