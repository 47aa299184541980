import { appendFileSync } from 'node:fs';

/** What main asked for that a browser has no place for, or that is over before anybody looks. */
export type Asked =
  | { what: 'progress'; value: number; mode: string }
  | { what: 'stays-awake'; on: boolean }
  | { what: 'notification'; title: string; body: string }
  | { what: 'question'; message: string; detail: string; buttons: string[] }
  | { what: 'menu'; items: Electron.MenuItemConstructorOptions[] }
  | { what: 'menu-item'; id: string; enabled: boolean };

const path = process.env['SOUNDPOST_WEB_HOST_RECORD'];

/** Writes it down, a line of JSON each, for tests that name a file. */
export function record(asked: Asked): void {
  if (path) appendFileSync(path, `${JSON.stringify(asked)}\n`);
}
