import type { ModelDeployment } from '../../electron/contract/model.ts';

type State = ModelDeployment['state'];

/** `full`: it answers. `ring`: asleep, and wakes by itself. `half`: on its way. `bad`: it does not answer. `off`: it is not to. */
type Dot = 'full' | 'ring' | 'half' | 'bad' | 'off';

const looks: Record<State, [dot: Dot, words: string]> = {
  active: ['full', 'active'],
  updating: ['full', 'active, updating'],
  scaled_to_zero: ['ring', 'scaled to zero'],
  waking_up: ['half', 'waking up'],
  loading_model: ['half', 'loading the model'],
  deploying: ['half', 'deploying'],
  building: ['half', 'building'],
  unhealthy: ['bad', 'unhealthy'],
  failed: ['bad', 'failed'],
  deploy_failed: ['bad', 'deploy failed'],
  build_failed: ['bad', 'build failed'],
  build_stopped: ['off', 'build stopped'],
  deactivating: ['off', 'deactivating'],
  inactive: ['off', 'inactive'],
  unknown: ['off', 'in a state unknown here'],
};

export const dotOf = (state: State): Dot => looks[state][0];

/** Completes “The deployment is …”. */
export const stateWords = (state: State): string => looks[state][1];

/** Why a run may wait, in words; null when the state explains nothing. */
export function waitWords(state: State): string | null {
  switch (dotOf(state)) {
    case 'full':
      return 'The deployment is active: the model is at work.';
    case 'ring':
      return 'The deployment was scaled to zero and is being woken. Baseten holds the request until it is up.';
    case 'half':
      return `The deployment is ${stateWords(state)}. Baseten holds the request until it is up.`;
    case 'bad':
      return `The deployment is ${stateWords(state)}, so an answer may not come. Its logs say why.`;
    case 'off':
      return state === 'unknown'
        ? null
        : `The deployment is ${stateWords(state)}, so an answer may not come. Activate it in your workspace.`;
  }
}
