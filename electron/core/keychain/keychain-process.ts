/**
 * The keychain's own process: keytar lives here alone, since on Linux it can crash its process, and a keyring that waits
 * for its password holds a thread for as long. It runs as an Electron utility process and as a forked Node process.
 */
import type * as keytarModule from 'keytar';
import * as v from 'valibot';
import { keyringLock } from './keyring-lock.ts';
import {
  keychainRequestSchema,
  type KeychainError,
  type KeychainReply,
  type KeychainRequest,
} from './keychain-messages.ts';

const SERVICE = 'Soundpost';

/** As much of Electron's `process.parentPort` as is used; core doesn't know Electron. */
type ParentPort = {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
};

/** keytar is CommonJS: its functions are the default export. `findCredentials` crashes on a locked keyring: never used. */
type Keytar = Pick<typeof keytarModule, 'getPassword' | 'setPassword' | 'deletePassword'>;

class KeychainFault extends Error {
  readonly code: NonNullable<KeychainError['code']>;

  constructor(code: NonNullable<KeychainError['code']>, message: string) {
    super(message);
    this.code = code;
  }
}

const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };

function reply(message: KeychainReply): void {
  if (parentPort) parentPort.postMessage(message);
  else process.send?.(message);
}

async function loadKeytar(): Promise<Keytar> {
  try {
    const { default: keytar } = await import('keytar');
    return keytar;
  } catch {
    // The message names paths and not the reason, which keytar has swallowed.
    throw new KeychainFault('load_failed', 'keytar could not be loaded');
  }
}

async function perform(request: KeychainRequest): Promise<string | null> {
  const keytar = await loadKeytar();
  if ((await keyringLock()) === 'locked') {
    if (request.op === 'get' && !request.mayAsk) throw locked();
    reply({ id: request.id, asking: true });
  }
  switch (request.op) {
    case 'get':
      return (await keytar.getPassword(SERVICE, request.account)) ?? (await nothingUnlessLocked());
    case 'set':
      await keytar.setPassword(SERVICE, request.account, request.key);
      return null;
    case 'remove':
      return (await keytar.deletePassword(SERVICE, request.account)) ? null : nothingUnlessLocked();
  }
}

/** "There is none" is only to be believed of an open keyring. */
async function nothingUnlessLocked(): Promise<null> {
  if ((await keyringLock()) === 'locked') throw locked();
  return null;
}

function locked(): KeychainFault {
  return new KeychainFault('locked', 'The keyring is locked');
}

async function toKeychainError(error: unknown): Promise<KeychainError> {
  const message = error instanceof Error ? error.message : 'unknown';
  if (error instanceof KeychainFault) return { code: error.code, message };
  // Each keyring has its own sentence for a prompt that was closed, so the lock itself is asked.
  return (await keyringLock()) === 'locked' ? { code: 'locked', message } : { message };
}

async function answer(message: unknown): Promise<void> {
  const request = v.parse(keychainRequestSchema, message);
  try {
    reply({ id: request.id, value: await perform(request) });
  } catch (error) {
    reply({ id: request.id, error: await toKeychainError(error) });
  }
}

// libsecret calls block a thread each, so that several at a time could stop this process's own I/O.
let last = Promise.resolve();
function receive(message: unknown): void {
  last = last.then(() => answer(message));
}

/** At once: `process.exit` waits for a thread that waits for the keyring. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

// Since Electron 37 a utility process only warns and lives on in an unknown state. Nothing is printed: it might be the key.
process.on('unhandledRejection', die);
process.on('uncaughtException', die);

if (parentPort) {
  parentPort.on('message', ({ data }) => {
    receive(data);
  });
} else {
  process.on('message', receive);
  process.on('disconnect', die);
}
