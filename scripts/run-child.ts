import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program as if it were this one: its input and output, the signals sent to us, and its exit code, which is 128
 * and the signal's number when a signal ended it.
 */
export async function runChild(
  program: string,
  args: string[],
  cwd = process.cwd(),
): Promise<number> {
  const child = spawn(program, args, { cwd, stdio: 'inherit' });
  return exitOf(child);
}

/** Passes signals on to a child until it ends. @returns its exit code */
export function exitOf(child: ChildProcess): Promise<number> {
  const pass = (signal: NodeJS.Signals): void => {
    // A Ctrl+C reaches the whole terminal, the child too; only a signal sent to us alone has to be passed on.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of passedOn) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of passedOn) process.off(name, pass);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
