import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { serve } from './local-servers.ts';

/** What a feed offers; `says` replaces its whole file, `sends` the bytes of the package it names. */
export type Offer = {
  version: string;
  notes?: string;
  bytes?: Buffer;
  says?: string;
  sends?: Buffer;
  status?: number;
};

/** A place for updates as a release leaves it: `latest-linux.yml` and its fellows, and the packages that they name. */
export async function startUpdateFeed(first: Offer) {
  let offer = first;
  const heard: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = await serve((request, response) => {
    const path = new URL(request.url ?? '/', 'http://feed').pathname;
    heard.push({ path, headers: request.headers });
    if (offer.status !== undefined) {
      response.writeHead(offer.status).end();
    } else if (/^\/latest[a-z0-9-]*\.yml$/.test(path)) {
      response.end(offer.says ?? latest(offer));
    } else {
      response.end(offer.sends ?? offer.bytes ?? usualBytes);
    }
  });
  return {
    url: new URL('/', server.url).href,
    heard,
    paths: () => heard.map(({ path }) => path),
    offer: (next: Offer) => {
      offer = next;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const usualBytes = Buffer.alloc(300_000, 'the newer program ');

/** The file that electron-builder writes beside the packages of a release. */
function latest({ version, notes, bytes = usualBytes }: Offer): string {
  const sha512 = createHash('sha512').update(bytes).digest('base64');
  const files = ['AppImage', 'deb', 'rpm', 'zip', 'dmg', 'exe'].flatMap((extension) => [
    `  - url: Soundpost-${version}-${extension}.${extension}`,
    `    sha512: ${sha512}`,
    `    size: ${bytes.length}`,
  ]);
  return [
    ...[`version: ${version}`, 'files:', ...files],
    ...[`path: Soundpost-${version}-AppImage.AppImage`, `sha512: ${sha512}`],
    ...(notes === undefined ? [] : [`releaseNotes: ${JSON.stringify(notes)}`]),
    ...[`releaseDate: '2026-05-01T10:00:00.000Z'`, ''],
  ].join('\n');
}
