import { clipboard } from 'electron';
import type { Intent } from '../contract/intent.ts';
import type { Handlers } from '../contract/requests.ts';
import type { SnippetKind } from '../contract/snippet.ts';
import type { Core } from '../core/core.ts';

/** What the page's requests to copy a request do: its text goes from here to the clipboard, and the page is told in words. */
export function copyHandlers(
  core: Pick<Core, 'snippet' | 'history'>,
): Pick<Handlers, 'request.copy' | 'run.copy'> {
  const copy = async (intent: Intent, as: SnippetKind): Promise<{ said: string }> => {
    const { text, sendsKey } = await core.snippet(intent, as);
    await clipboard.writeText(text);
    return { said: `Copied as ${names[as]}.${keyWords(intent, as, sendsKey)}` };
  };
  return {
    'request.copy': ({ intent, as }) => copy(intent, as),
    'run.copy': async ({ runId, as }) => copy((await core.history.get(runId)).intent, as),
  };
}

const names: Record<SnippetKind, string> = {
  curl: 'a curl command',
  python: 'Python',
  javascript: 'JavaScript',
  cli: 'a command line',
};

function keyWords({ target, keyName }: Intent, as: SnippetKind, sendsKey: boolean): string {
  if (target.kind === 'demo') return '';
  if (!sendsKey) return ' No key is in it, since this host was not allowed to have yours.';
  if (as === 'cli') return ' It finds the key where Soundpost keeps it.';
  const which = keyName === undefined ? 'The key' : `The key “${keyName}”`;
  return ` ${which} stands in it as $BASETEN_API_KEY.`;
}
