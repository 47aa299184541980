import type { KeyState } from '../../electron/contract/key.ts';

/** Which key is in use and where it is kept: the window's foot. */
export function keyWords(state: KeyState): string {
  switch (state.source) {
    case 'none':
      return 'No API key yet';
    case 'environment':
      return `Key ••••${state.last4} from BASETEN_API_KEY`;
    case 'keychain':
      return `Key ••••${state.last4} in the system keychain`;
    case 'session':
      return `Key ••••${state.last4}, for this session only`;
  }
}

/** Said once, when a key was taken. */
export function keptWords(state: KeyState): string {
  const whose = state.source !== 'none' && state.account ? ` of ${state.account}` : '';
  const where = state.source === 'session' ? 'for this session only' : 'in the system keychain';
  return `The key${whose} works. It is kept ${where}.`;
}
