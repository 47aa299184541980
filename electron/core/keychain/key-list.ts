import * as v from 'valibot';
import { installationSchema, keyNameSchema, type KeptKey } from '../../contract/key.ts';
import { checkedInstallation } from '../baseten/installation.ts';
import { SharedJsonFile, type SharedValue } from '../files/shared-json-file.ts';
import { sameName, unusedName } from '../presets/unused-name.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { firstAccount } from './keychain.ts';

/** The id of the key whose entry in the keychain has no id. */
export const firstId = 'first';

const MOST = 100;

/** An id becomes part of the name of a keychain's entry. */
const id = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/));
const line = v.pipe(v.string(), v.maxLength(200));

const keySchema = v.object({
  id,
  name: keyNameSchema,
  /** No more of the key than these, however the file was edited. */
  last4: v.pipe(v.string(), v.maxLength(4)),
  account: v.exactOptional(line),
  invokesOnly: v.exactOptional(v.literal(true)),
  installation: v.exactOptional(
    v.pipe(
      installationSchema,
      v.check((installation) => isUsable(installation)),
    ),
  ),
});

const schema = v.object({
  soundpost: v.literal('keys'),
  version: v.literal(1),
  active: v.nullable(id),
  keys: v.pipe(v.array(keySchema), v.maxLength(MOST)),
});

/** What is known of the kept keys, without the keys. */
export type Listed = { activeId: string | null; keys: KeptKey[] };

/** The entry of the keychain that holds a key. */
export const accountOf = (id: string): string =>
  id === firstId ? firstAccount : `${firstAccount}:${id}`;

/** The list of kept keys, in a file that the app and the command line share. Its methods throw what `SharedJsonFile` does. */
export class KeyListFile {
  readonly #file: SharedJsonFile<Listed>;
  #last: Listed = { activeId: null, keys: [] };

  constructor(path: string) {
    this.#file = new SharedJsonFile<Listed>(path, {
      title: 'The names of your keys',
      version: 1,
      initial: { activeId: null, keys: [] },
      read: (json) => {
        const { active, keys } = v.parse(schema, json);
        return { activeId: active, keys };
      },
      write: ({ activeId, keys }) => ({ soundpost: 'keys', version: 1, active: activeId, keys }),
    });
  }

  /** As it was read or written last by this process, at no cost. */
  get last(): Listed {
    return this.#last;
  }

  async read(): Promise<SharedValue<Listed>> {
    const read = await this.#file.read();
    this.#last = read.value;
    return read;
  }

  /** Whether it was changed, by anybody, since this was asked last. */
  hasChanged(): Promise<boolean> {
    return this.#file.hasChanged();
  }

  /** Adds or changes the one key, and makes it active if asked to. Its name becomes one that no other has. */
  put(key: KeptKey, { activate = false } = {}): Promise<KeptKey> {
    return this.#change(({ activeId, keys }) => {
      const others = keys.filter(({ id }) => id !== key.id);
      if (others.length >= MOST) throw invalid(`There are ${MOST} keys. Remove some first.`);
      const names = others.map(({ name }) => name);
      const named = { ...key, name: unusedName(key.name, names, 64) };
      const at = keys.findIndex(({ id }) => id === key.id);
      return {
        value: {
          activeId: activate ? key.id : activeId,
          keys: at < 0 ? [...keys, named] : keys.with(at, named),
        },
        answer: named,
      };
    });
  }

  /** Notes what a check has told of a key, and nothing else: it may have been renamed or removed while it was checked. */
  learn(id: string, known: Pick<KeptKey, 'account' | 'invokesOnly'>): Promise<void> {
    return this.#change((listed) => {
      const keys = listed.keys.map((key) => {
        if (key.id !== id) return key;
        const learnt = { ...key, ...known };
        if (!known.invokesOnly) delete learnt.invokesOnly;
        return learnt;
      });
      return { value: { ...listed, keys }, answer: undefined };
    });
  }

  /** @throws SoundpostError `invalid_request` when it is gone, or another has that name; answers the name it had */
  rename(id: string, name: string): Promise<string> {
    return this.#change((listed) => {
      const key = keyIn(listed, id);
      if (listed.keys.some((other) => other.id !== id && sameName(other.name, name))) {
        throw invalid(`There is another key called “${name}”. Choose another name.`);
      }
      const keys = listed.keys.map((other) => (other === key ? { ...key, name } : other));
      return { value: { ...listed, keys }, answer: key.name };
    });
  }

  /** The first of the others is active instead, when it was the active one. */
  remove(id: string): Promise<void> {
    return this.#change((listed) => {
      const keys = listed.keys.filter((key) => key.id !== id);
      const activeId = listed.activeId === id ? (keys[0]?.id ?? null) : listed.activeId;
      return { value: { activeId, keys }, answer: undefined };
    });
  }

  /** @throws SoundpostError `invalid_request` */
  activate(id: string): Promise<void> {
    return this.#change((listed) => {
      keyIn(listed, id);
      return { value: { ...listed, activeId: id }, answer: undefined };
    });
  }

  #change<A>(edit: (listed: Listed) => { value: Listed; answer: A }): Promise<A> {
    return this.#file.change((listed) => {
      const edited = edit(listed);
      this.#last = edited.value;
      return edited;
    });
  }
}

/** @throws SoundpostError `invalid_request` */
export function keyIn({ keys }: Listed, id: string): KeptKey {
  const key = keys.find((each) => each.id === id);
  if (key) return key;
  throw invalid('That key is not there any more: it was removed meanwhile.');
}

/** The key of that name; capitals don't matter when no other is called so. */
export function keyNamed({ keys }: Listed, name: string): KeptKey | undefined {
  return keys.find((key) => key.name === name) ?? keys.find((key) => sameName(key.name, name));
}

function isUsable(installation: v.InferOutput<typeof installationSchema>): boolean {
  try {
    checkedInstallation(installation);
    return true;
  } catch {
    return false;
  }
}

const invalid = (message: string): SoundpostError => new SoundpostError('invalid_request', message);
