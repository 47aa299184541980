import { registerHooks } from 'node:module';

const standIn = new URL('./electron.ts', import.meta.url).href;

// The built main process imports `electron` by name, and electron-updater requires it; on plain Node that name means the stand-in.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
