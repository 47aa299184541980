import { utilityProcess } from 'electron';
import type { KeychainChild } from '../core/keychain/system-keychain.ts';

/** The keychain's process as an Electron utility process. `env` is all it gets of the environment. */
export function utilityChild(entry: string, env: Record<string, string>): () => KeychainChild {
  return () => {
    const child = utilityProcess.fork(entry, [], {
      env,
      stdio: 'ignore',
      serviceName: 'Soundpost keychain',
    });
    return {
      post: (message) => {
        child.postMessage(message);
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => {
        child.on('exit', () => {
          listener();
        });
      },
      kill: () => {
        child.kill();
      },
    };
  };
}
