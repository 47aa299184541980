import { wholeFile } from '../files/byte-source.ts';
import type { ImportedPresets, Preset, PresetList } from '../../contract/preset.ts';
import type { Presets } from '../presets/presets.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import { namedPreset } from './named-preset.ts';
import type { PresetsCommand } from './parse-arguments.ts';
import type { Streams } from './reporter.ts';
import { table } from './table.ts';
import { visible } from './visible.ts';

type Options = { presets: Presets; streams: Streams };

/** Lists, exports or imports presets. Answers the exit status. @throws SoundpostError what the store throws */
export async function presetsCommand(command: PresetsCommand, options: Options): Promise<number> {
  const { presets, streams } = options;
  const print = (text: string): void => {
    streams.out(streams.isOutTerminal ? visible(text) : text);
  };
  const note = (text: string): void => {
    streams.error(`Note: ${visible(text)}\n`);
  };
  switch (command.action) {
    case 'list': {
      const list = await presets.list();
      if (command.json) print(`${JSON.stringify(list, null, 2)}\n`);
      else tell(list, print, note);
      return 0;
    }
    case 'export': {
      const ids: string[] = [];
      for (const name of command.names) ids.push((await namedPreset(name, presets)).id);
      print((await presets.export(ids)).text);
      return 0;
    }
    case 'import': {
      const imported = await importNamed(command.file, presets);
      if (command.json) print(`${JSON.stringify(imported, null, 2)}\n`);
      else tellImported(imported, print, note);
      return imported.presets.length === 0 && imported.problems.length > 0 ? 2 : 0;
    }
  }
}

function tell({ presets, problems }: PresetList, print: Say, note: Say): void {
  for (const problem of problems) note(problem);
  if (presets.length === 0) {
    note('There are no presets yet. Make one in the app, or import one.');
    return;
  }
  const rows = presets.map((preset) => [preset.name, placeOf(preset), shapeOf(preset)]);
  print(table([['NAME', 'GOES TO', 'FIELDS'], ...rows]));
}

type Say = (text: string) => void;

function placeOf({ target }: Preset): string {
  if (target.kind === 'url') return URL.parse(target.url)?.host ?? '';
  const { modelId, deployment, path } = target;
  const which =
    deployment.kind === 'environment'
      ? `env:${deployment.name}`
      : deployment.kind === 'deployment'
        ? deployment.id
        : deployment.kind;
  return [modelId, which, ...(path === undefined ? [] : [path])].join(' ');
}

function shapeOf({ fields }: Preset): string {
  return fields.map(({ name, type }) => (type === 'file' ? `${name}@` : name)).join(' ');
}

function tellImported(imported: ImportedPresets, print: Say, note: Say): void {
  for (const { name } of imported.presets) print(`Added “${name}”.\n`);
  for (const problem of imported.problems) note(problem);
  for (const origin of imported.unapprovedOrigins) {
    const { host } = new URL(origin);
    note(`${host} is not Baseten’s and gets your key only when you say so: --allow-host ${host}.`);
  }
}

/** A file that can't be taken is named as the user wrote it. */
async function importNamed(path: string, presets: Presets): Promise<ImportedPresets> {
  try {
    return await presets.importFile(await wholeFile(path));
  } catch (error) {
    if (!(error instanceof SoundpostError)) throw error;
    const words = hasErrorCode(error, 'ENOENT') ? 'There is no such file.' : error.message;
    throw new SoundpostError(error.code, `${path}: ${words}`, { cause: error });
  }
}
