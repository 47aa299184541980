import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { certify, newAuthority } from '../testing/certificates.ts';
import { raw, serve, serveTls } from '../testing/local-servers.ts';
import { scratchCore } from '../testing/scratch-core.ts';

const authority = newAuthority();

async function caFile(directory: string, text: string): Promise<string> {
  const path = join(directory, 'ca.pem');
  await writeFile(path, text);
  return path;
}

describe('a certificate', () => {
  test('of an authority in the CA file is trusted, from the settings too', async () => {
    await using server = await serveTls(certify({ host: '127.0.0.1', by: authority }));
    await using scratch = await scratchCore();
    const path = await caFile(scratch.directory, `Some words first\n${authority.cert}`);
    await using house = await scratchCore({ caFile: path });
    expect(await house.run(server.url)).toMatchObject({ state: 'done', output: { a: 1 } });
    const configDirectory = scratch.directory;
    const settings = { version: 1, approvedOrigins: [], caFile: path };
    await writeFile(join(configDirectory, 'settings.json'), JSON.stringify(settings));
    await using other = await scratchCore({ configDirectory });
    expect((await other.run(server.url)).state).toBe('done');
  });

  test.each([
    [
      'of an unknown authority',
      certify({ host: '127.0.0.1', by: authority }),
      /Nobody this computer trusts/,
    ],
    ['signed by itself', certify({ host: '127.0.0.1' }), /Nobody this computer trusts/],
  ])('%s is refused before anything is sent', async (_which, certified, words) => {
    await using server = await serveTls(certified);
    await using house = await scratchCore();
    const outcome = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'tls_failed' } });
    expect(outcome.failure?.message).toMatch(words);
    expect(outcome.attempts).toBeUndefined();
    expect(server.heard).toEqual([]);
  });

  test.each([
    [
      'that has expired',
      certify({ host: '127.0.0.1', by: authority, validTo: new Date(Date.now() - 1000) }),
      /not valid today/,
    ],
    [
      'of another host',
      certify({ host: 'other.example', by: authority }),
      /is not for 127\.0\.0\.1/,
    ],
  ])('%s is refused, also from a trusted authority', async (_which, certified, words) => {
    await using server = await serveTls(certified);
    await using scratch = await scratchCore();
    await using house = await scratchCore({
      caFile: await caFile(scratch.directory, authority.cert),
    });
    const outcome = await house.run(server.url);
    expect(outcome.failure?.code).toBe('tls_failed');
    expect(outcome.failure?.message).toMatch(words);
    expect(server.heard).toEqual([]);
  });
});

describe('a CA file', () => {
  test.each([
    ['that is not there', null, /It is not there/],
    ['that holds no certificate', 'no certificate', /no certificate in PEM form/],
    [
      'that is damaged',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      /no certificate in PEM form/,
    ],
  ])('%s ends an https run in words without its path', async (_which, text, words) => {
    await using server = await serveTls(certify({ host: '127.0.0.1', by: authority }));
    await using scratch = await scratchCore();
    const path =
      text === null ? join(scratch.directory, 'none.pem') : await caFile(scratch.directory, text);
    await using house = await scratchCore({ caFile: path });
    const outcome = await house.run(server.url);
    expect(outcome.failure?.code).toBe('ca_unusable');
    expect(outcome.failure?.message).toMatch(words);
    expect(JSON.stringify(outcome)).not.toContain(scratch.directory);
  });
});

describe('https', () => {
  test('asked of an http port is told of with the way out', async () => {
    await using server = await serve((_request, response) => response.end());
    await using house = await scratchCore();
    const outcome = await house.run(server.url.replace('http:', 'https:'));
    expect(outcome.failure?.code).toBe('tls_failed');
    expect(outcome.failure?.message).toMatch(/does not speak https .* http:/);
  });

  test('on a port that hangs up at once sent nothing, so it is tried again', async () => {
    let connections = 0;
    await using server = await raw((socket) => {
      connections += 1;
      socket.resetAndDestroy();
    });
    await using house = await scratchCore();
    const outcome = await house.run(server.url.replace('http:', 'https:'), { retries: 2 });
    expect(outcome).toMatchObject({ failure: { code: 'connection_lost' }, attempts: 3 });
    expect(outcome.failure?.message).toMatch(/before anything was sent/);
    expect(connections).toBe(3);
  });

  test('http asked of an https port is told of with the way out', async () => {
    await using server = await serveTls(certify({ host: '127.0.0.1', by: authority }));
    await using house = await scratchCore();
    const outcome = await house.run(server.url.replace('https:', 'http:'));
    expect(outcome.failure?.message).toMatch(/https:|lost before an answer/);
    expect(server.heard).toEqual([]);
  });
});
