import type { Dictionary } from './value.ts';

/** The bytes are not exactly one msgpack value; `position` is in bytes. */
export class MsgpackError extends Error {
  override name = 'MsgpackError' as const;
  readonly position: number;
  /** It may well be msgpack, but more of it than is taken apart. */
  readonly isTooMuch: boolean;
  /** It ends in the middle of a map with text keys: `came` is that map as far as it came. */
  readonly came: Dictionary | null;

  constructor(
    message: string,
    position: number,
    { isTooMuch = false, came = null }: { isTooMuch?: boolean; came?: Dictionary | null } = {},
  ) {
    super(message);
    this.position = position;
    this.isTooMuch = isTooMuch;
    this.came = came;
  }
}
