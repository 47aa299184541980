import type { Workspace } from './workspace.svelte.ts';

/** The models whose states are shown, by the key's name: those of presets, and with the key in use those run lately. */
export function wantedModels({
  presets,
  models,
}: Pick<Workspace, 'presets' | 'models'>): Map<string, string[]> {
  const wanted = new Map<string, string[]>([['', []]]);
  for (const { preset } of presets.requests) {
    if (preset?.target.kind !== 'model') continue;
    const keyName = preset.keyName ?? '';
    wanted.set(keyName, [...(wanted.get(keyName) ?? []), preset.target.modelId]);
  }
  return wanted.set('', [...(wanted.get('') ?? []), ...models.recent]);
}
