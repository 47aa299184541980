import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { menuActions, type MenuAction, type MenuState } from '../contract/menu.ts';
import { acceleratorOf, sameKeys } from './accelerator.ts';
import { roleKeys } from './menu-roles.ts';
import { menuTemplate, untold } from './menu-template.ts';

type Item = Electron.MenuItemConstructorOptions;

const systems = ['darwin', 'win32', 'linux'] as const;
const usual: Partial<Record<MenuAction, string>> = {
  ...{ run: 'Mod+Enter', cancel: 'Escape', open: 'Mod+KeyO', save: 'Mod+KeyS' },
  ...{ 'save-preset': 'Mod+Shift+KeyS', settings: 'Mod+Comma', shortcuts: 'Mod+Shift+Slash' },
  ...{ 'preset-1': 'Mod+Digit1', 'preset-2': 'Mod+Digit2', 'preset-3': 'Mod+Digit3' },
};

function told(
  keys: Partial<Record<MenuAction, string>> = usual,
  presets = ['One', 'Two'],
): MenuState {
  return {
    actions: menuActions.map((id) => ({ id, can: true, ...(keys[id] ? { keys: keys[id] } : {}) })),
    presets,
  };
}

const noRecents = {
  recents: [],
  openRecent: (): undefined => undefined,
  clearRecents: (): undefined => undefined,
};

function template(
  platform: NodeJS.Platform,
  state = told(),
  choose: (action: MenuAction) => void = () => undefined,
): Item[] {
  return menuTemplate({ ...noRecents, platform, state, hasWebsite: true, choose });
}

/** All items, those of submenus too. */
const all = (items: Item[]): Item[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])]);
const find = (items: Item[], id: MenuAction): Item | undefined =>
  all(items).find((item) => item.id === id);
const titles = (items: Item[]): string[] => items.map(({ label = '', role = '' }) => label || role);
function submenu(items: Item[], label: string): Item[] {
  const found = items.find((item) => (item.label ?? item.role) === label)?.submenu;
  if (!Array.isArray(found)) throw new Error(`There is no menu ${label}.`);
  return found;
}

describe.each(systems)('the menu on %s', (platform) => {
  it('has every action exactly once, and choosing it asks for that action', () => {
    const chosen: MenuAction[] = [];
    const items = all(template(platform, told(), (action) => chosen.push(action)));
    const own = items.filter(({ id }) => id !== undefined);
    expect(own.map(({ id }) => id).sort()).toEqual([...menuActions].sort());
    for (const { click } of own) Reflect.apply(click ?? (() => undefined), undefined, []);
    expect(chosen.sort()).toEqual([...menuActions].sort());
  });

  it('shows no keys twice, and none that a role has, whatever keys were chosen', () => {
    const codes = ['KeyQ', 'KeyW', 'KeyA', 'KeyO', 'Digit0', 'Minus', 'Equal', 'F11', 'Enter'];
    const chord = fc
      .tuple(fc.subarray(['Mod', 'Alt', 'Shift']), fc.constantFrom(...codes))
      .map(([held, code]) => [...held, code].join('+'));
    const chosen = fc.dictionary(fc.constantFrom(...menuActions), chord);
    fc.assert(
      fc.property(chosen, (keys) => {
        const own = all(template(platform, told(keys))).flatMap(({ accelerator }) =>
          accelerator ? [accelerator] : [],
        );
        const every = [...own, ...roleKeys(platform)].map((one) => sameKeys(one, platform));
        expect(new Set(every).size).toBe(every.length);
      }),
    );
  });

  it('opens the file that is chosen among the recent ones, whatever it is called, and clears them', () => {
    const chosen: string[] = [];
    const recents = [
      { id: 'a', name: 'take & two.wav', folder: '~/Music' },
      { id: 'b', name: 'take.wav', folder: '~' },
    ];
    const items = menuTemplate({
      ...{ platform, state: told(), hasWebsite: true, choose: () => undefined, recents },
      openRecent: (id) => chosen.push(id),
      clearRecents: () => chosen.push('clear'),
    });
    const recentOf = (from: Item[]): Item | undefined =>
      all(from).find(({ label = '' }) => /^Open recent$/i.test(label));
    const submenu = recentOf(items)?.submenu;
    const inside = Array.isArray(submenu) ? submenu : [];
    expect(inside[0]?.label).toBe('take && two.wav – ~/Music');
    for (const { click } of inside) Reflect.apply(click ?? (() => undefined), undefined, []);
    expect(chosen).toEqual(['a', 'b', 'clear']);
    expect(recentOf(template(platform))?.enabled).toBe(false);
  });

  it('lets the page hear the keys that it shows', () => {
    const shown = all(template(platform)).filter(({ id, accelerator }) => id && accelerator);
    expect(shown.length).toBeGreaterThan(6);
    for (const { registerAccelerator } of shown) expect(registerAccelerator).toBe(false);
  });

  it('can do nothing of the page before that has said what can be done', () => {
    const own = all(template(platform, untold)).filter(({ id }) => id !== undefined);
    expect(own.filter(({ enabled }) => enabled)).toEqual([]);
    const some = template(platform, { actions: [{ id: 'run', can: true }], presets: [] });
    expect(find(some, 'run')?.enabled).toBe(true);
    expect(find(some, 'save')?.enabled).toBe(false);
  });

  it('names presets as they are, and hides the places of those that are not there', () => {
    const items = template(platform, told(usual, ['Salt & pepper', 'x'.repeat(100)]));
    expect(find(items, 'preset-1')).toMatchObject({
      label: 'Salt && pepper',
      accelerator: 'CmdOrCtrl+1',
    });
    expect(find(items, 'preset-2')?.label).toHaveLength(60);
    expect(find(items, 'preset-3')).toMatchObject({ visible: false, enabled: false });
    // A Mac's menu hears the keys of hidden items too.
    expect(find(items, 'preset-3')).not.toHaveProperty('accelerator');
  });

  it('shows no website where the build has none', () => {
    const options = { ...noRecents, platform, state: told(), choose: () => undefined };
    expect(find(menuTemplate({ ...options, hasWebsite: true }), 'website')?.visible).not.toBe(
      false,
    );
    expect(find(menuTemplate({ ...options, hasWebsite: false }), 'website')?.visible).toBe(false);
  });

  it('marks what is on', () => {
    const items = template(platform, {
      actions: [{ id: 'mute', can: true, on: true }],
      presets: [],
    });
    expect(find(items, 'mute')).toMatchObject({ type: 'checkbox', checked: true });
  });

  it('has the roles of editing and of windows', () => {
    const roles = all(template(platform)).map(({ role }) => role);
    const wanted = [
      'undo',
      'redo',
      'cut',
      'copy',
      'paste',
      'selectAll',
      'minimize',
      'close',
      'quit',
    ];
    expect(roles).toEqual(expect.arrayContaining(wanted));
    expect(new Set(roles.filter(Boolean)).size).toBe(roles.filter(Boolean).length);
  });
});

