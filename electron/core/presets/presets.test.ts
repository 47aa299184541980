import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Preset, PresetDraft, PresetList } from '../../contract/preset.ts';
import { otherProcess } from '../testing/other-process.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { smallDisk } from '../testing/small-disk.ts';
import { Presets } from './presets.ts';

const draft = (name: string, more: Partial<PresetDraft> = {}): PresetDraft => ({
  name,
  target: { kind: 'model', modelId: 'abc123', deployment: { kind: 'production' } },
  auth: 'api-key',
  body: 'json',
  answer: 'auto',
  fields: [{ name: 'text', type: 'text', text: 'hello' }],
  ...more,
});

/** Looks like a key and is none. */
const fakeKey = `abcd1234.${'x1'.repeat(16)}`;

const store = (path: string): Presets =>
  new Presets({
    path,
    isApproved: (origin) => Promise.resolve(origin === 'https://known.example'),
    log: (error) => {
      throw error;
    },
  });

type World = AsyncDisposable & {
  directory: string;
  path: string;
  presets: Presets;
  names: () => Promise<string[]>;
  text: () => Promise<string>;
};

async function world(): Promise<World> {
  const scratch = await scratchDirectory();
  const path = join(scratch.path, 'presets.json');
  const presets = store(path);
  return {
    directory: scratch.path,
    path,
    presets,
    names: async () => (await store(path).list()).presets.map(({ name }) => name),
    text: () => readFile(path, 'utf8'),
    [Symbol.asyncDispose]: () => {
      presets.close();
      return scratch[Symbol.asyncDispose]();
    },
  };
}

