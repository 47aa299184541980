import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { appDirectories } from '../electron/core/files/app-directories.ts';
import { environment, type App } from './app.ts';

/** The page's parts as a person names them. */
export const on = (page: Page) => ({
  run: page.getByTestId('run'),
  request: (name: string): Locator =>
    page.getByRole('navigation', { name: 'Requests' }).getByRole('button', { name }),
  address: page.getByLabel('Model id, predict URL or curl command'),
});

/** As if the user had said before that a URL's host may be asked without a key. A model's id needs no such thing. */
export async function allowHost({ home }: App, url: string): Promise<void> {
  const origin = URL.parse(url)?.origin;
  if (!origin) return;
  const { config } = appDirectories(process.platform, home, environment(home));
  const file = join(config, 'settings.json');
  const text = await readFile(file, 'utf8').catch(() => '{"version":1}');
  const settings = JSON.parse(text) as { approvedHosts?: object[] };
  const approvedHosts = [...(settings.approvedHosts ?? []), { origin, key: null }];
  await mkdir(config, { recursive: true });
  await writeFile(file, JSON.stringify({ ...settings, approvedHosts }));
}

/** Chooses “New request”, drops a file and points it at a URL, whose host may be asked. */
export async function composeFor(
  app: App,
  url: string,
  bytes: Uint8Array,
  name = 'take.mp3',
): Promise<void> {
  const { request, address } = on(app.page);
  await allowHost(app, url);
  await request('New request').click();
  await address.fill(url);
  await app.drop([{ name, bytes }]);
  await app.page.getByRole('article', { name }).waitFor();
}

/** Makes a preset of a starter, for a model of this id or at this address. */
export async function addStarter(page: Page, name: string, model: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New preset…' }).click();
  await dialog.getByRole('searchbox').fill(name);
  await dialog.getByRole('button', { name: new RegExp(`^${name} `) }).click();
  await page.keyboard.type(model);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

/** Waits for these words in the window, and says what there was instead. */
export async function expectWords(page: Page, words: RegExp): Promise<void> {
  await expect.poll(() => page.locator('body').innerText(), { timeout: 15_000 }).toMatch(words);
}

/** Watches for what moves by itself (layout shifts); a run and its answer must leave everything where it is. */
export async function watchLayout(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const shifts: string[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & {
          value: number;
          sources: { node?: Node }[];
        };
        const moved = sources.map(({ node }) =>
          node instanceof Element ? node.outerHTML.slice(0, 120) : (node?.textContent ?? 'gone'),
        );
        shifts.push(`${value.toFixed(5)}: ${moved.join(' | ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: false });
    Reflect.set(window, 'layoutShifts', shifts);
  });
  return () =>
    page.evaluate(() => {
      const shifts: unknown = Reflect.get(window, 'layoutShifts');
      return Array.isArray(shifts) ? shifts.map(String) : ['not watched'];
    });
}
