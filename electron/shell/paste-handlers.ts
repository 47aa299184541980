import type { BrowserWindow } from 'electron';
import type { KeySaved } from '../contract/key.ts';
import type { Handlers } from '../contract/requests.ts';
import type { Keys } from '../core/keychain/keys.ts';
import { FoundKeys } from '../core/paste/found-keys.ts';
import { readRequest } from '../core/paste/read-request.ts';
import { SoundpostError } from '../core/soundpost-error.ts';
import { sendEvent } from './window.ts';

type Options = { keys: Keys; window: () => BrowserWindow | null };

/** What the page's requests about pasted text do. A key in it stays on this side. */
export function pasteHandlers({
  keys,
  window,
}: Options): Pick<Handlers, 'request.parse' | 'request.keepKey'> {
  const found = new FoundKeys();
  return {
    'request.parse': async ({ text }) => {
      const { key, ...request } = await readRequest(text);
      return key === undefined ? request : { ...request, foundKey: found.hold(key) };
    },
    'request.keepKey': async ({ token, keep }) => {
      const key = found.get(token);
      if (key === null) {
        throw new SoundpostError(
          'invalid_request',
          'The key was forgotten, as nothing was said for five minutes. Paste the command again.',
        );
      }
      const saved = await kept(key, keep, keys);
      found.forget();
      sendEvent(window(), 'key.changed', saved.state);
      return saved;
    },
  };
}

/** A key that is there already stays, and stays the one in use. */
async function kept(key: string, keep: 'keychain' | 'session', keys: Keys): Promise<KeySaved> {
  const { source } = await keys.state();
  if (keep === 'session' || source === 'none') return keys.set(key, keep);
  const { note } = await keys.add({ key });
  return {
    state: await keys.state(),
    note: `The key is kept beside the one in use.${note === undefined ? '' : ` ${note}`}`,
  };
}
