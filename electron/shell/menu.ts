import { Menu } from 'electron';
import { menuActions, type MenuState } from '../contract/menu.ts';
import { menuTemplate, untold } from './menu-template.ts';

type Options = Pick<Parameters<typeof menuTemplate>[0], 'platform' | 'hasWebsite' | 'choose'>;

/** The application menu, as the page last told it. */
export class ApplicationMenu {
  readonly #options: Options;
  #menu: Pick<Menu, 'getMenuItemById'> | null = null;
  /** What of it can't be changed once it is made. */
  #made = '';

  constructor(options: Options) {
    this.#options = options;
    this.update(untold);
  }

  /** Shows this from now on. Only new words or keys make a new menu: that would close one that is open. */
  update(state: MenuState): void {
    const template = menuTemplate({ ...this.#options, state });
    const made = JSON.stringify(template, (name, value: unknown) =>
      name === 'enabled' || name === 'checked' ? undefined : value,
    );
    if (made !== this.#made) {
      this.#made = made;
      const menu = Menu.buildFromTemplate(template);
      Menu.setApplicationMenu(menu);
      this.#menu = menu;
      return;
    }
    const told = new Map(state.actions.map((action) => [action.id, action]));
    for (const id of menuActions) {
      const item = this.#menu?.getMenuItemById(id);
      // A preset that is not there stays hidden, whatever is said of it.
      if (!item?.visible) continue;
      const { can = false, on } = told.get(id) ?? {};
      item.enabled = can;
      if (on !== undefined) item.checked = on;
    }
  }
}
