import { formatTook } from '../parts/format.ts';
import type { Request } from './request.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Says of a run that ended while another request was shown, and marks it until it is looked at. */
export function tellOfEnd(request: Request, workspace: Workspace): void {
  const { run, title } = request;
  if (workspace.selected === request || run.state.phase !== 'ended') return;
  run.isUnseen = true;
  const { state, timings } = run.state.outcome;
  const took = formatTook(timings.total);
  const words = state === 'done' ? `is done in ${took}` : `${state} after ${took}`;
  workspace.notices.say(`“${title}” ${words}.`, {
    label: 'Show',
    do: () => {
      workspace.select(request);
    },
  });
}
