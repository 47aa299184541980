/** How packages are signed, for the configuration of electron-builder, and what a person should know about it. */
type Signing = {
  mac: { identity?: null; notarize: boolean };
  windows: { signExecutable?: false };
  words: string[];
};

/**
 * Signing is decided by the environment, under electron-builder's own names, and is off without them:
 * CSC_LINK with CSC_KEY_PASSWORD, or CSC_NAME, for macOS; WIN_CSC_LINK with WIN_CSC_KEY_PASSWORD for Windows;
 * APPLE_API_KEY, APPLE_API_KEY_ID and APPLE_API_ISSUER for Apple's notary.
 */
export function signing(environment: Record<string, string | undefined>): Signing {
  const has = (name: string): boolean => Boolean(environment[name]);
  const signsMac = has('CSC_LINK') || has('CSC_NAME');
  const signsWindows = has('WIN_CSC_LINK');
  const notarize = signsMac && has('APPLE_API_KEY');
  const words = [
    signsMac
      ? `macOS: signed${notarize ? ' and notarised' : ', not notarised (no APPLE_API_KEY)'}.`
      : 'macOS: not signed (neither CSC_LINK nor CSC_NAME is set); macOS will refuse it until the user allows it.',
    signsWindows
      ? 'Windows: signed.'
      : 'Windows: not signed (WIN_CSC_LINK is not set); Windows will warn of an unknown publisher.',
  ];
  return {
    mac: { ...(signsMac ? {} : { identity: null }), notarize },
    windows: signsWindows ? {} : { signExecutable: false },
    words,
  };
}
