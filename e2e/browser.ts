import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** How the app's own browser is started, Electron's defaults among it. */
export const browserFlags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Electron's own default.
  '--autoplay-policy=no-user-gesture-required',
];

/** A browser that is gone, with all its files, when its scope ends. */
export type LaunchedBrowser = { browser: Browser } & AsyncDisposable;

/** The browser that is installed here. */
export const systemBrowser = (): string | undefined =>
  systemBrowsers.find((path) => existsSync(path));

/** What main tells Electron of the page's network, told to a browser: no way out but to the web host, WebRTC's among them. */
export const closedNetwork = [
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--proxy-server=http://127.0.0.1:1',
  '--proxy-bypass-list=<-loopback>;*.localhost',
];

/** Starts a headless Chromium: the system's when there is one, else the one from npm (Linux). */
export async function launchBrowser(flags: string[] = []): Promise<LaunchedBrowser> {
  const system = systemBrowser();
  const scratch = await mkdtemp(join(tmpdir(), 'soundpost-browser-'));
  const browser = await chromium.launch({
    executablePath: system ?? (await browserFromNpm(scratch)),
    headless: true,
    // Chromium has no sandbox for root; anyone else keeps it.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...browserFlags, ...flags],
    env: { ...definedOf(process.env), TMPDIR: scratch },
  });
  return {
    browser,
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** It unpacks itself below TMPDIR, where a fixed name would be anyone's to prepare: hence a private one. */
async function browserFromNpm(scratch: string): Promise<string> {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = scratch;
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    return await packed.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
