import type { EventName, Events } from './events.ts';
import type { Failure, Result } from './failure.ts';
import type { RequestInput, RequestOutput, Route } from './requests.ts';
import type { Input } from './sound.ts';

/** What became of dropped files: the ones taken, and the ones refused with the reason. */
export type Admission = {
  taken: Input[];
  refused: { name: string; failure: Failure }[];
};

/** The whole of what the page can reach: `window.soundpost`. Declared once, here. */
export type Bridge = {
  request<R extends Route>(route: R, input: RequestInput<R>): Promise<Result<RequestOutput<R>>>;
  /** Returns the function that stops listening. */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  /**
   * Hands dropped or picked files to main. The preload alone turns a `File` into a path, on a channel that `request`
   * can't reach, so a script in the page can name no file that the user did not hand over.
   */
  admit(files: unknown[]): Promise<Result<Admission>>;
};

/** The three IPC channels there are. */
export const channels = {
  request: 'soundpost:request',
  event: 'soundpost:event',
  admit: 'soundpost:admit',
} as const;
