import { describe, expect, it } from 'vitest';
import { keychainFailure, type KeychainTrouble } from './keychain-failure.ts';

const refused = (message: string): KeychainTrouble => ({ kind: 'refused', message });

describe('a failure of the keychain in words', () => {
  // What keytar and libsecret said in each situation, as observed on Debian 12.
  it.each([
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'no D-Bus'],
    ['Could not connect: No such file or directory', 'no D-Bus'],
    ['Could not connect: Connection refused', 'no D-Bus'],
    ['The name org.freedesktop.secrets was not provided by any .service files', 'gnome-keyring'],
    ['The name :1.0 was not provided by any .service files', 'gnome-keyring'],
    ['Object does not exist at path “/org/freedesktop/secrets/collection/login”', 'no keyring yet'],
    ['Something nobody has seen', 'refused'],
  ])('makes of %j something to act on', (message, words) => {
    const failure = keychainFailure(refused(message), 'linux');
    expect(failure.code).toBe('keychain_unavailable');
    expect(failure.message).toContain(words);
    expect(failure.message).toContain('this session only');
  });

  it('says that a keyring is locked when keytar only says so in its own words', () => {
    const failure = keychainFailure(
      refused('Cannot create an item in a locked collection'),
      'linux',
    );
    expect(failure.code).toBe('keychain_locked');
  });

  it.each<[NodeJS.Platform, string]>([
    ['darwin', 'Keychain Access'],
    ['win32', 'Credential Manager'],
  ])('speaks of the keychain by its name on %s', (platform, name) => {
    const troubles: KeychainTrouble[] = [
      refused('User interaction is not allowed.'),
      { kind: 'refused', code: 'load_failed', message: '' },
      { kind: 'timed_out', asking: false, milliseconds: 120_000 },
      { kind: 'crashed' },
    ];
    const messages = troubles.map((trouble) => keychainFailure(trouble, platform).message);
    expect(messages[0]).toContain(name);
    expect(messages[2]).toContain('2 minutes');
    for (const message of messages) {
      expect(message).not.toMatch(/D-Bus|keyring|libsecret/);
      expect(message).toContain('this session only');
    }
  });

  it('never repeats what the system said, which may hold a path', () => {
    const message = "Can't open /home/ada/.local/share/keyrings";
    expect(keychainFailure(refused(message), 'linux').message).not.toContain('/home');
  });
});
