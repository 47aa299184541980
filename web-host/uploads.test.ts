import { readFile, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { safeFileName, Scratch } from './scratch.ts';
import { Uploads } from './uploads.ts';

const made: Scratch[] = [];
afterEach(() => {
  for (const scratch of made.splice(0)) scratch.remove();
});
function uploads(): Uploads {
  const scratch = new Scratch();
  made.push(scratch);
  return new Uploads(scratch);
}
const bytes = (text: string): Readable => Readable.from([Buffer.from(text)]);

test('a ticket is traded once for the file sent with it, under its own name', async () => {
  const files = uploads();
  const ticket = `${files.issue()}.1`;
  await files.receive(ticket, 'Grüße.mp3', bytes('sound'));
  const path = files.redeem(ticket);
  expect(await readFile(path, 'utf8')).toBe('sound');
  expect(basename(path)).toBe('Grüße.mp3');
  expect(files.redeem(ticket)).toBe('');
});

test('only this user can read an upload', async () => {
  const files = uploads();
  const ticket = `${files.issue()}.1`;
  await files.receive(ticket, 'a', bytes('x'));
  const path = files.redeem(ticket);
  expect((await stat(path)).mode & 0o077).toBe(0);
  expect((await stat(dirname(path))).mode & 0o077).toBe(0);
  expect((await stat(dirname(dirname(path)))).mode & 0o077).toBe(0);
});

test('a path, a forged ticket and no text at all name no file', () => {
  const files = uploads();
  const book = files.issue();
  for (const forged of ['/etc/passwd', `${book}.1`, `x.1`, '', null, 7, {}]) {
    expect(files.redeem(forged)).toBe('');
  }
});

test('a ticket is open only when it was issued and nothing was sent for it', async () => {
  const files = uploads();
  const book = files.issue();
  expect(files.isOpen(`${book}.1`)).toBe(true);
  for (const forged of ['x.1', book, `${book}.`, `${book}.1.2`, `${book}.-1`, `${book}.1e3`]) {
    expect(files.isOpen(forged)).toBe(false);
  }
  await files.receive(`${book}.1`, 'a', bytes('x'));
  expect(files.isOpen(`${book}.1`)).toBe(false);
});

test('an upload that breaks off leaves no file and no path', async () => {
  const files = uploads();
  const ticket = `${files.issue()}.1`;
  const broken = Readable.from(
    (function* () {
      yield Buffer.from('half');
      throw new Error('gone');
    })(),
  );
  await expect(files.receive(ticket, 'a.wav', broken)).rejects.toThrow('gone');
  expect(files.redeem(ticket)).toBe('');
});

test('the scratch folder is gone with all that is in it', async () => {
  const scratch = new Scratch();
  const files = new Uploads(scratch);
  const ticket = `${files.issue()}.1`;
  await files.receive(ticket, 'a', bytes('x'));
  const path = files.redeem(ticket);
  scratch.remove();
  expect(existsSync(dirname(dirname(path)))).toBe(false);
});

test('a file name never becomes a path, and stays as it is where it can', () => {
  expect(safeFileName('Take 1 (ü).mp3')).toBe('Take 1 (ü).mp3');
  expect(safeFileName('../../.ssh/id_rsa')).toBe('.._.._.ssh_id_rsa');
  expect(safeFileName('a\0b\n\\c')).toBe('a_b__c');
  for (const nothing of ['', '.', '..']) expect(safeFileName(nothing)).toBe('file');
  const long = safeFileName(`${'ä'.repeat(300)}.flac`);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255);
  expect(long).toMatch(/^ä+\.flac$/);
});
