import { remember } from './intent-form.ts';
import type { Request } from './request.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Makes a preset's form what was saved, and offers to undo that. */
export function revertPreset(workspace: Workspace, request: Request): void {
  const { preset, form, title } = request;
  if (!preset) return;
  const undo = remember(form);
  request.take(preset, { refill: true });
  workspace.notices.say(`“${title}” is as it was saved.`, { label: 'Undo', do: undo });
}
