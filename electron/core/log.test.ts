import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Log } from './log.ts';
import { SoundpostError } from './soundpost-error.ts';
import { otherProcess } from './testing/other-process.ts';
import { scratchDirectory } from './testing/scratch-directory.ts';
import { smallDisk } from './testing/small-disk.ts';

const MIB = 1024 * 1024;
const key = 'pLaNtEd42.q8Zt"w\\/x+y=';
const moduleUrl = pathToFileURL(join(import.meta.dirname, 'log.ts')).href;

async function scratchLog() {
  const scratch = await scratchDirectory();
  const path = join(scratch.path, 'logs', 'soundpost.log');
  const log = new Log(path, () => new Date('2026-05-01T10:00:00.000Z'));
  return {
    ...{ log, path },
    read: () => readFile(path, 'utf8'),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

describe('the log', () => {
  test('is there as soon as the call returns, a line for each, with time and level', async () => {
    await using at = await scratchLog();
    at.log.info('Soundpost 1.2.3 started');
    at.log.warn('The settings are damaged.');
    at.log.error('It broke.');
    expect(await at.read()).toBe(
      [
        '2026-05-01T10:00:00.000Z [info]  Soundpost 1.2.3 started',
        '2026-05-01T10:00:00.000Z [warn]  The settings are damaged.',
        '2026-05-01T10:00:00.000Z [error] It broke.',
        '',
      ].join('\n'),
    );
  });

  test('holds what was said last before the process was killed', async () => {
    await using at = await scratchLog();
    await using other = otherProcess(
      `import { Log } from ${JSON.stringify(moduleUrl)};
       const log = new Log(process.argv.at(-1), () => new Date());
       for (let i = 0; i < 200; i++) log.info('line ' + i);
       process.kill(process.pid, 'SIGKILL');`,
      at.path,
    );
    await other.ended;
    expect(await at.read()).toMatch(/line 199\n$/);
  });

  test.skipIf(process.platform === 'win32')('is for this account alone', async () => {
    await using at = await scratchLog();
    at.log.error('x');
    expect((await stat(at.path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(at.path))).mode & 0o777).toBe(0o700);
  });

  test('tells an error with its stack, its codes and all that is behind it, and not what a server said', async () => {
    await using at = await scratchLog();
    const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    const both = new AggregateError([lost, new Error('::1 refused')], 'all addresses failed');
    const detail = 'the words of a transcript';
    at.log.error(new SoundpostError('connection_lost', 'The line broke.', { cause: both, detail }));
    const text = await at.read();
    expect(text).toMatch(
      /SoundpostError: The line broke\.[^]*log\.test\.ts[^]*\(connection_lost\)/,
    );
    expect(text).toMatch(/because of AggregateError: all addresses failed/);
    expect(text).toMatch(/because of Error: read ECONNRESET[^]*\(ECONNRESET\)/);
    expect(text).toContain('because of Error: ::1 refused');
    expect(text).not.toContain(detail);
  });

  test('ends with an error that is its own cause', async () => {
    await using at = await scratchLog();
    const error = new Error('round');
    error.cause = error;
    at.log.error(error);
    expect((await at.read()).match(/Error: round/g)?.length).toBeLessThan(20);
  });

  test('holds no bytes and no lists', async () => {
    await using at = await scratchLog();
    at.log.error({
      body: Buffer.from('spoken'),
      samples: [0.25, 0.5],
      typed: new Uint8Array([115]),
    });
    const text = await at.read();
    expect(text).not.toMatch(/spoken|73 70|0\.25|115/);
    expect(text).toContain('[6 bytes]');
  });

  test('gives nobody a line of their own, nor a colour', async () => {
    await using at = await scratchLog();
    at.log.error('first\n2026-05-01T10:00:00.000Z [error] forged\r\u001b[31mred');
    const text = await at.read();
    expect(text.match(/^2026/gm)).toHaveLength(1);
    expect(text).not.toMatch(/[\r\u001b]/);
  });
});

describe('a key', () => {
  const planted: [where: string, what: (key: string) => unknown][] = [
    ['a line', (k) => `sent ${k} to the host`],
    ['the middle of a word', (k) => `x${k}y`],
    ['a message and its stack', (k) => new Error(`no host ${k}`)],
    [
      'a cause of a cause',
      (k) => new Error('a', { cause: new Error('b', { cause: new Error(k) }) }),
    ],
    ['a cause that is no error', (k) => new Error('a', { cause: { headers: { 'x-a': k } } })],
    ['one of several errors', (k) => new AggregateError([new Error(k)], 'all')],
    ['an object', (k) => ({ request: { headers: { any: k } } })],
    ['the name of a property', (k) => ({ [k]: 1 })],
    ['a Map', (k) => new Map([['a', { k }]])],
    ['JSON text', (k) => JSON.stringify({ k })],
    ['JSON text inside an object', (k) => ({ body: JSON.stringify({ k }) })],
    ['a query', (k) => `https://host/?key=${encodeURIComponent(k)}`],
    ['a URL', (k) => new URL(`https://host/${encodeURIComponent(k)}`)],
    ['bytes', (k) => ({ body: Buffer.from(k) })],
    ['the code of an error', (k) => Object.assign(new Error('a'), { code: k })],
    ['the place where a long text is cut', (k) => ({ text: `${'x'.repeat(9990)}${k}` })],
    ['the end of the longest line', (k) => `${'x'.repeat(64 * 1024 - 5)}${k}`],
    ['a symbol', (k) => Symbol(k)],
  ];

  test.each(planted)('that was hidden is not in the log when it stands in %s', async (_, what) => {
    for (const secret of [key, 'abcd1234.EFGH5678ijkl']) {
      await using at = await scratchLog();
      at.log.hide(secret);
      at.log.error(what(secret));
      const text = await at.read();
      // Not half of it either, nor as it looks in quotes, URLs or bytes.
      for (const half of [secret.slice(0, 10), secret.slice(-10)]) {
        expect(text).not.toContain(half);
        expect(text).not.toContain(encodeURIComponent(half));
        expect(text).not.toContain(Buffer.from(half).toString('hex').match(/../g)?.join(' '));
      }
      expect(text.length).toBeGreaterThan(40);
    }
  });

  test.each([
    'Authorization: Api-Key abcd1234.secretsecret',
    'authorization: Bearer secretsecret',
    "{ authorization: 'Basic secretsecret=' }",
    '"Proxy-Authorization":"secretsecret"',
    'x-api-key: secretsecret',
    'api_key=secretsecret&x=1',
    'Cookie: a=1; session=secretsecret',
    'proxy http://me:secretsecret@proxy.example:3128 refused',
  ])('that nobody hid is blacked out by where it stands: %s', async (line) => {
    await using at = await scratchLog();
    at.log.error(new Error(line));
    const text = await at.read();
    expect(text).not.toContain('secretsecret');
    expect(text).toMatch(/\[key\]|\[hidden\]/);
  });

  test('that holds another hidden one goes as a whole', async () => {
    await using at = await scratchLog();
    at.log.hide('short');
    at.log.hide('short-and-long');
    at.log.error('a short-and-long b');
    expect(await at.read()).toContain('a [key] b');
  });
});

describe('the log’s size', () => {
  test('stays below its cap, with the half before kept', async () => {
    await using at = await scratchLog();
    for (let i = 0; i < 400; i++) at.log.info(`${i} ${'x'.repeat(10_000)}`);
    const [now, before] = [await stat(at.path), await stat(`${at.path}.old`)];
    expect(now.size).toBeLessThan(MIB + 20_000);
    expect(before.size).toBeLessThan(MIB + 20_000);
    expect(before.size).toBeGreaterThan(MIB);
    expect(await at.read()).toContain(' 399 xxx');
  });

  test('stays below it with several processes writing, and what each said last is there', async () => {
    await using at = await scratchLog();
    const script = `import { Log } from ${JSON.stringify(moduleUrl)};
       const [path, name] = process.argv.slice(-2);
       const log = new Log(path, () => new Date());
       for (let i = 0; i < 150; i++) log.info(name + i + ' ' + 'x'.repeat(9000));`;
    const others = ['a', 'b', 'c'].map((name) => otherProcess(script, at.path, name));
    expect(await Promise.all(others.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    expect((await stat(at.path)).size).toBeLessThan(MIB + 60_000);
    expect((await stat(`${at.path}.old`)).size).toBeLessThan(MIB + 60_000);
    const kept = (await at.read()) + (await readFile(`${at.path}.old`, 'utf8'));
    // Lines are whole: none runs into another.
    for (const line of kept.trimEnd().split('\n')) {
      expect(line).toMatch(/^\S+Z \[info\]  [abc]\d+ x{9000}$/);
    }
  });

  test('of one message has a limit too', async () => {
    await using at = await scratchLog();
    at.log.error('x'.repeat(3 * MIB));
    expect((await stat(at.path)).size).toBeLessThan(70_000);
    expect(await at.read()).toMatch(/x \[…\]\n$/);
  });
});

describe('a log that can’t be written', () => {
  test('breaks nothing, and is written again once its folder can be made', async () => {
    await using scratch = await scratchDirectory();
    const folder = join(scratch.path, 'logs');
    await writeFile(folder, 'a file in its place');
    const log = new Log(join(folder, 'soundpost.log'), () => new Date());
    log.error('lost');
    await rm(folder);
    log.error('kept');
    expect(await readFile(join(folder, 'soundpost.log'), 'utf8')).toMatch(/^\S+ \[error\] kept\n$/);
    // Somebody tidied up while the app runs.
    await rm(folder, { recursive: true });
    log.error('kept too');
    expect(await readFile(join(folder, 'soundpost.log'), 'utf8')).toContain('kept too');
  });

  test('is said on no stream', async () => {
    await using scratch = await scratchDirectory();
    const folder = join(scratch.path, 'soundpost.log');
    await mkdir(folder);
    // Linux has a file whose disk is always full.
    const full = process.platform === 'linux' ? '/dev/full' : folder;
    await using other = otherProcess(
      `import { Log } from ${JSON.stringify(moduleUrl)};
       const said = [];
       for (const stream of [process.stdout, process.stderr]) stream.write = (text) => said.push(text);
       for (const path of process.argv.slice(-2)) new Log(path, () => new Date()).error(new Error('x'));
       process.exitCode = said.length;`,
      folder,
      full,
    );
    expect(await other.ended).toBe(0);
  });

  test('as the disk is full or can only be read breaks nothing, and goes on when there is room', async () => {
    await using disk = await smallDisk(1);
    if (!disk) return;
    const path = join(disk.path, 'logs', 'soundpost.log');
    const log = new Log(path, () => new Date());
    log.error('before');
    const ballast = join(disk.path, 'ballast');
    await writeFile(ballast, Buffer.alloc(2 * MIB)).catch(() => undefined);
    for (let i = 0; i < 10; i++) log.error(`full ${i} ${'x'.repeat(5000)}`);
    await rm(ballast);
    log.error('after');
    expect(await readFile(path, 'utf8')).toMatch(/before\n[^]*after\n$/);
    await disk.makeReadOnly();
    log.error('nowhere');
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'as this account may not write breaks nothing',
    async () => {
      await using at = await scratchLog();
      at.log.error('x');
      await chmod(at.path, 0o400);
      at.log.error('y');
      await chmod(at.path, 0o600);
      at.log.error('z');
      expect(await at.read()).toMatch(/x\n[^y]*z\n$/);
    },
  );
});
