import { expect, test } from 'vitest';
import { answerMsgpack } from '../electron/core/testing/model-answers.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { launchApp } from './app.ts';
import { composeFor, expectWords, on } from './page.ts';

const sound = Buffer.from('ID3\u0004 a take');

test('a busy model is counted down to, can be cancelled, and gets as many tries as were chosen', async () => {
  await using server = await startModelServer();
  server.answer('/predict', async ({ response, readAll }) => {
    await readAll();
    response.writeHead(429, { 'retry-after': '60' }).end('{"error":"Too many requests"}');
  });
  await using app = await launchApp();
  const { page } = app;
  await composeFor(app, `${server.url}/predict`, sound);
  await on(page).run.click();
  await expectWords(page, /Busy\. Trying again in (60|59) s · 2 of 5/);
  await page.keyboard.press('Escape');
  await expectWords(page, /You cancelled the run/);

  await page.getByText('Time limits and tries').click();
  await page.getByLabel('Further tries').fill('0');
  await on(page).run.click();
  await expectWords(page, /too busy|rate limit/);
  expect(server.requests.length).toBe(2);
  expect(app.problems).toEqual([]);
});

test('a time limit holds, and one that is none is said before running', async () => {
  await using server = await startModelServer();
  server.answer('/predict', answerMsgpack({ a: 1 }));
  server.answer('/silent', async ({ readAll, signal }) => {
    await readAll();
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
  });
  await using app = await launchApp();
  const { page } = app;
  await composeFor(app, `${server.url}/silent`, sound);
  await page.getByText('Time limits and tries').click();
  await page.getByLabel('First byte').fill('-1');
  await expectWords(page, /seconds, more than 0/);
  await page.getByLabel('First byte').fill('0.2');
  await on(page).run.click();
  await expectWords(page, /gave no answer within 0\.2 s/);
  expect(app.problems).toEqual([]);
});
