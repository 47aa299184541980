import type { Handlers } from '../contract/requests.ts';
import type { CrashDumps } from '../core/crashes/crash-dumps.ts';
import type { Updates } from '../core/updates/updates.ts';

type Options = { updates: Updates; crashDumps: CrashDumps };

type UpdateHandlers = Pick<
  Handlers,
  Extract<keyof Handlers, `updates.${string}` | `crashes.${string}`>
>;

/** What the page's requests about newer versions and about crashes do. */
export function updateHandlers({ updates, crashDumps }: Options): UpdateHandlers {
  return {
    'updates.check': () => updates.check(),
    'updates.download': () => updates.download(),
    'updates.install': ({ when }) => updates.install(when),
    'updates.skip': () => updates.skip(),
    'crashes.usage': () => crashDumps.usage(),
    'crashes.clear': async () => {
      await crashDumps.clear();
      return crashDumps.usage();
    },
  };
}
