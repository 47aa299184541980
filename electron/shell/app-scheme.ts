import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html soundpost-worker soundpost-live',
].join('; ');

/** Must run before the app is ready. `stream` is what lets `<audio>` play from the scheme. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
    },
  ]);
}

type Options = {
  rendererDirectory: string;
  /** Answers for inputs and parts; null when the path is neither. */
  serve: (request: Request) => Promise<Response | null>;
  log: (error: unknown) => void;
};

/** Answers `app://soundpost/…`: the page's own files, and the bytes of inputs and parts by their ids. */
export function handleAppScheme({ rendererDirectory, serve, log }: Options): void {
  protocol.handle('app', async (request) => {
    try {
      const url = new URL(request.url);
      if (url.host !== 'soundpost') return new Response(null, { status: 404 });
      return (await serve(request)) ?? (await pageFile(rendererDirectory, url.pathname));
    } catch (error) {
      log(error);
      return new Response(null, { status: 404 });
    }
  });
}

async function pageFile(directory: string, pathname: string): Promise<Response> {
  const path = normalize(
    join(directory, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)),
  );
  const contentType = contentTypes[extname(path)];
  if (!path.startsWith(directory + sep) || contentType === undefined) {
    return new Response(null, { status: 404 });
  }
  return new Response(new Uint8Array(await readFile(path)), {
    headers: {
      'content-type': contentType,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
  });
}