test('what was created is there for the next start, readable and in the order of the contract', async () => {
  await using at = await world();
  expect(await at.presets.list()).toEqual({ presets: [], problems: [] });
  const preset = await at.presets.create(draft('Kokoro', { notes: 'Fast' }));
  expect(await store(at.path).list()).toEqual({ presets: [preset], problems: [] });
  expect(await at.text()).toMatch(/^{\n {2}"soundpost": "presets",\n {2}"version": 1,\n/);
  expect(Object.keys(preset)).toEqual([
    'id',
    'name',
    'target',
    'auth',
    'body',
    'answer',
    'fields',
    'notes',
  ]);
});

test('names stay different, and capitals make no difference', async () => {
  await using at = await world();
  const first = await at.presets.create(draft('Kokoro'));
  const second = await at.presets.create(draft('kokoro'));
  expect(second.name).toBe('kokoro 2');
  expect((await at.presets.duplicate(first.id)).name).toBe('Kokoro 3');
  expect((await at.presets.rename(second.id, 'KOKORO')).name).toBe('KOKORO 2');
  expect((await at.presets.rename(first.id, ' kokoro ')).name).toBe('kokoro');
  const long = 'x'.repeat(100);
  await at.presets.create(draft(long));
  expect((await at.presets.create(draft(long))).name).toBe(`${'x'.repeat(98)} 2`);
  expect(await at.presets.find('kokoro')).toMatchObject({ id: first.id });
  expect(await at.presets.find('KoKoRo')).toMatchObject({ id: first.id });
});

test('a copy stands after its original, and an order takes hold of those it names', async () => {
  await using at = await world();
  const [a, b, c] = [
    await at.presets.create(draft('a')),
    await at.presets.create(draft('b')),
    await at.presets.create(draft('c')),
  ];
  await at.presets.duplicate(a.id);
  expect(await at.names()).toEqual(['a', 'a 2', 'b', 'c']);
  const { presets } = await at.presets.reorder([c.id, a.id, 'gone', b.id, c.id]);
  expect(presets.map(({ name }) => name)).toEqual(['c', 'a 2', 'a', 'b']);
});

test('a removed preset comes back to its place as it was, once', async () => {
  await using at = await world();
  const a = await at.presets.create(draft('a'));
  const b = await at.presets.create(draft('b'));
  await at.presets.create(draft('c'));
  const removed = [await at.presets.remove(b.id), await at.presets.remove(a.id)];
  expect(await at.names()).toEqual(['c']);
  await at.presets.create(draft('b'));
  for (const each of removed.toReversed()) await at.presets.restore(each);
  expect(await at.names()).toEqual(['a', 'b 2', 'c', 'b']);
  expect(await at.presets.restore({ preset: a, after: null })).toEqual(a);
  expect(await at.names()).toEqual(['a', 'b 2', 'c', 'b']);
});

test('a preset that was removed meanwhile is neither changed nor brought back by a change', async () => {
  await using at = await world();
  const gone = await at.presets.create(draft('a'));
  await store(at.path).remove(gone.id);
  for (const change of [
    at.presets.update(gone),
    at.presets.rename(gone.id, 'b'),
    at.presets.duplicate(gone.id),
    at.presets.remove(gone.id),
  ]) {
    await expect(change).rejects.toMatchObject({ code: 'invalid_request' });
  }
  expect(await at.names()).toEqual([]);
});

test('two processes at once lose nothing of one another, and of one preset the last change stays', async () => {
  await using at = await world();
  const shared = await at.presets.create(draft('shared'));
  const script = `
    import { Presets } from '${pathToFileURL(join(import.meta.dirname, 'presets.ts')).href}';
    const [path, name, shared] = process.argv.slice(-3);
    const presets = new Presets({ path, isApproved: async () => false, log: console.error });
    const preset = JSON.parse(shared);
    for (let n = 0; n < 12; n += 1) {
      const { id, ...draft } = preset;
      const own = await presets.create({ ...draft, name: name + ' ' + n + '!' });
      await presets.update({ ...own, notes: 'changed' });
      await presets.update({ ...preset, notes: name + n });
    }`;
  const run = (name: string) => otherProcess(script, at.path, name, JSON.stringify(shared));
  const others = [run('one'), run('two')];
  expect(await Promise.all(others.map(({ ended }) => ended))).toEqual([0, 0]);
  const { presets, problems } = await at.presets.list();
  expect(problems).toEqual([]);
  expect(presets.filter(({ notes }) => notes === 'changed')).toHaveLength(24);
  expect(presets[0]).toMatchObject({
    name: 'shared',
    notes: expect.stringMatching(/11$/) as string,
  });
  expect((await readdir(at.directory)).toSorted()).toEqual(['presets.json', 'presets.json.bak']);
});

test('another process’s change is told, with what this one has', async () => {
  await using at = await world();
  const told: PresetList[] = [];
  await at.presets.watch((list) => told.push(list));
  await store(at.path).create(draft('theirs'));
  await expect.poll(() => told.at(-1)?.presets.map(({ name }) => name)).toEqual(['theirs']);
  await at.presets.create(draft('ours'));
  await expect.poll(() => told.at(-1)?.presets.map(({ name }) => name)).toEqual(['theirs', 'ours']);
});

describe('an entry that can’t be used', () => {
  const wrong: [string, unknown, RegExp][] = [
    ['is no preset', 'hello', /it is no preset/],
    [
      'has a key of a later day',
      { ...draft('Later'), id: 'a', colour: 'red' },
      /“Later”.*“colour”/,
    ],
    [
      'has a host for a model id',
      {
        ...draft('Evil'),
        id: 'a',
        target: { kind: 'model', modelId: 'x@evil.example/', deployment: { kind: 'production' } },
      },
      /“target\.modelId”/,
    ],
    [
      'holds a key',
      { ...draft('Secret'), id: 'a', notes: fakeKey },
      /looks like a key, in “notes”/,
    ],
  ];
  test.each(wrong)(
    'since it %s is kept as it was written, and said',
    async (_name, entry, words) => {
      await using at = await world();
      const good = { id: 'good', ...draft('Good') };
      const file = { soundpost: 'presets', version: 1, presets: [entry, good] };
      await writeFile(at.path, JSON.stringify(file));
      const { presets, problems } = await at.presets.list();
      expect(presets).toEqual([good]);
      expect(problems).toEqual([expect.stringMatching(words)]);
      expect(problems.join()).not.toContain(fakeKey);
      await at.presets.create(draft('New'));
      const written = JSON.parse(await at.text()) as typeof file;
      expect(written.presets.slice(0, 2)).toEqual([entry, good]);
      expect(written.presets).toHaveLength(3);
    },
  );

  test('since it has another’s id is kept too', async () => {
    await using at = await world();
    const twins = [1, 2].map((n) => ({ id: 'twin', ...draft(`Twin ${n}`) }));
    await writeFile(at.path, JSON.stringify({ soundpost: 'presets', version: 1, presets: twins }));
    const { presets, problems } = await at.presets.list();
    expect(presets).toEqual([twins[0]]);
    expect(problems).toEqual([expect.stringMatching(/“Twin 2” has the id/)]);
    await at.presets.rename('twin', 'First');
    expect(await at.text()).toContain('"Twin 2"');
  });
});

test('a damaged file is said in words, with the presets from before the last change', async () => {
  await using at = await world();
  await at.presets.create(draft('a'));
  await at.presets.create(draft('b'));
  const whole = await at.text();
  await writeFile(at.path, whole.slice(0, whole.length / 2));
  const { presets, problems } = await at.presets.list();
  expect(presets.map(({ name }) => name)).toEqual(['a']);
  expect(problems).toEqual([
    expect.stringMatching(/damaged.*set aside as presets\.json\.damaged-/),
  ]);
  expect(problems.join()).not.toContain(at.directory);
});

test('a newer version’s file is said in words and never written', async () => {
  await using at = await world();
  const newer = '{"soundpost":"presets","version":2,"presets":{}}';
  await writeFile(at.path, newer);
  const { presets, problems } = await at.presets.list();
  expect(presets).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(/newer Soundpost/)]);
  await expect(at.presets.create(draft('a'))).rejects.toMatchObject({ code: 'file_unreadable' });
  expect(await at.text()).toBe(newer);
});

