import { AxeBuilder } from '@axe-core/playwright';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { describeWithKeyring } from '../electron/core/keychain/testing/describe-with-keyring.ts';
import { keyringSession } from '../electron/core/keychain/testing/keyring-session.ts';
import {
  startInstallation,
  type InstallationServer,
} from '../electron/core/testing/installation-server.ts';
import { echo, answerJson } from '../electron/core/testing/model-answers.ts';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { launchApp, type App } from './app.ts';
import { addStarter, expectWords, on } from './page.ts';

const STUDIO = 'abcd1234.STUDIO5678';
const LAB = 'wxyz9876.LABORA4321';

const studioModels = () => [
  {
    ...{ id: 'tts1', name: 'Kokoro narrator' },
    deployments: [
      { id: 'tts1p', status: 'SCALED_TO_ZERO', is_production: true, environment: 'production' },
      { id: 'tts1s', status: 'UNHEALTHY', environment: 'staging' },
    ],
    example: '{"text": "Four score", "speed": 1.0, "stream": false}',
  },
  {
    ...{ id: 'asr1', name: 'Whisper' },
    deployments: [{ id: 'asr1p', status: 'ACTIVE', is_production: true }],
  },
];
const labModels = () => [
  {
    id: 'lab1',
    name: 'Lab echo',
    deployments: [{ id: 'l', status: 'ACTIVE', is_production: true }],
  },
];

async function world() {
  await using cleanup = new AsyncDisposableStack();
  const session = cleanup.use(await keyringSession('unlocked'));
  const studio = cleanup.use(
    await startInstallation({ key: STUDIO, workspace: 'Studio', models: studioModels() }),
  );
  const lab = cleanup.use(
    await startInstallation({ key: LAB, workspace: 'Lab', models: labModels() }),
  );
  studio.answerModel('tts1', 'production', answerJson({ said: 'four score' }));
  lab.answerModel('lab1', 'production', echo());
  const home = cleanup.use(await scratchDirectory()).path;
  const launch = (): Promise<App> =>
    launchApp({
      home,
      env: {
        DBUS_SESSION_BUS_ADDRESS: session.environment['DBUS_SESSION_BUS_ADDRESS'],
        BASETEN_MANAGEMENT_API_URL_OVERRIDE: studio.installation.management,
        BASETEN_INFERENCE_BASE_URL_OVERRIDE: studio.installation.inference,
      },
    });
  const finish = cleanup.move();
  return { studio, lab, home, launch, [Symbol.asyncDispose]: () => finish.disposeAsync() };
}

const keysSent = (server: InstallationServer): unknown[] =>
  server.requests
    .filter(({ method }) => method === 'POST')
    .map(({ path, headers }) => `${path} ${headers.authorization ?? 'without a key'}`);

async function pasteFirstKey(page: Page): Promise<void> {
  await page.evaluate((key) => navigator.clipboard.writeText(key), STUDIO);
  await page.getByLabel(/paste your Baseten API key/).focus();
  await page.keyboard.press('Control+KeyV');
  await expectWords(page, /Key ••••5678 in the system keychain/);
}

async function addLab(page: Page, { installation }: InstallationServer): Promise<void> {
  await page.getByRole('button', { name: 'Keys…' }).click();
  await page.getByRole('button', { name: 'Add a key…' }).click();
  await page.keyboard.type(LAB);
  await page.getByLabel('Name', { exact: true }).fill('At the lab');
  await page.getByLabel(/installation of our own/).check();
  await page.getByLabel('Address of its management API').fill(installation.management);
  await page.getByLabel('Address of its models').fill(installation.inference);
  await page.getByRole('button', { name: 'Add the key' }).click();
  await page.getByText(/^Send this key to 127\.0\.0\.1/).waitFor();
  await page
    .getByRole('dialog', { name: /^Send this key/ })
    .getByRole('button', { name: 'Add the key' })
    .click();
  await page.getByRole('listitem', { name: 'At the lab' }).waitFor();
}

