import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Who is at work on a run. Process ids are given out again, so the process's start stands beside it; empty where the
 * system does not tell it.
 */
export type Lease = { pid: number; processStart: string };

/** The lease of this process. */
export async function ownLease(): Promise<Lease> {
  return { pid: process.pid, processStart: (await processStart(process.pid)) ?? '' };
}

/** Whether the holder is still alive. When that can't be told, it is: nobody's live run is ever taken for dead. */
export async function isHeld({ pid, processStart: start }: Lease): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (start === '') return true;
  const now = await processStart(pid);
  return now === null ? isAlive(pid) && process.platform !== 'linux' : now === start;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A text that no other process of that id has had; null when there is no such process. */
async function processStart(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') return await linuxStart(pid);
    const { stdout } =
      process.platform === 'win32'
        ? await run('powershell.exe', [
            '-NoProfile',
            '-Command',
            `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`,
          ])
        : await run('ps', ['-o', 'lstart=', '-p', String(pid)], {
            env: { LC_ALL: 'C', TZ: 'UTC' },
          });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

/** Clock ticks from the boot to the start (proc(5), field 22), and which boot it was. The name in field 2 may hold anything. */
async function linuxStart(pid: number): Promise<string | null> {
  const [status, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'latin1'),
    readFile('/proc/sys/kernel/random/boot_id', 'latin1'),
  ]);
  const [state, ...fields] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended; its parent has not looked yet.
  return state === 'Z' || state === 'X' ? null : `${boot.trim()} ${fields[18] ?? ''}`;
}
