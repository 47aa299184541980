import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerBytes } from '../electron/core/testing/model-answers.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { launchApp } from './app.ts';
import { composeFor } from './page.ts';

const vectors = join(import.meta.dirname, '../electron/core/codec/vectors');

/** A map of the named vectors, each under its name, as Truss itself would write it. */
async function messageOf(names: string[]): Promise<Buffer> {
  const entries = [];
  for (const file of ['truss-msgpack.json', 'truss-msgpack-decode.json']) {
    const text = await readFile(join(vectors, file), 'utf8');
    entries.push(...(JSON.parse(text) as { name: string; hex?: string }[]));
  }
  const chunks = [Buffer.from([0xde, 0, names.length])];
  for (const name of names) {
    const hex = entries.find((entry) => entry.name === name)?.hex ?? '';
    chunks.push(Buffer.from([0xa0 + name.length]), Buffer.from(name), Buffer.from(hex, 'hex'));
  }
  return Buffer.concat(chunks);
}

/** What the tree’s row of each vector reads. */
const rows: [name: string, words: RegExp][] = [
  ['datetime_offset', /2024-02-29T12:34:56\.789012\+05:30\s+datetime/],
  ['ext_timestamp32', /2024-02-29T12:44:32\+00:00\s+datetime/],
  ['date', /2024-02-29\s+date/],
  ['time_micro', /23:59:59\.999999\s+time/],
  ['timedelta_neg', /-1 days 86399 s\s+timedelta/],
  ['decimal', /1\.10\s+decimal/],
  ['uuid', /12345678-1234-5678-1234-567812345678\s+uuid/],
  ['complex_py', /1\.5-2j\s+complex/],
  ['float_nan', /NaN\s+float/],
  ['nd_f32_2d', /float32 \[2, 3\]\s+1, 2, 3, 4, 5, 6/],
  ['nd_c64', /complex64 \[2\]\s+1\+2j, 0-3\.5j/],
  ['nd_big_endian', /int32 big-endian \[2\]\s+1, 2/],
  ['nd_struct', /\{x, y, s\} \[2\]\s+\(1, 2\.5, ab\), \(3, -4\.5, c\)/],
  ['nd_unicode', /<U2 \[2\]\s+ab, c/],
  ['nd_object', /numpy array of Python objects\s+opaque, 205 bytes/],
  ['np_float16', /1\.5\s+float16/],
  ['ext_type5', /msgpack extension 5\s+opaque, 4 bytes/],
  ['int_key', /1 field/],
  ['dt_bad', /2 fields\s+marked as a datetime, but “nope” is none/],
  ['nd_short_data', /5 fields\s+marked as a numpy value, but its data has 4 bytes/],
];

test('every kind of value is shown as what it is, and what is none says so', async () => {
  await using server = await startModelServer();
  server.answer('/predict', answerBytes(await messageOf(rows.map(([name]) => name))));
  await using app = await launchApp();
  const { page } = app;
  await composeFor(app, `${server.url}/predict`, new Uint8Array([1, 2, 3]), 'take.bin');
  await page.keyboard.press('Control+Enter');
  await page.getByText('200 OK').waitFor();
  await page.getByRole('tab', { name: 'Tree' }).click();
  const tree = page.getByRole('group', { name: 'Answer' });
  for (const [name, words] of rows) {
    const row = tree.locator('li', { has: page.locator(`.name[title="${name}"]`) });
    expect(await row.innerText()).toMatch(words);
  }
  await tree.getByRole('button', { name: 'nd_f32_2d' }).click();
  await tree.locator('.name[title="1, 2"]').waitFor();
  await page.getByText('“dt_bad” in the answer is marked as a datetime').waitFor();
  expect(app.problems).toEqual([]);
});
