import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secret } from './gate.ts';

const NAME_BYTES = 200;

/** A folder only this user can read, for files on their way between the page and the app. Gone when the app ends. */
export class Scratch {
  // mkdtemp makes it with mode 0700.
  readonly #directory = mkdtempSync(join(tmpdir(), 'soundpost-web-'));

  /** A place for one file under its own name, in a new folder of its own. */
  place(name: string): string {
    const folder = join(this.#directory, secret());
    mkdirSync(folder, { mode: 0o700 });
    return join(folder, safeFileName(name));
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The name as given where it can be a file's name, else the nearest that can. Never a path. */
export function safeFileName(name: string): string {
  const forbidden = process.platform === 'win32' ? /[<>:"|?*/\\]|\p{Cc}/gu : /[/\\]|\p{Cc}/gu;
  const flat = name.toWellFormed().replace(forbidden, '_');
  if (/^\.*$/.test(flat)) return 'file';
  if (Buffer.byteLength(flat) <= NAME_BYTES) return flat;

  const extension = /\.[A-Za-z0-9]{1,12}$/.exec(flat)?.[0] ?? '';
  const stem = Buffer.from(flat)
    .subarray(0, NAME_BYTES - extension.length)
    .toString();
  return stem.replace(/\uFFFD$/, '') + extension;
}
