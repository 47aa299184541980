import { basename } from 'node:path';
import * as v from 'valibot';
import type { PageLink } from './page-link.ts';
import { record } from './record.ts';
import type { SavedFiles } from './saved-files.ts';
import type { Uploads } from './uploads.ts';

type Options = { link: PageLink; uploads: Uploads; saved: SavedFiles };

/** Electron's dialogs take a window first, or no window. */
type Call<O> = [options: O] | [window: unknown, options: O];
const optionsOf = <O>(call: Call<O>): O => (call.length === 1 ? call[0] : call[1]);

const tickets = v.array(v.string());

/** `electron.dialog`: the page asks. A page that is not there, or goes, counts as Cancel. */
export function createDialogs({ link, uploads, saved }: Options) {
  return {
    showOpenDialog: async (...call: Call<Electron.OpenDialogOptions>) => {
      const { properties = [], filters = [] } = optionsOf(call);
      if (properties.includes('openDirectory')) {
        throw new Error('The web host can’t ask for a folder.');
      }
      const answer = await link.ask({
        kind: 'open',
        accept: acceptOf(filters),
        multiple: properties.includes('multiSelections'),
      });
      const chosen = v.is(tickets, answer) ? answer : [];
      const filePaths = chosen
        .map((ticket) => uploads.redeem(ticket))
        .filter((path) => path !== '');
      return { canceled: filePaths.length === 0, filePaths };
    },

    showSaveDialog: async (...call: Call<Electron.SaveDialogOptions>) => {
      const { title = 'Save as', defaultPath = '' } = optionsOf(call);
      const name = await link.ask({ kind: 'save', title, name: basename(defaultPath) });
      if (typeof name !== 'string' || name.trim() === '') return { canceled: true, filePath: '' };
      return { canceled: false, filePath: saved.place(name.trim()) };
    },

    showMessageBox: async (...call: Call<Electron.MessageBoxOptions>) => {
      const { title = '', message, detail = '', buttons = [], ...rest } = optionsOf(call);
      const shown = buttons.length > 0 ? buttons : ['OK'];
      record({ what: 'question', message, detail, buttons: shown });
      const cancelled = rest.cancelId ?? likelyCancel(shown);
      const answer = await link.ask({
        kind: 'message',
        ...{ title, message, detail, cancelled },
        buttons: shown,
        focused: rest.defaultId ?? 0,
      });
      const valid = typeof answer === 'number' && shown[answer] !== undefined;
      return { response: valid ? answer : cancelled, checkboxChecked: false };
    },
  } satisfies Pick<Electron.Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'>;
}

function acceptOf(filters: Electron.FileFilter[]): string {
  const extensions = filters.flatMap((filter) => filter.extensions);
  return extensions.includes('*') ? '' : extensions.map((extension) => `.${extension}`).join(',');
}

/** Electron's own rule when no `cancelId` is given. */
function likelyCancel(buttons: string[]): number {
  return Math.max(
    0,
    buttons.findIndex((label) => /^(cancel|no)$/i.test(label)),
  );
}
