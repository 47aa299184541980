import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { hasErrorCode } from '../soundpost-error.ts';

/** A process that no other can be taken for: ids are used again, an id with its time of start is not. */
export const processIdentitySchema = v.object({
  host: v.string(),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** When it started, as the system writes it; empty where the system can't be asked. */
  started: v.string(),
});
export type ProcessIdentity = v.InferOutput<typeof processIdentitySchema>;

let own: Promise<ProcessIdentity> | undefined;

export function ownIdentity(): Promise<ProcessIdentity> {
  return (own ??= startOf(process.pid).then((started) => ({
    host: hostname(),
    pid: process.pid,
    started: started ?? '',
  })));
}

/**
 * Whether that process is still there. `unknown` for one on another computer, in a shared home folder, and where the
 * system can't tell when a process of that id started.
 */
export async function isRunning(identity: ProcessIdentity): Promise<boolean | 'unknown'> {
  const { host, pid, started } = identity;
  if (host !== hostname()) return 'unknown';
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and is another user's.
    if (!hasErrorCode(error, 'EPERM')) return false;
  }
  const now = await startOf(pid);
  if (started === '' || now === null) return 'unknown';
  return now === started;
}

/** When a process started, as its system writes it. Null when it can't be told: on Windows, or when it is gone. */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // The 22nd field (proc_pid_stat(5)); the 2nd, a name in parentheses, may hold anything.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
    } catch {
      return null;
    }
  }
  if (process.platform === 'win32') return null;
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 3000 }, (error, stdout) => {
      resolve(error ? null : stdout.trim() || null);
    });
  });
}
