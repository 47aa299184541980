import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Marks the fuses in Electron's program; after it the version of the fuses, how many there are, and one letter each. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron 45 comes: nine, in the order of `FuseV1Options`. */
const FACTORY_SETTING = '101100001';

/**
 * A folder with what packaging looks for in Electron's, without Electron: for Linux a program that does nothing and has the
 * fuses, and the files that are kept, renamed or thrown away.
 */
export async function standInElectron(folder: string, version: string): Promise<void> {
  await mkdir(join(folder, 'locales'), { recursive: true });
  await mkdir(join(folder, 'resources'));
  const program = join(folder, 'electron');
  const fuses = `${SENTINEL}\x01${String.fromCharCode(FACTORY_SETTING.length)}${FACTORY_SETTING}`;
  await writeFile(program, `#!/bin/sh\nexit 0\n# ${fuses}\n`, 'latin1');
  await chmod(program, 0o755);
  await writeFile(join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox']) {
    await writeFile(join(folder, name), name);
  }
  for (const language of ['en-US', 'de']) {
    await writeFile(join(folder, 'locales', `${language}.pak`), language);
  }
}