describeWithKeyring('Your models', () => {
  test('two keys for two installations: a model is found in each list, woken, run, and sent its own key alone', async () => {
    await using place = await world();
    await using app = await place.launch();
    const { page } = app;
    await pasteFirstKey(page);

    await on(page).request('New request').click();
    await on(page).address.click();
    await page.keyboard.type('kok');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await on(page).address.inputValue()).toBe('tts1');
    await page.getByText(`${place.studio.url}/model-tts1/production/predict`).waitFor();
    await page
      .getByRole('button', { name: 'Deployment: production' })
      .getByText('scaled to zero')
      .waitFor();
    await page.getByRole('button', { name: 'Wake', exact: true }).click();
    await page
      .getByRole('button', { name: 'Deployment: production' })
      .getByText('waking up')
      .waitFor();
    place.studio.setStatus('tts1', 'tts1p', 'ACTIVE');
    await page
      .getByRole('button', { name: 'Deployment: production' })
      .getByText('active')
      .waitFor({ timeout: 15_000 });
    await page.getByRole('button', { name: /^Remove byte_data/ }).click();
    await page.keyboard.press('Control+Enter');
    await page.getByText('200 OK').waitFor();

    await addLab(page, place.lab);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'),
    ).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByLabel('Key', { exact: true }).selectOption('At the lab');
    await on(page).address.fill('');
    await on(page).address.press('ArrowDown');
    await page.getByRole('option', { name: /Lab echo/ }).click();
    await page.getByText(`${place.lab.url}/model-lab1/production/predict`).waitFor();
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => keysSent(place.lab)).toHaveLength(1);
    await page.getByText('200 OK').waitFor();

    expect(keysSent(place.studio)).toEqual([
      `/model-tts1/production/wake Api-Key ${STUDIO}`,
      `/model-tts1/production/predict Api-Key ${STUDIO}`,
    ]);
    expect(keysSent(place.lab)).toEqual([`/model-lab1/production/predict Api-Key ${LAB}`]);
    expect(await page.content()).not.toMatch(/STUDIO5678|LABORA4321/);
    expect(app.problems).toEqual([]);
  });

  test('a run that waits for a sleeping deployment says so, and follows it until it answers', async () => {
    await using place = await world();
    const { promise: woken, resolve: wake } = Promise.withResolvers<undefined>();
    place.studio.answerModel('tts1', 'production', async (exchange) => {
      await woken;
      await answerJson({ said: 'four score' })(exchange);
    });
    await using app = await place.launch();
    const { page } = app;
    await pasteFirstKey(page);
    await on(page).request('New request').click();
    await on(page).address.fill('tts1');
    await page.getByRole('button', { name: 'Deployment: production' }).waitFor();
    await page.getByRole('button', { name: /^Remove byte_data/ }).click();
    await page.keyboard.press('Control+Enter');
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('scaled to zero and is being woken').waitFor();
    place.studio.setStatus('tts1', 'tts1p', 'LOADING_MODEL');
    await result.getByText('The deployment is loading the model.').waitFor();
    wake(undefined);
    await page.getByText('200 OK').waitFor();
    expect(app.problems).toEqual([]);
  });

  test('a preset is made of the model’s own example, keeps the key it names, and its dot tells the state tomorrow', async () => {
    await using place = await world();
    {
      await using app = await place.launch();
      const { page } = app;
      await pasteFirstKey(page);
      await page.getByRole('button', { name: 'New preset…' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Kokoro narrator/ })
        .click();
      await expect
        .poll(() => page.getByLabel('text', { exact: true }).inputValue())
        .toBe('Four score');
      expect(await page.getByLabel('speed', { exact: true }).inputValue()).toBe('1.0');
      await addLab(page, place.lab);
      await page.keyboard.press('Escape');
      await page.getByLabel('Key', { exact: true }).selectOption('Studio');
      await page.keyboard.press('Control+Shift+KeyS');
      await page.getByText('Saved “Kokoro narrator”').waitFor();
      expect(app.problems).toEqual([]);
    }
    const kept = await readFile(join(place.home, '.config/soundpost/presets.json'), 'utf8');
    expect(kept).toContain('"keyName": "Studio"');
    expect(kept).not.toMatch(/STUDIO5678|abcd1234/);

    await using app = await place.launch();
    const { page } = app;
    const requests = page.getByRole('navigation', { name: 'Requests' });
    await requests
      .getByRole('heading', { name: /Kokoro narrator/ })
      .getByText('scaled to zero')
      .waitFor({ state: 'attached' });
    await requests.getByRole('button', { name: 'Wake Kokoro narrator' }).click();
    await requests
      .getByRole('heading', { name: /Kokoro narrator/ })
      .getByText('waking up')
      .waitFor({ state: 'attached' });

    await page.getByRole('button', { name: 'Keys…' }).click();
    const row = page.getByRole('listitem', { name: 'Studio' });
    await row.getByRole('button', { name: 'Remove…' }).click();
    await row.getByText('1 preset sent with it will not run').waitFor();
    await row.getByRole('button', { name: 'Remove the key' }).click();
    await row.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await requests
      .getByRole('button', { name: /^Kokoro narrator/ })
      .first()
      .click();
    await on(page).run.click();
    await expectWords(page, /no key of that name is kept on this computer/);
    expect(keysSent(place.lab)).toEqual([]);
    expect(app.problems).toEqual([]);
  });
});

