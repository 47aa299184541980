import * as v from 'valibot';
import type { Failure } from './failure.ts';

/** What Baseten says of a deployment (management API, `DeploymentStatusV1`); `unknown` is a word that is not among these. */
export const deploymentStates = [
  'building',
  'deploying',
  'deploy_failed',
  'loading_model',
  'active',
  'unhealthy',
  'build_failed',
  'build_stopped',
  'deactivating',
  'inactive',
  'failed',
  'updating',
  'scaled_to_zero',
  'waking_up',
  'unknown',
] as const;

const line = v.pipe(v.string(), v.maxLength(300));
const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));

const deploymentSchema = v.object({
  id,
  name: line,
  state: v.picklist(deploymentStates),
  /** The environment it serves, `production` among them. */
  environment: v.exactOptional(id),
  isProduction: v.boolean(),
  isDevelopment: v.boolean(),
});
export type ModelDeployment = v.InferOutput<typeof deploymentSchema>;

export const modelSchema = v.object({
  id,
  name: line,
  team: v.exactOptional(line),
  /** Absent until it was asked for. */
  deployments: v.exactOptional(v.array(deploymentSchema)),
});
export type AccountModel = v.InferOutput<typeof modelSchema>;

/**
 * The models of a key's account. `listed`: these are all of them. `invoke-only`: the key may run models and not list them.
 * `no-key`: there is none. `unknown`: nobody has been asked yet, or could be.
 */
export type ModelList = {
  access: 'listed' | 'invoke-only' | 'no-key' | 'unknown';
  models: AccountModel[];
  /** When it was true: ISO 8601, UTC; null when nothing is known. */
  asOf: string | null;
  /** Why it could not be had anew, when it could not. */
  problem?: Failure;
};
