import * as v from 'valibot';
import { firstAccount, type Keychain } from './keychain.ts';
import { keychainFailure, type KeychainTrouble } from './keychain-failure.ts';
import { keychainReplySchema, type KeychainRequest } from './keychain-messages.ts';

/** The keychain's process as its starter sees it: a forked Node process, or an Electron utility process. */
export type KeychainChild = {
  post(message: KeychainRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Also when it could not be started. May be called more than once. */
  onExit(listener: () => void): void;
  /** At once, whatever it is doing. */
  kill(): void;
};

type Options = {
  fork: () => KeychainChild;
  platform?: NodeJS.Platform;
  /** How long a call that asks the user nothing may take, in milliseconds. */
  getTimeoutMs?: number;
  /** How long a call may take during which the system may ask the user for a password, in milliseconds. */
  promptTimeoutMs?: number;
};

/** A request before it has its number. */
type Question = { account: string } & (
  { op: 'get'; mayAsk: boolean } | { op: 'set'; key: string } | { op: 'remove' }
);

/**
 * The system's keychain through keytar, in a process of its own that starts with the first call. One call is in flight at
 * a time; a call that takes too long, and a process that dies, end in a rejection in words, and the next call starts afresh.
 */
export function createSystemKeychain(options: Options): Keychain {
  return new SystemKeychain(options);
}

type Outcome = { value: string | null } | { trouble: KeychainTrouble };
type Settle = (outcome: Outcome) => void;
type Call = { id: number; settle: Settle; extend: () => void };

class SystemKeychain implements Keychain {
  readonly #fork: () => KeychainChild;
  readonly #platform: NodeJS.Platform;
  readonly #getTimeoutMs: number;
  readonly #promptTimeoutMs: number;
  #child: KeychainChild | null = null;
  #call: Call | null = null;
  #lastCall: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #closed = false;

  constructor({ fork, platform, getTimeoutMs = 30_000, promptTimeoutMs = 120_000 }: Options) {
    this.#fork = fork;
    this.#platform = platform ?? process.platform;
    this.#getTimeoutMs = getTimeoutMs;
    this.#promptTimeoutMs = promptTimeoutMs;
  }

  get({ mayAsk = true, account = firstAccount } = {}): Promise<string | null> {
    return this.#queue({ op: 'get', account, mayAsk });
  }

  async set(key: string, account = firstAccount): Promise<void> {
    await this.#queue({ op: 'set', account, key });
  }

  async remove(account = firstAccount): Promise<void> {
    await this.#queue({ op: 'remove', account });
  }

  close(): void {
    this.#closed = true;
    this.#stop({ kind: 'closed' });
  }

  #queue(question: Question): Promise<string | null> {
    const answer = this.#lastCall.then(() => this.#ask(question));
    this.#lastCall = answer.catch(() => undefined);
    return answer;
  }

  async #ask(question: Question): Promise<string | null> {
    const isFresh = this.#child === null;
    let outcome = await this.#exchange(question);
    if (isRefusal(outcome)) {
      // libsecret never notices that the keyring was restarted, so a refusal is believed of a fresh process only.
      this.#stop(outcome.trouble);
      if (!isFresh) outcome = await this.#exchange(question);
    }
    if ('value' in outcome) return outcome.value;
    throw keychainFailure(outcome.trouble, this.#platform);
  }

  #exchange(question: Question): Promise<Outcome> {
    const id = ++this.#calls;
    return new Promise((resolve) => {
      let asking = false;
      const limit = (milliseconds: number) =>
        setTimeout(() => {
          this.#stop({ kind: 'timed_out', asking, milliseconds });
        }, milliseconds);
      let timer = limit(this.#limitFor(question));
      this.#call = {
        id,
        settle: (outcome) => {
          clearTimeout(timer);
          this.#call = null;
          resolve(outcome);
        },
        extend: () => {
          clearTimeout(timer);
          asking = true;
          timer = limit(this.#promptTimeoutMs);
        },
      };
      this.#send({ id, ...question });
    });
  }

  /** On a Mac any call may ask; elsewhere one that writes may, as when it makes the first keyring. */
  #limitFor({ op }: Question): number {
    const mayAsk = op !== 'get' || this.#platform === 'darwin';
    return mayAsk ? this.#promptTimeoutMs : this.#getTimeoutMs;
  }

  #send(request: KeychainRequest): void {
    if (this.#closed) {
      this.#call?.settle({ trouble: { kind: 'closed' } });
      return;
    }
    try {
      this.#child ??= this.#start();
      this.#child.post(request);
    } catch {
      this.#stop({ kind: 'crashed' });
    }
  }

  #start(): KeychainChild {
    const child = this.#fork();
    child.onMessage((message) => {
      if (this.#child === child) this.#receive(message);
    });
    child.onExit(() => {
      if (this.#child === child) this.#stop({ kind: 'crashed' });
    });
    return child;
  }

  #receive(message: unknown): void {
    const parsed = v.safeParse(keychainReplySchema, message);
    if (!parsed.success) {
      this.#stop({ kind: 'crashed' });
      return;
    }
    const reply = parsed.output;
    if (this.#call?.id !== reply.id) return;
    if ('asking' in reply) this.#call.extend();
    else if ('error' in reply) this.#call.settle({ trouble: { kind: 'refused', ...reply.error } });
    else this.#call.settle({ value: reply.value });
  }

  #stop(trouble: KeychainTrouble): void {
    const child = this.#child;
    this.#child = null;
    child?.kill();
    this.#call?.settle({ trouble });
  }
}

function isRefusal(outcome: Outcome): outcome is { trouble: KeychainTrouble } {
  return 'trouble' in outcome && outcome.trouble.kind === 'refused' && !outcome.trouble.code;
}
