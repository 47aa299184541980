import * as v from 'valibot';
import { LosableJson } from '../files/losable-json.ts';

/** Milliseconds. A window that is being dragged tells of each step. */
const QUIET = 400;

/** Far beyond any screen; a number that is none of these would be an error in Electron. */
const points = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const length = v.pipe(points, v.minValue(1));

const stateSchema = v.object({
  /** Of the window as it is when it fills no screen. */
  bounds: v.object({ x: points, y: points, width: length, height: length }),
  fills: v.picklist(['nothing', 'work-area', 'screen']),
});
const schema = v.object({ version: v.literal(1), ...stateSchema.entries });

/** How a window was left. `work-area`: it was maximised; `screen`: it was in full screen. */
export type WindowState = v.InferOutput<typeof stateSchema>;

/** How the window was left last, in a small file. */
export class KeptWindow {
  readonly #file: LosableJson<typeof schema>;
  readonly #log: (error: unknown) => void;
  #next: WindowState | null = null;
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, log: (error: unknown) => void) {
    this.#file = new LosableJson(path, schema);
    this.#log = log;
  }

  /** Null when it was never open, or that is not known any more. */
  async read(): Promise<WindowState | null> {
    const kept = await this.#file.read();
    return kept && { bounds: kept.bounds, fills: kept.fills };
  }

  /** Keeps it a little later, unless there is something newer by then. When it can't be, only the log knows. */
  keep(state: WindowState): void {
    this.#next = state;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.close(), QUIET);
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const state = this.#next;
    this.#next = null;
    if (state) {
      this.#last = this.#last.then(() =>
        this.#file.write({ version: 1, ...state }).catch(this.#log),
      );
    }
    await this.#last;
  }
}
