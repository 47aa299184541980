import type { Field } from '../../contract/intent.ts';
import type { Core } from '../core.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import type { WrittenField } from './written-fields.ts';

/** The fields with their files admitted. @throws SoundpostError `file_unreadable` */
export async function admittedFields(written: WrittenField[], core: Core): Promise<Field[]> {
  const fields: Field[] = [];
  for (const field of written) {
    fields.push(
      field.type === 'file'
        ? {
            name: field.name,
            value: {
              type: 'file',
              inputId: await admit(field.path, core),
              travel: field.travel,
            },
          }
        : { name: field.name, value: { type: field.type, text: field.text } },
    );
  }
  return fields;
}

/** An input that can't be read is named as the user wrote it: on the command line the user typed the path. */
export async function admit(path: string, core: Core): Promise<string> {
  try {
    return (await core.inputs.admit(path)).id;
  } catch (error) {
    if (!(error instanceof SoundpostError)) throw error;
    const words = hasErrorCode(error, 'ENOENT') ? 'There is no such file.' : error.message;
    throw new SoundpostError(error.code, `${path}: ${words}`, { cause: error });
  }
}
