import { join } from 'node:path';
import { build } from 'vite';

/** Builds the page that holds nothing but the live engine, as the app's own page is built, into `directory`. */
export async function buildLivePage(directory: string): Promise<void> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'page'),
    logLevel: 'warn',
    build: {
      outDir: directory,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    worker: { format: 'es' },
  });
}
