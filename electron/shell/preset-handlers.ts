import { basename } from 'node:path';
import type { Handlers } from '../contract/requests.ts';
import type { Core } from '../core/core.ts';
import { MemoryBytes } from '../core/files/byte-source.ts';
import { replaceFile } from '../core/files/replace-file.ts';
import type { Starters } from '../core/presets/starters.ts';
import type { Dialogs } from './dialogs.ts';

type Options = {
  core: Pick<Core, 'presets' | 'inputs'>;
  starters: Starters;
  dialogs: Pick<Dialogs, 'saveFile'>;
};

type PresetHandlers = Pick<
  Handlers,
  Extract<keyof Handlers, `preset.${string}` | `presets.${string}` | `starter${string}`>
>;

/** What the page's requests about presets do. */
export function presetHandlers({
  core: { presets, inputs },
  starters,
  dialogs,
}: Options): PresetHandlers {
  return {
    'presets.list': () => presets.list(),
    'preset.create': ({ preset }) => presets.create(preset),
    'preset.update': ({ preset }) => presets.update(preset),
    'preset.rename': ({ id, name }) => presets.rename(id, name),
    'preset.duplicate': ({ id }) => presets.duplicate(id),
    'preset.remove': ({ id }) => presets.remove(id),
    'preset.restore': ({ removed }) => presets.restore(removed),
    'presets.reorder': ({ ids }) => presets.reorder(ids),
    'presets.export': async ({ ids }) => {
      const { text, fileName } = await presets.export(ids);
      const path = await dialogs.saveFile(fileName);
      if (path === null) return null;
      // The dialog has asked already when a file of that name was there.
      const bytes = new MemoryBytes(new TextEncoder().encode(text));
      await replaceFile(path, [bytes], { existing: 'replace', mode: 0o666 });
      return { savedAs: basename(path) };
    },
    'presets.exportText': async ({ ids }) => ({ text: (await presets.export(ids)).text }),
    'presets.import': ({ text }) => presets.import(text),
    'presets.importFile': async ({ inputId }) =>
      presets.importFile((await inputs.open(inputId)).bytes),
    'starters.list': () => starters.list(),
    'starter.add': async ({ id, target }) => presets.create(await starters.draft(id, target)),
  };
}
