import { app, type BrowserWindow } from 'electron';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { namedFiles } from '../core/opening/named-files.ts';
import type { OpenedFiles } from '../core/opening/opened-files.ts';

/**
 * Hears of files that the system or another start of the program wants opened. Called before `ready`: macOS tells of the files that
 * it starts the program with before then.
 */
export function hearOfFiles(opened: OpenedFiles, window: () => BrowserWindow | null): void {
  const open = (argv: readonly string[], workingDirectory: string): void => {
    const options = { platform: process.platform, namesApp: !app.isPackaged, exists: existsSync };
    opened.open(namedFiles(argv, { ...options, workingDirectory }));
  };
  app.on('open-file', (event, path) => {
    event.preventDefault();
    opened.open([{ name: basename(path), path }]);
    bringForward(window());
  });
  app.on('second-instance', (_event, argv, workingDirectory) => {
    open(argv, workingDirectory);
    bringForward(window());
  });
  open(process.argv, process.cwd());
}

function bringForward(window: BrowserWindow | null): void {
  if (window?.isMinimized()) window.restore();
  window?.show();
  window?.focus();
}
