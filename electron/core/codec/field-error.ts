import { SoundpostError } from '../soundpost-error.ts';

/** What is wrong with a field, told with its name. `problem` ends without a full stop. */
export function invalidField(name: string, problem: string): SoundpostError {
  const field = name === '' ? 'The field without a name' : `The field “${name.slice(0, 80)}”`;
  return new SoundpostError('invalid_field', `${field} ${problem}.`);
}
