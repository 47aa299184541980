import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { keptIn, writtenSchema } from '../settings/kept-settings.ts';

/** Whether the user wants crash dumps, told before anything else can be: without waiting. */
export function crashDumpsWanted(configDirectory: string): boolean {
  try {
    const text = readFileSync(join(configDirectory, 'settings.json'), 'utf8');
    return keptIn(v.parse(writtenSchema, JSON.parse(text))).kept.crashDumps ?? false;
  } catch {
    // Whoever reads the settings as a whole says what is wrong with them; nobody has said yes here.
    return false;
  }
}
