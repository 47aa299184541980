import * as v from 'valibot';
import { presetFieldSchema, type PresetField } from '../../contract/preset.ts';
import { JsonError, readJson } from '../codec/json-read.ts';
import { writeJson } from '../codec/json-write.ts';
import { Dictionary, Float, type Value } from '../codec/value.ts';

const MOST = 256;

/** Names under which models take sound, when a value does not show it. */
const soundName = /audio|voice_sample|speaker_wav|reference|b64|base64|_bytes|^file$/i;

/**
 * The fields that a config's `example_model_input` shows, ready to be sent as they are; null when there is no example, or it is
 * no map. The literal's text decides a number's type, so the config is read as text.
 */
export function exampleFields(config: string): PresetField[] | null {
  let value: Value | undefined;
  try {
    value = readJson(config);
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
  for (const name of ['config', 'model_metadata', 'example_model_input']) {
    value = value instanceof Dictionary ? value.get(name) : undefined;
  }
  if (!(value instanceof Dictionary) || value.entries.length === 0) return null;
  const fields = value.entries
    .slice(0, MOST)
    .flatMap(([name, inner]) => (typeof name === 'string' ? field(name, inner) : []))
    .filter((each) => v.is(presetFieldSchema, each));
  return fields.length > 0 ? fields : null;
}

/** Without bytes in it, the JSON is all text. */
const jsonText = (value: Value): string =>
  writeJson(value)
    .map((piece) => (piece instanceof Uint8Array ? new TextDecoder().decode(piece) : ''))
    .join('');

function field(name: string, value: Value): PresetField {
  if (typeof value === 'boolean') return { name, type: 'switch', on: value };
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) {
    return { name, type: 'number', literal: jsonText(value) };
  }
  if (typeof value === 'string') return ofText(name, value);
  return { name, type: 'json', text: jsonText(value) };
}

/** A file written into the example is one that the user will want to replace by another, travelling the same way. */
function ofText(name: string, text: string): PresetField {
  if (/^data:[\w.+-]+\/[\w.+-]+(;[\w=.-]+)*;base64,/.test(text)) {
    return { name, type: 'file', travel: { as: 'data-uri' } };
  }
  const isBase64 = text.length >= 64 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  const isStandIn = soundName.test(name) && /^<.*>$|^\.{3}$|base64/i.test(text);
  if (isBase64 || isStandIn) return { name, type: 'file', travel: { as: 'base64' } };
  return { name, type: 'text', text };
}
