import { open } from 'node:fs/promises';
import type { About } from '../../contract/about.ts';
import type { HistoryUsage } from '../../contract/history.ts';
import type { KeyList, KeyState } from '../../contract/key.ts';
import type { PresetList } from '../../contract/preset.ts';
import type { Settings } from '../../contract/settings.ts';
import { hasErrorCode } from '../soundpost-error.ts';
import { redacted, type Private } from './redact.ts';

/** What could be read, or why not. */
export type Read<T> = { value: T } | { failed: string };

/** What a report of a fault is made of. */
export type Facts = {
  about: About;
  locale: string;
  timeZone: string;
  key: Read<KeyState>;
  keys: Read<KeyList>;
  settings: Read<Settings>;
  presets: Read<PresetList>;
  history: Read<HistoryUsage>;
  inFlight: number;
  /** The end of the log. */
  log: Read<string>;
};

/**
 * A report for whoever looks for a fault. Of keys it says where they come from, of settings what no one minds to be read, and of
 * hosts, paths and names of the user's own nothing.
 */
export function diagnosticsText(facts: Facts, hidden: Private): string {
  const { about, inFlight } = facts;
  const made = about.versions.map(({ name, version }) => `${name} ${version}`).join(', ');
  const lines = [
    `${about.name} ${about.version} (${about.runsIn})`,
    made,
    `${about.system}, ${facts.locale}, ${facts.timeZone}`,
    '',
    ...told('Key in use', facts.key, keyLines),
    ...told('Keys kept', facts.keys, keptLines),
    ...told('Presets', facts.presets, ({ presets, problems }) => [
      `Presets: ${presets.length}${problemWords(problems.length)}`,
    ]),
    ...told('Runs', facts.history, ({ runs, bytes, limit }) => [
      `Runs: ${runs}, ${megabytes(bytes)} of ${megabytes(limit)}`,
    ]),
    `In flight: ${inFlight}`,
    '',
    ...told('Settings', facts.settings, settingLines),
    '',
    ...told('Log', facts.log, (log) => ['End of the log:', log.trim() || '(empty)']),
  ];
  return `${redacted(lines.join('\n'), hidden)}\n`;
}

const told = <T>(what: string, read: Read<T>, lines: (value: T) => string[]): string[] =>
  'value' in read ? lines(read.value) : [`${what} can’t be read (${read.failed})`];

const keyLines = (key: KeyState): string[] => [
  `Key in use: ${keyFrom[key.source]}`,
  `Keychain: ${key.keychain.usable ? 'usable' : `not usable (${key.keychain.problem.code})`}`,
];

function keptLines({ keys, problem }: KeyList): string[] {
  const own = keys.filter(({ installation }) => installation !== undefined).length;
  const ofOwn = own > 0 ? `, ${own} of them for an installation of its own` : '';
  return [`Keys kept: ${keys.length}${ofOwn}${problemWords(problem === undefined ? 0 : 1)}`];
}

const keyFrom: Record<KeyState['source'], string> = {
  none: 'none',
  environment: 'from BASETEN_API_KEY',
  keychain: 'from the keychain',
  session: 'for this session',
};

/** Nothing that was typed freely: of a name or a path only whether it is the usual one. */
function settingLines(settings: Settings): string[] {
  const { proxy, limits, retries, autoplay } = settings;
  const asUsual = (isUsual: boolean): string => (isUsual ? 'usual' : 'own');
  const times = Object.entries(limits).map(([name, seconds]) => `${name} ${seconds} s`);
  return [
    `Appearance: ${settings.appearance}`,
    `Plays by itself: live ${autoplay.live}, finished ${autoplay.finished}; notes: ${settings.notifies}`,
    `Crash dumps: ${settings.crashDumps}; looks for updates: ${settings.checkForUpdates}`,
    `Saved answers: folder ${asUsual(settings.outputFolder.isUsual)}, name ${asUsual(settings.isNameUsual)}`,
    `Limits: ${times.length > 0 ? times.join(', ') : 'usual'}; retries: ${retries ?? 'usual'}`,
    `Proxy: ${proxy.kind}; further certificates: ${settings.caFile === null ? 'none' : 'a file'}; hosts approved: ${settings.approvedHosts.length}`,
    `Shortcuts changed: ${Object.keys(settings.shortcuts).length}${problemWords(settings.problems.length)}`,
  ];
}

const problemWords = (count: number): string => (count > 0 ? `; problems: ${count}` : '');
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const TAIL_BYTES = 16 * 1024;

/** The last whole lines of the log, at most 16 KiB; empty when there is none. */
export async function endOfLog(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return '';
    throw error;
  }
}
