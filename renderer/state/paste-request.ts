import type { Bridge } from '../../electron/contract/bridge.ts';
import type { PastedRequest } from '../../electron/contract/pasted.ts';
import { keptWords } from '../settings/key-words.ts';
import { fillForm, fillTarget } from './preset-form.ts';
import type { Request } from './request.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Whether a text is meant as a request: a web address alone, or a curl command. */
export function isRequest(text: string): boolean {
  const trimmed = text.trim();
  return /^https?:\/\/\S+$/.test(trimmed) || /(?:^|[\s|;])curl(?:\.exe)?\s+\S/.test(trimmed);
}

type Place = { bridge: Bridge; workspace: Workspace; request: Request };

/** Fills a request's form from pasted text, shows it, and says what was left out and what is still wanted. */
export async function pasteRequest(
  text: string,
  { bridge, workspace, request }: Place,
): Promise<void> {
  const place = request.form.demo ? workspace.fresh : request;
  const result = await bridge.request('request.parse', { text });
  if (!result.ok) {
    workspace.say(result.failure.message);
    return;
  }
  const { target, request: said, foundKey, ...pasted } = result.data;
  const tellOfLoss = workspace.rememberUnsaved(place);
  if (said) fillForm(place.form, { name: '', target, ...said });
  else fillTarget(place.form, target);
  workspace.select(place);
  workspace.say(wordsFor(pasted, said !== undefined));
  tellOfLoss('what was pasted');
  if (foundKey) offerKey(foundKey, bridge, workspace);
}

/** The same from the clipboard, into a request of its own. */
export async function pasteFromClipboard(bridge: Bridge, workspace: Workspace): Promise<void> {
  const text = await navigator.clipboard.readText().catch(() => '');
  if (isRequest(text)) await pasteRequest(text, { bridge, workspace, request: workspace.fresh });
  else workspace.say('There is no curl command and no web address on the clipboard.');
}

function wordsFor(
  { files, notes }: Pick<PastedRequest, 'files' | 'notes'>,
  isWhole: boolean,
): string {
  const [file, ...others] = files;
  return [
    isWhole ? 'Filled in from the curl command.' : 'Filled in from the address.',
    file === undefined
      ? ''
      : `It sends ${[file, ...others].join(', ')}: drop ${others.length === 0 ? 'that file' : 'those files'} here.`,
    ...notes,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The keychain is the user's: a key that came along is kept only after a yes. */
function offerKey(
  { token, last4 }: NonNullable<PastedRequest['foundKey']>,
  bridge: Bridge,
  workspace: Workspace,
): void {
  const keep = workspace.key.keychain.usable ? 'keychain' : 'session';
  const take = async (): Promise<void> => {
    const result = await bridge.request('request.keepKey', { token, keep });
    if (!result.ok) workspace.say(result.failure.message);
    else {
      workspace.key = result.data.state;
      workspace.say(result.data.note ?? keptWords(result.data.state));
    }
  };
  workspace.notices.say(`An API key ending in ${last4} was in it. It was not put into the form.`, {
    label: keep === 'keychain' ? 'Keep it in the keychain' : 'Use it for this session',
    do: () => void take(),
  });
}
