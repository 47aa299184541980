import type { Page } from 'playwright-core';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

export type DroppedFile = { name: string; bytes: Uint8Array };

/**
 * Drags real files over the middle of the window and drops them, as the system would: through the browser's own drag
 * handling, so that the page gets files with a path behind them. They are written below `scratch`.
 */
export async function dropFiles(page: Page, files: DroppedFile[], scratch: string): Promise<void> {
  const folder = await mkdtemp(join(scratch, 'drop-'));
  const paths = files.map(({ name }) => join(folder, basename(name)));
  await Promise.all(files.map(({ bytes }, index) => writeFile(paths[index] ?? '', bytes)));

  const { x, y } = await page.evaluate(() => ({ x: innerWidth / 2, y: innerHeight / 2 }));
  const session = await page.context().newCDPSession(page);
  const COPY = 1;
  const data = { items: [], files: paths, dragOperationsMask: COPY };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x, y, data });
  }
  await session.detach();
}