test('a full disk keeps what is there and says so', async (context) => {
  await using disk = await smallDisk(1);
  if (!disk) return context.skip();
  const presets = store(join(disk.path, 'presets.json'));
  await presets.create(draft('a'));
  const fields = Array.from({ length: 20 }, (_, n) => ({
    ...{ name: `f${n}`, type: 'text' as const, text: 'x'.repeat(100_000) },
  }));
  const creating = presets.create(draft('b', { fields }));
  await expect(creating).rejects.toMatchObject({ code: 'disk_full' });
  expect((await presets.list()).presets.map(({ name }) => name)).toEqual(['a']);
});

describe('no place for a secret:', () => {
  const secrets = [
    fakeKey,
    `Authorization: Api-Key abcd1234.s3cret`,
    `Bearer ${'y'.repeat(24)}`,
    `bearer abc123def456`,
    `hf_${'a'.repeat(34)}`,
    `https://my.host/predict?api_key=0123456789`,
  ];
  test.each(secrets)(
    '“%s” is refused in every string, in words that don’t repeat it',
    async (secret) => {
      await using at = await world();
      const places: [string, Partial<PresetDraft>][] = [
        ['notes', { notes: `Call it with ${secret}` }],
        ['keyName', { keyName: secret }],
        ['fields.0.text', { fields: [{ name: 'a', type: 'text', text: secret }] }],
        ['fields.0.name', { fields: [{ name: secret, type: 'switch', on: true }] }],
        [
          'fields.0.choices.1',
          { fields: [{ name: 'a', type: 'choice', text: 'x', choices: ['x', secret] }] },
        ],
        ['save.template', { save: { auto: false, template: secret } }],
      ];
      for (const [place, more] of places) {
        const error = await at.presets.create(draft('a', more)).then(String, String);
        expect(error).toMatch(/A preset must hold none|is not as it should be/);
        expect(error).toContain(place);
        expect(error).not.toContain(secret);
      }
      await expect(at.presets.create(draft(secret))).rejects.toMatchObject({
        code: 'invalid_request',
      });
      expect(await readdir(at.directory)).toEqual([]);
    },
  );

  test('words about keys and bearers are no keys', async () => {
    await using at = await world();
    for (const notes of [
      'The bearer of this letter, a standard-bearer in shining armour, has an API key.',
      'Basic understanding. Set BASETEN_API_KEY. Version 12345678.90',
      'key=value; see https://docs.baseten.co/inference/overview#keys',
    ]) {
      expect(await at.presets.create(draft('a', { notes }))).toMatchObject({ notes });
    }
  });
});

