import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { LinuxTargetHelper } from 'app-builder-lib/out/targets/LinuxTargetHelper.js';
import { Arch, build, Platform, type AfterPackContext } from 'electron-builder';
import { execFile } from 'node:child_process';
import { isBuiltin } from 'node:module';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import configuration, { audioExtensions } from '../../electron-builder.config.ts';
import { fusesFor } from '../../scripts/fuses.ts';
import { checkInstalledSize } from '../../scripts/installed-size.ts';
import { updateFeed } from '../../scripts/update-feed.ts';
import { launchApp } from '../app.ts';
import { expectWords, on } from '../page.ts';
import { standInElectron } from './stand-in-electron.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

let scratch: string;
/** The unpacked app of each processor. */
const folders = { x64: 'linux-unpacked', arm64: 'linux-arm64-unpacked' };
let packager: AfterPackContext['packager'];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'soundpost-package-'));
  const electronDist = join(scratch, 'electron');
  await standInElectron(electronDist, '45.4.1');
  const { afterPack } = configuration;
  if (typeof afterPack !== 'function') throw new Error('The configuration sets no fuses.');
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir', Arch.x64, Arch.arm64),
    publish: 'never',
    config: {
      ...configuration,
      electronDist,
      directories: { ...configuration.directories, output: join(scratch, 'packed') },
      afterPack: async (context) => {
        ({ packager } = context);
        await afterPack(context);
      },
    },
  });
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

const inPackage = (arch: keyof typeof folders, ...path: string[]): string =>
  join(scratch, 'packed', folders[arch], ...path);

const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

/** The archive's files, laid out as a folder again. */
async function takenApart(arch: keyof typeof folders): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'apart-'));
  extractAll(inPackage(arch, 'resources', 'app.asar'), folder);
  return folder;
}

test('a package holds what the app runs on, and no source, map, test or other dependency', async () => {
  const allowed = [
    /^package\.json$/,
    /^LICENSE$/,
    /^out\/main\/(main|keychain-process|chunks\/[a-z-]+)\.js$/,
    /^out\/preload\/preload\.cjs$/,
    /^out\/(main|renderer)\/licenses[\w-]*\.md$/,
    /^out\/renderer\/index\.html$/,
    /^out\/renderer\/assets\/[\w-]+\.(js|css)$/,
    /^node_modules\/keytar\/(package\.json|LICENSE\.md|lib\/keytar\.js)$/,
    /^node_modules\/keytar\/prebuilds\/linux-x64\/keytar\.node$/,
  ];
  const files = await filesBelow(await takenApart('x64'));
  expect(files.filter((path) => !allowed.some((form) => form.test(path)))).toEqual([]);
  expect(files.length).toBeGreaterThan(allowed.length);
  const beside = (await filesBelow(inPackage('x64', 'resources'))).map(
    (path) => path.split('/')[0],
  );
  expect(new Set(beside)).toEqual(new Set(['app.asar', 'app.asar.unpacked', 'sample', 'starters']));
  expect(await readdir(inPackage('x64', 'locales'))).toEqual(['en-US.pak']);
});

test('a packaged file neither names this checkout nor a map', async () => {
  const folder = await takenApart('x64');
  for (const path of await filesBelow(folder)) {
    const text = await readFile(join(folder, path), 'latin1');
    expect(text.includes(root), path).toBe(false);
    expect(/\/[/*]# sourceMappingURL=/.test(text), path).toBe(false);
  }
});

test('main imports nothing that is not in the package', async () => {
  const folder = await takenApart('x64');
  const named = new Set<string>();
  for (const path of await filesBelow(join(folder, 'out', 'main'))) {
    const text = await readFile(join(folder, 'out', 'main', path), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:^import [^"\n]*|import\()"([^".\n][^"\n]*)"/gm)) {
      if (!name.startsWith('node:')) named.add(name);
    }
  }
  expect([...named].toSorted()).toEqual(['electron', 'keytar']);
});

test('the updater is in the package, apart from what every start loads, and needs nothing that is not', async () => {
  const folder = join(await takenApart('x64'), 'out', 'main');
  const texts = await Promise.all(
    (await filesBelow(folder)).map((path) => readFile(join(folder, path), 'utf8')),
  );
  // A word that only the library itself has.
  const updaters = texts.filter((text) => text.includes('ERR_UPDATER_UNSUPPORTED_PROVIDER'));
  expect(updaters).toHaveLength(1);
  const [updater = ''] = updaters;
  expect(updater).not.toContain('app.enableSandbox');
  const required = [...updater.matchAll(/\b(?:__)?require\d*\("([^"]+)"\)/g)].map(
    ([, name = '']) => name,
  );
  expect(required.filter((name) => !isBuiltin(name) && name !== 'electron')).toEqual([]);
});

test('a package that is made with a place for updates names it, and no other does', async () => {
  const output = join(scratch, 'with-feed');
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir', Arch.x64),
    publish: 'never',
    config: {
      ...configuration,
      electronDist: join(scratch, 'electron'),
      directories: { ...configuration.directories, output },
      // The first build has used these up.
      ...{ files: ['!**/*', 'package.json', 'out/main/main.js'], extraResources: [] },
      publish: updateFeed({ SOUNDPOST_UPDATE_FEED: 'github:someone/soundpost' }),
    },
  });
  const file = join('linux-unpacked', 'resources', 'app-update.yml');
  expect((await readFile(join(output, file), 'utf8')).trim().split('\n').toSorted()).toEqual([
    ...[
      'owner: someone',
      'provider: github',
      'repo: soundpost',
      'updaterCacheDirName: soundpost-updater',
    ],
  ]);
  expect(await readdir(inPackage('x64', 'resources'))).not.toContain('app-update.yml');
});

