import { access, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Input } from '../../contract/sound.ts';
import { samples16, wavFile } from '../testing/wav-file.ts';
import { Inputs } from './inputs.ts';
import { PageInputs } from './page-inputs.ts';

const wav = Uint8Array.from(
  wavFile({ sampleRate: 16_000, data: samples16(Array<number>(5000).fill(3)) }),
);

class World extends PageInputs implements Disposable {
  readonly paths: string[];

  constructor() {
    const inputs = new Inputs();
    const paths: string[] = [];
    super((path) => {
      paths.push(path);
      return inputs.admit(path);
    });
    this.paths = paths;
  }

  put(
    body: Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
    id = 'take-1',
  ): Promise<Response> {
    const url = 'app://soundpost/inputs/take';
    return this.answer(new Request(url, { method: 'PUT', headers, body }), id);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const first = { 'upload-offset': '0', 'upload-complete': '?0' };
const at = (offset: number, complete = false): Record<string, string> => ({
  'upload-offset': String(offset),
  'upload-complete': complete ? '?1' : '?0',
});

test('sound comes up in pieces and becomes an input', async () => {
  using page = new World();
  expect((await page.put(wav.subarray(0, 1000), first)).status).toBe(204);
  expect((await page.put(wav.subarray(1000, 3000), at(1000))).status).toBe(204);
  const answer = await page.put(wav.subarray(3000), at(3000, true));
  const input = (await answer.json()) as Input;
  expect(input).toMatchObject({ size: wav.length, kind: { label: 'WAV 16 kHz mono' } });
  const [path = ''] = page.paths;
  expect(new Uint8Array(await readFile(path))).toEqual(wav);
  if (process.platform !== 'win32') {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
  }
});

test('a piece that does not follow, or has no offset, is refused', async () => {
  using page = new World();
  await page.put(wav.subarray(0, 1000), first);
  for (const headers of [at(999), at(0), { 'upload-complete': '?1' }]) {
    const answer = await page.put(wav, headers);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'invalid_request' });
  }
  expect((await page.put(wav, first, '../../escape')).status).toBe(400);
});

test('another site’s page is refused', async () => {
  using page = new World();
  const answer = await page.put(wav, { ...first, origin: 'https://evil.example' });
  expect(answer.status).toBe(403);
  expect((await page.put(wav, { ...first, origin: 'app://soundpost' })).status).toBe(204);
});

test('a piece has a limit, whatever it says of itself', async () => {
  using page = new World();
  const answer = await page.put(new Uint8Array(17 * 1024 ** 2), first);
  expect(await answer.json()).toMatchObject({ code: 'too_large' });
});

test('what was dropped is gone, and at the end all is', async () => {
  const page = new World();
  await page.put(wav, at(0, true));
  const [path = ''] = page.paths;
  await page.put(wav, first, 'take-2');
  await page.answer(new Request('app://soundpost/inputs/take-2', { method: 'DELETE' }), 'take-2');
  expect(await readdir(dirname(path))).toEqual(['take-1.wav']);
  page.close();
  await expect(access(join(path, '..'))).rejects.toThrow();
});
