import { app, session, type BrowserWindow } from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { websiteOf } from './core/about/about.ts';
import { checkKey } from './core/baseten/account.ts';
import { usualInstallation } from './core/baseten/installation.ts';
import { createCore } from './core/core.ts';
import { CrashDumps } from './core/crashes/crash-dumps.ts';
import { crashDumpsWanted } from './core/crashes/crash-dumps-wanted.ts';
import { appDirectories } from './core/files/app-directories.ts';
import { keychainEnvironment } from './core/keychain/keychain-environment.ts';
import { Keys } from './core/keychain/keys.ts';
import { createSystemKeychain } from './core/keychain/system-keychain.ts';
import { Log } from './core/log.ts';
import { OpenedFiles } from './core/opening/opened-files.ts';
import { Starters } from './core/presets/starters.ts';
import { Updates } from './core/updates/updates.ts';
import { KeptWindow } from './core/window/kept-window.ts';
import { handleAppScheme, registerAppScheme } from './shell/app-scheme.ts';
import { CloseQuestion } from './shell/ask-before-close.ts';
import { closeBeforeQuit } from './shell/close-before-quit.ts';
import { startCrashReporter } from './shell/crash-reporter.ts';
import { Dialogs } from './shell/dialogs.ts';
import { createHandlers } from './shell/handlers.ts';
import { keepAwake } from './shell/keep-awake.ts';
import { tellOfEndedRuns } from './shell/run-notices.ts';
import { showProgress } from './shell/run-progress.ts';
import { systemProxy } from './shell/system-proxy.ts';
import { ApplicationMenu } from './shell/menu.ts';
import { hearOfFiles } from './shell/opened-files.ts';
import { createRecents } from './shell/recents.ts';
import { shown } from './shell/settings-handlers.ts';
import { closeNetwork } from './shell/page-network.ts';
import { denyPermissions } from './shell/permissions.ts';
import { serveRequests } from './shell/request-server.ts';
import { updaterLoader } from './shell/updater.ts';
import { utilityChild } from './shell/utility-child.ts';
import { keepState, openingOf } from './shell/window-state.ts';
import { confine, openWindow, sendEvent } from './shell/window.ts';

// Read once and removed before any process is forked, so that none inherits it.
const environmentKey = process.env['BASETEN_API_KEY'];
delete process.env['BASETEN_API_KEY'];

const root = join(import.meta.dirname, '..', '..');
// Beside the archive in a package: what is sent as a file has to be one.
const resources = app.isPackaged ? process.resourcesPath : join(root, 'resources');
const directories = appDirectories(process.platform, homedir(), process.env);
const website = websiteOf(root);
const logPath = join(directories.data, 'logs', 'soundpost.log');
const log = new Log(logPath, () => new Date());
log.hide(environmentKey ?? '');
process.on('unhandledRejection', log.error);
process.on('uncaughtExceptionMonitor', log.error);

const crashDumps = new CrashDumps(join(directories.data, 'crashes'), () => new Date());
startCrashReporter({
  dumps: crashDumps,
  isWanted: crashDumpsWanted(directories.config),
  log: log.error,
});

let window: BrowserWindow | null = null;
let menu: ApplicationMenu | null = null;

const keys = new Keys({
  configDirectory: directories.config,
  environmentKey,
  usual: () => usualInstallation(process.env),
  keychain: createSystemKeychain({
    fork: utilityChild(
      join(import.meta.dirname, 'keychain-process.js'),
      keychainEnvironment(process.env),
    ),
  }),
  check: (key, { management }) => checkKey({ key, managementUrl: management, agents: core.agents }),
  allow: (installation) => dialogs.allowInstallation(installation),
  hide: (key) => {
    log.hide(key);
  },
  onState: (state) => {
    sendEvent(window, 'key.changed', state);
  },
  onList: (list) => {
    sendEvent(window, 'keys.changed', list);
  },
  log: log.error,
});
const dialogs = new Dialogs(() => window);
const core = createCore({
  dataDirectory: directories.data,
  configDirectory: directories.config,
  home: homedir(),
  sampleDirectory: join(resources, 'sample'),
  keys,
  askForHost: (question) => dialogs.askForHost(question),
  proxyFor: systemProxy(process.env),
  onModelsChange: (change) => {
    sendEvent(window, 'models.changed', change);
  },
  onHistoryChange: () => {
    sendEvent(window, 'history.changed', {});
  },
  log: log.error,
});
const updates = new Updates({
  load: updaterLoader({ proxy: () => core.settings.proxy(), log }),
  skipped: () => core.settings.skippedUpdate(),
  skip: (version) => core.settings.skipUpdate(version),
  later: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
  now: () => new Date(),
  onState: (state) => {
    sendEvent(window, 'updates.changed', state);
  },
  log: log.error,
});

