import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Request } from './request.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

type Means = { bridge: Bridge; workspace: Workspace };

/** Opens the folder of the log in the system's file manager. */
export async function showLogs({ bridge, workspace }: Means): Promise<void> {
  const result = await bridge.request('settings.showFolder', { which: 'logs' });
  if (!result.ok) workspace.say(result.failure.message);
}

/** Copies what helps to find a fault. */
export async function copyDiagnostics({ bridge, workspace }: Means): Promise<void> {
  const result = await bridge.request('app.copyDiagnostics', {});
  workspace.say(
    result.ok ? 'Copied. It holds no key; read it before you send it.' : result.failure.message,
  );
}

/** Opens the build's own page in the system's browser. */
export async function openWebsite({ bridge, workspace }: Means): Promise<void> {
  const result = await bridge.request('app.openWebsite', {});
  if (!result.ok) workspace.say(result.failure.message);
}

/** Shows a run that ended: where it is, else as an earlier one is put back. */
export async function showRun(runId: string, workspace: Workspace): Promise<void> {
  const isIts = ({ run: { state } }: Request): boolean =>
    state.phase === 'ended' && state.outcome.runId === runId;
  const request = workspace.requests.find(isIts);
  if (request) workspace.select(request);
  else await workspace.reopen(runId);
}
