import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { answerJson } from '../electron/core/testing/model-answers.ts';
import { startModelServer, type Behaviour } from '../electron/core/testing/model-server.ts';
import { electronForSpecs } from './app.ts';
import { composeFor, on } from './page.ts';
import { launchRecorded } from './record.ts';

/** Answers when it is told to. */
function held(status = 200): { behaviour: Behaviour; letGo: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    behaviour: async (call) => {
      await promise;
      await answerJson({ text: 'secret words' }, { status })(call);
    },
    letGo: () => {
      resolve(undefined);
    },
  };
}

/** The user goes elsewhere, or comes back. No driver can take a browser's focus away. */
const goes = (page: Page, where: 'blur' | 'focus'): Promise<void> =>
  page.evaluate((name) => {
    window.dispatchEvent(new Event(name));
  }, where);

describe.skipIf(electronForSpecs() !== null)('while a run is in flight', () => {
  test('the taskbar shows it, the computer stays awake, and its end is told to whoever looks elsewhere', async () => {
    await using server = await startModelServer();
    const model = held();
    server.answer('/predict', model.behaviour);
    await using app = await launchRecorded();
    const { page, recorded } = app;
    await composeFor(app, `${server.url}/predict`, new Uint8Array(3_000_000), 'long.bin');
    await on(page).run.click();
    await expect.poll(() => on(page).run.innerText()).toMatch(/Cancel/);
    await expect.poll(() => recorded('stays-awake')).toEqual([{ what: 'stays-awake', on: true }]);
    await on(page).request('Echo').click();
    await goes(page, 'blur');
    model.letGo();

    const note = page.getByRole('button', { name: /127\.0\.0\.1.*Done in/ });
    await note.waitFor();
    const [told] = await recorded('notification');
    expect(JSON.stringify(told)).not.toContain('secret');
    expect(told?.body).toMatch(/^Done in \d+\.\d s$/);
    await expect.poll(async () => (await recorded('stays-awake')).at(-1)?.on).toBe(false);
    const bar = await recorded('progress');
    expect(bar.filter(({ mode }) => mode === 'normal').every(({ value }) => value <= 1)).toBe(true);
    expect(bar.some(({ mode }) => mode === 'normal')).toBe(true);
    await expect.poll(async () => (await recorded('progress')).at(-1)?.value).toBe(-1);

    await note.click();
    await page.getByText('secret words').first().waitFor();
    expect(app.problems).toEqual([]);
  });

  test('nothing is told of a run that is watched, or when the user wants no notes', async () => {
    await using server = await startModelServer();
    server.answer('/predict', answerJson({ text: 'seen' }, { status: 500 }));
    await using app = await launchRecorded();
    const { page, recorded } = app;
    await composeFor(app, `${server.url}/predict`, new Uint8Array([1]), 'a.bin');
    await on(page).run.click();
    await page.getByText('500').first().waitFor();
    await page.keyboard.press('Control+Comma');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByLabel(/tell me when a run ends/).uncheck();
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });
    await goes(page, 'blur');
    await on(page).run.click();
    await expect.poll(async () => (await recorded('stays-awake')).length).toBe(4);
    expect(await recorded('notification')).toEqual([]);
    expect(app.problems).toEqual([]);
  });

  test('quitting asks, keeps running unless told otherwise, and then cancels', async () => {
    await using server = await startModelServer();
    const model = held();
    server.answer('/predict', model.behaviour);
    await using app = await launchRecorded();
    const { page, recorded } = app;
    await composeFor(app, `${server.url}/predict`, new Uint8Array([1]), 'a.bin');
    await on(page).run.click();
    await expect.poll(() => on(page).run.innerText()).toMatch(/Cancel/);
    await app.menu('quit');
    const question = page.getByRole('dialog', { name: 'A run is in flight.' });
    await question.waitFor();
    await app.menu('close');
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'hidden' });
    await expect.poll(() => on(page).run.innerText()).toMatch(/Cancel/);
    expect((await recorded('question')).map(({ buttons }) => buttons)).toEqual([
      ['Keep running', 'Cancel it and quit'],
    ]);

    await app.menu('quit');
    await question.getByRole('button', { name: 'Cancel it and quit' }).click();
    await page.getByText('Soundpost has ended. You can close this tab.').waitFor();
    await expect.poll(async () => (await recorded('stays-awake')).at(-1)?.on).toBe(false);
    expect(app.problems).toEqual([]);
  });

  test('with no run in flight quitting asks nothing', async () => {
    await using app = await launchRecorded();
    await on(app.page).request('Echo').waitFor();
    await app.menu('quit');
    await app.page.getByText('Soundpost has ended. You can close this tab.').waitFor();
    expect(await app.recorded('question')).toEqual([]);
  });
});
