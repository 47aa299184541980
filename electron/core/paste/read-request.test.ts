import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Field, FieldValue, Intent } from '../../contract/intent.ts';
import type { PresetField } from '../../contract/preset.ts';
import { requestBody } from '../codec/request-body.ts';
import { FileSlice } from '../files/byte-source.ts';
import { bytesOf } from '../codec/testing/bytes-of.ts';
import { curlCommand } from '../snippets/curl-command.ts';
import { readRequest } from './read-request.ts';

const json = (text: string) => `-H 'Content-Type: application/json' -d '${text}'`;

describe('an address', () => {
  it.each([
    ['https://model-abc.api.baseten.co/production/predict', { kind: 'production' }],
    ['https://model-abc.api.baseten.co/environments/production/predict', { kind: 'production' }],
    ['model-abc.api.baseten.co/development/predict', { kind: 'development' }],
    [
      'https://model-abc.api.baseten.co/environments/staging/predict ',
      { kind: 'environment', name: 'staging' },
    ],
    ['https://model-abc.api.baseten.co/deployment/w7m/predict', { kind: 'deployment', id: 'w7m' }],
  ])('%s is a model with its deployment', async (text, deployment) => {
    const { target, request } = await readRequest(text);
    expect(target).toEqual({ kind: 'model', modelId: 'abc', deployment });
    expect(request).toBeUndefined();
  });

  it('keeps the route of a model’s own server, and of another host everything but secrets', async () => {
    const own = 'https://model-abc.api.baseten.co/environments/production/sync/v1/audio/speech';
    expect((await readRequest(own)).target).toMatchObject({ path: 'sync/v1/audio/speech' });
    const { target, notes } = await readRequest('https://me:pw@my.host/a?x=1&api_key=s3cr3t#here');
    expect(target).toEqual({ kind: 'url', url: 'https://my.host/a?x=1' });
    expect(notes).toHaveLength(2);
    await expect(readRequest('hello world')).rejects.toThrow(/no web address/);
  });
});

describe('a curl command', () => {
  it('of Baseten’s documentation fills target, scheme, body and fields with their types', async () => {
    const { target, request, key, notes } = await readRequest(
      `curl -X POST https://model-YOUR_MODEL_ID.api.baseten.co/environments/production/predict \\
  -H "Authorization: Api-Key $BASETEN_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"prompt": "Hello, it'\\''s me", "speed": 1.0, "steps": 20, "stream": true, "more": {"a": [1, 2.0]}}'`,
    );
    expect(target).toMatchObject({ modelId: 'your_model_id', deployment: { kind: 'production' } });
    expect({ key, notes }).toEqual({ key: undefined, notes: [] });
    expect(request).toEqual({
      ...{ auth: 'api-key', body: 'json', answer: 'stream' },
      fields: [
        { name: 'prompt', type: 'text', text: "Hello, it's me" },
        { name: 'speed', type: 'number', literal: '1.0' },
        { name: 'steps', type: 'number', literal: '20' },
        { name: 'stream', type: 'switch', on: true },
        { name: 'more', type: 'json', text: '{"a":[1,2.0]}' },
      ],
    });
  });

  it('of a form names its files, which nobody opens', async () => {
    const { request, files } = await readRequest(
      `$ curl https://model-abc.api.baseten.co/production/sync/v1/audio/transcriptions -sS -H "Authorization: Bearer \${KEY}" -F model=whisper-1 -F "file=@/home/me/talk one.mp3;type=audio/mpeg" | jq .`,
    );
    expect(files).toEqual(['talk one.mp3']);
    expect(request).toMatchObject({ auth: 'bearer', body: 'multipart' });
    expect(request?.fields).toEqual([
      { name: 'model', type: 'text', text: 'whisper-1' },
      { name: 'file', type: 'file', takesDrop: true },
    ]);
  });

  it('of a browser, as bash or as Windows writes it, loses its cookies and its own headers', async () => {
    const bash = `curl 'https://model-abc.api.baseten.co/production/predict' \\
  -H 'accept: */*' -H 'authorization: Api-Key abcd1234.s3cretS3cret' -H 'sec-ch-ua: "x"' \\
  -H 'x-trace: 1' -b 'session=topsecret' -H 'content-type: application/json' \\
  --data-raw $'{"text":"it\\'s \\u00e9\\u0021 \\ud83c\\udfb5"}' --compressed`;
    const cmd = `curl ^"https://model-abc.api.baseten.co/production/predict^" ^
  -H ^"accept: */*^" ^
  -H ^"authorization: Api-Key abcd1234.s3cretS3cret^" ^
  -b ^"session=topsecret^" ^
  -H ^"x-trace: 1^" ^
  -H ^"content-type: application/json^" ^
  --data-raw ^"^{^\\^"text^\\^":^\\^"it's é^! 🎵^\\^"^}^"`;
    for (const command of [bash, cmd]) {
      const read = await readRequest(command);
      expect(read.request?.fields).toEqual([{ name: 'text', type: 'text', text: "it's é! 🎵" }]);
      expect(read.key).toBe('abcd1234.s3cretS3cret');
      expect(read.notes.join(' ')).toMatch(/cookies.*x-trace/);
      expect(JSON.stringify({ ...read, key: '' })).not.toMatch(/topsecret|s3cret/);
    }
  });

  it('gives the key of another service to nobody, and no secret into a field', async () => {
    const read = await readRequest(
      `curl https://other.example/v1 -u me:pw -H 'Authorization: Bearer sk-proj-veryhidden' ${json('{"hf_token":"hf_hidden","text":"hi"}')}`,
    );
    expect(read.key).toBeUndefined();
    expect(JSON.stringify(read)).not.toMatch(/hidden|pw/);
    expect(read.request?.fields[0]).toEqual({ name: 'hf_token', type: 'text', text: '' });
    expect(read.notes).toHaveLength(3);
  });

  it.each([
    [`--data-binary @take.wav -H 'Content-Type: audio/wav'`, 'raw', ['take.wav'], /^$/],
    [
      `-d @ask.json -H 'Content-Type: application/json'`,
      'json',
      [],
      /in ask\.json, which is not opened/,
    ],
    [`-d a=1 -d 'b=x y'`, 'multipart', [], /URL-encoded/],
    [`-d '{"a":1}'`, 'json', [], /^$/],
    [`--json '{"a":1}'`, 'json', [], /^$/],
    [`-X GET`, 'json', [], /GET/],
    [`-d @- -H 'Content-Type: application/json'`, 'json', [], /pipe/],
  ])('with %s becomes %s', async (options, body, files, words) => {
    const before = options.includes('@-') ? 'jq . x | ' : '';
    const read = await readRequest(`${before}curl https://my.host/predict ${options}`);
    expect(read.request?.body).toBe(body);
    expect(read.files).toEqual(files);
    expect(read.notes.join(' ')).toMatch(words);
  });
});