describe('the menu as its system has it', () => {
  it('begins on a Mac with the application’s own, and its Help has the system’s search', () => {
    const items = template('darwin');
    expect(titles(items)).toEqual([
      ...['appMenu', 'File', 'Edit', 'View', 'Run', 'Presets', 'Window', 'Help'],
    ]);
    expect(titles(submenu(items, 'appMenu')).filter(Boolean)).toEqual([
      ...[
        'About Soundpost',
        'Settings…',
        'services',
        'Hide Soundpost',
        'hideOthers',
        'unhide',
        'Quit Soundpost',
      ],
    ]);
    expect(items.find(({ label }) => label === 'Window')?.role).toBe('windowMenu');
    expect(items.find(({ label }) => label === 'Help')?.role).toBe('help');
    expect(titles(submenu(items, 'File'))).toContain('Save Answer As…');
    expect(titles(submenu(items, 'Help'))).not.toContain('About Soundpost');
  });

  it('has Settings and Exit in File on Windows, About in Help, and sentences for labels', () => {
    const items = template('win32');
    expect(titles(items)).toEqual([
      ...['&File', '&Edit', '&View', '&Run', '&Presets', '&Window', '&Help'],
    ]);
    const file = titles(submenu(items, '&File'));
    expect(file).toEqual(expect.arrayContaining(['Settings', 'quit', 'Save answer as…']));
    expect(titles(submenu(items, '&Help'))).toContain('About Soundpost');
    expect(titles(submenu(items, '&Edit'))).toContain('Select all');
  });

  it('has Settings in Edit and Quit in File on Linux, and About in Help', () => {
    const items = template('linux');
    expect(titles(submenu(items, '&Edit')).at(-1)).toBe('Settings');
    expect(titles(submenu(items, '&File')).at(-1)).toBe('quit');
    expect(titles(submenu(items, '&Help')).at(-1)).toBe('About Soundpost');
  });

  it('leaves Escape to the dialogs on a Mac, and shows it elsewhere', () => {
    expect(find(template('darwin'), 'cancel')).not.toHaveProperty('accelerator');
    expect(find(template('linux'), 'cancel')?.accelerator).toBe('Esc');
  });
});

describe('an accelerator', () => {
  it('names the keys that the settings name by their places', () => {
    const known: [string, string | undefined][] = [
      ['Mod+Shift+KeyS', 'CmdOrCtrl+Shift+S'],
      ['Alt+Digit3', 'Alt+3'],
      ['Mod+Comma', 'CmdOrCtrl+,'],
      ['F11', 'F11'],
      ['Mod+ArrowLeft', 'CmdOrCtrl+Left'],
      ['Mod+IntlRo', undefined],
      ['F25', undefined],
    ];
    for (const [chord, accelerator] of known) expect(acceleratorOf(chord)).toBe(accelerator);
  });

  it('is the same in whatever words and order it is written', () => {
    expect(sameKeys('Ctrl+Cmd+F', 'darwin')).toBe(sameKeys('CmdOrCtrl+Control+F', 'darwin'));
    expect(sameKeys('CmdOrCtrl+Plus', 'linux')).toBe(sameKeys('Ctrl+=', 'linux'));
    expect(sameKeys('CmdOrCtrl+A', 'darwin')).not.toBe(sameKeys('Ctrl+A', 'darwin'));
  });
});
