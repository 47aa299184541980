import { app, clipboard, shell } from 'electron';
import { homedir, hostname, release, userInfo } from 'node:os';
import type { About } from '../contract/about.ts';
import type { Handlers } from '../contract/requests.ts';
import type { Input } from '../contract/sound.ts';
import { aboutThis } from '../core/about/about.ts';
import { diagnosticsText } from '../core/about/diagnostics.ts';
import { factsOf } from '../core/about/gather.ts';
import type { Core } from '../core/core.ts';
import { displayPath } from '../core/files/app-directories.ts';
import type { Keys } from '../core/keychain/keys.ts';
import { SoundpostError } from '../core/soundpost-error.ts';
import type { Updates } from '../core/updates/updates.ts';
import type { ApplicationMenu } from './menu.ts';
import { shown } from './settings-handlers.ts';

/** What the app itself is, for the page and for reports. */
export type AppFacts = {
  /** Where the program lies. */
  root: string;
  /** Its page on the web, if this build names one. */
  website: string | null;
  logPath: string;
  /** Soundpost's own. */
  directories: string[];
  /** Takes the keys that were seen out of a text, as no report may hold one. */
  withoutKeys: (text: string) => string;
};

type Options = {
  core: Core;
  keys: Keys;
  facts: AppFacts;
  menu: Pick<ApplicationMenu, 'update'>;
  updates: Pick<Updates, 'state'>;
};

type AppHandlers = Pick<Handlers, Extract<keyof Handlers, `app.${string}` | 'menu.update'>>;

/** What the page's requests about the app itself do. */
export function appHandlers({ core, keys, facts, menu, updates }: Options): AppHandlers {
  const { root, website, logPath, directories, withoutKeys } = facts;
  let sample: Promise<Input> | undefined;
  const about = (): Promise<About> =>
    aboutThis({
      ...{ root: root, version: app.getVersion(), versions: process.versions },
      system: { platform: process.platform, release: release(), arch: process.arch },
    });

  return {
    'app.state': async () => ({
      version: app.getVersion(),
      platform: process.platform,
      runsFolder: displayPath(core.runsDirectory, homedir()),
      sample: await (sample ??= core.admitSample()),
      key: await keys.state(),
      settings: shown(await core.settings.get()),
      hasWebsite: website !== null,
      updates: updates.state,
    }),
    'app.about': about,
    'app.copyDiagnostics': async () => {
      const { facts: found, hosts } = await factsOf({ core, keys, logPath, about: await about() });
      const { username: user } = userInfo();
      const own = { user, computer: hostname(), home: homedir(), root, directories };
      await clipboard.writeText(diagnosticsText(found, { ...own, hosts, withoutKeys }));
      return null;
    },
    'app.openWebsite': async () => {
      if (website === null) throw new SoundpostError('invalid_request', noWebsite);
      await shell.openExternal(website);
      return null;
    },
    'menu.update': (state) => {
      menu.update(state);
      return Promise.resolve(null);
    },
  };
}

const noWebsite = 'This build of Soundpost names no page on the web.';
