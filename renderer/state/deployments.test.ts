import { expect, test } from 'vitest';
import type { ModelDeployment } from '../../electron/contract/model.ts';
import { usualDeployment } from './deployments.ts';

const deployment = (own: Partial<ModelDeployment>): ModelDeployment => ({
  ...{ id: 'w1', name: 'w1', state: 'inactive', isProduction: false, isDevelopment: false },
  ...own,
});
const usual = (...deployments: ModelDeployment[]) =>
  usualDeployment({ id: 'a', name: 'A', deployments });

test('production is meant where there is one, whatever its state', () => {
  const production = deployment({ isProduction: true, state: 'scaled_to_zero' });
  const development = deployment({ isDevelopment: true, state: 'active' });
  expect(usual(development, production)).toEqual({ kind: 'production' });
});

test('a model without production is asked where it is active, else at the first it has', () => {
  const development = deployment({ isDevelopment: true });
  const staging = deployment({ environment: 'staging', state: 'active' });
  expect(usual(development)).toEqual({ kind: 'development' });
  expect(usual(development, staging)).toEqual({ kind: 'environment', name: 'staging' });
  expect(usual(deployment({ id: 'w7' }))).toEqual({ kind: 'deployment', id: 'w7' });
});

test('of a model that nobody knows production is asked', () => {
  expect(usualDeployment(undefined)).toEqual({ kind: 'production' });
  expect(usualDeployment({ id: 'a', name: 'A' })).toEqual({ kind: 'production' });
});
