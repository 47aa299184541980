import type { Request } from './request.svelte.ts';

/** Presets of one model or one host, in their order. */
type PresetGroup = { name: string; requests: Request[] };
type Groups<R> = readonly { requests: readonly R[] }[];

/** Presets by what they ask: a model's id, or a host. Groups stand where their first preset does. */
export function groupsOf(requests: readonly Request[]): PresetGroup[] {
  const groups = new Map<string, PresetGroup>();
  for (const request of requests) {
    const name = nameOf(request);
    const group = groups.get(name) ?? { name, requests: [] };
    group.requests.push(request);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/**
 * All of them, with one a place up (-1) or down (1) in its group, or its group a place among the groups where it stands at the
 * group's end. Null when it stands at the end of all.
 */
export function moved<R>(groups: Groups<R>, one: R, by: -1 | 1): R[] | null {
  const all = groups.map(({ requests }) => [...requests]);
  const at = all.findIndex((group) => group.includes(one));
  const group = all[at] ?? [];
  const inside = swapped(group, group.indexOf(one), by);
  return (inside ? all.with(at, inside) : swapped(all, at, by))?.flat() ?? null;
}

/** With the element at a place and its neighbour exchanged; null when there is no neighbour. */
function swapped<T>(list: readonly T[], at: number, by: -1 | 1): T[] | null {
  const element = list[at];
  const neighbour = list[at + by];
  if (element === undefined || neighbour === undefined) return null;
  return list.with(at, neighbour).with(at + by, element);
}

function nameOf({ preset }: Request): string {
  const target = preset?.target;
  if (!target) return '';
  if (target.kind === 'model') return target.modelId;
  return URL.parse(target.url)?.host ?? target.url;
}
