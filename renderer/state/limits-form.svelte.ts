import type { Intent, Limits } from '../../electron/contract/intent.ts';

type Limit = keyof Limits | 'retries';

/** The limits of a request as they are being edited: seconds, and a number of tries. Null is an empty box: the default. */
export class LimitsForm {
  connect = $state<number | null>(null);
  firstByte = $state<number | null>(null);
  idle = $state<number | null>(null);
  total = $state<number | null>(null);
  retries = $state<number | null>(null);

  /** Which boxes hold what can't be sent. */
  isWrong(limit: Limit): boolean {
    const value = this[limit];
    if (value === null) return false;
    return limit === 'retries'
      ? !(Number.isInteger(value) && value >= 0 && value <= 20)
      : !(value >= 0.001 && value <= 2_000_000);
  }

  /** What is wrong, in words; empty when nothing is. */
  get problem(): string {
    if (this.isWrong('retries')) return 'Further tries: a whole number from 0 to 20.';
    const times = ['connect', 'firstByte', 'idle', 'total'] as const;
    return times.some((limit) => this.isWrong(limit))
      ? 'Time limits: seconds, more than 0 and at most 2000000.'
      : '';
  }

  /** How many are not the defaults. */
  get changed(): number {
    const { connect, firstByte, idle, total, retries } = this;
    return [connect, firstByte, idle, total, retries].filter((value) => value !== null).length;
  }

  fill({ connect, firstByte, idle, total }: Limits, retries: number | undefined): void {
    this.connect = connect ?? null;
    this.firstByte = firstByte ?? null;
    this.idle = idle ?? null;
    this.total = total ?? null;
    this.retries = retries ?? null;
  }

  get intent(): Pick<Intent, 'limits' | 'retries'> {
    const { connect, firstByte, idle, total, retries } = this;
    const times = Object.entries({ connect, firstByte, idle, total });
    const limits = Object.fromEntries(times.filter(([, value]) => value !== null)) as Limits;
    return {
      ...(Object.keys(limits).length > 0 ? { limits } : {}),
      ...(retries === null ? {} : { retries }),
    };
  }
}
