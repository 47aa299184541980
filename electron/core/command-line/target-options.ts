import * as v from 'valibot';
import {
  demoModels,
  idSchema,
  modelPathSchema,
  type Deployment,
  type Target,
} from '../../contract/intent.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { choice, wrong } from './choice.ts';

/** The options that say where a run goes, as they were written. */
export type Targets = {
  model?: string;
  deployment?: string;
  path?: string;
  url?: string;
  demo?: string;
};

/** Where `--model`, `--url` or `--demo` point. @throws SoundpostError `invalid_request`, `invalid_target` */
export function targetOf({ model, deployment, path, url, demo }: Targets): Target {
  const given = [model, url, demo].filter((value) => value !== undefined);
  if (given.length !== 1) throw wrong('Give one of --model ID, --url URL and --demo NAME.');
  if (model === undefined && (deployment ?? path) !== undefined) {
    throw wrong('--deployment and --path go with --model alone; a URL names its own.');
  }
  if (url !== undefined) return { kind: 'url', url };
  if (demo !== undefined) return { kind: 'demo', model: choice('demo', demo, demoModels) };
  return {
    kind: 'model',
    modelId: id('--model', model ?? ''),
    deployment: deploymentOf(deployment ?? 'production'),
    ...pathOf(path),
  };
}

/** A preset's target with what was said otherwise. @throws SoundpostError `invalid_request`, `invalid_target` */
export function changedTarget(target: Target, given: Targets): Target {
  const { model, deployment, path, url, demo } = given;
  if ((url ?? demo) !== undefined) return targetOf(given);
  if ((model ?? deployment ?? path) === undefined) return target;
  if (target.kind !== 'model') {
    if (model !== undefined) return targetOf(given);
    throw wrong(
      '--deployment and --path need --model ID: the preset goes to an address of its own.',
    );
  }
  return {
    ...target,
    ...(model === undefined ? {} : { modelId: id('--model', model) }),
    ...(deployment === undefined ? {} : { deployment: deploymentOf(deployment) }),
    ...pathOf(path),
  };
}

function pathOf(text: string | undefined): { path?: string } {
  if (text === undefined) return {};
  const parsed = v.safeParse(modelPathSchema, text);
  if (parsed.success) return { path: parsed.output };
  throw new SoundpostError(
    'invalid_target',
    `--path “${text.slice(0, 80)}” is not what may follow a deployment in an address. Write it like sync/v1/audio/speech.`,
  );
}

function deploymentOf(text: string): Deployment {
  if (text === 'production' || text === 'development') return { kind: text };
  if (text.startsWith('env:')) {
    return { kind: 'environment', name: id('--deployment env:', text.slice(4)) };
  }
  return { kind: 'deployment', id: id('--deployment', text) };
}

function id(option: string, text: string): string {
  const parsed = v.safeParse(idSchema, text);
  if (parsed.success) return parsed.output;
  throw new SoundpostError(
    'invalid_target',
    `${option} “${text.slice(0, 80)}” is not an id: letters, digits, - and _ only, at most 64.`,
  );
}
