import type { Deployment } from '../../electron/contract/intent.ts';
import type { AccountModel, ModelDeployment } from '../../electron/contract/model.ts';

/** The deployment that a target means, when it is known. */
export function deploymentOf(
  model: AccountModel | undefined,
  target: Deployment,
): ModelDeployment | undefined {
  const deployments = model?.deployments ?? [];
  switch (target.kind) {
    case 'production':
      return deployments.find((each) => each.isProduction || each.environment === 'production');
    case 'development':
      return deployments.find((each) => each.isDevelopment);
    case 'environment':
      return deployments.find(({ environment }) => environment === target.name);
    case 'deployment':
      return deployments.find(({ id }) => id === target.id);
  }
}

/** How a deployment is best named: by what it serves, else by its id. */
export function targetFor(deployment: ModelDeployment): Deployment {
  if (deployment.isProduction || deployment.environment === 'production') {
    return { kind: 'production' };
  }
  if (deployment.isDevelopment) return { kind: 'development' };
  if (deployment.environment) return { kind: 'environment', name: deployment.environment };
  return { kind: 'deployment', id: deployment.id };
}

/** The deployment that is meant when none was chosen: production, else what is active, else what there is; production while nothing is known. */
export function usualDeployment(model: AccountModel | undefined): Deployment {
  const production = { kind: 'production' } as const;
  const deployments = model?.deployments ?? [];
  if (deploymentOf(model, production)) return production;
  const best = deployments.find(({ state }) => state === 'active') ?? deployments[0];
  return best ? targetFor(best) : production;
}

/** A deployment as it is written in an address; empty for one that was not named yet. */
export function deploymentWords(deployment: Deployment): string {
  switch (deployment.kind) {
    case 'production':
    case 'development':
      return deployment.kind;
    case 'environment':
      return deployment.name;
    case 'deployment':
      return deployment.id;
  }
}
