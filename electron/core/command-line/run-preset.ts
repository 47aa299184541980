import { basename, extname } from 'node:path';
import type { Field, Intent, Target } from '../../contract/intent.ts';
import type { Preset } from '../../contract/preset.ts';
import { presetToIntent } from '../presets/preset-to-intent.ts';
import { filledPlace, nameWords } from '../saving/name-template.ts';
import { safeName } from '../runs/suggested-name.ts';
import { toFailure } from '../soundpost-error.ts';
import { admit, admittedFields } from './admitted-fields.ts';
import { wrong } from './choice.ts';
import { exitStatus } from './exit-status.ts';
import { namedPreset } from './named-preset.ts';
import { outPlace, type OutPlace } from './out-place.ts';
import type { PresetRunCommand } from './parse-arguments.ts';
import { runRequest, type RunOptions } from './run-request.ts';
import { changedTarget } from './target-options.ts';

/** One file's run, or the one without a file. */
type Planned = {
  file: string | undefined;
  intent: Intent;
  out: string | undefined;
  prefix: string;
  preset: Preset;
};

/**
 * Runs a preset with each file, one after another. One that fails does not keep the others from being run; the exit status
 * is the first failure's. What can be known to be wrong is said before anything is sent.
 */
export async function runPreset(command: PresetRunCommand, options: RunOptions): Promise<number> {
  const { reporter, signal } = options;
  let planned: Planned[];
  try {
    planned = await plan(command, options);
  } catch (error) {
    const failure = toFailure(error);
    reporter.failed(failure);
    return exitStatus(failure.code);
  }
  let status = 0;
  for (const [index, { file, intent, out, prefix, preset }] of planned.entries()) {
    if (file !== undefined && planned.length > 1) reporter.input(file, index + 1, planned.length);
    const one = await runRequest(command, options, async () => {
      const { id, name, save } = preset;
      const made = { intent, preset: { id, name } };
      if (save?.auto && out === undefined) {
        return { ...made, place: { kind: 'saved', template: save.template } };
      }
      const place = await placeFor(command, out);
      const isShared = place.kind === 'folder' && planned.length > 1;
      return { ...made, place: isShared ? { ...place, prefix } : place };
    });
    status ||= one;
    if (signal.aborted) break;
  }
  return status;
}

async function plan(command: PresetRunCommand, { core }: RunOptions): Promise<Planned[]> {
  const { files, changes, limits, fields } = command;
  const preset = withTravels(await namedPreset(command.preset, core.presets), command);
  const target = changedTarget(preset.target, command.targets);
  const overrides: Field[] = await admittedFields(fields, core);
  const planned: Planned[] = [];
  for (const file of files.length > 0 ? files : [undefined]) {
    const inputs = file === undefined ? [] : [await admit(file, core)];
    const intent = presetToIntent(preset, { inputs, overrides, target });
    const out = command.out === undefined ? undefined : filled(command.out, preset, target, file);
    planned.push({
      file,
      intent: { ...intent, ...changes, limits: { ...intent.limits, ...limits } },
      out,
      prefix: unusedPrefix(nameOf(file), planned),
      preset,
    });
  }
  const outs = planned.map(({ out }) => out);
  if (planned.length > 1 && new Set(outs).size < outs.length) await mustTakeSeveral(command, outs);
  return planned;
}

/** A file or standard output takes one answer; the same folder takes them all. */
async function mustTakeSeveral(
  command: PresetRunCommand,
  outs: (string | undefined)[],
): Promise<void> {
  for (const out of new Set(outs)) {
    const { kind } = await placeFor(command, out);
    if (kind === 'folder' || kind === 'run-folder') continue;
    throw wrong(
      `--out ${command.out ?? ''} is one place, and several answers would go there. Give a folder that exists, or a name with {input} in it.`,
    );
  }
}

/** A dry run writes nothing, so that it matters to nobody what is there. */
function placeFor({ force, dryRun }: PresetRunCommand, out: string | undefined): Promise<OutPlace> {
  return dryRun !== null ? Promise.resolve({ kind: 'run-folder' }) : outPlace({ out, force });
}

/** `--as` for files of the preset, or of fields that were written. */
function withTravels(preset: Preset, { travels, fields }: PresetRunCommand): Preset {
  let changed = preset.fields;
  for (const { name, travel } of travels) {
    const isTheirs = changed.some((field) => field.type === 'file' && field.name === name);
    const written = fields.filter((field) => field.type === 'file' && field.name === name);
    if (!isTheirs && written.length === 0) throw wrong(`--as: no file’s name is “${name}”.`);
    for (const field of written) if (field.type === 'file') field.travel = travel;
    changed = changed.map((field) =>
      field.type === 'file' && field.name === name ? { ...field, travel } : field,
    );
  }
  return { ...preset, fields: changed };
}

/** The place with what its braces stand for, each as something that any file system takes for a name. */
function filled(out: string, preset: Preset, target: Target, file: string | undefined): string {
  const input = file === undefined ? 'answer' : basename(file);
  return filledPlace(out, nameWords({ target, input, preset: preset.name, at: new Date() }));
}

const nameOf = (file: string | undefined): string =>
  file === undefined ? 'answer' : basename(file, extname(file));

function unusedPrefix(name: string, others: Planned[]): string {
  const taken = new Set(others.map(({ prefix }) => prefix.toLowerCase()));
  const clean = safeName(name) || 'answer';
  let prefix = `${clean}-`;
  for (let number = 2; taken.has(prefix.toLowerCase()); number += 1) {
    prefix = `${clean} (${number})-`;
  }
  return prefix;
}
