import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { PageStart } from './frames.ts';

/** Where the host's own addresses begin. The app's handler never sees these. */
export const OWN = '/@web-host/';

const msgpack = new URL('../dist.esm/', import.meta.resolve('@msgpack/msgpack'));
const script = 'text/javascript; charset=utf-8';

export type Asset = { type: string; text: string };

/** The host's own scripts and styles for the page, by path below `OWN`; null for anything else. */
export async function asset(path: string): Promise<Asset | null> {
  const own = /^(?:page\/[a-z-]+|frames)\.(ts|css)$/.exec(path);
  if (own) return ownAsset(new URL(path, import.meta.url), own[1] === 'css');
  const library = /^msgpack\/((?:utils\/)?[A-Za-z0-9-]+\.mjs)$/.exec(path)?.[1];
  const text = library ? await textOf(new URL(library, msgpack)) : null;
  return text === null ? null : { type: script, text };
}

async function ownAsset(file: URL, isStyle: boolean): Promise<Asset | null> {
  const text = await textOf(file);
  if (text === null) return null;
  if (isStyle) return { type: 'text/css; charset=utf-8', text };
  // A bare name means nothing to a browser, and an import map would need an inline script.
  const stripped = stripTypeScriptTypes(text).replace(
    "'@msgpack/msgpack'",
    `'${OWN}msgpack/index.mjs'`,
  );
  return { type: script, text: stripped };
}

async function textOf(file: URL): Promise<string | null> {
  return readFile(fileURLToPath(file), 'utf8').catch(() => null);
}

/** The app's preload as a module: it finds `require('electron')` as it would in Electron. */
export function preloadScript(preload: string, start: PageStart): Asset {
  const text = readFileSync(preload, 'utf8');
  return {
    type: script,
    text: [
      `import { startPage } from '${OWN}page/start.ts';`,
      `(function (require, module, exports) {${text}`,
      `})(startPage(${JSON.stringify(start)}), { exports: {} }, {});`,
    ].join('\n'),
  };
}

/** Puts the host's script before the page's own, which also are modules and so run in the order of the document. */
export function withPreload(html: string): string {
  const tag = `<script type="module" src="${OWN}preload.js"></script>`;
  return html.replace(/<head[^>]*>/i, (head) => head + tag);
}
