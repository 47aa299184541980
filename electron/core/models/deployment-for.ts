import type { Deployment } from '../../contract/intent.ts';
import type { AccountModel, ModelDeployment } from '../../contract/model.ts';

/** The deployment that a target means, when the model's deployments are known and it is among them. */
export function deploymentFor(
  { deployments = [] }: Pick<AccountModel, 'deployments'>,
  target: Deployment,
): ModelDeployment | undefined {
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