test('a start without the network shows what was known of the models, and when', async () => {
  await using scratch = await scratchDirectory();
  const directory = join(scratch.path, '.local/share/soundpost/models');
  await mkdir(directory, { recursive: true });
  const models = [{ id: 'tts1', name: 'Kokoro narrator' }];
  const known = { version: 1, asOf: '2026-11-20T08:00:00.000Z', access: 'listed', models };
  await writeFile(join(directory, 'given-5678.json'), JSON.stringify(known));
  await using app = await launchApp({
    home: scratch.path,
    env: { BASETEN_API_KEY: STUDIO, BASETEN_MANAGEMENT_API_URL_OVERRIDE: 'http://127.0.0.1:1' },
  });
  const { page } = app;
  await on(page).request('New request').click();
  await on(page).address.click();
  await page.getByRole('option', { name: /Kokoro narrator/ }).waitFor();
  await page.getByText(/^As of /).waitFor();
  expect(app.problems).toEqual([]);
});

describe('A model of the account', () => {
  const setUp = async () => {
    await using cleanup = new AsyncDisposableStack();
    const models = [
      {
        ...{ id: 'noise1', name: 'Denoise' },
        deployments: [{ id: 'n1', status: 'ACTIVE', is_development: true }],
      },
      ...studioModels(),
    ];
    const studio = cleanup.use(await startInstallation({ key: STUDIO, models }));
    const app = cleanup.use(
      await launchApp({
        env: {
          BASETEN_API_KEY: STUDIO,
          BASETEN_MANAGEMENT_API_URL_OVERRIDE: studio.installation.management,
          BASETEN_INFERENCE_BASE_URL_OVERRIDE: studio.installation.inference,
        },
      }),
    );
    const finish = cleanup.move();
    return { app, page: app.page, [Symbol.asyncDispose]: () => finish.disposeAsync() };
  };

  test('that has no production is asked where it is, and told of where it is not', async () => {
    await using place = await setUp();
    const { app, page } = place;
    const address = page.getByTestId('url');
    await on(page).request('New request').click();
    await on(page).address.click();
    await page.getByRole('option', { name: /Denoise/ }).click();
    await expect.poll(() => address.innerText()).toMatch(/model-noise1\/development\/predict$/);
    await page.locator('.target').getByText('Denoise').waitFor();
    await on(page).address.click();
    await page.getByRole('option', { name: /Kokoro narrator/ }).click();
    await expect.poll(() => address.innerText()).toMatch(/model-tts1\/production\/predict$/);

    await on(page).address.fill('noise1');
    await page.getByText('“Denoise” has only development.').waitFor();
    await page.getByRole('button', { name: 'Use development' }).click();
    await expect.poll(() => address.innerText()).toMatch(/model-noise1\/development\/predict$/);
    expect(await page.getByText('has only').count()).toBe(0);

    await page.getByRole('button', { name: 'New preset…' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Denoise/ })
      .click();
    await page
      .getByRole('navigation', { name: 'Requests' })
      .getByRole('button', { name: 'Denoise dev' })
      .waitFor();
    await expect.poll(() => address.innerText()).toMatch(/model-noise1\/development\/predict$/);
    expect(app.problems).toEqual([]);
  });

  test('is found by its name for a starter too, with its deployments', async () => {
    await using place = await setUp();
    const { app, page } = place;
    const address = page.getByTestId('url');
    await on(page).request('New request').click();
    await on(page).address.click();
    await page.getByRole('option', { name: /Denoise/ }).waitFor();
    await addStarter(page, 'Piper', 'denoise');
    await expect.poll(() => address.innerText()).toMatch(/model-noise1\/development\/predict$/);

    await page.getByRole('button', { name: 'New preset…' }).click();
    await page.keyboard.type('piper');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Piper/ })
      .click();
    await page.keyboard.type('kok');
    await page.getByRole('option', { name: /Kokoro narrator/ }).click();
    await page.getByRole('button', { name: 'Deployment: production' }).click();
    await page.getByRole('menuitem', { name: /staging/ }).click();
    await page.getByRole('button', { name: 'Add preset' }).click();
    await expect
      .poll(() => address.innerText())
      .toMatch(/model-tts1\/environments\/staging\/predict$/);
    expect(app.problems).toEqual([]);
  });
});
