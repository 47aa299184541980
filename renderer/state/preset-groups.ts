import type { Request } from './request.svelte.ts';

/** Presets of one model or one host, in their order. */
type PresetGroup = { name: string; requests: Request[] };

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

function nameOf({ preset }: Request): string {
  const target = preset?.target;
  if (!target) return '';
  if (target.kind === 'model') return target.modelId;
  return URL.parse(target.url)?.host ?? target.url;
}
