import { defineConfig } from 'vitest/config';

// Where CI reads the counts from.
const report = process.env['SOUNDPOST_TEST_REPORT'];

export default defineConfig({
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        test: {
          name: 'core',
          include: ['{electron,renderer,scripts,web-host}/**/*.test.ts'],
          // Importing `electron` from plain Node would otherwise try to download its binary.
          env: { ELECTRON_OVERRIDE_DIST_PATH: '/electron-is-not-used-in-unit-tests' },
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.spec.ts'],
          exclude: ['e2e/{package,program}/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // One app and one browser at a time: the specs measure layout and sound.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'package',
          include: ['e2e/package/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // Beside the other specs it would take their browser's time.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'program',
          include: ['e2e/program/*.spec.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
