import { app, session, type BrowserWindow } from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { checkKey } from './core/baseten/account.ts';
import { usualInstallation } from './core/baseten/installation.ts';
import { createCore } from './core/core.ts';
import { appDirectories, displayPath } from './core/files/app-directories.ts';
import { keychainEnvironment } from './core/keychain/keychain-environment.ts';
import { Keys } from './core/keychain/keys.ts';
import { createSystemKeychain } from './core/keychain/system-keychain.ts';
import { Log } from './core/log.ts';
import { Starters } from './core/presets/starters.ts';
import { handleAppScheme, registerAppScheme } from './shell/app-scheme.ts';
import { closeBeforeQuit } from './shell/close-before-quit.ts';
import { Dialogs } from './shell/dialogs.ts';
import { createHandlers } from './shell/handlers.ts';
import { systemProxy } from './shell/system-proxy.ts';
import { setMenu } from './shell/menu.ts';
import { shown } from './shell/settings-handlers.ts';
import { closeNetwork } from './shell/page-network.ts';
import { denyPermissions } from './shell/permissions.ts';
import { serveRequests } from './shell/request-server.ts';
import { utilityChild } from './shell/utility-child.ts';
import { confine, openWindow, sendEvent } from './shell/window.ts';

// Read once and removed before any process is forked, so that none inherits it.
const environmentKey = process.env['BASETEN_API_KEY'];
delete process.env['BASETEN_API_KEY'];

const root = join(import.meta.dirname, '..', '..');
// Beside the archive in a package: what is sent as a file has to be one.
const resources = app.isPackaged ? process.resourcesPath : join(root, 'resources');
const directories = appDirectories(process.platform, homedir(), process.env);
const log = new Log(join(directories.data, 'logs', 'soundpost.log'), () => new Date());
process.on('unhandledRejection', log.error);

let window: BrowserWindow | null = null;

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

app.enableSandbox();
registerAppScheme();
app.setPath('userData', join(directories.config, 'browser'));
app.on('web-contents-created', (_event, contents) => {
  confine(contents);
});
app.on('window-all-closed', () => {
  app.quit();
});
closeBeforeQuit(async () => {
  await core.close();
  keys.close();
}, log.error);

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  void app
    .whenReady()
    .then(() => closeNetwork(session.defaultSession))
    .then(open);
} else {
  app.quit();
}

function open(): void {
  denyPermissions(session.defaultSession);
  handleAppScheme({
    rendererDirectory: join(root, 'out', 'renderer'),
    serve: (request) => core.serve(request),
    log: log.error,
  });
  const about = {
    version: app.getVersion(),
    platform: process.platform,
    runsFolder: displayPath(core.runsDirectory, homedir()),
  };
  serveRequests({
    handlers: createHandlers({
      ...{ core, keys, dialogs, about },
      starters: new Starters(join(resources, 'starters')),
      window: () => window,
    }),
    admit: (path) => core.inputs.admit(path),
    log: log.error,
  });
  void core.presets.watch((list) => {
    sendEvent(window, 'presets.changed', list);
  });
  void core.settings.watch((settings) => {
    sendEvent(window, 'settings.changed', shown(settings));
  }, log.error);
  void keys.watch();
  setMenu({
    platform: process.platform,
    choose: (action) => {
      sendEvent(window, 'menu.chosen', { action });
    },
  });
  window = openWindow(join(import.meta.dirname, '..', 'preload', 'preload.cjs'));
  core.history.start();
  window.on('closed', () => {
    window = null;
  });
}
