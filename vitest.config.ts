import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          include: ['electron/**/*.test.ts', 'web-host/**/*.test.ts', 'renderer/**/*.test.ts'],
          // Importing `electron` from plain Node would otherwise try to download its binary.
          env: { ELECTRON_OVERRIDE_DIST_PATH: '/electron-is-not-used-in-unit-tests' },
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // One app and one browser at a time: the specs measure layout and sound.
          fileParallelism: false,
        },
      },
    ],
  },
});
