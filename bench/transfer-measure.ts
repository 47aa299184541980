import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What one process took: seconds of wall clock and processor, MiB of memory at its peak; and the server's share of work. */
export type Cost = { wall: number; processor: number; memory: number; serverBusy: number };

export type Sink = {
  url: string;
  /** The next exchange that the server finishes: how busy it was, from 0 to 1. */
  exchanged: () => Promise<number>;
  close: () => void;
};

/**
 * How often a running process is looked at, in milliseconds: the kernel keeps its peak itself. A look through the thread
 * pool each 5 ms takes an eighth of a processor from what is measured; this, a thirtieth.
 */
const LOOK_EVERY = 10;
/** Clock ticks a second in /proc, on every Linux there is (`getconf CLK_TCK`). */
const TICKS = 100;

/** Starts the server in a process of its own. */
export async function startSink(): Promise<Sink> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'model-sink.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The server of the bench has ended.');
    return value;
  };
  const port = await line();
  return {
    url: `http://127.0.0.1:${port}`,
    exchanged: async () => Number(Reflect.get(Object(JSON.parse(await line())), 'busy')),
    close: () => child.kill(),
  };
}

/** Runs a command to its end and measures it. @throws Error when it fails */
export async function measure(
  [program = '', ...args]: string[],
  environment: Record<string, string>,
  exchanged: Sink['exchanged'],
): Promise<Cost> {
  const began = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let words = '';
  child.stderr.on('data', (bytes: Buffer) => (words += bytes.toString()));
  let memory = 0;
  let processor = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      memory = Math.max(memory, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      const after = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      processor = (Number(after[11]) + Number(after[12])) / TICKS;
    } catch {
      // The process has just ended.
    }
  }, LOOK_EVERY);
  await once(child, 'close');
  const wall = (performance.now() - began) / 1000;
  clearInterval(look);
  if (child.exitCode !== 0) throw new Error(`${program} failed: ${words}`);
  return { wall, processor, memory, serverBusy: await exchanged() };
}

export const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;
