import { describe, expect, test } from 'vitest';
import { baseten, checkedInstallation, isAtHome, usualInstallation } from './installation.ts';

const management = 'https://api.lab.example';
const inferenceOf = (inference: string): string =>
  checkedInstallation({ management, inference }).inference;

describe('the addresses of an installation', () => {
  test.each([
    'https://model-{id}.api.lab.example',
    'https://{id}.lab.example',
    'https://lab.example/models/{id}',
    'https://lab.example:8443',
    'http://localhost:9000/m/{id}',
    'http://model-{id}.localhost:9000',
  ])('may be %s', (address) => {
    expect(inferenceOf(`${address}/`)).toBe(address);
  });

  test.each([
    'http://lab.example/{id}',
    'https://{id}.com',
    'https://{id}',
    'https://model-{id}.{id}.example',
    'https://api.{id}.example',
    'https://me:pass@lab.example/{id}',
    'https://lab.example/?to={id}',
    'https://lab.example/#{id}',
    'https://model-{name}.lab.example',
    'lab.example',
    '',
  ])('may not be %j', (address) => {
    expect(() => inferenceOf(address)).toThrow(/models/);
  });

  test('are those of the official command line’s variables when they are set', () => {
    expect(usualInstallation({})).toEqual(baseten);
    const environment = {
      BASETEN_MANAGEMENT_API_URL_OVERRIDE: 'https://api.mine.example/',
      BASETEN_INFERENCE_BASE_URL_OVERRIDE: 'https://model-{id}.api.mine.example/',
    };
    expect(usualInstallation(environment)).toEqual({
      management: 'https://api.mine.example',
      inference: 'https://model-{id}.api.mine.example',
    });
  });
});

describe('a host is at home', () => {
  const isHome = (inference: string, url: string): boolean =>
    isAtHome(new URL(url), { management, inference });

  test.each([
    ['https://model-{id}.api.lab.example', 'https://model-abc.api.lab.example/production/predict'],
    ['https://model-{id}.api.lab.example', 'https://model-ABC_1.api.lab.example/x'],
    ['https://lab.example/m/{id}', 'https://lab.example/m/abc/production/predict'],
    ['http://localhost:9000', 'http://localhost:9000/x'],
  ])('with %s: %s', (inference, url) => {
    expect(isHome(inference, url)).toBe(true);
  });

  test.each([
    ['https://model-{id}.api.lab.example', 'http://model-abc.api.lab.example/x'],
    ['https://model-{id}.api.lab.example', 'https://model-abc.api.lab.example:8443/x'],
    ['https://model-{id}.api.lab.example', 'https://model-a.evil.api.lab.example/x'],
    ['https://model-{id}.api.lab.example', 'https://model-.api.lab.example/x'],
    ['https://model-{id}.api.lab.example', 'https://model-abc.api.lab.example.evil.example/x'],
    ['https://model-{id}.api.lab.example', 'https://model-abc.api.baseten.co/x'],
    ['https://lab.example/m/{id}', 'https://evil.lab.example/m/abc'],
    ['https://lab.example/m/{id}', 'https://lab.example@evil.example/m/abc'],
  ])('not with %s: %s', (inference, url) => {
    expect(isHome(inference, url)).toBe(false);
  });
});