describe('an export', () => {
  test('is taken by another computer as it was, without which key was used', async () => {
    await using at = await world();
    await using other = await world();
    const preset = await at.presets.create(
      draft('Mine: a/b', { keyName: 'Work', save: { auto: true, template: '{input}/{date}' } }),
    );
    const { text, fileName } = await at.presets.export([preset.id]);
    expect(fileName).toBe('Mine_ a_b.soundpost');
    expect(text).not.toContain('Work');
    const imported = await other.presets.import(text);
    const expected: Preset = { ...preset, save: { auto: false, template: '{input}/{date}' } };
    delete expected.keyName;
    expect(imported).toEqual({ presets: [expected], problems: [], unapprovedOrigins: [] });
    expect((await other.presets.list()).presets).toEqual([expected]);
  });

  test('taken again makes new presets under new ids and names', async () => {
    await using at = await world();
    const a = await at.presets.create(draft('a'));
    const { text } = await at.presets.export([a.id]);
    const { presets } = await at.presets.import(text);
    expect(presets).toMatchObject([{ name: 'a 2' }]);
    expect(presets[0]?.id).not.toBe(a.id);
    expect(await at.names()).toEqual(['a', 'a 2']);
    await expect(at.presets.export(['gone'])).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('an import', () => {
  const exported = (...presets: unknown[]): string =>
    JSON.stringify({ soundpost: 'presets', version: 1, presets });

  test('names the hosts that may not have the key yet', async () => {
    await using at = await world();
    const urls = [
      'https://evil.example/predict',
      'https://known.example/a',
      'http://evil.example:81/x',
    ];
    const text = exported(
      { id: 'a', ...draft('a') },
      ...urls.map((url, n) => ({ id: `u${n}`, ...draft('u', { target: { kind: 'url', url } }) })),
    );
    const { unapprovedOrigins, presets } = await at.presets.import(text);
    expect(unapprovedOrigins).toEqual(['https://evil.example', 'http://evil.example:81']);
    expect(presets.map(({ name }) => name)).toEqual(['a', 'u', 'u 2', 'u 3']);
  });

  const evil = (changes: object): object => ({ id: 'evil', ...draft('Evil'), ...changes });
  const model = (changes: object): object => evil({ target: { ...draft('').target, ...changes } });
  test.each<[string, object]>([
    ['a host in a model id', model({ modelId: 'x@evil.example/' })],
    ['a way up in a path', model({ path: '../../evil' })],
    ['a host in a deployment', model({ deployment: { kind: 'deployment', id: '@evil.example' } })],
    ['the demo', evil({ target: { kind: 'demo', model: 'echo' } })],
    [
      'a user name in an address',
      evil({ target: { kind: 'url', url: 'https://a:b@evil.example' } }),
    ],
    ['a script for an address', evil({ target: { kind: 'url', url: 'javascript:alert(1)' } })],
    ['a path for an id', evil({ id: '../../etc' })],
    ['a line break in its name', evil({ name: 'a\nb' })],
    ['text turned around in its name', evil({ name: 'a\u202egpj.exe' })],
    ['a folder that climbs', evil({ save: { auto: true, template: '../../.ssh/{input}' } })],
    ['a folder from the root', evil({ save: { auto: true, template: '/etc/{input}' } })],
    ['a folder on a drive', evil({ save: { auto: true, template: 'C:/x' } })],
    ['a local file', evil({ fields: [{ name: 'a', type: 'file', path: '/etc/passwd' }] })],
    ['an input of this session', evil({ fields: [{ name: 'a', type: 'file', inputId: 'a' }] })],
    ['a certificate file', evil({ caFile: '/tmp/evil.pem' })],
    [
      'a choice that is none',
      evil({ fields: [{ name: 'a', type: 'choice', text: 'x', choices: ['y'] }] }),
    ],
    ['too long a text', evil({ notes: 'x'.repeat(10_001) })],
    [
      'too many fields',
      evil({ fields: Array<object>(257).fill({ name: 'a', type: 'switch', on: true }) }),
    ],
    ['a rate for a joke', evil({ pcm: { encoding: 's16le', sampleRate: 1e9, channels: 1 } })],
    ['a key', evil({ notes: fakeKey })],
  ])('refuses a preset with %s, says it, and takes the others', async (_name, preset) => {
    await using at = await world();
    const { presets, problems } = await at.presets.import(
      exported(preset, { id: 'b', ...draft('b') }),
    );
    expect(presets.map(({ name }) => name)).toEqual(['b']);
    expect(problems).toHaveLength(1);
    expect(await at.names()).toEqual(['b']);
    expect(await at.text()).not.toMatch(/evil/i);
  });

  test('with a prototype in it changes no object', async () => {
    await using at = await world();
    const text = exported({ id: 'a', ...draft('a') }).replace(
      '"auth"',
      '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"auth"',
    );
    const imported = await at.presets.import(text).catch(() => null);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(JSON.stringify(imported)).not.toContain('polluted');
    expect(await readFile(at.path, 'utf8').catch(() => '')).not.toContain('polluted');
  });

  test.each<[string, string]>([
    ['not JSON', 'hello'],
    ['deeper than any', '['.repeat(100_000)],
    ['deep and whole', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['a list', '[]'],
    ['empty', ''],
    ['another program’s', '{"presets":[]}'],
    ['of a newer Soundpost', '{"soundpost":"presets","version":2,"presets":[]}'],
    ['larger than 4 MB', exported('x'.repeat(5_000_000))],
    ['more than 500 presets', exported(...Array<number>(501).fill(1))],
  ])('that is %s is refused in words, and nothing is written', async (_name, text) => {
    await using at = await world();
    await expect(at.presets.import(text)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(
        /no export of Soundpost’s presets.*Nothing was added/,
      ) as string,
    });
    expect(await readdir(at.directory)).toEqual([]);
  });

  test('whose one preset is deep is refused for that one', async () => {
    await using at = await world();
    const deep = `{"id":"a","name":"Deep","fields":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const { presets, problems } = await at.presets.import(exported().replace('[]', `[${deep}]`));
    expect(presets).toEqual([]);
    expect(problems).toEqual([expect.stringContaining('“Deep”')]);
  });
});

test('a folder in the file’s place is said in words', async () => {
  await using at = await world();
  await mkdir(at.path);
  await expect(at.presets.list()).rejects.toMatchObject({ code: 'file_unreadable' });
});
