import type { Question } from '../frames.ts';
import { element } from './element.ts';

/** How long it stays once its user is back, in milliseconds. */
const SEEN_FOR = 8000;

/** Shows what Electron would have shown as a notification of the system's. True when it was clicked. */
export function showNote({ title, body }: Extract<Question, { kind: 'note' }>): Promise<boolean> {
  const show = element('button', { type: 'button', className: 'web-host-note-show' }, [
    element('strong', { textContent: title }),
    element('span', { textContent: body }),
  ]);
  const close = element('button', { type: 'button', textContent: '×' });
  close.setAttribute('aria-label', 'Close');
  const card = element('div', { className: 'web-host-note' }, [show, close]);
  card.setAttribute('role', 'status');
  document.body.append(card);

  return new Promise((resolve) => {
    const end = (clicked: boolean): void => {
      card.remove();
      window.removeEventListener('focus', seen);
      resolve(clicked);
    };
    const seen = (): void => {
      setTimeout(() => {
        end(false);
      }, SEEN_FOR);
    };
    show.addEventListener('click', () => {
      end(true);
    });
    close.addEventListener('click', () => {
      end(false);
    });
    window.addEventListener('focus', seen, { once: true });
  });
}