const recents = createRecents({
  dataDirectory: directories.data,
  inputs: core.inputs,
  onChange: (list) => {
    sendEvent(window, 'recents.changed', list);
    menu?.showRecents(list);
  },
  log: log.error,
});
const opened = new OpenedFiles({
  admit: (files) => recents.admit(files),
  onWaiting: () => {
    sendEvent(window, 'files.opened', {});
  },
});
const keptWindow = new KeptWindow(join(directories.data, 'window.json'), log.error);

app.enableSandbox();
// Windows shows notifications under the name that the installer's shortcut has.
app.setAppUserModelId('org.soundpost.soundpost');
registerAppScheme();
app.setPath('userData', join(directories.config, 'browser'));
app.on('web-contents-created', (_event, contents) => {
  confine(contents);
});
app.on('window-all-closed', () => {
  app.quit();
});
const closeQuestion = new CloseQuestion({
  inFlight: core.inFlight,
  ask: (count) => dialogs.askToCancelRuns(count),
  log: log.error,
});
closeBeforeQuit(async () => {
  await Promise.all([core.close(), recents.close(), keptWindow.close()]);
  keys.close();
}, log.error);

if (app.requestSingleInstanceLock()) {
  hearOfFiles(opened, () => window);
  void app
    .whenReady()
    .then(() => closeNetwork(session.defaultSession))
    .then(open);
} else {
  app.quit();
}

async function open(): Promise<void> {
  const { electron, node } = process.versions;
  const on = `${process.platform} ${process.arch}, ${electron ? `Electron ${electron}` : `Node ${node}`}`;
  log.info(`Soundpost ${app.getVersion()} started on ${on}.`);
  app.once('quit', () => {
    log.info('Soundpost ended.');
  });
  denyPermissions(session.defaultSession);
  handleAppScheme({
    rendererDirectory: join(root, 'out', 'renderer'),
    serve: (request) => core.serve(request),
    log: log.error,
  });
  const ownMenu = new ApplicationMenu({
    platform: process.platform,
    hasWebsite: website !== null,
    choose: (action) => {
      sendEvent(window, 'menu.chosen', { action });
    },
    openRecent: (id) => {
      sendEvent(window, 'recents.chosen', { id });
    },
    clearRecents: () => void recents.clear().catch(log.error),
  });
  menu = ownMenu;
  void recents.list().then((list) => {
    ownMenu.showRecents(list);
  }, log.error);
  serveRequests({
    handlers: createHandlers({
      ...{ core, keys, dialogs, menu: ownMenu, recents, opened, updates, crashDumps },
      facts: {
        ...{ root, logPath, directories: Object.values(directories), website },
        withoutKeys: log.redact,
      },
      starters: new Starters(join(resources, 'starters')),
      window: () => window,
    }),
    admit: (files) => recents.admit(files),
    log: log.error,
  });
  void core.presets.watch((list) => {
    sendEvent(window, 'presets.changed', list);
  });
  void core.settings.watch((settings) => {
    updates.allow(settings.checkForUpdates);
    sendEvent(window, 'settings.changed', shown(settings));
  }, log.error);
  void core.settings.get().then((settings) => {
    updates.allow(settings.checkForUpdates);
  }, log.error);
  void keys.watch();
  const preload = join(import.meta.dirname, '..', 'preload', 'preload.cjs');
  window = openWindow(preload, await openingOf(keptWindow));
  keepState(window, keptWindow);
  core.history.start();
  closeQuestion.guard(window);
  showProgress(core.inFlight, window);
  keepAwake(core.inFlight);
  tellOfEndedRuns({
    ...{ inFlight: core.inFlight, window, log: log.error },
    isWanted: async () => (await core.settings.get()).notifies,
    show: (runId) => {
      sendEvent(window, 'run.wanted', { runId });
    },
  });
  window.on('closed', () => {
    window = null;
  });
}
