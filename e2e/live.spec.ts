import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerBytes, slices, stream } from '../electron/core/testing/model-answers.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { wavHeader as headerOf } from '../electron/core/audio/wav.ts';
import { launchApp } from './app.ts';
import { composeFor, on, watchLayout } from './page.ts';
import { listen, tapOutput } from './sound.ts';

const speech = await readFile(
  join(import.meta.dirname, '../resources/sample/gettysburg-24000-mono.s16le'),
);
/** 40 ms of it, as speech models yield it. */
const PIECE = 1920;
const anyInput = new Uint8Array([1, 2, 3]);

describe('an answer that is sound', () => {
  test('is heard while it comes, waits while paused, and goes on as the finished sound in the same place', async () => {
    await using app = await launchApp();
    const { page } = app;
    const loudest = await tapOutput(page);
    await on(page).request('Speak').click();
    await on(page).run.click();
    const card = page.getByRole('article', { name: 'answer' });
    await card.getByText('Live').waitFor();
    expect(await loudest()).toBeGreaterThan(0.05);
    const shifts = await watchLayout(page);

    // The focus has gone from Cancel to the sound.
    await page.keyboard.press('Space');
    await card.getByText('Paused').or(card.getByText('Back to live')).waitFor();
    await page.waitForTimeout(300);
    expect(await page.getByTestId('run').innerText()).toMatch(/Cancel/);
    const stood = await card.getByTestId('time').innerText();
    await card.getByRole('button', { name: 'Back to live' }).waitFor();
    expect((await card.getByTestId('time').innerText()).split('/')[0]).toBe(stood.split('/')[0]);
    await page.keyboard.press('Space');
    expect(await loudest()).toBeGreaterThan(0.05);

    await page.getByText('200 OK').waitFor({ timeout: 30_000 });
    await card.getByText('/ 0:13.8').waitFor();
    expect(await shifts()).toEqual([]);
    // Two seconds were lost to the pause, so it still sounds, and goes on to its end.
    await card.getByRole('button', { name: 'Pause answer' }).waitFor();
    await card.getByRole('button', { name: 'Play answer' }).waitFor({ timeout: 15_000 });
    expect(await card.getByTestId('time').innerText()).toMatch(/0:13\.8 .*0:13\.8/s);
    await card.getByRole('button', { name: 'Play answer' }).click();
    expect((await listen(page)).peak).toBeGreaterThan(0.05);
    expect(app.problems).toEqual([]);
  });

  test('that has played out begins anew, also before its outline could be drawn', async () => {
    await using server = await startModelServer();
    server.answer(
      '/predict',
      stream(slices(speech.subarray(0, 96_000), PIECE), { everyMs: 36, contentType: 'audio/pcm' }),
    );
    await using app = await launchApp();
    const { page } = app;
    // The outline's worker waits; the audio element doesn't.
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    await page.route(/\/runs\/.*\/wav$/, async (route) => {
      if (route.request().resourceType() !== 'media') await held;
      await route.continue();
    });
    await composeFor(app, `${server.url}/predict`, anyInput, 'take.bin');
    await on(page).run.click();
    await page.getByText('200 OK').waitFor();
    const card = page.getByRole('article', { name: 'answer' });
    await card.getByRole('button', { name: 'Play answer' }).click();
    expect((await listen(page)).peak).toBeGreaterThan(0.05);
    release(undefined);
    expect(app.problems).toEqual([]);
  });

  test('can be cancelled, and what came plays, is saved byte for byte, and as a WAV', async () => {
    await using app = await launchApp();
    const { page } = app;
    await on(page).request('Speak').click();
    await on(page).run.click();
    const card = page.getByRole('article', { name: 'answer' });
    await card.getByText(/\/ 0:0[2-9]/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('status').getByText('Cancelled').waitFor();
    // It stands where it was heard last, which is near the end of what came.
    await card.getByRole('slider').press('Home');
    await card.getByRole('button', { name: 'Play answer' }).click();
    expect((await listen(page)).peak).toBeGreaterThan(0.05);

    const received = card.getByRole('button', { name: 'Save bytes as received…' });
    const saved = await app.save(() => received.click());
    expect(saved.name).toMatch(/\.pcm$/);
    const bytes = await readFile(saved.path);
    expect(bytes.length).toBeGreaterThan(90_000);
    expect(speech.subarray(0, bytes.length).equals(bytes)).toBe(true);
    const wav = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect(wav.name).toMatch(/\.wav$/);
    expect((await readFile(wav.path)).subarray(44).equals(bytes)).toBe(true);
    expect(app.problems).toEqual([]);
  });

  test('is read otherwise in place when it sounds wrong, and so from then on', async () => {
    await using server = await startModelServer();
    const swapped = Buffer.from(speech).swap16();
    server.answer(
      '/predict',
      stream(slices(swapped, PIECE), { everyMs: 36, contentType: 'audio/wav' }),
    );
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/predict`, anyInput, 'take.bin');
    await on(page).run.click();
    const card = page.getByRole('article', { name: 'answer' });
    await card.getByRole('button', { name: 'Sounds wrong?' }).click();
    await card.getByRole('button', { name: '16-bit, big-endian · 24 kHz mono' }).click();
    await expect.poll(() => card.locator('header').innerText()).toMatch(/PCM s16be 24 kHz mono/);
    expect(await page.getByLabel('Encoding').first().inputValue()).toBe('s16be');

    await page.getByText('200 OK').waitFor({ timeout: 30_000 });
    // The ways to read it, opened while it came, are still there.
    await card.getByText('Likely ways to read them').waitFor();
    const wav = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect((await readFile(wav.path)).subarray(44).equals(speech)).toBe(true);
    expect(app.problems).toEqual([]);
  });
});

describe('an answer of one WAV after the other', () => {
  /** Each sentence a file of its own. */
  const header = (bytes: number): Uint8Array =>
    headerOf({ encoding: 's16le', sampleRate: 24_000, channels: 1 }, bytes);
  const sentences = [speech.subarray(0, 48_000), speech.subarray(48_000, 96_000)];
  const files = Buffer.concat(sentences.flatMap((data) => [header(data.length), data]));

  test('is heard to its end while it comes, and is one sound of their whole length after', async () => {
    await using server = await startModelServer();
    server.answer(
      '/predict',
      stream(slices(files, PIECE), { everyMs: 36, contentType: 'audio/wav' }),
    );
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/predict`, anyInput, 'take.bin');
    await on(page).run.click();
    await page.getByText('200 OK').waitFor();
    const card = page.getByRole('article', { name: 'answer' });
    await card.getByRole('button', { name: 'Play answer' }).waitFor();
    expect(await card.getByTestId('time').innerText()).toMatch(/0:02\.0 .*0:02\.0/s);
    await page.getByText('It is 2 WAV files one behind the other').waitFor();
    const wav = await app.save(() =>
      card.getByRole('button', { name: 'Save as one WAV…' }).click(),
    );
    expect((await readFile(wav.path)).subarray(44).equals(speech.subarray(0, 96_000))).toBe(true);
    const saved = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect((await readFile(saved.path)).equals(files)).toBe(true);
    expect(app.problems).toEqual([]);
  });
});

