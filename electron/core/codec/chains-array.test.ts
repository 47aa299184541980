import { expect, test } from 'vitest';
import { answered } from '../testing/answered.ts';
import { answerBytes } from '../testing/model-answers.ts';

async function outputOf(value: unknown): Promise<unknown> {
  const body = Buffer.from(JSON.stringify(value));
  return (await answered(answerBytes(body, 'application/json'))).outcome.output;
}
const base64 = (array: Int16Array | Float32Array): string =>
  Buffer.from(array.buffer).toString('base64');

test('arrays that a chain writes into JSON are arrays', async () => {
  const [a, b] = [Int16Array.of(1, -2, 3, 4), Float32Array.of(0.5)];
  const output = await outputOf({
    a: { data_b64: base64(a), shape: [2, 2], dtype: 'int16' },
    b: [{ data_b64: base64(b), shape: [1], dtype: 'float32' }],
  });
  expect(output).toMatchObject({
    a: { $type: 'ndarray', dtype: '<i2', shape: [2, 2], values: [1, -2, 3, 4] },
    b: [{ $type: 'ndarray', dtype: '<f4', shape: [1], values: [0.5] }],
  });
});

test('what only looks like one stays a map', async () => {
  const data_b64 = base64(Int16Array.of(1));
  for (const map of [
    { data_b64, shape: [9], dtype: 'int16' },
    { data_b64, shape: [1], dtype: 'object' },
    { data_b64, shape: [-1], dtype: 'int16' },
    { data_b64, shape: 'one', dtype: 'int16' },
    { data_b64: 'no base64', shape: [1], dtype: 'int16' },
    { data_b64, shape: [1], dtype: 'int16', more: 1 },
  ]) {
    expect(await outputOf(map)).toEqual(map);
  }
});
