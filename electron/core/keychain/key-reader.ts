import { accountOf } from './key-list.ts';
import type { Keychain } from './keychain.ts';

/** Kept keys by id, each read once: reading takes a process and maybe a password. */
export class KeyReader {
  readonly #keychain: Pick<Keychain, 'get'>;
  readonly #onRead: (id: string, key: string) => Promise<void>;
  readonly #known = new Map<string, string>();
  readonly #reading = new Map<string, Promise<string | null>>();

  /** `onRead` is told of each key that is read, before anybody has it. */
  constructor(keychain: Pick<Keychain, 'get'>, onRead: (id: string, key: string) => Promise<void>) {
    this.#keychain = keychain;
    this.#onRead = onRead;
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** Null only when the keychain can be read and has no such key. Who asks at the same time shares one reading. */
  async read(id: string, mayAsk: boolean): Promise<string | null> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const at = `${id} ${String(mayAsk)}`;
    const reading = this.#reading.get(at) ?? this.#keychain.get({ mayAsk, account: accountOf(id) });
    this.#reading.set(at, reading);
    try {
      const key = await reading;
      if (key === null) return null;
      await this.#onRead(id, key);
      this.#known.set(id, key);
      return key;
    } finally {
      this.#reading.delete(at);
    }
  }

  /** All of them are read anew. */
  forget(): void {
    this.#known.clear();
  }
}
