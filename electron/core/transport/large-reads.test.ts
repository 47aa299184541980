import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certify, newAuthority } from '../testing/certificates.ts';
import { serve, serveTls } from '../testing/local-servers.ts';
import { scratchCore } from '../testing/scratch-core.ts';

const authority = newAuthority();
/** Many times what one read brings, and not a multiple of it. */
const bytes = randomBytes(20_000_001);

function whole(response: ServerResponse): void {
  response.setHeader('content-length', bytes.length);
  response.end(bytes);
}

/** Pieces of such sizes that their borders fall everywhere in what one read brings. */
function inPieces(response: ServerResponse): void {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 1) % 90_001) {
    response.write(bytes.subarray(at, at + size));
  }
  response.end();
}

// What a connection is read into is used again at once, so a piece that was not copied would be overwritten by the next.
test.each([
  ['http', 'whole', whole],
  ['http', 'in pieces', inPieces],
  ['https', 'whole', whole],
  ['https', 'in pieces', inPieces],
])('an answer of many reads that comes by %s %s is kept byte for byte', async (scheme, _, say) => {
  await using scratch = await scratchCore();
  const caFile = join(scratch.directory, 'ca.pem');
  await writeFile(caFile, authority.cert);
  await using house = await scratchCore({ caFile });
  await using server =
    scheme === 'http'
      ? await serve((request, response) => {
          request.resume().once('end', () => {
            say(response);
          });
        })
      : await serveTls(certify({ host: '127.0.0.1', by: authority }), say);
  // On one connection, the second time on one that was kept.
  for (let run = 0; run < 2; run += 1) {
    const { runId, ...outcome } = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'done', received: bytes.length });
    const kept = await readFile(join(house.core.runFolder(runId), 'response.bin'));
    expect(kept.equals(bytes)).toBe(true);
  }
});
