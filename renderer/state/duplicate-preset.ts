import type { Request } from './request.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Makes another preset of one, and goes to it. */
export async function duplicatePreset(workspace: Workspace, request: Request): Promise<void> {
  const copy = await workspace.presets.duplicate(request);
  if (copy) workspace.select(copy);
}
