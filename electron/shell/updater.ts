import { app } from 'electron';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProxySetting } from '../contract/settings.ts';
import type { Log } from '../core/log.ts';
import { fromElectronUpdater } from '../core/updates/electron-updater.ts';
import type { Updater } from '../core/updates/updater.ts';

type Options = { proxy: () => Promise<ProxySetting>; log: Pick<Log, 'info' | 'warn'> };

/** What loads the updater, at its first use; null in a build that names no place for updates, as `electron-builder.config.ts` decides. */
export function updaterLoader({ proxy, log }: Options): (() => Promise<Updater>) | null {
  // electron-updater's own names: the second is for trying it from a checkout.
  const feed = app.isPackaged
    ? join(process.resourcesPath, 'app-update.yml')
    : join(app.getAppPath(), 'dev-app-update.yml');
  if (!existsSync(feed)) return null;
  return async () => {
    const { autoUpdater } = await import('electron-updater');
    autoUpdater.forceDevUpdateConfig = !app.isPackaged;
    return fromElectronUpdater({
      updater: autoUpdater,
      prepare: async () => {
        await autoUpdater.netSession.setProxy(proxyConfig(await proxy()));
      },
      info: log.info,
      warn: log.warn,
    });
  };
}

function proxyConfig(proxy: ProxySetting): Electron.ProxyConfig {
  switch (proxy.kind) {
    case 'none':
      return { mode: 'direct' };
    case 'fixed':
      return { mode: 'fixed_servers', proxyRules: proxy.url };
    case 'system':
      return { mode: 'system' };
  }
}
