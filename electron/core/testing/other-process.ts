import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type OtherProcess = AsyncDisposable & {
  child: ChildProcess;
  /** Resolves with the next line that it prints. */
  line: () => Promise<string>;
  /** Resolves when it has ended, with its exit status: null when it was killed. */
  ended: Promise<number | null>;
};

/** A real process that runs a module's text, with its arguments in `process.argv` from 2 on. Modules are imported by `file:` URLs. */
export function otherProcess(script: string, ...args: string[]): OtherProcess {
  const child = spawn(
    process.execPath,
    // The dash stands where a file's name would.
    ['--no-warnings', '--input-type=module-typescript', '--eval', script, '--', '-', ...args],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit').then(([status]) => status as number | null);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    line: async () => String((await lines.next()).value),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
