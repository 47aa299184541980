import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { array, msgpackOf, tone } from '../electron/core/testing/array-answer.ts';
import { answerBytes } from '../electron/core/testing/model-answers.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { samples16, wavFile } from '../electron/core/testing/wav-file.ts';
import { launchApp } from './app.ts';
import { composeFor, on } from './page.ts';
import { listen } from './sound.ts';

const take = wavFile({ sampleRate: 16_000, data: samples16(new Array(16_000).fill(0)) });

describe('numpy arrays that are sound', () => {
  test('play in the page, at the rate beside them or another, and are saved as WAV', async () => {
    await using server = await startModelServer();
    const planes = new Float32Array([...tone(440, 24_000, 48_000), ...tone(660, 24_000, 48_000)]);
    const answer = { audio: array('<f4', [2, 48_000], planes), sample_rate: 24_000 };
    server.answer('/predict', answerBytes(await msgpackOf(answer)));
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/predict`, take, 'take.wav');
    await on(page).run.click();

    const card = page.getByRole('article', { name: 'audio' });
    await card.getByText('float32 24 kHz stereo').waitFor();
    await expect.poll(() => card.getByTestId('time').innerText()).toMatch(/0:02\.0/);
    await card.getByRole('button', { name: 'Play audio' }).click();
    expect((await listen(page)).peak).toBeGreaterThan(0.2);

    await card.getByLabel('Sample rate of audio').selectOption('48000');
    await card.getByText('float32 48 kHz stereo').waitFor();
    await expect.poll(() => card.getByTestId('time').innerText()).toMatch(/0:01\.0/);
    await card.getByRole('button', { name: 'Play audio' }).click();
    const seconds = (): Promise<number | undefined> =>
      page.evaluate(() => document.querySelector('audio')?.duration);
    await expect.poll(seconds).toBe(1);

    const saved = await app.save(() => card.getByRole('button', { name: 'Save as WAV…' }).click());
    expect(saved.name).toBe('audio.wav');
    const wav = await readFile(saved.path);
    expect(wav.readUInt32LE(24)).toBe(48_000);
    expect(wav.length).toBe(44 + planes.byteLength);
    expect(app.problems).toEqual([]);
  });
});
