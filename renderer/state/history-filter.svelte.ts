import type { HistoryQuery } from '../../electron/contract/history.ts';
import { spanOf, type When } from './history-span.ts';

/** What the history is narrowed by; an empty text is no matter. Stays while the window is open. */
export class HistoryFilter {
  text = $state('');
  model = $state('');
  /** A preset's id. */
  preset = $state('');
  state = $state<NonNullable<HistoryQuery['state']> | ''>('');
  when = $state<When>('any');
  /** Days as a date field has them, `2026-11-24`, both counted in; for `between`. */
  fromDay = $state('');
  toDay = $state('');
  isStarred = $state(false);

  get isSet(): boolean {
    const { text, model, preset, state, isStarred, when } = this;
    return (
      [text.trim(), model, preset, state].some((value) => value !== '') ||
      isStarred ||
      when !== 'any'
    );
  }

  clear(): void {
    Object.assign(this, { text: '', model: '', preset: '', state: '', fromDay: '', toDay: '' });
    this.when = 'any';
    this.isStarred = false;
  }

  /** The question to ask; days begin and end where this computer's do. */
  query(now: Date): Omit<HistoryQuery, 'limit'> {
    const { model, preset, state, isStarred } = this;
    const text = this.text.trim();
    const { from, to } = spanOf(this, now);
    return {
      ...(text === '' ? {} : { text }),
      ...(model === '' ? {} : { model }),
      ...(preset === '' ? {} : { preset }),
      ...(state === '' ? {} : { state }),
      ...(isStarred ? { starred: true as const } : {}),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
  }
}
