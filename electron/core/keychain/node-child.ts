import { fork } from 'node:child_process';
import { keychainEnvironment } from './keychain-environment.ts';
import type { KeychainChild } from './system-keychain.ts';

/**
 * The keychain's process on plain Node. `entry` is the path of the built keychain-process; of `environment` only what
 * keyrings need is passed on.
 */
export function nodeChild(
  entry: string,
  environment: Record<string, string | undefined>,
): () => KeychainChild {
  return () => {
    const child = fork(entry, [], {
      env: keychainEnvironment(environment),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return {
      post: (message) => {
        // A message that can't be sent is followed by 'exit' or 'error'.
        if (child.connected) child.send({ ...message }, () => undefined);
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => {
        child.on('exit', listener);
        child.on('error', listener);
      },
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  };
}
