import * as v from 'valibot';
import type { Deployment } from '../../contract/intent.ts';
import { deploymentStates, type AccountModel, type ModelDeployment } from '../../contract/model.ts';
import type { PresetField } from '../../contract/preset.ts';
import { endpointUrl } from '../baseten/endpoint.ts';
import { isAtHome } from '../baseten/installation.ts';
import type { ChosenKey } from '../baseten/key-choice.ts';
import { askManagement, managementRefusal, unexpected } from '../baseten/management-request.ts';
import { SoundpostError } from '../soundpost-error.ts';
import type { Agents } from '../transport/agents.ts';
import { exampleFields } from './example-fields.ts';

/** Bytes; a model is told of in about 300, a deployment in about 900. */
const LIST_LIMIT = 16 * 1024 * 1024;

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
const shown = v.pipe(
  v.string(),
  v.transform((text) =>
    text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, ' ').slice(0, 300),
  ),
);

const modelsSchema = v.object({
  models: v.array(v.object({ id, name: shown, team_name: v.nullish(shown) })),
});

const deploymentsSchema = v.object({
  deployments: v.array(
    v.object({
      id,
      name: v.nullish(shown),
      status: v.string(),
      is_production: v.nullish(v.boolean()),
      is_development: v.nullish(v.boolean()),
      environment: v.nullish(v.string()),
    }),
  ),
});

/** What a key's installation is asked: its management API, and the wake route of its models. */
export type Ask = {
  chosen: ChosenKey;
  key: string;
  agents: Pick<Agents, 'routeTo'>;
  signal: AbortSignal;
};

/**
 * All models of the account; null when the key may not list them.
 * @throws SoundpostError `unauthorized`, and what `askManagement` does
 */
export async function fetchModels(ask: Ask): Promise<AccountModel[] | null> {
  const found = await get('models', modelsSchema, ask);
  return (
    found &&
    found.models.map(({ id, name, team_name: team }) => ({ id, name, ...(team ? { team } : {}) }))
  );
}

/** A model's deployments; null when the key may not list them, or there is no such model. */
export async function fetchDeployments(
  modelId: string,
  ask: Ask,
): Promise<ModelDeployment[] | null> {
  const found = await get(`models/${modelId}/deployments`, deploymentsSchema, ask);
  return (
    found &&
    found.deployments.map((each) => ({
      id: each.id,
      name: each.name || each.id,
      state: stateOf(each.status),
      ...(v.is(id, each.environment) ? { environment: each.environment } : {}),
      isProduction: each.is_production ?? false,
      isDevelopment: each.is_development ?? false,
    }))
  );
}

/**
 * The fields of the model's own example, `example_model_input` in a deployment's config; null when it has none, or the key
 * may not read it.
 */
export async function fetchExample(
  modelId: string,
  deploymentId: string,
  ask: Ask,
): Promise<PresetField[] | null> {
  const path = `models/${modelId}/deployments/${deploymentId}/config?output_format=parsed`;
  const body = await getText(path, ask);
  return body === null ? null : exampleFields(body);
}

/**
 * Wakes a deployment that sleeps. Baseten answers at once (202), before it is up.
 * @throws SoundpostError `unauthorized`, `not_found`, and what `askManagement` does
 */
export async function wakeDeployment(
  modelId: string,
  deployment: Deployment,
  { chosen, key, agents, signal }: Ask,
): Promise<void> {
  const target = { kind: 'model', modelId, deployment, path: 'wake' } as const;
  const url = endpointUrl(target, chosen.home.inference);
  if (!isAtHome(url, chosen.home)) {
    throw new SoundpostError('host_not_approved', `${url.host} may not have this key.`);
  }
  const { status } = await askManagement(url, {
    ...{ key, agents, signal, method: 'POST' as const, limit: 64 * 1024 },
  });
  if (status >= 200 && status < 300) return;
  if (status === 404) {
    throw new SoundpostError(
      'not_found',
      'Baseten knows no such deployment to wake. It may be deactivated: activate it in your workspace.',
    );
  }
  throw status === 401 || status === 403 ? notKnown() : managementRefusal(status, url.host);
}

async function get<S extends v.GenericSchema>(
  path: string,
  schema: S,
  ask: Ask,
): Promise<v.InferOutput<S> | null> {
  const body = await getText(path, ask);
  if (body === null) return null;
  try {
    return v.parse(schema, JSON.parse(body));
  } catch {
    throw unexpected(new URL(ask.chosen.home.management).host);
  }
}

async function getText(path: string, { chosen, key, agents, signal }: Ask): Promise<string | null> {
  const url = new URL(`${chosen.home.management}/v1/${path}`);
  const { status, body } = await askManagement(url, { key, agents, signal, limit: LIST_LIMIT });
  if (status === 200) return body;
  if (status === 403 || status === 404) return null;
  throw status === 401 ? notKnown() : managementRefusal(status, url.host);
}

function stateOf(status: string): ModelDeployment['state'] {
  const word = status.toLowerCase();
  return deploymentStates.find((state) => state === word) ?? 'unknown';
}

const notKnown = (): SoundpostError =>
  new SoundpostError(
    'unauthorized',
    'Baseten did not accept the key. Check it among your keys, or make a new one in your workspace.',
  );
