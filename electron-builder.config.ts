import type { AfterPackContext, Configuration } from 'electron-builder';
import { join } from 'node:path';
import { fusesFor, setFuses } from './scripts/fuses.ts';
import { checkInstalledSize } from './scripts/installed-size.ts';
import { signing } from './scripts/signing.ts';
import { updateFeed } from './scripts/update-feed.ts';

const environment = process.env;
const { mac, windows } = signing(environment);

const audioTypes = [
  ...['audio/mpeg', 'audio/x-wav', 'audio/vnd.wave', 'audio/flac', 'audio/ogg', 'audio/x-opus+ogg'],
  ...['audio/mp4', 'audio/aac', 'audio/webm', 'audio/x-aiff'],
];
export const audioExtensions = [
  'mp3',
  'wav',
  'flac',
  'ogg',
  'opus',
  'm4a',
  'aac',
  'webm',
  'aiff',
  'aif',
];

const both = (target: string) => ({ target, arch: ['x64' as const, 'arm64' as const] });

/** What goes into a package, and how each system hears of it. `npm run package` says how it is used. */
const configuration: Configuration = {
  appId: 'org.soundpost.soundpost',
  productName: 'Soundpost',
  copyright: 'Copyright © 2026 The Soundpost authors',
  directories: { output: 'out/package', buildResources: 'resources/package' },
  // A deb has to name a page; a release names its own.
  extraMetadata: { homepage: environment['SOUNDPOST_HOMEPAGE'] ?? 'https://soundpost.invalid' },
  // These alone go in; what package.json lists as dependencies decides nothing.
  files: [
    '!**/*',
    'package.json',
    'LICENSE',
    'out/main/main.js',
    'out/main/keychain-process.js',
    'out/main/licenses.md',
    'out/main/chunks/**',
    'out/preload/**',
    'out/renderer/**',
    '!**/*.map',
    'node_modules/keytar/package.json',
    'node_modules/keytar/LICENSE.md',
    'node_modules/keytar/lib/*.js',
    'node_modules/keytar/prebuilds/${platform}-${arch}/**',
  ],
  // Beside the archive: what is sent as a file has to be one, and an archive's are none.
  extraResources: [
    { from: 'resources/sample', to: 'sample' },
    { from: 'resources/starters', to: 'starters' },
  ],
  asar: true,
  asarUnpack: ['**/*.node'],
  electronLanguages: ['en', 'en-US'],
  // keytar brings its program for each system and is bound to no version of Node.
  npmRebuild: false,
  publish: updateFeed(environment),
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  afterPack,
  fileAssociations: [
    {
      ext: 'soundpost',
      name: 'Soundpost preset',
      description: 'Soundpost preset',
      mimeType: 'application/x-soundpost',
      role: 'Editor',
      rank: 'Owner',
    },
  ],
  linux: {
    target: ['AppImage', 'deb', 'rpm'].map(both),
    executableName: 'soundpost',
    syncDesktopName: true,
    icon: 'resources/icons/png',
    category: 'AudioVideo;Audio;',
    maintainer:
      environment['SOUNDPOST_MAINTAINER'] ?? 'The Soundpost authors <authors@soundpost.invalid>',
    mimeTypes: audioTypes,
    desktop: { entry: { Keywords: 'audio;speech;model;Baseten;', StartupNotify: 'true' } },
  },
  deb: {
    depends: [
      ...['libsecret-1-0', 'libgtk-3-0', 'libnotify4', 'libnss3', 'libasound2', 'libgbm1'],
      ...['libatspi2.0-0', 'libuuid1', 'libxss1', 'libxtst6', 'xdg-utils'],
    ],
  },
  rpm: {
    depends: ['libsecret', 'gtk3', 'libnotify', 'nss', 'alsa-lib', 'mesa-libgbm', 'at-spi2-core'],
  },
  mac: {
    target: ['dmg', 'zip'].map(both),
    icon: 'resources/icons/icon.icns',
    category: 'public.app-category.music',
    minimumSystemVersion: '13.0',
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: 'resources/package/entitlements.mac.plist',
    entitlementsInherit: 'resources/package/entitlements.mac.plist',
    extendInfo: {
      NSMicrophoneUsageDescription: 'Soundpost records what you then send to your models.',
    },
    // Offered under "Open With", never as the one that opens sound.
    fileAssociations: [{ ext: audioExtensions, name: 'Sound', role: 'Viewer', rank: 'Alternate' }],
    ...mac,
  },
  win: { target: [both('nsis')], icon: 'resources/icons/icon.ico', ...windows },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    // The runs are the user's; the README says where they lie.
    deleteAppDataOnUninstall: false,
    include: 'resources/package/installer.nsh',
  },
};

async function afterPack({ appOutDir, packager, electronPlatformName }: AfterPackContext) {
  const isMac = electronPlatformName === 'darwin';
  const { productFilename } = packager.appInfo;
  const program = {
    darwin: `${productFilename}.app`,
    win32: `${productFilename}.exe`,
  }[electronPlatformName];
  await setFuses(
    join(appOutDir, program ?? 'soundpost'),
    fusesFor(electronPlatformName, environment['SOUNDPOST_TEST_BUILD'] === '1'),
    // A changed program starts on Apple's processors only when something signs it again.
    { resetAdHocDarwinSignature: isMac && mac.identity === null },
  );
  const resources = isMac ? `${productFilename}.app/Contents/Resources` : 'resources';
  console.log(`  • ${await checkInstalledSize(appOutDir, join(appOutDir, resources))}`);
}

export default configuration;
