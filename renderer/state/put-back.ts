import type { HistoryEntry } from '../../electron/contract/history.ts';
import { fillFromIntent } from './intent-form.ts';
import type { Request } from './request.svelte.ts';
import { subjectOf } from './run-subject.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Where an earlier run is put back: into its preset or the demo's request, else into New request. */
export function placeOf(
  { intent: { target }, row: { preset } }: HistoryEntry,
  { demo, presets, fresh }: Pick<Workspace, 'demo' | 'presets' | 'fresh'>,
): Request {
  const found = demo.find(({ form }) => target.kind === 'demo' && form.demo === target.model);
  return found ?? (preset && presets.byId(preset.id)) ?? fresh;
}

/** Puts back what was asked and what came, and says what made room for it. */
export function putBack(
  entry: HistoryEntry,
  request: Request,
  workspace: Pick<Workspace, 'rememberUnsaved' | 'models'>,
): void {
  const { form, preset, run } = request;
  const { intent, inputs } = entry;
  const tellOfLoss = workspace.rememberUnsaved(request);
  fillFromIntent(form, intent, { inputs: inputs.flatMap(({ input }) => input ?? []), preset });
  run.show(entry.outcome, subjectOf(entry, request, workspace.models));
  tellOfLoss('that run');
}
