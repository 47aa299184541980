import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/**
 * The licences of what is bundled into a worker, one file for each package: Vite's own list leaves workers out. For
 * `worker.plugins`.
 */
export function workerLicenses(root: string): Plugin {
  return {
    name: 'worker-licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((output) =>
        output.type === 'chunk' ? output.moduleIds : [],
      );
      const names = modules.flatMap(
        (id) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1] ?? [],
      );
      for (const name of new Set(names)) {
        this.emitFile({
          type: 'asset',
          fileName: `licenses-${name.replaceAll(/[^\w-]/g, '-')}.md`,
          source: licenseOf(join(root, 'node_modules', name), name),
        });
      }
    },
  };
}

function licenseOf(folder: string, name: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license?: string;
    homepage?: string;
  };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
  const { version, license = 'see its text', homepage } = manifest;
  // Some terms want it said where the source is.
  const source = homepage === undefined ? '' : `Source: ${homepage}\n\n`;
  return `## ${name} - ${version} (${license})\n\n${source}${text}`;
}
