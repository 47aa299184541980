/**
 * Makes the app's icons again from `resources/icons/icon.svg`: `node scripts/make-icons.ts`. A browser draws them, since one is
 * here for the tests already; the two containers are a header and PNGs, so nothing is installed for them.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../e2e/browser.ts';

const folder = join(import.meta.dirname, '..', 'resources', 'icons');

/** Pixels of the files of Linux's icon theme. */
const linux = [16, 24, 32, 48, 64, 128, 256, 512];
/** Pixels that Windows asks for at its usual scales. */
const windows = [16, 20, 24, 32, 40, 48, 64, 256];
/** macOS's names for a size: those of 16 to 512 points, and the same at two pixels a point. */
const mac = [
  ...[['icp4', 16] as const, ['ic11', 32] as const, ['icp5', 32] as const, ['ic12', 64] as const],
  ...[['ic07', 128] as const, ['ic13', 256] as const, ['ic08', 256] as const],
  ...[['ic14', 512] as const, ['ic09', 512] as const, ['ic10', 1024] as const],
];

/** What is seen of the drawing: macOS wants room around the tile for its shadow, the others fill their square to the pixel. */
const frames = { mac: '0 0 1024 1024', full: '100 100 824 824' };

type Frame = keyof typeof frames;

/** Below this many pixels the drawing is the tile and the hole alone, and the hole is larger. */
const FINE_FROM = 48;

function drawing(svg: string, size: number, frame: Frame): string {
  const coarse = '#fine{display:none} #hole{transform-origin:512px 512px;transform:scale(1.22)}';
  const style = size < FINE_FROM ? `<style>${coarse}</style>` : '';
  return svg.replace(
    'viewBox="0 0 1024 1024">',
    `viewBox="${frames[frame]}" width="${size}" height="${size}">${style}`,
  );
}

async function render(page: Page, svg: string, size: number, frame: Frame): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size });
  const plain = '<style>body{margin:0}svg{display:block}</style>';
  await page.setContent(`<!doctype html>${plain}${drawing(svg, size, frame)}`);
  return page.screenshot({ omitBackground: true });
}

/** An .ico: a directory of 16 bytes an image, then the PNGs. A side of 256 is written as 0. */
function ico(images: { size: number; png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  for (const [index, { size, png }] of images.entries()) {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...images.map(({ png }) => png)]);
}

/** An .icns: each image with its name and its length, the eight bytes of those counted. */
function icns(images: { name: string; png: Buffer }[]): Buffer {
  const chunk = (name: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32BE(8 + body.length, 4);
    return Buffer.concat([head, body]);
  };
  return chunk('icns', Buffer.concat(images.map(({ name, png }) => chunk(name, png))));
}

const svg = await readFile(join(folder, 'icon.svg'), 'utf8');
await using launched = await launchBrowser();
const page = await launched.browser.newPage();
const draw = async <T>(sizes: readonly T[], sizeOf: (item: T) => number, frame: Frame) => {
  const drawn: { item: T; png: Buffer }[] = [];
  for (const item of sizes) drawn.push({ item, png: await render(page, svg, sizeOf(item), frame) });
  return drawn;
};

await mkdir(join(folder, 'png'), { recursive: true });
for (const { item: size, png } of await draw(linux, (size) => size, 'full')) {
  await writeFile(join(folder, 'png', `${size}x${size}.png`), png);
}
const forWindows = await draw(windows, (size) => size, 'full');
await writeFile(
  join(folder, 'icon.ico'),
  ico(forWindows.map(({ item: size, png }) => ({ size, png }))),
);
const forMac = await draw(mac, ([, size]) => size, 'mac');
await writeFile(
  join(folder, 'icon.icns'),
  icns(forMac.map(({ item: [name], png }) => ({ name, png }))),
);
