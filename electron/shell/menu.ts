import { Menu } from 'electron';
import { menuActions, type MenuState } from '../contract/menu.ts';
import type { RecentFile } from '../contract/recent.ts';
import { menuTemplate, untold } from './menu-template.ts';

type Options = Omit<Parameters<typeof menuTemplate>[0], 'state' | 'recents'>;

/** The application menu, as the page last told it. */
export class ApplicationMenu {
  readonly #options: Options;
  #menu: Pick<Menu, 'getMenuItemById'> | null = null;
  /** What of it can't be changed once it is made. */
  #made = '';
  #state = untold;
  #recents: readonly RecentFile[] = [];

  constructor(options: Options) {
    this.#options = options;
    this.#show();
  }

  /** Takes what the page tells. */
  update(state: MenuState): void {
    this.#state = state;
    this.#show();
  }

  /** Takes the files used last, the last one first. */
  showRecents(recents: readonly RecentFile[]): void {
    this.#recents = recents;
    this.#show();
  }

  /** Only new words or keys make a new menu: that would close one that is open. */
  #show(): void {
    const state = this.#state;
    const template = menuTemplate({ ...this.#options, state, recents: this.#recents });
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
