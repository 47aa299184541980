import { randomUUID } from 'node:crypto';
import type { Preset } from '../../contract/preset.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import type { JsonFormat } from '../files/shared-json-file.ts';
import { checkPreset } from './check-preset.ts';

const VERSION = 1;

/** Characters; a preset has a few thousand. */
const LARGEST_IMPORT = 4 * 1024 * 1024;
const MOST_IMPORTED = 500;

/** One preset of the file. What is not understood is kept as it was written, and not used. */
export type Entry =
  { preset: Preset; raw?: never } | { preset?: undefined; raw: unknown; problem: string };

/** The presets' file: an object, so that what else it may hold one day has a place. */
export const presetFormat: JsonFormat<Entry[]> = {
  title: 'The presets',
  version: VERSION,
  initial: [],
  read: (json) => {
    const seen = new Set<string>();
    return presetsOf(json).map((raw) => {
      const entry = entryOf(raw);
      if (!entry.preset) return entry;
      const { id, name } = entry.preset;
      if (!seen.has(id)) {
        seen.add(id);
        return entry;
      }
      return { raw, problem: `The preset “${name}” has the id of one before it. Give it another.` };
    });
  },
  write: (entries) => documentOf(entries.map((entry) => entry.preset ?? entry.raw)),
};

/** The text of an export. Which key a preset is sent with is nobody else's business. */
export function exportText(presets: Preset[]): string {
  const shared = presets.map(withoutKeyName);
  return `${JSON.stringify(documentOf(shared), null, 2)}\n`;
}

/**
 * The presets in an exported text, and what is wrong with the others. From a stranger: nothing is saved
 * unasked and no key is chosen because of it.
 * @throws SoundpostError `invalid_request` when the text is no export
 */
export function importedPresets(text: string): { presets: Preset[]; problems: string[] } {
  if (text.length > LARGEST_IMPORT) throw noExport('It is larger than 4 MB.');
  const found: unknown[] = presetsOf(parsed(text));
  if (found.length > MOST_IMPORTED) throw noExport(`It holds more than ${MOST_IMPORTED} presets.`);
  const presets: Preset[] = [];
  const problems: string[] = [];
  for (const raw of found) {
    const entry = entryOf(raw);
    if (!entry.preset) {
      problems.push(entry.problem);
      continue;
    }
    const preset = withoutKeyName(entry.preset);
    presets.push(preset.save ? { ...preset, save: { ...preset.save, auto: false } } : preset);
  }
  return { presets, problems };
}

function withoutKeyName(preset: Preset): Preset {
  const other = { ...preset };
  delete other.keyName;
  return other;
}

/** A file's text, when it can be an export. @throws SoundpostError `invalid_request`, `file_unreadable` */
export async function importText(file: ByteSource): Promise<string> {
  // As many bytes as characters at most, and none read of a recording that was dropped by mistake.
  if (file.size > LARGEST_IMPORT) throw noExport('It is larger than 4 MB.');
  return new TextDecoder().decode(await file.read(0, file.size));
}

export const newId = (): string => randomUUID();

const documentOf = (presets: unknown[]): object => ({
  soundpost: 'presets',
  version: VERSION,
  presets,
});

function parsed(text: string): object {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw noExport('It is not JSON.');
  }
  if (typeof json !== 'object' || json === null) throw noExport('It is another kind of JSON.');
  const version: unknown = Reflect.get(json, 'version');
  if (typeof version === 'number' && version > VERSION) {
    throw noExport('A newer Soundpost wrote it; update this one.');
  }
  return json;
}

/** @throws SoundpostError `invalid_request` */
function presetsOf(json: object): unknown[] {
  const presets: unknown = Reflect.get(json, 'presets');
  if (Reflect.get(json, 'soundpost') === 'presets' && Array.isArray(presets)) return presets;
  throw noExport('It is another kind of JSON.');
}

function entryOf(raw: unknown): Entry {
  try {
    return { preset: checkPreset(raw) };
  } catch (error) {
    if (!(error instanceof SoundpostError)) throw error;
    return { raw, problem: error.message };
  }
}

const noExport = (why: string): SoundpostError =>
  new SoundpostError(
    'invalid_request',
    `That is no export of Soundpost’s presets. ${why} Nothing was added.`,
  );
