import type { AccountModel } from '../../electron/contract/model.ts';
import { deploymentOf, usualDeployment } from './deployments.ts';
import type { Models } from './models.svelte.ts';
import type { RequestForm } from './request-form.svelte.ts';

/** Points a form at a model of the account, and at a deployment that it has: once those are known, unless another was chosen meanwhile. */
export async function pickModel(
  form: RequestForm,
  models: Models,
  picked: AccountModel,
): Promise<void> {
  const isOther = form.address.trim() !== picked.id;
  form.address = picked.id;
  const known = models.find(picked.id, form.keyName) ?? picked;
  if (isOther || deploymentOf(known, form.deployment) === undefined) {
    form.deployment = usualDeployment(known);
  }
  const chosen = form.deployment;
  const seen = await models.look(picked.id, form.keyName);
  const isSame = JSON.stringify(form.deployment) === JSON.stringify(chosen);
  if (form.address.trim() !== picked.id || !isSame) return;
  if (seen?.deployments?.length && deploymentOf(seen, chosen) === undefined) {
    form.deployment = usualDeployment(seen);
  }
}
