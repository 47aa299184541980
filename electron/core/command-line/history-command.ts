import type { HistoryChoices, HistoryEntry, HistoryRow } from '../../contract/history.ts';
import type { Core } from '../core.ts';
import { toFailure } from '../soundpost-error.ts';
import { sameName } from '../presets/unused-name.ts';
import { wrong } from './choice.ts';
import { exitStatus } from './exit-status.ts';
import { nearestNames } from './nearest-names.ts';
import type { HistoryCommand, ShowCommand } from './parse-history.ts';
import { print, sizeOf, type Streams } from './reporter.ts';
import { withoutKey } from './run-request.ts';
import { visible } from './visible.ts';

const PAGE = 200;
/** Of an id; `show` takes it back while no other run's id begins so. */
const SHOWN_ID = 8;

type Options = { core: Pick<Core, 'history' | 'snippet'>; streams: Streams };

/** Lists runs, or tells of one. Answers the exit status. */
export async function historyCommand(
  command: HistoryCommand | ShowCommand,
  options: Options,
): Promise<number> {
  try {
    await options.core.history.complete();
    if (command.command === 'show') await show(command, options);
    else await list(command, options);
    return 0;
  } catch (error) {
    const failure = toFailure(error);
    options.streams.error(`${visible(failure.message)}\n(${failure.code})\n`);
    return exitStatus(failure.code);
  }
}

async function list(
  { query: asked, preset, limit, json }: HistoryCommand,
  { core: { history }, streams }: Options,
): Promise<void> {
  const query =
    preset === undefined ? asked : { ...asked, preset: presetId(preset, history.choices()) };
  let left = limit;
  for (let cursor: number | null | undefined; left > 0 && cursor !== null;) {
    const page = await history.list({
      ...query,
      ...(cursor === undefined ? {} : { cursor }),
      limit: Math.min(PAGE, left),
    });
    for (const row of page.rows) print(json ? `${JSON.stringify(row)}\n` : line(row), streams);
    left -= page.rows.length;
    if (cursor === undefined && page.notice) streams.error(`Note: ${page.notice}\n`);
    if ((left <= 0 || page.next === null) && !json) streams.error(`${countWords(page)}\n`);
    cursor = page.next;
  }
}

/** @throws SoundpostError `invalid_request` when no run was made with a preset of that name or id */
function presetId(name: string, { presets }: HistoryChoices): string {
  const found =
    presets.find((preset) => preset.id === name) ??
    presets.find((preset) => sameName(preset.name, name));
  if (found) return found.id;
  const near = nearestNames(
    name,
    presets.map((preset) => preset.name),
  );
  const meant =
    near.length > 0 ? ` Did you mean ${near.map((each) => `“${each}”`).join(' or ')}?` : '';
  throw wrong(`No run was made with a preset “${name.slice(0, 100)}”.${meant}`);
}

const countWords = ({ total, isMore }: { total: number; isMore?: true }): string =>
  isMore ? `More than ${total} runs.` : total === 1 ? '1 run.' : `${total} runs.`;

/** Whatever a model or a file's name says stays on one line. */
function line(row: HistoryRow): string {
  const { model, deployment, preset, inputs, excerpt, failure } = row;
  const target = deployment === undefined ? model : `${model}/${deployment}`;
  const words = [
    row.star ? '★' : ' ',
    row.runId.slice(0, SHOWN_ID),
    localTime(row.startedAt),
    (failure ?? row.state).padEnd(11),
    `${(row.total / 1000).toFixed(1)} s`.padStart(8),
    sizeOf(row.received).padStart(8),
    preset ? `${target} (${preset.name})` : target,
    inputs.join(', '),
    excerpt ?? '',
  ];
  return `${words
    .join('  ')
    .replace(/\s*[\r\n\t]\s*/g, ' ')
    .trimEnd()}\n`;
}

function localTime(iso: string): string {
  const at = new Date(iso);
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

async function show({ id, json, code }: ShowCommand, { core, streams }: Options): Promise<void> {
  const { history } = core;
  const runId = history.find(id);
  const entry = await history.get(runId);
  if (code !== null) {
    const { text, sendsKey } = await core.snippet(entry.intent, code);
    if (!sendsKey && entry.intent.target.kind !== 'demo') streams.error(`Note: ${withoutKey}\n`);
    print(`${text}\n`, streams);
    return;
  }
  const folder = history.folder(runId);
  print(json ? `${JSON.stringify(forScripts(entry, folder))}\n` : words(entry, folder), streams);
}

/** Without what is of use in this process alone: addresses, and ids of inputs. */
function forScripts({ inputs, outcome, ...entry }: HistoryEntry, folder: string): object {
  return {
    ...entry.row,
    ...{ endedAt: entry.endedAt, folder, notes: entry.notes, intent: entry.intent },
    inputs: inputs.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
    outcome: {
      ...outcome,
      parts: outcome.parts.map(({ name, kind, size }) => ({ name, kind: kind.label, size })),
    },
  };
}

function words({ row, notes, inputs, outcome }: HistoryEntry, folder: string): string {
  const { failure, status, requestId, warnings, parts, output, text } = outcome;
  const lines: [name: string, value: string | undefined][] = [
    ['run', `${row.runId}${row.star ? ' ★' : ''}`],
    ['started', localTime(row.startedAt)],
    ['state', row.state],
    ['model', row.deployment === undefined ? row.model : `${row.model}/${row.deployment}`],
    ['preset', row.preset?.name],
    ['url', outcome.url],
    ['status', status === undefined ? undefined : String(status)],
    ['request id', requestId],
    ['took', `${(row.total / 1000).toFixed(2)} s`],
    ['sent', sizeOf(row.sent)],
    ['received', sizeOf(row.received)],
    ...inputs.map(({ name, size, sha256 }): [string, string] => [
      'input',
      `${name}: ${sizeOf(size)}${sha256 ? `, SHA-256 ${sha256}` : ''}`,
    ]),
    ...parts.map(({ name, size, kind }): [string, string] => [
      'part',
      `${name}: ${sizeOf(size)}, ${kind.label}`,
    ]),
    ['failure', failure && row.state !== 'running' ? failure.message : undefined],
    ...warnings.map((warning): [string, string] => ['note', warning]),
    ['notes', notes === '' ? undefined : notes],
    ['folder', folder],
  ];
  const told = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(12)}${value}\n`],
  );
  const answer = output === undefined ? text : JSON.stringify(output, null, 2);
  return `${told.join('')}${answer === undefined ? '' : `\n${answer}\n`}`;
}