describe('bytes that nobody can judge', () => {
  const swapped = Buffer.from(speech).swap16();
  const asSwapped = '16-bit, big-endian · 24 kHz mono';

  test('are heard as the user reads them while they come, and stay that sound', async () => {
    await using server = await startModelServer();
    server.answer('/predict', stream(slices(swapped, PIECE), { everyMs: 20 }));
    await using app = await launchApp();
    const { page } = app;
    const loudest = await tapOutput(page);
    await composeFor(app, `${server.url}/predict`, anyInput, 'take.bin');
    await on(page).run.click();
    const card = page.getByRole('article', { name: 'answer' });
    await card.getByText('Read them as').waitFor();
    expect(await loudest(1)).toBe(0);
    await card.getByRole('button', { name: asSwapped }).click();
    expect(await loudest()).toBeGreaterThan(0.05);

    await page.getByText('200 OK').waitFor({ timeout: 30_000 });
    const wav = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect((await readFile(wav.path)).subarray(44).equals(speech)).toBe(true);
    expect(app.problems).toEqual([]);
  });

  test('can be played as sound when they have come, and be saved as they are', async () => {
    await using server = await startModelServer();
    server.answer('/predict', answerBytes(swapped));
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/predict`, anyInput, 'take.bin');
    await on(page).run.click();
    await page.getByRole('button', { name: 'Play as sound… answer' }).click();
    await page.getByRole('button', { name: asSwapped }).click();
    const card = page.getByRole('article', { name: 'answer' });
    await card.getByText('/ 0:13.8').waitFor();
    await card.getByRole('button', { name: 'Play answer' }).click();
    expect((await listen(page)).peak).toBeGreaterThan(0.05);
    expect(await page.getByLabel('Encoding').first().inputValue()).toBe('s16be');
    const received = card.getByRole('button', { name: 'Save bytes as received…' });
    const saved = await app.save(() => received.click());
    expect((await readFile(saved.path)).equals(swapped)).toBe(true);
    const wav = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect((await readFile(wav.path)).subarray(44).equals(speech)).toBe(true);
    expect(app.problems).toEqual([]);
  });
});

describe('a stream that is not only sound', () => {
  /** Server-sent events as a speech model with subtitles sends them: pieces of base64 sound, and words between. */
  function* events(): Generator<Uint8Array> {
    const words = 'Four score and seven years ago our fathers – brought forth'.split(' ');
    let count = 0;
    for (const piece of slices(speech, PIECE * 2)) {
      const audio = { type: 'audio.delta', audio: Buffer.from(piece).toString('base64') };
      yield Buffer.from(`data: ${JSON.stringify(audio)}\n\n`);
      const word = words[count++];
      if (word)
        yield Buffer.from(`data: ${JSON.stringify({ type: 'text.delta', delta: `${word} ` })}\n\n`);
    }
  }

  test('has the sound in its events heard and the words in them read while they come', async () => {
    await using server = await startModelServer();
    server.answer('/predict', stream(events(), { everyMs: 40, contentType: 'text/event-stream' }));
    await using app = await launchApp();
    const { page } = app;
    const loudest = await tapOutput(page);
    await composeFor(app, `${server.url}/predict`, anyInput, 'take.bin');
    await on(page).run.click();
    const text = page.getByTestId('live-text');
    await text.getByText('Four score and').waitFor();
    expect(await loudest()).toBeGreaterThan(0.05);
    await text.getByText('our fathers – brought forth').waitFor();
    // Each word once, though its place is told again and again.
    expect((await text.innerText()).match(/score/g)).toHaveLength(1);
    expect(await page.getByTestId('run').innerText()).toMatch(/Cancel/);

    await page.getByText('200 OK').waitFor({ timeout: 30_000 });
    await page.getByTestId('text').getByText('Four score and seven years ago').waitFor();
    const wav = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect((await readFile(wav.path)).subarray(44).equals(speech)).toBe(true);
    expect(app.problems).toEqual([]);
  });

  test('goes on at the rate that a later event tells', async () => {
    function* eventsWithRate(): Generator<Uint8Array> {
      let count = 0;
      for (const piece of slices(speech, PIECE * 2)) {
        const event = { audio: Buffer.from(piece).toString('base64') };
        const isFifth = (count += 1) === 5;
        yield Buffer.from(
          `${JSON.stringify({ ...event, ...(isFifth && { sample_rate: 16_000 }) })}\n`,
        );
      }
    }
    await using server = await startModelServer();
    server.answer(
      '/predict',
      stream(eventsWithRate(), { everyMs: 80, contentType: 'application/x-ndjson' }),
    );
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/predict`, anyInput, 'take.bin');
    await on(page).run.click();
    const card = page.getByRole('article').last();
    await card.getByText(/PCM 16 kHz mono/).waitFor();
    expect(await page.getByTestId('run').innerText()).toMatch(/Cancel/);
    await page.getByText('200 OK').waitFor({ timeout: 30_000 });
    // 13.8 s at 24 kHz.
    await card.getByText('/ 0:20.7').waitFor();
    expect(app.problems).toEqual([]);
  });

  test('shows words as they come, whole characters only, and plays no noise of them', async () => {
    await using server = await startModelServer();
    const said = 'Ç’est la vie – 生活 🎻 and so on. '.repeat(40);
    server.answer('/predict', stream(slices(Buffer.from(said), 7), { everyMs: 15 }));
    await using app = await launchApp();
    const { page } = app;
    const loudest = await tapOutput(page);
    await composeFor(app, `${server.url}/predict`, anyInput, 'take.bin');
    await on(page).run.click();
    const text = page.getByTestId('live-text');
    await text.getByText('生活').waitFor();
    expect(await text.innerText()).not.toContain('\ufffd');
    expect(await loudest()).toBe(0);
    await page.getByText('200 OK').waitFor({ timeout: 30_000 });
    expect((await page.getByTestId('text').innerText()).trim()).toContain(said.trim());
    expect(app.problems).toEqual([]);
  });
});
