import { EventEmitter } from 'node:events';
import { only } from './only.ts';
import type { PageLink } from './page-link.ts';
import { record } from './record.ts';

type NotificationClass = {
  new (options?: Electron.NotificationConstructorOptions): EventEmitter & { show(): void };
  isSupported(): boolean;
};

/** `electron.Notification`: a card on the page, there until its user comes back to it. */
export function notificationClass(link: PageLink): NotificationClass {
  return class Notification extends EventEmitter {
    readonly #options: { title: string; body: string };

    constructor({ title = '', body = '' }: Electron.NotificationConstructorOptions = {}) {
      super();
      this.#options = { title, body };
      return only('Notification', this);
    }

    static isSupported(): boolean {
      return true;
    }

    show(): void {
      record({ what: 'notification', ...this.#options });
      void link.ask({ kind: 'note', ...this.#options }).then((clicked) => {
        this.emit(clicked === true ? 'click' : 'close');
      });
    }
  };
}
