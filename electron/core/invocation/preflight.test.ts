import { expect, test } from 'vitest';
import type { Field, Intent, Target, Travel } from '../../contract/intent.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { preflight, sendableBody } from './preflight.ts';

const model: Target = { kind: 'model', modelId: 'abc123', deployment: { kind: 'production' } };
const elsewhere: Target = { kind: 'url', url: 'https://my.host/predict' };

/** A file of this many bytes, which may not be read. */
const sized =
  (size: number) => (): Promise<{ name: string; bytes: ByteSource; mediaType: string }> =>
    Promise.resolve({
      name: 'take.wav',
      mediaType: 'audio/wav',
      bytes: {
        size,
        read: () => Promise.reject(new Error('Nothing may be read before sending.')),
        isUnchanged: () => Promise.resolve(true),
      },
    });

const file = (travel?: Travel, inputId: string | null = 'x'): Field => ({
  name: 'f',
  value: { type: 'file', inputId, travel },
});

const request = (
  body: Intent['body'],
  fields: Field[] = [file()],
  target: Target = model,
): Pick<Intent, 'target' | 'body' | 'fields'> => ({ target, body, fields });

const labels = (notes: Awaited<ReturnType<typeof preflight>>): string[] =>
  notes.flatMap(({ remedies }) => remedies.map(({ label }) => label));

/** What stands around the file in each body: `{"f":""}` and `\x81\xa1f\xc6` with four bytes of length. */
const around = { json: 8, msgpack: 8 };

test('Baseten’s hosts take 100,000,000 bytes and not one more', async () => {
  const most = 100_000_000 - around.msgpack;
  expect((await sendableBody(request('msgpack'), sized(most))).length).toBe(100_000_000);
  expect(await preflight(request('msgpack'), sized(most))).toEqual([]);
  const [note] = await preflight(request('msgpack'), sized(most + 1));
  expect(note).toMatchObject({ code: 'too_large', blocks: true, remedies: [] });
  expect(note?.message).toMatch(
    /would be 100\.1 MB, and Baseten takes 100 MB at most\. Send a comp/,
  );
  const url: Target = { kind: 'url', url: 'https://chain-x.api.baseten.co/production/run_remote' };
  expect(await preflight(request('msgpack', [file()], url), sized(most + 1))).toHaveLength(1);
});

test('base64 is counted as it is sent, and msgpack is offered where it fits', async () => {
  // 4/3 of it and the JSON around is exactly the limit.
  const most = ((100_000_000 - around.json) * 3) / 4;
  expect(await preflight(request('json'), sized(most))).toEqual([]);
  const [note] = await preflight(request('json'), sized(most + 1));
  expect(note?.message).toMatch(/As msgpack it would be 75\.1 MB; or/);
  expect(note?.remedies).toEqual([{ label: 'Send as msgpack', body: 'msgpack', asItIs: false }]);
  const inMsgpack = await preflight(request('msgpack', [file({ as: 'base64' })]), sized(most + 1));
  expect(labels(inMsgpack)).toEqual(['Send as bytes']);
  await expect(sendableBody(request('json'), sized(most + 1))).rejects.toMatchObject({
    code: 'too_large',
  });
});

test('other hosts have no limit but that of msgpack', async () => {
  const large = sized(3 * 2 ** 30);
  expect(await preflight(request('json', [file()], elsewhere), large)).toEqual([]);
  const notes = await preflight(request('msgpack', [file()], elsewhere), sized(2 ** 32));
  expect(notes).toMatchObject([{ code: 'too_large', blocks: true }]);
  expect(labels(notes)).toEqual(['Send as JSON']);
});

test('bytes in a JSON body are offered as base64 or in msgpack', async () => {
  const notes = await preflight(request('json', [file({ as: 'bytes' })]), sized(10));
  expect(notes).toMatchObject([{ code: 'invalid_field', blocks: true }]);
  expect(labels(notes)).toEqual(['Send as base64', 'Send as msgpack']);
});

test('only what really helps is offered', async () => {
  const text: Field = { name: 't', value: { type: 'text', text: 'hi' } };
  expect(labels(await preflight(request('raw', [file(), text]), sized(10)))).toEqual([
    'Send as msgpack',
    'Send as JSON',
  ]);
  expect(labels(await preflight(request('raw', [file({ as: 'base64' })]), sized(10)))).toEqual([
    'Send the file as it is',
    'Send as msgpack',
    'Send as JSON',
  ]);
  const helpless: Field[][] = [
    [file(undefined, null)],
    [file(), { ...text, name: '' }],
    [file(), file()],
    [text, { ...text, name: 't[' }],
  ];
  for (const fields of helpless) {
    const notes = await preflight(request('json', fields), sized(10));
    expect(notes).toMatchObject([{ code: 'invalid_field', blocks: true, remedies: [] }]);
  }
});

test('a file that is gone and an address that is none are told before sending', async () => {
  const gone = new SoundpostError('file_unreadable', 'It is not there any more.');
  expect(await preflight(request('json'), () => Promise.reject(gone))).toMatchObject([
    { code: 'file_unreadable', blocks: true, remedies: [] },
  ]);
  const nowhere = request('json', [file()], { kind: 'url', url: 'nowhere' });
  expect(await preflight(nowhere, sized(200_000_000))).toMatchObject([{ code: 'invalid_target' }]);
});

test('a form for Truss’s predict is told of, and not refused', async () => {
  expect(await preflight(request('multipart'), sized(10))).toMatchObject([
    { blocks: false, remedies: [] },
  ]);
  const route = 'https://model-x.api.baseten.co/production/sync/v1/audio/transcriptions';
  const fine = [elsewhere, { kind: 'url', url: route } as const];
  for (const target of fine) {
    expect(await preflight(request('multipart', [file()], target), sized(10))).toEqual([]);
  }
});
