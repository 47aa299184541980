import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc, on every Linux there is (`getconf CLK_TCK`). */
const TICKS = 100;

/** What the browsers that this process started have used so far: processor seconds of all, and MiB of their renderers. */
export type BrowserCost = { seconds: number; mebibytes: number };

export function browserCost(): BrowserCost {
  const parents = new Map<number, { parent: number; seconds: number }>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = textOf(`/proc/${entry}/stat`);
    const after = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const seconds = (Number(after[11]) + Number(after[12])) / TICKS;
    if (stat !== '') parents.set(Number(entry), { parent: Number(after[1]), seconds });
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent;
    return parent === process.pid || (parent !== undefined && parent > 1 && isOurs(parent));
  };
  const cost: BrowserCost = { seconds: 0, mebibytes: 0 };
  for (const [pid, { seconds }] of parents) {
    if (!isOurs(pid)) continue;
    cost.seconds += seconds;
    if (!textOf(`/proc/${pid}/cmdline`).includes('--type=renderer')) continue;
    const pss = /^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`));
    cost.mebibytes += Number(pss?.[1] ?? 0) / 1024;
  }
  return cost;
}

/** Empty when the process has just ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
