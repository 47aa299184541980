import type { BrowserWindow } from 'electron';
import type { Handlers } from '../contract/requests.ts';
import type { Core } from '../core/core.ts';
import type { Keys } from '../core/keychain/keys.ts';
import { sendEvent } from './window.ts';

type Options = {
  keys: Keys;
  core: Pick<Core, 'presets' | 'models'>;
  window: () => BrowserWindow | null;
};

type KeyHandlers = Pick<Handlers, Extract<keyof Handlers, `key.${string}` | `keys.${string}`>>;

/** What the page's requests about keys do. */
export function keyHandlers({ keys, core: { presets, models }, window }: Options): KeyHandlers {
  return {
    'key.set': async ({ key, keep }) => {
      const saved = await keys.set(key, keep);
      sendEvent(window(), 'key.changed', saved.state);
      return saved;
    },
    'key.remove': () => keys.removeInUse(),
    'key.refresh': () => keys.refresh(),
    'keys.list': () => keys.list(),
    'keys.add': ({ name, key, installation }) =>
      keys.add({ key, ...(name ? { name } : {}), ...(installation ? { installation } : {}) }),
    'keys.check': ({ id }) => keys.check(id),
    'keys.rename': async ({ id, name }) => {
      const { list, before } = await keys.rename(id, name);
      await presets.renameKey(before, name);
      return list;
    },
    'keys.remove': async ({ id }) => {
      const list = await keys.remove(id);
      await models.forget(id);
      return list;
    },
    'keys.use': ({ id }) => keys.activate(id),
  };
}
