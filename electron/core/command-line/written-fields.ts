import * as v from 'valibot';
import { travelSchema, type Travel } from '../../contract/intent.ts';
import { wrong } from './choice.ts';

/** A field as it was written on the command line; a file's path is not admitted yet. */
export type WrittenField =
  | { name: string; type: 'text' | 'json'; text: string }
  | { name: string; type: 'file'; path: string; travel: Travel };

/** Names are what models use as keys, with a place in them; anything else is a path, and one that looks like a field starts with `./`. */
const fieldPattern = /^([A-Za-z_][\w.-]*(?:\[[^[\]]*\])*|)(:=|=|@)(.*)$/s;

/** How the file of a field travels. */
export type NamedTravel = { name: string; travel: Travel };

/** Whether what was written is a field; else it is a path. */
export const isField = (text: string): boolean => fieldPattern.test(text);

/**
 * The fields, each file with the way that `--as NAME=HOW` gives it.
 * @throws SoundpostError `invalid_request`
 */
export function writtenFields(written: string[], travels: string[]): WrittenField[] {
  const [, second] = written.filter((text) => !isField(text));
  if (second !== undefined) {
    throw wrong(`Two files were given. Name further ones: name@${second}.`);
  }
  const fields = written.map(writtenField);
  for (const text of travels) {
    const { name, travel } = namedTravel(text);
    const files = fields
      .filter((field) => field.type === 'file')
      .filter((file) => file.name === name);
    if (files.length === 0) throw wrong(`--as ${text}: no file’s name is “${name}”.`);
    for (const file of files) file.travel = travel;
  }
  return fields;
}

/** A field, or a file alone. */
export function writtenField(text: string): WrittenField {
  const travel: Travel = { as: 'auto' };
  const [, name, mark, value] = fieldPattern.exec(text) ?? [];
  if (name === undefined || mark === undefined || value === undefined) {
    return { name: 'byte_data', type: 'file', path: text, travel };
  }
  if (mark === '@') return { name, type: 'file', path: value, travel };
  return { name, type: mark === '=' ? 'text' : 'json', text: value };
}

/** What `--as` means. @throws SoundpostError `invalid_request` */
export function namedTravel(text: string): NamedTravel {
  const equals = text.lastIndexOf('=');
  const travel = travelOf(text.slice(equals + 1));
  if (equals < 1 || !travel) {
    throw wrong(
      `--as wants NAME=HOW, and “${text.slice(0, 80)}” is not that. HOW is bytes, base64, data-uri or, for a sampling rate of 16 kHz, samples:float32@16000.`,
    );
  }
  return { name: text.slice(0, equals), travel };
}

const samplesPattern = /^samples:(\w+)@(\d+)(?::([a-z-]+))?$/;

function travelOf(how: string): Travel | null {
  const [, dtype, rate, shape = 'mono'] = samplesPattern.exec(how) ?? [];
  const travel =
    dtype === undefined ? { as: how } : { as: 'samples', dtype, sampleRate: Number(rate), shape };
  const parsed = v.safeParse(travelSchema, travel);
  return parsed.success ? parsed.output : null;
}
