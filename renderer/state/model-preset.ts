import type { Bridge } from '../../electron/contract/bridge.ts';
import type { PresetDraft } from '../../electron/contract/preset.ts';
import { usualDeployment } from './deployments.ts';
import type { Workspace } from './workspace.svelte.ts';

/** As many characters as a preset's name has. */
const LONGEST_NAME = 100;

/**
 * Makes a preset for a model of the account and selects it: asked as the model's own example shows, and without one
 * with a file. False when it could not be kept, which has then been said.
 */
export async function addModelPreset(
  bridge: Bridge,
  workspace: Workspace,
  model: { id: string; name: string },
): Promise<boolean> {
  const known = workspace.models.find(model.id, '');
  const seen = known?.deployments ? known : await workspace.models.look(model.id, '');
  const deployment = usualDeployment(seen);
  const example = await workspace.models.example(model.id, deployment);
  const draft: PresetDraft = {
    name: model.name.trim().slice(0, LONGEST_NAME) || model.id,
    target: { kind: 'model', modelId: model.id, deployment },
    ...{ auth: 'api-key', body: example ? 'json' : 'msgpack', answer: 'auto' },
    fields: example ?? [{ name: 'byte_data', type: 'file' }],
  };
  const added = workspace.presets.added(await bridge.request('preset.create', { preset: draft }));
  if (added) workspace.select(added);
  return added !== null;
}
