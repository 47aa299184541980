import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';
import { workerLicenses } from './scripts/worker-licenses.ts';

const here = (path: string): string => resolve(import.meta.dirname, path);

/** What is bundled has its authors' terms beside it, which About shows. */
const license = { fileName: 'licenses.md' };

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      license,
      // All of it is one's own program, but for keytar, which has a part that no bundle can hold.
      externalizeDeps: false,
      lib: {
        // Three entries of one build: the desktop app, the command line, and the process that loads keytar.
        entry: {
          main: here('electron/main.ts'),
          cli: here('electron/cli.ts'),
          'keychain-process': here('electron/core/keychain/keychain-process.ts'),
        },
        formats: ['es'],
      },
      rolldownOptions: {
        external: ['keytar'],
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can't be ESM and can't require local files, so it is one CommonJS file.
      externalizeDeps: false,
      lib: { entry: here('electron/preload.ts'), formats: ['cjs'] },
      rolldownOptions: { output: { entryFileNames: 'preload.cjs' } },
    },
  },
  renderer: {
    root: here('renderer'),
    plugins: [svelte({ configFile: here('svelte.config.js') })],
    build: {
      outDir: here('out/renderer'),
      license,
      rolldownOptions: { input: here('renderer/index.html') },
      // The page's CSP has no data: sources for scripts, styles or fonts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    worker: { format: 'es', plugins: () => [workerLicenses(import.meta.dirname)] },
  },
});
