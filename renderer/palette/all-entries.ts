import type { Actions } from '../state/actions.ts';
import type { Request } from '../state/request.svelte.ts';
import { actions as table, shownKeys, type Keys } from '../state/shortcuts.ts';
import type { Workspace } from '../state/workspace.svelte.ts';
import type { Entry } from './entries.ts';

type Sources = {
  workspace: Workspace;
  actions: Actions;
  /** The keys that the user chose for actions. */
  chosen: Record<string, readonly Keys[]>;
  /** Opens the known models. */
  onstarter: () => void;
};

/** The presets, by their models. */
export function presetEntries({
  workspace,
  chosen,
}: Pick<Sources, 'workspace' | 'chosen'>): Entry[] {
  const { presets } = workspace;
  return presets.groups.flatMap(({ name, requests }) =>
    requests.map((request): Entry => ({
      ...requestEntry(request, workspace),
      group: 'Presets',
      hint: [name, request.hint].filter(Boolean).join(' · '),
      ...keysOf(`preset-${presets.shown.indexOf(request) + 1}`, workspace, chosen),
    })),
  );
}

/** All there is to choose at this moment, but for the runs, which are looked for. */
export function allEntries({ workspace, actions, chosen, onstarter }: Sources): Entry[] {
  const deeds = table
    .filter(({ id }) => !id.startsWith('preset-') && id !== 'palette' && actions.can(id))
    .map(({ id, title }): Entry => ({
      ...{ id, group: 'Actions', title, ...keysOf(id, workspace, chosen) },
      do: () => {
        actions.do(id);
      },
    }));
  const others = [workspace.fresh, ...workspace.demo].map((request) =>
    requestEntry(request, workspace),
  );
  const starters = workspace.presets.starters.map(({ id, name, line }): Entry => ({
    ...{ id: `starter:${id}`, group: 'Known models', title: name, hint: line, do: onstarter },
  }));
  return [...presetEntries({ workspace, chosen }), ...deeds, ...others, ...starters];
}

const requestEntry = (request: Request, workspace: Workspace): Entry => ({
  ...{ id: `request:${request.id}`, group: 'Once and demo' },
  title: request.form.demo ? `Demo: ${request.title}` : request.title,
  do: () => {
    workspace.select(request);
  },
});

function keysOf(
  id: string,
  { about: { platform } }: Workspace,
  chosen: Sources['chosen'],
): { keys?: string } {
  const keys = shownKeys(id, chosen, platform);
  return keys === undefined ? {} : { keys };
}