test('each processor gets keytar’s program for itself alone, outside the archive', async () => {
  // e_machine of an ELF header, at byte 18.
  const machines = { x64: 0x3e, arm64: 0xb7 };
  for (const arch of ['x64', 'arm64'] as const) {
    const unpacked = inPackage(arch, 'resources', 'app.asar.unpacked');
    const programs = (await filesBelow(unpacked)).filter((path) => path.endsWith('.node'));
    expect(programs).toEqual([`node_modules/keytar/prebuilds/linux-${arch}/keytar.node`]);
    const [program = ''] = programs;
    expect((await readFile(join(unpacked, program))).readUInt16LE(18)).toBe(machines[arch]);
    expect(listPackage(inPackage(arch, 'resources', 'app.asar'), { isPack: true })).toContain(
      `unpack : /${program}`,
    );
  }
});

test.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'the packaged keytar loads',
  async () => {
    const keytar = inPackage('x64', 'resources', 'app.asar.unpacked', 'node_modules', 'keytar');
    const script = `process.stdout.write(typeof require(${JSON.stringify(keytar)}).getPassword)`;
    expect((await run(process.execPath, ['-e', script])).stdout).toBe('function');
  },
);

test('every fuse of the program stands as it should, in a release and in a build for tests', async () => {
  const wire = await getCurrentFuseWire(inPackage('x64', 'soundpost'));
  const names = Object.keys(fusesFor('linux', false)) as (keyof typeof FuseV1Options)[];
  const read = Object.fromEntries(
    names.map((name) => [name, wire[FuseV1Options[name]] === FuseState.ENABLE]),
  );
  expect(read).toEqual({
    RunAsNode: false,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableEmbeddedAsarIntegrityValidation: false,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
    WasmTrapHandlers: true,
  });
  expect(fusesFor('darwin', false).EnableEmbeddedAsarIntegrityValidation).toBe(true);
  expect(fusesFor('win32', false).EnableEmbeddedAsarIntegrityValidation).toBe(true);
  expect(fusesFor('linux', true).EnableNodeCliInspectArguments).toBe(true);
});

test('Linux is told what Soundpost opens, and that presets are its own', async () => {
  const helper = new LinuxTargetHelper(packager as never);
  const entry = await helper.computeDesktopEntry(packager.platformSpecificBuildOptions as never);
  expect(entry).toMatch(/^Name=Soundpost$/m);
  expect(entry).toMatch(/^Exec=\/opt\/Soundpost\/soundpost %U$/m);
  expect(entry).toMatch(/^StartupWMClass=soundpost$/m);
  expect(entry).toMatch(/^Categories=AudioVideo;Audio;$/m);
  const types = /^MimeType=(.*)$/m.exec(entry)?.[1]?.split(';');
  expect(types).toEqual(
    expect.arrayContaining(['audio/mpeg', 'audio/flac', 'audio/mp4', 'application/x-soundpost']),
  );
  const declared = await readFile((await helper.mimeTypeFiles) ?? '', 'utf8');
  // Sound has types of its own already; declaring them again would change whose they are.
  expect([...declared.matchAll(/<mime-type type="([^"]+)">/g)].map(([, type]) => type)).toEqual([
    'application/x-soundpost',
  ]);
  expect(declared).toContain('<glob pattern="*.soundpost"/>');
  const icons = await helper.icons;
  expect(icons.map(({ size }) => size)).toEqual([16, 24, 32, 48, 64, 128, 256, 512]);
  expect(configuration.deb?.depends).toContain('libsecret-1-0');
  expect(configuration.rpm?.depends).toContain('libsecret');
});

test('macOS and Windows offer Soundpost for sound and leave its default alone', async () => {
  expect(configuration.fileAssociations).toMatchObject([{ ext: 'soundpost' }]);
  expect(configuration.mac?.fileAssociations).toEqual([
    { ext: audioExtensions, name: 'Sound', role: 'Viewer', rank: 'Alternate' },
  ]);
  expect(configuration.win?.fileAssociations).toBeUndefined();
  const installer = await readFile(join(root, 'resources', 'package', 'installer.nsh'), 'utf8');
  const offered = [...installer.matchAll(/!insertmacro \$\{DEED\} "(\w+)"/g)].map(([, ext]) => ext);
  expect(offered).toEqual(audioExtensions);
  expect(installer).not.toMatch(/WriteRegStr SHELL_CONTEXT "Software\\Classes\\\.\$\{EXT\}" ""/);
});

test('a package over its budget is not made', async () => {
  const folder = inPackage('x64');
  const resources = join(folder, 'resources');
  await expect(checkInstalledSize(folder, resources)).resolves.toMatch(/MB installed/);
  await expect(checkInstalledSize(folder, resources, { own: 1, all: 300 })).rejects.toThrow(
    'too large',
  );
});

test('the packaged main process and page start, and the demo answers', async () => {
  const folder = await takenApart('x64');
  for (const name of ['sample', 'starters']) {
    await cp(inPackage('x64', 'resources', name), join(folder, 'resources', name), {
      recursive: true,
    });
  }
  await using app = await launchApp({ folder });
  await on(app.page).run.click();
  await expectWords(app.page, /200/);
  await app.page.getByRole('button', { name: /^Play/ }).first().waitFor();
  expect(app.problems).toEqual([]);
});