const path = `/tmp/it's a "$HOME" \\ file.mp3`;
const plainName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_ .:'"$-]{0,12}$/);
const literal = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => `${n}`.replace(/^-?\d+$/, '$&.0')),
);
const words = fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed());
/** What is a float in JavaScript may be an integer in JSON, and msgpack has none beyond. */
const within64Bits = (_: string, item: unknown): unknown =>
  typeof item === 'number' ? item % 1e15 : item;
const value: fc.Arbitrary<FieldValue> = fc.oneof(
  words.map((text): FieldValue => ({ type: 'text', text })),
  literal.map((text): FieldValue => ({ type: 'number', literal: text })),
  fc.boolean().map((on): FieldValue => ({ type: 'switch', on })),
  fc
    .oneof(
      fc.constant(null),
      fc.array(fc.jsonValue({ noUnicodeString: false })),
      fc.dictionary(plainName, fc.integer()),
    )
    .map((item): FieldValue => ({ type: 'json', text: JSON.stringify(item, within64Bits) })),
);
const file = fc
  .constantFrom('auto' as const, 'base64' as const, 'data-uri' as const)
  .map((as): FieldValue => ({ type: 'file', inputId: 'one', travel: { as } }));
const form = fc.record({
  body: fc.constantFrom('msgpack', 'json', 'multipart'),
  fields: fc.uniqueArray(
    fc.record({ name: plainName, value: fc.oneof({ weight: 3, arbitrary: value }, file) }),
    {
      selector: ({ name }) => name,
      maxLength: 6,
    },
  ),
  size: fc.constantFrom(1, 200, 300, 70_000),
});

/** As the page makes a request of what was pasted, with the file handed over again. */
function fieldOf(field: PresetField): Field {
  const { name } = field;
  switch (field.type) {
    case 'text':
    case 'choice':
      return { name, value: { type: 'text', text: field.text } };
    case 'number':
      return { name, value: { type: 'number', literal: field.literal } };
    case 'switch':
      return { name, value: { type: 'switch', on: field.on } };
    case 'json':
      return { name, value: { type: 'json', text: field.text } };
    case 'file':
      return { name, value: { type: 'file', inputId: 'one', travel: field.travel } };
  }
}

test('our own curl command, pasted back, gives the same request', async () => {
  await fc.assert(
    fc.asyncProperty(form, async ({ body, fields, size }) => {
      const kind = body as Intent['body'];
      fc.pre(!fields.some(({ name }) => /key|token|secret|password|signature|sig$/i.test(name)));
      const bytes = new FileSlice(path, 0, size);
      const openFile = () => Promise.resolve({ name: 'file.mp3', bytes, mediaType: 'audio/mpeg' });
      const sent = await requestBody({ body: kind, fields }, openFile);
      const url = new URL('https://model-abc.api.baseten.co/production/predict');
      const read = await readRequest(curlCommand({ url, keyAs: 'Bearer', body: sent }));
      expect(read.notes).toEqual([]);
      expect(read.target).toEqual({
        ...{ kind: 'model', modelId: 'abc', deployment: { kind: 'production' } },
      });
      expect(read.request).toMatchObject({ auth: 'bearer', body: kind });
      const again = await requestBody(
        { body: kind, fields: (read.request?.fields ?? []).map(fieldOf) },
        openFile,
      );
      expect(await shape(again)).toBe(await shape(sent));
    }),
    { numRuns: 300 },
  );
});

/** A body with its files named and its boundary set, since the file is not there and the boundary is chance. */
async function shape({ pieces, contentType }: Awaited<ReturnType<typeof requestBody>>) {
  const [, boundary = 'none'] = /boundary=(.*)/.exec(contentType) ?? [];
  const shown = pieces.map(async (piece) => {
    if (piece instanceof FileSlice) return `<${piece.path}>`;
    return 'source' in piece ? '<base64>' : (await bytesOf([piece])).toString('latin1');
  });
  return (await Promise.all(shown)).join('').replaceAll(boundary, 'boundary');
}
