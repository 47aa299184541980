import type { Installation } from '../../contract/key.ts';
import { answerJson, says } from './model-answers.ts';
import { startModelServer, type Behaviour, type ModelServer } from './model-server.ts';

/** A deployment as the management API tells of it; what is left out has its usual value. */
type DeploymentFixture = {
  id: string;
  status: string;
  name?: string;
  environment?: string;
  is_production?: boolean;
  is_development?: boolean;
};

type ModelFixture = {
  id: string;
  name: string;
  deployments: DeploymentFixture[];
  /** The text of `example_model_input` in the config of each deployment. */
  example?: string;
};

type Setup = {
  /** The only key that it knows. */
  key: string;
  workspace?: string;
  models?: ModelFixture[];
  /** What a key that may only invoke is answered. */
  mayList?: boolean;
};

/**
 * A whole installation on this computer: the management API and the hosts of its models, each model below a path of its own.
 * Its answers have the shapes of Baseten's management API; statuses change when a test says so, and with a wake.
 */
export type InstallationServer = ModelServer & {
  installation: Installation;
  /** Changes what it tells of a deployment from now on. */
  setStatus(modelId: string, deploymentId: string, status: string): void;
  /** How the predict route of a model's deployment answers; `at` is `production` or such as `deployment/abc`. */
  answerModel(modelId: string, at: string, behaviour: Behaviour): void;
};

export async function startInstallation(setup: Setup): Promise<InstallationServer> {
  const { key, workspace = 'Studio', models = [], mayList = true } = setup;
  const server = await startModelServer();

  const guarded = (behaviour: Behaviour): Behaviour => {
    return async (exchange) => {
      const { authorization = '' } = exchange.request.headers;
      if (authorization.replace(/^(Api-Key|Bearer) /, '') === key) await behaviour(exchange);
      else await says(401, { error: 'Unauthorized' })(exchange);
    };
  };
  const management = (path: string, answer: () => unknown): void => {
    server.answer(
      `/v1/${path}`,
      guarded((exchange) =>
        (mayList ? answerJson(answer()) : says(403, { error: 'Forbidden' }))(exchange),
      ),
    );
  };

  management('users/me', () => ({ user_id: 'u', workspace_name: workspace }));
  management('models', () => ({ models: models.map(modelOf) }));
  for (const model of models) {
    management(`models/${model.id}/deployments`, () => ({
      deployments: model.deployments.map((deployment) => deploymentOf(model, deployment)),
    }));
    for (const deployment of model.deployments) {
      management(`models/${model.id}/deployments/${deployment.id}/config`, () => ({
        config: { model_metadata: {} },
        raw_config: null,
      }));
      if (model.example !== undefined) {
        const config = `{"raw_config":null,"config":{"model_metadata":{"example_model_input":${model.example}}}}`;
        server.answer(
          `/v1/models/${model.id}/deployments/${deployment.id}/config`,
          guarded(({ response }) => {
            response.setHeader('content-type', 'application/json');
            response.end(config);
          }),
        );
      }
      for (const at of placesOf(deployment)) {
        server.answer(
          `/model-${model.id}/${at}/wake`,
          guarded(async (exchange) => {
            await exchange.readAll();
            deployment.status = 'WAKING_UP';
            await says(202, {})(exchange);
          }),
        );
      }
    }
  }

  return {
    ...server,
    installation: { management: server.url, inference: `${server.url}/model-{id}` },
    setStatus: (modelId, deploymentId, status) => {
      const model = models.find(({ id }) => id === modelId);
      const deployment = model?.deployments.find(({ id }) => id === deploymentId);
      if (!deployment) throw new Error('The test has no such deployment');
      deployment.status = status;
    },
    answerModel: (modelId, at, behaviour) => {
      server.answer(`/model-${modelId}/${at}/predict`, guarded(behaviour));
    },
  };
}

function placesOf({ id, environment, ...of }: DeploymentFixture): string[] {
  return [
    `deployment/${id}`,
    ...(of.is_production ? ['production'] : []),
    ...(of.is_development ? ['development'] : []),
    ...(environment ? [`environments/${environment}`] : []),
  ];
}

const created = '2026-01-05T10:00:00Z';

function modelOf({ id, name, deployments }: ModelFixture): object {
  return {
    ...{ id, name, created_at: created, instance_type_name: 'L4', team_name: 'Team' },
    deployments_count: deployments.length,
    production_deployment_id: deployments.find((each) => each.is_production)?.id ?? null,
    development_deployment_id: deployments.find((each) => each.is_development)?.id ?? null,
  };
}

function deploymentOf(model: ModelFixture, deployment: DeploymentFixture): object {
  return {
    ...{ name: deployment.id, is_production: false, is_development: false, environment: null },
    ...{ created_at: created, model_id: model.id, active_replica_count: 0 },
    ...{ autoscaling_settings: null, instance_type_name: 'L4', labels: null },
    ...deployment,
  };
}
