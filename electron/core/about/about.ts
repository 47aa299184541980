import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { About } from '../../contract/about.ts';

type Options = {
  /** Where the program lies: the checkout, or a package's archive. */
  root: string;
  version: string;
  /** As `process.versions`. */
  versions: Record<string, string | undefined>;
  system: { platform: string; release: string; arch: string };
};

const systems: Record<string, string> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' };
/** Where the build puts the licences of what is bundled. */
const BUILT = [join('out', 'main'), join('out', 'renderer')];
/** Shipped as it is, with its terms beside it. */
const KEYTAR = join('node_modules', 'keytar', 'LICENSE.md');

/** What this program is, from its own files. */
export async function aboutThis({ root, version, versions, system }: Options): Promise<About> {
  const isDesktop = versions['electron'] !== undefined;
  const known: [name: string, version: string | undefined][] = [
    ['Electron', versions['electron']],
    ['Chromium', versions['chrome']],
    ['Node.js', versions['node']],
  ];
  const { platform, release, arch } = system;
  const given = await noticesIn(root);
  return {
    ...{ name: 'Soundpost', version, runsIn: isDesktop ? 'desktop' : 'web host' },
    versions: known.flatMap(([name, of]) => (of === undefined ? [] : [{ name, version: of }])),
    // Apple counts its systems otherwise than their kernels, which is what a release is.
    system: `${systems[platform] ?? platform} ${platform === 'darwin' ? `(Darwin ${release})` : release} ${arch}`,
    licence: (await textOf(join(root, 'LICENSE'))) ?? 'MIT',
    notices: given.length > 0 ? given.join('\n\n') : null,
  };
}

async function noticesIn(root: string): Promise<string[]> {
  const lists = await Promise.all(
    BUILT.map(async (folder) => {
      const names = await readdir(join(root, folder)).catch(() => []);
      return names
        .filter((name) => /^licenses[\w-]*\.md$/.test(name))
        .sort()
        .map((name) => join(folder, name));
    }),
  );
  const paths = lists.flat();
  if (paths.length === 0) return [];
  const texts = await Promise.all(paths.map((path) => textOf(join(root, path))));
  const keytar = await textOf(join(root, KEYTAR));
  return [...texts, keytar && `## keytar (MIT)\n\n${keytar}`]
    .filter((text) => text !== null)
    .map((text) => text.replace(/^# Licenses\s+The app bundles[^\n]*\n+/, '').trim());
}

/** The page that this build names as its own; null when it names none that is real. */
export function websiteOf(root: string): string | null {
  const path = join(root, 'package.json');
  const manifest: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const { homepage } = Object(manifest) as { homepage?: unknown };
  const url = typeof homepage === 'string' ? URL.parse(homepage) : null;
  const isReal =
    url?.protocol === 'https:' &&
    !url.username &&
    /\.(?!invalid$|test$|example$|localhost$)[a-z]+$/.test(url.hostname);
  return isReal ? url.href : null;
}

/** Null where a build has no such file. */
const textOf = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);
