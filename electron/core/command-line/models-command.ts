import type { AccountModel, ModelDeployment } from '../../contract/model.ts';
import type { Core } from '../core.ts';
import { SoundpostError } from '../soundpost-error.ts';
import type { ModelsCommand } from './parse-keys.ts';
import { print, type Streams } from './reporter.ts';
import { table } from './table.ts';

/** Lists the models of an account with the states of their deployments. Answers the exit status. */
export async function modelsCommand(
  { text, keyName, json }: ModelsCommand,
  { core, streams }: { core: Pick<Core, 'models'>; streams: Streams },
): Promise<number> {
  const words = text.toLowerCase().split(/\s+/);
  const list = await core.models.fresh({
    keyName,
    isWanted: ({ id, name }) => words.every((word) => `${name} ${id}`.toLowerCase().includes(word)),
  });
  if (list.access === 'invoke-only') {
    throw new SoundpostError(
      'unauthorized',
      'This key can run models, but may not list them. Give a model’s id with --model.',
    );
  }
  const { models } = list;
  if (json) print(`${JSON.stringify(list, null, 2)}\n`, streams);
  else if (models.length === 0) streams.error('There is no such model in this account.\n');
  else print(table([['ID', 'NAME', 'DEPLOYMENT', 'STATE'], ...models.flatMap(rowsOf)]), streams);
  return 0;
}

function rowsOf({ id, name, deployments = [] }: AccountModel): string[][] {
  if (deployments.length === 0) return [[id, name, '', 'no deployment']];
  return deployments.map((deployment, index) => [
    ...(index === 0 ? [id, name] : ['', '']),
    choiceOf(deployment),
    deployment.state.replaceAll('_', ' '),
  ]);
}

/** As --deployment takes it. */
function choiceOf({ id, environment, isProduction, isDevelopment }: ModelDeployment): string {
  if (isProduction) return 'production';
  if (isDevelopment) return 'development';
  return environment ? `env:${environment}` : id;
}
