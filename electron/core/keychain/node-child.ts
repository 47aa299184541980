import { fork } from 'node:child_process';
import { keychainEnvironment } from './keychain-environment.ts';
import type { KeychainChild } from './system-keychain.ts';

/** The keychain's process on plain Node. `entry` is the path of the built keychain-process. */
export function nodeChild(
  entry: string,
  environment: Record<string, string | undefined>,
): () => KeychainChild {
  const env = keychainEnvironment(environment);
  return () => {
    const child = fork(entry, [], {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      windowsHide: true,
    });
    return {
      post: (message) => {
        // A broken channel is reported by 'exit', or by the call's time limit.
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
