import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMsgpack } from '../electron/core/codec/msgpack-read.ts';
import { NumpyArray } from '../electron/core/codec/numpy.ts';
import { Dictionary } from '../electron/core/codec/value.ts';
import { MemoryBytes } from '../electron/core/files/byte-source.ts';
import { array, msgpackOf, tone } from '../electron/core/testing/array-answer.ts';
import { answerBytes, answerMsgpack } from '../electron/core/testing/model-answers.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { samples16, wavFile } from '../electron/core/testing/wav-file.ts';
import { launchApp } from './app.ts';
import { composeFor, on } from './page.ts';
import { listen } from './sound.ts';

const take = wavFile({ sampleRate: 16_000, data: samples16(Array<number>(16_000).fill(0)) });

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

    const saved = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect(saved.name).toMatch(/^take-127\.0\.0\.1-[\d-]{10}\.wav$/);
    const wav = await readFile(saved.path);
    expect(wav.readUInt32LE(24)).toBe(48_000);
    expect(wav.length).toBe(44 + planes.byteLength);
    expect(app.problems).toEqual([]);
  });
});

/** How loud one frequency is among samples, by Goertzel; 1 is a full tone. */
function level(samples: Float32Array, frequency: number, sampleRate: number): number {
  const step = 2 * Math.cos((2 * Math.PI * frequency) / sampleRate);
  let [before, last] = [0, 0];
  for (const sample of samples) [before, last] = [last, sample + step * last - before];
  const power = last * last + before * before - step * last * before;
  return (2 * Math.sqrt(power)) / samples.length;
}

describe('a file that travels as samples', () => {
  test('is decoded in the page when it is no WAV, and arrives as a numpy array', async () => {
    await using server = await startModelServer();
    server.answer('/predict', answerMsgpack({ ok: true }));
    await using app = await launchApp();
    const { page } = app;
    const mp3 = await readFile(
      join(import.meta.dirname, '../electron/core/testing/media/two-tones.mp3'),
    );
    await composeFor(app, `${server.url}/predict`, mp3, 'tones.mp3');
    await page.getByLabel('How byte_data travels').selectOption('samples');
    await expect
      .poll(() => page.getByLabel('Sample rate of byte_data in Hz').inputValue())
      .toBe('16000');
    await on(page).run.click();
    await page.getByText('200 OK').waitFor();

    const { body = Buffer.alloc(0) } = await server.waitForRequest();
    const file = new MemoryBytes(body);
    const message = await readMsgpack(file);
    if (!(message instanceof Dictionary)) throw new Error('The message is no map.');
    const sent = message.get('byte_data');
    if (!(sent instanceof NumpyArray)) throw new Error('The file went as something else.');
    expect(sent.dtype.descr).toBe('<f4');
    // Two seconds; an MP3 also holds what its encoder put before and after.
    expect(sent.shape).toHaveLength(1);
    expect(Math.abs((sent.shape[0] ?? 0) / 16_000 - 2)).toBeLessThan(0.12);
    const bytes = Uint8Array.from(await sent.data.read(0, sent.data.size));
    const middle = new Float32Array(bytes.buffer).subarray(8000, 24_000);
    expect(level(middle, 1000, 16_000)).toBeCloseTo(0.4, 1);
    // 11 kHz would fold to 5 kHz.
    expect(level(middle, 5000, 16_000)).toBeLessThan(0.001);

    expect(await page.getByRole('article', { name: 'tones.mp3' }).count()).toBe(1);
    expect(app.problems).toEqual([]);
  });
});
