import type { MenuAction, MenuState } from '../contract/menu.ts';
import type { RecentFile } from '../contract/recent.ts';
import { acceleratorOf, sameKeys } from './accelerator.ts';
import { role, roleKeys, separator, windowMenu } from './menu-roles.ts';
import { asLabel, labelOf, worded } from './menu-words.ts';

type Item = Electron.MenuItemConstructorOptions;

type Options = {
  platform: NodeJS.Platform;
  /** What the page told last. */
  state: MenuState;
  /** Whether this build names a page on the web. */
  hasWebsite: boolean;
  choose: (action: MenuAction) => void;
  /** The files used last, and what choosing one of them or clearing the list does. */
  recents: readonly RecentFile[];
  openRecent: (id: string) => void;
  clearRecents: () => void;
};

/** What the menu says before the page has told anything: nothing of it can act. */
export const untold: MenuState = { actions: [], presets: [] };

/**
 * The application menu as data. What the system does itself is a role; the rest asks the page, which hears the same keys: so
 * they are shown but not registered. A Mac has no such difference. There the page hears a key first, and the menu has those
 * that the page let go.
 */
export function menuTemplate(options: Options): Item[] {
  const { platform, state, hasWebsite, choose } = options;
  const isMac = platform === 'darwin';
  const keys = shownKeys(state, platform);
  const told = new Map(state.actions.map((action) => [action.id, action]));

  const item = (id: MenuAction, label: string, more: Item = {}): Item => {
    const accelerator = keys.get(id);
    const now = told.get(id);
    return {
      ...{ id, label, enabled: now?.can ?? false },
      ...(now?.on === undefined ? {} : { type: 'checkbox', checked: now.on }),
      ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
      click: () => {
        choose(id);
      },
      ...more,
    };
  };
  const act = (id: Parameters<typeof labelOf>[0]): Item => item(id, labelOf(id, platform));
  const hidden = { visible: false, enabled: false };
  const roles = (...names: Parameters<typeof role>[0][]): Item[] =>
    names.map((name) => role(name, platform));
  // Alt and a letter open a menu of Windows and Linux; a Mac has no such letters.
  const menu = (label: string, submenu: Item[]): Item => ({
    label: isMac ? label.replace('&', '') : label,
    submenu,
  });
  const presets = presetIds.map((id, at): Item => {
    const name = state.presets[at];
    return name === undefined ? item(id, `Preset ${at + 1}`, hidden) : item(id, asLabel(name));
  });

  return [
    ...(isMac ? [appMenu({ about: act('about'), settings: act('settings'), roles })] : []),
    menu('&File', [
      ...[act('new-preset'), separator, act('open'), recentMenu(options)],
      ...[separator, act('save'), separator],
      ...(platform === 'win32' ? [act('settings'), separator] : []),
      ...roles(isMac ? 'close' : 'quit'),
    ]),
    menu('&Edit', [
      ...[...roles('undo', 'redo'), separator],
      ...[...roles('cut', 'copy', 'paste', 'pasteAndMatchStyle', 'delete', 'selectAll'), separator],
      act('paste'),
      {
        label: worded('Copy request as', 'Copy Request As', platform),
        submenu: (['copy-curl', 'copy-python', 'copy-javascript', 'copy-cli'] as const).map(act),
      },
      ...[separator, act('palette'), act('presets')],
      ...(platform === 'win32' || isMac ? [] : [separator, act('settings')]),
    ]),
    menu('&View', [
      ...[act('sidebar'), act('history'), separator],
      ...[...roles('resetZoom', 'zoomIn', 'zoomOut'), separator, ...roles('togglefullscreen')],
    ]),
    menu('&Run', [act('run'), act('cancel'), separator, act('play'), act('mute')]),
    menu('&Presets', [
      ...[act('save-preset'), act('duplicate'), act('rename')],
      ...(state.presets.length > 0 ? [separator] : []),
      ...presets,
    ]),
    windowMenu(platform),
    {
      ...(isMac ? { role: 'help' } : {}),
      ...menu('&Help', [
        act('shortcuts'),
        { ...act('website'), ...(hasWebsite ? {} : hidden) },
        ...[separator, act('logs'), act('diagnostics')],
        ...(isMac ? [] : [separator, act('about')]),
      ]),
    },
  ];
}

function recentMenu({ platform, recents, openRecent, clearRecents }: Options): Item {
  return {
    label: worded('Open recent', 'Open Recent', platform),
    enabled: recents.length > 0,
    submenu: [
      ...recents.map(({ id, name, folder }): Item => ({
        label: asLabel(`${name} – ${folder}`),
        click: () => {
          openRecent(id);
        },
      })),
      separator,
      { label: worded('Clear this list', 'Clear Menu', platform), click: clearRecents },
    ],
  };
}

const presetIds = ([1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map((n) => `preset-${n}` as const);

/** The first menu of a Mac, with the settings where they are looked for. */
function appMenu(items: {
  about: Item;
  settings: Item;
  roles: (...names: Parameters<typeof role>[0][]) => Item[];
}): Item {
  const { about, settings, roles } = items;
  return {
    role: 'appMenu',
    submenu: [
      ...[about, separator, settings, separator, ...roles('services'), separator],
      ...[...roles('hide', 'hideOthers', 'unhide'), separator, ...roles('quit')],
    ],
  };
}

/** By action the keys that the menu shows: each but once, and none that the system or a role has. */
function shownKeys(
  { actions, presets }: MenuState,
  platform: NodeJS.Platform,
): ReadonlyMap<MenuAction, string> {
  const taken = new Set(roleKeys(platform).map((keys) => sameKeys(keys, platform)));
  const shown = new Map<MenuAction, string>();
  const unseen = new Set<string>(presetIds.slice(presets.length));
  for (const { id, keys } of actions) {
    // A Mac's menu would take a bare key, as Escape, from every dialog; and hears those of hidden items.
    const isBare = keys !== undefined && !/^(?:Mod|Alt|Ctrl|Meta)\+|^F\d/.test(keys);
    if (keys === undefined || unseen.has(id) || (platform === 'darwin' && isBare)) continue;
    const accelerator = acceleratorOf(keys);
    if (accelerator === undefined || taken.has(sameKeys(accelerator, platform))) continue;
    taken.add(sameKeys(accelerator, platform));
    shown.set(id, accelerator);
  }
  return shown;
}
