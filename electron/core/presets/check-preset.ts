import * as v from 'valibot';
import { presetSchema, type Preset } from '../../contract/preset.ts';
import { endpointUrl } from '../baseten/endpoint.ts';
import { SoundpostError } from '../soundpost-error.ts';

/**
 * What looks like a key: Baseten's (8 characters, a dot, 32 or so), what follows a scheme in an `Authorization` header, the
 * usual tokens of Hugging Face and OpenAI, and a key in an address's query. Words about bearers and keys are none.
 */
const secrets = [
  /(?<![A-Za-z0-9])[A-Za-z0-9]{8}\.[A-Za-z0-9]{24,}/,
  /\bapi-key\s+[\w.~+/=-]{8,}/i,
  /\b(?:bearer|basic)\s+(?:[\w.~+/=-]{20,}|(?=[\w.~+/=-]*\d)[\w.~+/=-]{10,})/i,
  /\b(?:hf_|sk-)[\w-]{20,}/,
  /[?&](?:api[-_]?key|access[-_]?token|token|key|secret|password)=[^&\s]{8,}/i,
];

/**
 * A preset out of anything: a file that a person edited, another person's export, the page.
 * @throws SoundpostError `invalid_request`, `invalid_target`; the message names the preset and the place in it
 */
export function checkPreset(value: unknown): Preset {
  const parsed = v.safeParse(presetSchema, value);
  const name = nameOf(value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const place = v.getDotPath(issue);
    throw new SoundpostError(
      'invalid_request',
      `${name} can’t be used: ${place === null ? 'it is no preset' : `“${shortened(place)}” is not as it should be`}.`,
    );
  }
  const preset = parsed.output;
  const place = secretPlace(preset, []);
  if (place !== null) {
    throw new SoundpostError(
      'invalid_request',
      `${name} holds what looks like a key, in “${shortened(place)}”. A preset must hold none, as it is written to a file and shared. Remove it; Soundpost sends your key in a header by itself.`,
    );
  }
  try {
    endpointUrl(preset.target);
  } catch (error) {
    if (!(error instanceof SoundpostError)) throw error;
    throw new SoundpostError(error.code, `${name} can’t be used. ${error.message}`);
  }
  return preset;
}

/** Where in it a string looks like a key; null when none does. */
function secretPlace(value: unknown, path: string[]): string | null {
  if (typeof value === 'string') {
    return secrets.some((secret) => secret.test(value)) ? path.join('.') : null;
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const place = secretPlace(inner, [...path, key]);
    if (place !== null) return place;
  }
  return null;
}

function nameOf(value: unknown): string {
  const name: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'name') : undefined;
  const isShown = typeof name === 'string' && name !== '' && !secrets.some((s) => s.test(name));
  return isShown ? `The preset “${shortened(name)}”` : 'A preset without a name';
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
