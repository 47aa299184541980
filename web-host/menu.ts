import { only } from './only.ts';
import { record } from './record.ts';

type Template = Electron.MenuItemConstructorOptions;
type Item = Pick<Electron.MenuItem, 'id' | 'label' | 'enabled' | 'visible' | 'checked'>;

type Roles = Partial<Record<string, () => void>>;
type Made = Pick<Electron.Menu, 'getMenuItemById'> & {
  template: Template[];
  choose(name: string, roles: Roles): void;
};

/** A browser has no menu for a page: it is made, changed and written down, and nobody sees it. */
class MenuStandIn implements Made {
  readonly template: Template[];
  readonly #items = new Map<string, Item>();

  constructor(template: Template[]) {
    this.template = template;
    for (const item of all(template)) {
      const { id, label = '', enabled = true, visible = true, checked = false } = item;
      if (id !== undefined) this.#items.set(id, itemOf({ id, label, enabled, visible, checked }));
    }
  }

  getMenuItemById = (id: string): Electron.MenuItem | null =>
    // It has what main uses of an item, and says so by name where more is used.
    (this.#items.get(id) as Electron.MenuItem | undefined) ?? null;

  /** Does what choosing an item would, by its id or its role. */
  choose(name: string, roles: Roles): void {
    const item = all(this.template).find(({ id, role }) => id === name || role === name);
    if (!item) throw new Error(`The menu has no ${name}.`);
    const isEnabled = item.id === undefined || this.#items.get(item.id)?.enabled === true;
    // What listeners are given, main does not look at.
    if (item.click && isEnabled) Reflect.apply(item.click, undefined, []);
    else if (item.role) roles[item.role]?.();
  }
}

function itemOf({ enabled: atFirst, ...rest }: Item): Item {
  let enabled = atFirst;
  return only('MenuItem', {
    ...rest,
    get enabled() {
      return enabled;
    },
    set enabled(next) {
      if (next !== enabled) record({ what: 'menu-item', id: rest.id, enabled: next });
      enabled = next;
    },
  });
}

const all = (items: Template[]): Template[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])]);

let shown: Made | null = null;

/** Not Electron's: chooses from the menu that nobody sees, for whoever started this process with a channel to it. */
export function chooseFromMenu(name: string, roles: Roles): void {
  if (!shown) throw new Error('There is no menu.');
  shown.choose(name, roles);
}

type MenuModule = {
  buildFromTemplate(template: Template[]): Made;
  setApplicationMenu(menu: Made | null): void;
};

/** `electron.Menu` */
export const Menu: MenuModule = {
  buildFromTemplate: (template) => only('Menu#', new MenuStandIn(template)),
  setApplicationMenu: (menu) => {
    shown = menu;
    record({ what: 'menu', items: menu?.template ?? [] });
  },
};
