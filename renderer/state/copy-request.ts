import type { Bridge } from '../../electron/contract/bridge.ts';
import type { SnippetKind } from '../../electron/contract/snippet.ts';
import type { Workspace } from './workspace.svelte.ts';

type Place = { bridge: Bridge; workspace: Workspace };

/** Copies the selected request as a program, or says what it still needs. */
export async function copyRequest(as: SnippetKind, { bridge, workspace }: Place): Promise<void> {
  const { intent } = workspace.selected.form;
  if (!intent.ok) {
    workspace.say(intent.hint);
    return;
  }
  const result = await bridge.request('request.copy', { intent: intent.intent, as });
  workspace.say(result.ok ? result.data.said : result.failure.message);
}
