import type { Intent } from '../../contract/intent.ts';
import type { SnippetKind } from '../../contract/snippet.ts';
import { hasKeyByRight, schemeOf } from '../baseten/authorization.ts';
import { endpointUrl } from '../baseten/endpoint.ts';
import type { InvokeContext } from '../invocation/invoke.ts';
import { sendableBody } from '../invocation/preflight.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { commandLine } from './command-line.ts';
import { curlCommand } from './curl-command.ts';
import { javascriptProgram } from './javascript.ts';
import { pythonProgram } from './python.ts';

/** A request written in another language, and whether the key is in it: as a variable's name, never itself. */
export type Snippet = { text: string; sendsKey: boolean };

/**
 * What sends the very thing that a run of this intent would send. A host that was not allowed to have the key is sent
 * none. Files are named by the paths they were admitted with, so it is for whoever named them, not for the page. Needs no
 * key and no network, and asks nobody.
 * @throws SoundpostError `invalid_request` for what can't be written so, and what a run throws before it sends
 */
export async function snippetFor(
  intent: Intent,
  kind: SnippetKind,
  {
    openInput: openFile,
    isApproved,
    keys,
  }: Pick<InvokeContext, 'openInput' | 'isApproved' | 'keys'>,
): Promise<Snippet> {
  const body = await sendableBody(intent, openFile);
  if (intent.target.kind === 'demo') {
    if (kind !== 'cli') throw unreachable();
    return { text: await commandLine({ intent, keyTo: null, openFile }), sendsKey: false };
  }
  const { auth, keyName } = intent;
  const { home } = await keys.choose(keyName);
  const url = endpointUrl(intent.target, home.inference);
  const sendsKey = auth !== 'none' && (await hasKeyByRight({ url, keyName, keys, isApproved }));
  const keyAs = sendsKey ? schemeOf(auth) : null;
  const request = { intent, url, keyAs, body, openFile };
  const text = async (): Promise<string> => {
    switch (kind) {
      case 'curl':
        return curlCommand({ url, keyAs, body, streams: intent.answer === 'stream' });
      case 'python':
        return pythonProgram(request);
      case 'javascript':
        return javascriptProgram(request);
      case 'cli':
        return commandLine({ intent, keyTo: sendsKey ? url : null, openFile });
    }
  };
  return { text: await text(), sendsKey };
}

const unreachable = (): SoundpostError =>
  new SoundpostError(
    'invalid_request',
    'The demo lives inside Soundpost, where no other program can reach it. Give a model or an address.',
  );
