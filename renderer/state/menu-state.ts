import type { MenuState } from '../../electron/contract/menu.ts';
import type { Actions } from './actions.ts';
import { actions as table, bindingsOf, type Keys } from './shortcuts.ts';
import type { Workspace } from './workspace.svelte.ts';

type Sources = {
  actions: Actions;
  workspace: Workspace;
  /** The keys that the user chose for actions. */
  chosen: Record<string, readonly Keys[]>;
  /** A dialog is open: as with the keys, the window does nothing beneath it. */
  isCovered: boolean;
};

/** What the application menu is to show. */
export function menuState({ actions, workspace, chosen, isCovered }: Sources): MenuState {
  const bindings = bindingsOf(chosen);
  const names = workspace.presets.shown.slice(0, 9).map(({ title }) => title.slice(0, 100));
  return {
    actions: table.map(({ id, keys }) => {
      const own = chosen[id] ?? keys;
      const shown = own.find((combination) => bindings.get(combination) === id);
      const on = actions.isOn(id);
      return {
        ...{ id, can: !isCovered && actions.offers(id) },
        ...(on === undefined ? {} : { on }),
        ...(shown === undefined ? {} : { keys: shown }),
      };
    }),
    presets: names,
  };
}
