/** Something that can be done about what a notice says, as undoing it. */
export type NoticeAction = { label: string; do: () => void };

/** A word at the foot of the window; goes away by itself or when closed. */
export type Notice = { id: number; text: string; action: NoticeAction | undefined };

const SHOWN_MS = 6000;
/** Who is to decide something needs longer than who only reads. */
const SHOWN_WITH_ACTION_MS = 15_000;
const MOST = 4;

/** The words at the foot of the window, the newest last. */
export class Notices {
  list = $state.raw<Notice[]>([]);
  #count = 0;

  /** Says a word; one that is already there is said anew, not twice. */
  say(text: string, action?: NoticeAction): void {
    const id = (this.#count += 1);
    const others = this.list.filter((notice) => notice.text !== text);
    this.list = [...others, { id, text, action }].slice(-MOST);
    setTimeout(
      () => {
        this.dismiss(id);
      },
      action ? SHOWN_WITH_ACTION_MS : SHOWN_MS,
    );
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}
