import { element } from './element.ts';
import { reload } from './guard.ts';

/** Words about the connection: a line that comes and goes, or a cover when this page is of no more use. */
export class Notice {
  #line: HTMLElement | null = null;

  say(words: string): void {
    if (this.#line) return;
    this.#line = element('p', { className: 'web-host-line', role: 'status', textContent: words });
    document.body.append(this.#line);
  }

  hide(): void {
    this.#line?.remove();
    this.#line = null;
  }

  cover(words: string, again?: string): void {
    this.hide();
    const cover = element('dialog', { className: 'web-host-dialog' }, [
      element('p', { textContent: words }),
    ]);
    if (again) {
      const button = element('button', { type: 'button', textContent: again });
      button.addEventListener('click', reload);
      cover.append(element('div', { className: 'web-host-buttons' }, [button]));
    }
    // Nothing beneath it works any more, so Esc must not uncover it.
    cover.addEventListener('cancel', (event) => {
      event.preventDefault();
    });
    document.body.append(cover);
    cover.showModal();
  }
}
