import { randomUUID } from 'node:crypto';
import type { Installation, KeptKey } from '../../contract/key.ts';
import { baseten, isSame } from '../baseten/installation.ts';
import { accountOf, firstId, type KeyListFile } from './key-list.ts';
import { nameFor } from './key-words.ts';
import type { Keychain } from './keychain.ts';

type Options = {
  keychain: Keychain;
  list: KeyListFile;
  /** What a pasted key belongs to. */
  usual: () => Installation;
  /** The key of an entry; null when there is none. */
  read: (id: string, mayAsk: boolean) => Promise<string | null>;
  /** What the installation said of a key when it was checked. */
  known: (key: string) => Pick<KeptKey, 'account' | 'invokesOnly'>;
};

/** The keychain as one entry: whichever holds the active key now. */
export function activeEntry({ keychain, list, usual, read, known }: Options): Keychain {
  const activeId = async (): Promise<string> => (await list.read()).value.activeId ?? firstId;
  return {
    get: async ({ mayAsk = true } = {}) => read(await activeId(), mayAsk),

    async set(key) {
      const id = await activeId();
      const home = usual();
      const before = list.last.keys.find((each) => each.id === id);
      // A key never takes the place of one that belongs elsewhere: it would be sent there.
      const isReplaced = before === undefined || isSame(before.installation ?? baseten, home);
      const own = isReplaced ? id : randomUUID();
      await keychain.set(key, accountOf(own));
      await list.put(
        {
          ...{ id: own, name: (isReplaced && before?.name) || nameFor(known(key)) },
          ...{ last4: key.slice(-4), ...known(key) },
          ...(isSame(home, baseten) ? {} : { installation: home }),
        },
        { activate: true },
      );
    },

    async remove() {
      const id = await activeId();
      await keychain.remove(accountOf(id));
      await list.remove(id);
    },

    close: () => {
      keychain.close();
    },
  };
}
