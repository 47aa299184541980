import { app, dialog, type BrowserWindow } from 'electron';
import { dirname, join } from 'node:path';
import type { HostDecision } from '../core/baseten/authorization.ts';
import { SoundpostError } from '../core/soundpost-error.ts';

/** The system's dialogs over the one window. Electron opens them in Downloads unless told where; this remembers. */
export class Dialogs {
  readonly #window: () => BrowserWindow | null;
  #openFolder: string | undefined;
  #saveFolder: string | undefined;

  constructor(window: () => BrowserWindow | null) {
    this.#window = window;
  }

  /** The chosen paths; empty when closed. */
  async openFiles(): Promise<string[]> {
    const window = this.#window();
    if (!window) return [];
    const { filePaths } = await dialog.showOpenDialog(window, {
      properties: ['openFile', 'multiSelections'],
      ...(this.#openFolder ? { defaultPath: this.#openFolder } : {}),
    });
    if (filePaths[0]) this.#openFolder = dirname(filePaths[0]);
    return filePaths;
  }

  /** The chosen path, which the user agreed to replace if it exists; null when closed. */
  async saveFile(name: string): Promise<string | null> {
    const window = this.#window();
    if (!window) return null;
    const folder = this.#saveFolder ?? app.getPath('downloads');
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath: join(folder, name),
    });
    if (canceled || !filePath) return null;
    this.#saveFolder = dirname(filePath);
    return filePath;
  }

  /** A folder for saved answers; null when closed. @throws SoundpostError `invalid_request` in a browser */
  async chooseFolder(): Promise<string | null> {
    mustBeDesktop('outputFolder');
    return this.#chooseOne({ properties: ['openDirectory', 'createDirectory'] });
  }

  /** A file of certificates; null when closed. @throws SoundpostError `invalid_request` in a browser */
  async chooseCaFile(): Promise<string | null> {
    mustBeDesktop('caFile');
    const filters = [
      { name: 'Certificates', extensions: ['pem', 'crt', 'cer'] },
      { name: 'All files', extensions: ['*'] },
    ];
    return this.#chooseOne({ properties: ['openFile'], filters });
  }

  async #chooseOne(options: Electron.OpenDialogOptions): Promise<string | null> {
    const window = this.#window();
    if (!window) return null;
    const { filePaths } = await dialog.showOpenDialog(window, options);
    return filePaths[0] ?? null;
  }

  async askForHost(origin: string): Promise<HostDecision> {
    const window = this.#window();
    if (!window) return 'cancel';
    const { host } = new URL(origin);
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: `Send your Baseten key to ${host}?`,
      detail:
        'This address is not Baseten’s. Whoever runs it can use your key. Say yes only for a host you trust; it is remembered.',
      buttons: ['Cancel', 'Run without the key', 'Send the key'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    return (['cancel', 'send-without-key', 'send-key'] as const)[response] ?? 'cancel';
  }

  /** Whether the app may end although so many runs are in flight. */
  async askToCancelRuns(count: number): Promise<boolean> {
    const window = this.#window();
    if (!window) return false;
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: count === 1 ? 'A run is in flight.' : `${count} runs are in flight.`,
      detail:
        'Quitting cancels what is in flight. What has come so far is kept in the history; what a model has begun may be billed all the same.',
      buttons: ['Keep running', count === 1 ? 'Cancel it and quit' : 'Cancel them and quit'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    return response === 1;
  }
}

/** Where the page is in a browser, that shows the files of its own computer, which may be another. */
function mustBeDesktop(setting: string): void {
  if ('electron' in process.versions) return;
  throw new SoundpostError(
    'invalid_request',
    `A browser can’t choose a place on the computer that Soundpost runs on. Write its path as “${setting}” into settings.json, in the folder for settings below.`,
  );
}
