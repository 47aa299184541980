import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { historyStates, type HistoryQuery } from '../../contract/history.ts';
import { idSchema } from '../../contract/intent.ts';
import { snippetKinds, type SnippetKind } from '../../contract/snippet.ts';
import { choice, wrong } from './choice.ts';

/** `soundpost history …`, understood. */
export type HistoryCommand = {
  command: 'history';
  query: Omit<HistoryQuery, 'limit' | 'preset'>;
  /** The name or id of one. */
  preset?: string;
  limit: number;
  json: boolean;
};

/** `soundpost show ID`, understood; a beginning of the id is enough. */
export type ShowCommand = {
  command: 'show';
  id: string;
  json: boolean;
  /** What was asked is told as this, to be asked again elsewhere. */
  code: SnippetKind | null;
};

const MOST_ROWS = 100_000;

/** `now` in milliseconds since 1970. @throws SoundpostError `invalid_request` */
export function parseHistory(args: string[], now: number): HistoryCommand | 'help' {
  const { values, positionals } = parse(args, {
    model: { type: 'string' },
    preset: { type: 'string' },
    state: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
    starred: { type: 'boolean' },
    limit: { type: 'string', default: '20' },
  });
  if (values.help) return 'help';
  const { model, preset, state, since, until, limit = '' } = values;
  if (!/^\d{1,6}$/.test(limit) || Number(limit) < 1 || Number(limit) > MOST_ROWS) {
    throw wrong('--limit is a whole number from 1 to 100000.');
  }
  const text = positionals.join(' ');
  return {
    command: 'history',
    query: {
      ...(text === '' ? {} : { text }),
      ...(model === undefined ? {} : { model }),
      ...(state === undefined ? {} : { state: choice('state', state, historyStates) }),
      ...(since === undefined ? {} : { from: moment('since', since, now) }),
      ...(until === undefined ? {} : { to: moment('until', until, now) }),
      ...(values.starred ? { starred: true as const } : {}),
    },
    ...(preset === undefined ? {} : { preset }),
    limit: Number(limit),
    json: values.json ?? false,
  };
}

/** @throws SoundpostError `invalid_request` */
export function parseShow(args: string[]): ShowCommand | 'help' {
  const { values, positionals } = parse(args, { code: { type: 'string' } });
  if (values.help) return 'help';
  const [id, ...more] = positionals;
  if (more.length > 0 || !v.is(idSchema, id)) {
    throw wrong('show wants one id, or the beginning of one, as soundpost history prints it.');
  }
  const { code, json = false } = values;
  if (json && code !== undefined) throw wrong('--json and --code are two answers. Choose one.');
  return {
    ...{ command: 'show', id, json },
    code: code === undefined ? null : choice('code', code, snippetKinds),
  };
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'];
type Values = Partial<
  Record<'model' | 'preset' | 'state' | 'since' | 'until' | 'limit' | 'code', string>
> &
  Partial<Record<'json' | 'help' | 'starred', boolean>>;

function parse(args: string[], options: Options): { values: Values; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...options,
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return { values, positionals };
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

const unitHours = { h: 1, d: 24, w: 7 * 24 };

/** `36h`, `7d`, `2w` ago, or a date in the local time, or a whole ISO 8601 moment. */
function moment(option: 'since' | 'until', text: string, now: number): number {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  if (count !== undefined) {
    const hours = Number(count) * unitHours[unit as keyof typeof unitHours];
    return Math.max(0, now - hours * 3_600_000);
  }
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  // A date alone would be taken as one of Greenwich.
  const parsed = /^\d{4}-\d{2}-\d{2}/.test(text)
    ? Date.parse(isDate ? `${text}T00:00` : text)
    : NaN;
  if (Number.isNaN(parsed) || parsed < 0) {
    throw wrong(
      `--${option} wants 36h, 7d, 2w, a date such as 2026-11-24, or a moment in ISO 8601.`,
    );
  }
  return parsed;
}
