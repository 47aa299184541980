import type { Bridge } from '../../electron/contract/bridge.ts';
import type { SnippetKind } from '../../electron/contract/snippet.ts';
import type { Player } from '../player/player.svelte.ts';
import type { Commands } from './commands.ts';
import { copyRequest } from './copy-request.ts';
import { duplicatePreset } from './duplicate-preset.ts';
import { pasteFromClipboard } from './paste-request.ts';
import { actions, type ActionId } from './shortcuts.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What the window opens a dialog for. */
export type Asked =
  'new' | 'name' | 'history' | 'settings' | 'keys' | 'palette' | 'presets' | 'shortcuts' | 'update';

/** One thing that can be done now or not. */
type Deed = {
  /** Absent: always. */
  can?: () => boolean;
  do: () => void;
};

type Means = {
  bridge: Bridge;
  workspace: Workspace;
  commands: Commands;
  player: Player;
  toggleSidebar: () => void;
  /** Opens a dialog. */
  ask: (what: Asked) => void;
};

/** Does what a key, the menu or the palette asks of the window. */
export class Actions {
  readonly #deeds: ReadonlyMap<ActionId, Deed>;

  constructor({ bridge, workspace, commands, player, toggleSidebar, ask }: Means) {
    const isRunning = (): boolean => workspace.selected.run.state.phase === 'running';
    const opens = (what: Asked): Deed => ({
      do: () => {
        ask(what);
      },
    });
    const copies = (as: SnippetKind): Deed => ({
      do: () => void copyRequest(as, { bridge, workspace }),
    });
    const isPreset = (): boolean => workspace.selected.preset !== null;
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
        can: () => !workspace.selected.form.demo,
        do: () => {
          workspace.savePreset(() => {
            ask('name');
          });
        },
      },
      'new-preset': opens('new'),
      duplicate: { can: isPreset, do: () => void duplicatePreset(workspace, workspace.selected) },
      rename: { can: isPreset, do: () => commands.send('rename') },
      history: opens('history'),
      settings: opens('settings'),
      palette: opens('palette'),
      presets: opens('presets'),
      sidebar: { do: toggleSidebar },
      shortcuts: opens('shortcuts'),
      paste: { do: () => void pasteFromClipboard(bridge, workspace) },
      'copy-curl': copies('curl'),
      'copy-python': copies('python'),
      'copy-javascript': copies('javascript'),
      'copy-cli': copies('cli'),
      play: {
        can: () => player.ready,
        do: () => {
          player.toggle();
        },
      },
      mute: {
        do: () => {
          player.tuning.muted = !player.tuning.muted;
        },
      },
    };
    this.#deeds = new Map(
      actions.map(({ id }) => {
        if (!isNumbered(id)) return [id, deeds[id]];
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

const isNumbered = (id: ActionId): id is Extract<ActionId, `preset-${number}`> =>
  id.startsWith('preset-');
