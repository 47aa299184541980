import * as v from 'valibot';
import { limitSchema } from '../../contract/history.ts';
import { retriesSchema } from '../../contract/intent.ts';
import { nameTemplateSchema } from '../../contract/preset.ts';
import {
  appearanceSchema,
  autoplayEntries,
  chordsSchema,
  limitEntries,
  paneEntries,
  proxySchema,
  volumeSchema,
  type SettingsChange,
} from '../../contract/settings.ts';

/** What the settings file says, of this version. Keys that this program doesn't know stay where they are. */
export type Written = { version: 1; [key: string]: unknown };

export const writtenSchema = v.looseObject({ version: v.literal(1) });

const plain = {
  /** Origins (`https://host:port`) that the user allowed, each with the key that was asked about. */
  approvedHosts: v.array(
    v.object({
      origin: v.string(),
      key: v.nullable(v.object({ id: v.nullable(v.string()), last4: v.string() })),
    }),
  ),
  /** Origins that were allowed before it was kept which key was meant. */
  approvedOrigins: v.array(v.string()),
  /** A file of certificates to trust besides the usual ones, in PEM. */
  caFile: v.string(),
  /** bytes that the history may take */
  historyLimit: limitSchema,
  appearance: appearanceSchema,
  outputFolder: v.string(),
  nameTemplate: nameTemplateSchema,
  retries: retriesSchema,
  proxy: proxySchema,
  volume: volumeSchema,
  notifies: v.boolean(),
  crashDumps: v.boolean(),
  checkForUpdates: v.boolean(),
  /** The version that is not offered again. */
  skippedUpdate: v.string(),
};
const grouped = {
  limits: limitEntries,
  autoplay: autoplayEntries,
  panes: paneEntries,
};

type Entries = typeof plain;
type Groups = typeof grouped;
/** The settings that were set, each of them valid; what is absent is as usual. */
export type KeptSettings = { [K in keyof Entries]?: v.InferOutput<Entries[K]> } & {
  [K in keyof Groups]: { [E in keyof Groups[K]]?: InferEntry<Groups[K][E]> };
} & { shortcuts: Record<string, string[]> };
type InferEntry<S> = S extends v.GenericSchema ? v.InferOutput<S> : never;

/**
 * The settings of a file that a person may have edited. One that holds what it can't hold is passed over, and said: the others
 * are of use without it.
 */
export function keptIn(written: Written): { kept: KeptSettings; problems: string[] } {
  const problems: string[] = [];
  const valid = (
    json: unknown,
    entries: Record<string, v.GenericSchema>,
    prefix = '',
  ): Record<string, unknown> => {
    const found: Record<string, unknown> = {};
    const values = new Map(Object.entries(entriesOf(json)));
    for (const [name, schema] of Object.entries(entries)) {
      if (!values.has(name)) continue;
      const result = v.safeParse(schema, values.get(name));
      if (result.success) found[name] = result.output;
      else problems.push(passedOver(`${prefix}${name}`));
    }
    return found;
  };
  const groups: Record<string, object> = {};
  for (const [name, entries] of Object.entries(grouped)) {
    groups[name] = valid(written[name], entries, `${name}.`);
  }
  const shortcuts: Record<string, string[]> = {};
  for (const [action, chords] of Object.entries(entriesOf(written['shortcuts']))) {
    if (v.is(chordsSchema, chords)) shortcuts[action] = chords;
    else problems.push(passedOver(`shortcuts.${action}`));
  }
  const kept = { ...valid(written, plain), ...groups, shortcuts };
  return { kept: kept as KeptSettings, problems };
}

const passedOver = (name: string): string =>
  `“${name.slice(0, 60)}” in the settings file holds what it can’t, so the usual is used for it.`;

/** The file's values after a change: null takes one out, and a group is changed entry by entry. */
export function changed(written: Written, change: SettingsChange): Written {
  const isGroup = (name: string): boolean => name in grouped || name === 'shortcuts';
  const next: Written = { ...written };
  for (const [name, value] of Object.entries(change)) {
    next[name] = isGroup(name)
      ? without({ ...entriesOf(written[name]), ...entriesOf(value) })
      : value;
  }
  return { ...without(next), version: 1 };
}

/** Without what is null, or a group with nothing in it. */
function without(values: Record<string, unknown>): Record<string, unknown> {
  const isNothing = (value: unknown): boolean =>
    value === null || value === undefined || (isPlain(value) && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isNothing(value)));
}

const entriesOf = (value: unknown): object => (isPlain(value) ? value : {});

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
