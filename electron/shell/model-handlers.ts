import type { Handlers } from '../contract/requests.ts';
import type { Core } from '../core/core.ts';

type ModelHandlers = Pick<
  Handlers,
  Extract<keyof Handlers, `model.${string}` | `models.${string}`>
>;

/** What the page's requests about the models of an account do. */
export function modelHandlers({
  core: { models, history },
}: {
  core: Pick<Core, 'models' | 'history'>;
}): ModelHandlers {
  return {
    'models.list': (asked) => models.list(asked),
    'models.recent': async () => {
      const { rows } = await history.list({ limit: 100 });
      return [...new Set(rows.filter(({ deployment }) => deployment).map(({ model }) => model))];
    },
    'model.look': ({ modelId, keyName }) => models.look(modelId, keyName),
    'model.wake': async ({ modelId, deployment, keyName }) => {
      await models.wake(modelId, deployment, keyName);
      return null;
    },
    'model.example': ({ modelId, deployment, keyName }) =>
      models.example(modelId, deployment, keyName),
  };
}
