import type { Commands } from './commands.ts';
import { actions, type ActionId } from './shortcuts.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What the window opens a dialog for. */
export type Asked = 'new' | 'name' | 'history' | 'settings';

/** One thing that can be done now or not. */
type Deed = {
  /** Absent: always. */
  can?: () => boolean;
  do: () => void;
};

type Means = {
  workspace: Workspace;
  commands: Commands;
  /** Opens a dialog. */
  ask: (what: Asked) => void;
};

/** Does what a key, the menu or the palette asks of the window. */
export class Actions {
  readonly #deeds: ReadonlyMap<ActionId, Deed>;

  constructor({ workspace, commands, ask }: Means) {
    const isRunning = (): boolean => workspace.selected.run.state.phase === 'running';
    const opens = (what: Asked): Deed => ({
      do: () => {
        ask(what);
      },
    });
    const deeds: Record<Exclude<ActionId, `preset-${number}`>, Deed> = {
      run: {
        do: () => {
          workspace.runOrCancel();
        },
      },
      cancel: { can: isRunning, do: () => void workspace.selected.run.cancel() },
      open: { do: () => void workspace.open() },
      save: { do: () => commands.send('save') },
      'save-preset': {
        do: () => {
          workspace.savePreset(() => {
            ask('name');
          });
        },
      },
      'new-preset': opens('new'),
      history: opens('history'),
      settings: opens('settings'),
    };
    this.#deeds = new Map(
      actions.map(({ id }) => {
        if (!isPreset(id)) return [id, deeds[id]];
        const at = Number(id.slice('preset-'.length)) - 1;
        const select = (): void => {
          workspace.selectAt(at);
        };
        return [id, { can: () => at < workspace.presets.requests.length, do: select }];
      }),
    );
  }

  /** Whether it would do anything now. */
  can(id: ActionId): boolean {
    return this.#deeds.get(id)?.can?.() ?? true;
  }

  do(id: ActionId): void {
    if (this.can(id)) this.#deeds.get(id)?.do();
  }
}

const isPreset = (id: ActionId): id is Extract<ActionId, `preset-${number}`> =>
  id.startsWith('preset-');
