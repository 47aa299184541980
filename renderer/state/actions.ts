import type { Bridge } from '../../electron/contract/bridge.ts';
import type { SnippetKind } from '../../electron/contract/snippet.ts';
import type { Player } from '../player/player.svelte.ts';
import { copyDiagnostics, openWebsite, showLogs } from './app-deeds.ts';
import type { Commands } from './commands.ts';
import { copyRequest } from './copy-request.ts';
import { duplicatePreset } from './duplicate-preset.ts';
import { pasteFromClipboard } from './paste-request.ts';
import { actions, type ActionId } from './shortcuts.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What the window opens a dialog for. */
export type Asked =
  'new' | 'name' | 'history' | 'settings' | 'keys' | 'palette' | 'presets' | 'shortcuts' | 'about';

/** One thing that can be done now or not. */
type Deed = {
  /** Absent: always. */
  can?: () => boolean;
  /** Of what is on or off. */
  on?: () => boolean;
  do: () => void;
};

type Means = {
  bridge: Bridge;
  workspace: Workspace;
  commands: Commands;
  player: Player;
  sidebar: { isShown: () => boolean; toggle: () => void };
  /** Opens a dialog. */
  ask: (what: Asked) => void;
};

/** Does what a key, the menu or the palette asks of the window. */
export class Actions {
  readonly #deeds: ReadonlyMap<ActionId, Deed>;
  readonly #isRunning: () => boolean;

  constructor({ bridge, workspace, commands, player, sidebar, ask }: Means) {
    const isRunning = (): boolean => workspace.selected.run.state.phase === 'running';
    this.#isRunning = isRunning;
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
      save: {
        can: () => workspace.selected.run.state.phase === 'ended',
        do: () => commands.send('save'),
      },
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
      sidebar: { on: sidebar.isShown, do: sidebar.toggle },
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
        on: () => player.tuning.muted,
        do: () => {
          player.tuning.muted = !player.tuning.muted;
        },
      },
      website: {
        can: () => workspace.about.hasWebsite,
        do: () => void openWebsite({ bridge, workspace }),
      },
      logs: { do: () => void showLogs({ bridge, workspace }) },
      diagnostics: { do: () => void copyDiagnostics({ bridge, workspace }) },
      about: opens('about'),
    };
    this.#deeds = new Map(
      actions.map(({ id }) => {
        if (!isNumbered(id)) return [id, deeds[id]];
        const at = Number(id.slice('preset-'.length)) - 1;
        const select = (): void => {
          workspace.selectAt(at);
        };
        return [id, { can: () => at < workspace.presets.shown.length, do: select }];
      }),
    );
  }

  /** Whether it would do anything now. */
  can(id: ActionId): boolean {
    return this.#deeds.get(id)?.can?.() ?? true;
  }

  /** Whether a menu may offer it: its key cancels a run that goes on, which in a menu is another item. */
  offers(id: ActionId): boolean {
    return this.can(id) && !(id === 'run' && this.#isRunning());
  }

  /** Undefined for what is neither on nor off. */
  isOn(id: ActionId): boolean | undefined {
    return this.#deeds.get(id)?.on?.();
  }

  do(id: ActionId): void {
    if (this.can(id)) this.#deeds.get(id)?.do();
  }
}

const isNumbered = (id: ActionId): id is Extract<ActionId, `preset-${number}`> =>
  id.startsWith('preset-');
