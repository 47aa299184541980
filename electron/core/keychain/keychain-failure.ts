import { SoundpostError } from '../soundpost-error.ts';
import type { KeychainError } from './keychain-messages.ts';

/** What went wrong with a call to the keychain, before it is put in words. */
export type KeychainTrouble =
  | ({ kind: 'refused' } & KeychainError)
  | { kind: 'timed_out'; asking: boolean; milliseconds: number }
  | { kind: 'crashed' }
  | { kind: 'closed' };

const SESSION_ONLY = 'The key can also be used for this session only.';

type Words = { code: 'keychain_unavailable' | 'keychain_locked'; what: string; todo: string };

/** The failure that tells the user what is wrong with this computer's keychain and what to do about it. */
export function keychainFailure(
  trouble: KeychainTrouble,
  platform: NodeJS.Platform,
): SoundpostError {
  const { code, what, todo } = inWords(trouble, platform);
  const cause = trouble.kind === 'refused' ? new Error(trouble.message) : undefined;
  return new SoundpostError(code, `${what} ${todo} ${SESSION_ONLY}`, { cause });
}

function inWords(trouble: KeychainTrouble, platform: NodeJS.Platform): Words {
  const name = keychainName(platform);
  switch (trouble.kind) {
    case 'timed_out':
      return timedOut(trouble, name);
    case 'crashed':
      return unavailable(
        `The part of Soundpost that talks to ${name} stopped unexpectedly.`,
        'Try again; it starts anew each time.',
      );
    case 'closed':
      return unavailable('Soundpost is closing.', 'Start it again to use the kept key.');
    case 'refused':
      if (trouble.code === 'locked') return locked(name);
      if (trouble.code === 'load_failed') return notLoaded(platform);
      return platform === 'linux' ? refusedOnLinux(trouble.message) : refused(platform, name);
  }
}

function keychainName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'the macOS keychain';
  if (platform === 'win32') return 'the Windows Credential Manager';
  return "this computer's keyring";
}

function unavailable(what: string, todo: string): Words {
  return { code: 'keychain_unavailable', what, todo };
}

function locked(name: string): Words {
  return {
    code: 'keychain_locked',
    what: `${capitalised(name)} is locked, so a key kept there can't be read or changed.`,
    todo: 'Unlock it, then try again; a key that is in there stays as it is.',
  };
}

function timedOut(
  { asking, milliseconds }: Extract<KeychainTrouble, { kind: 'timed_out' }>,
  name: string,
): Words {
  const time = inTime(milliseconds);
  if (!asking) {
    return unavailable(
      `${capitalised(name)} did not answer within ${time}.`,
      'If it is asking for a password, answer it, then try again.',
    );
  }
  return {
    code: 'keychain_locked',
    what: `${capitalised(name)} asked for its password, and nobody answered within ${time}.`,
    todo: 'Try again, and unlock it when it asks.',
  };
}

function notLoaded(platform: NodeJS.Platform): Words {
  if (platform === 'linux') {
    return unavailable(
      'Soundpost needs the library libsecret to keep the key, and it is missing on this computer.',
      'Install libsecret-1-0 (Debian, Ubuntu) or libsecret (Fedora, Arch), then try again.',
    );
  }
  return unavailable(
    `The part of Soundpost that talks to ${keychainName(platform)} could not be loaded.`,
    'Install Soundpost again.',
  );
}

function refused(platform: NodeJS.Platform, name: string): Words {
  const where = platform === 'darwin' ? 'Keychain Access' : 'the Credential Manager';
  return unavailable(
    `${capitalised(name)} refused.`,
    `Look for "Soundpost" in ${where}, allow or remove it there, then try again.`,
  );
}

/** libsecret and GLib answer in sentences only; in English ones, since the process has no locale set. */
const linuxMessages: [RegExp, Words][] = [
  [/locked collection|prompt.*dismissed/i, locked("this computer's keyring")],
  [
    /was not provided by any|ServiceUnknown|NameHasNoOwner|could not activate|activat|StartServiceByName/i,
    unavailable(
      'No keyring service is running in this session.',
      'Install or start GNOME Keyring (gnome-keyring) or KWallet, then try again.',
    ),
  ],
  [
    /autolaunch|could not connect|connection refused|D-?Bus address|no such file/i,
    unavailable(
      'This session has no D-Bus, through which the keyring is reached, as is usual over SSH and in containers.',
      'Start Soundpost in a desktop session, or under dbus-run-session with a keyring service.',
    ),
  ],
  [
    /does not exist at path|no such object|unknown object/i,
    unavailable(
      'This computer has no keyring yet.',
      'Make one named "Login" in Passwords and Keys (seahorse), or log in at the desktop once, then try again.',
    ),
  ],
];

function refusedOnLinux(message: string): Words {
  return (
    linuxMessages.find(([pattern]) => pattern.test(message))?.[1] ??
    unavailable(
      "This computer's keyring refused.",
      'Check it in Passwords and Keys or KWalletManager, then try again.',
    )
  );
}

function inTime(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
