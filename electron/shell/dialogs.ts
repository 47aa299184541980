import { app, dialog, type BrowserWindow } from 'electron';
import { dirname, join } from 'node:path';
import type { Installation } from '../contract/key.ts';
import type { HostDecision, HostQuestion } from '../core/baseten/authorization.ts';
import { QuestionGate } from '../core/question-gate.ts';
import { SoundpostError } from '../core/soundpost-error.ts';

/** The system's dialogs over the one window. Electron opens them in Downloads unless told where; this remembers. */
export class Dialogs {
  readonly #window: () => BrowserWindow | null;
  readonly #gate = new QuestionGate(Date.now);
  #openFolder: string | undefined;
  #saveFolder: string | undefined;

  constructor(window: () => BrowserWindow | null) {
    this.#window = window;
  }

  /** The chosen paths; empty when closed. */
  async openFiles(): Promise<string[]> {
    const window = this.#window();
    if (!window) return [];
    const { filePaths } = await this.#gate.ask(() =>
      dialog.showOpenDialog(window, {
        properties: ['openFile', 'multiSelections'],
        ...(this.#openFolder ? { defaultPath: this.#openFolder } : {}),
      }),
    );
    if (filePaths[0]) this.#openFolder = dirname(filePaths[0]);
    return filePaths;
  }

  /** The chosen path, which the user agreed to replace if it exists; null when closed. */
  async saveFile(name: string): Promise<string | null> {
    const window = this.#window();
    if (!window) return null;
    const folder = this.#saveFolder ?? app.getPath('downloads');
    const { canceled, filePath } = await this.#gate.ask(() =>
      dialog.showSaveDialog(window, { defaultPath: join(folder, name) }),
    );
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
    const { filePaths } = await this.#gate.ask(() => dialog.showOpenDialog(window, options));
    return filePaths[0] ?? null;
  }

  async askForHost({ origin, key }: HostQuestion): Promise<HostDecision> {
    const { host } = new URL(origin);
    if (key === null) {
      const isAllowed = await this.#agrees({
        message: `Send this request to ${host}?`,
        detail:
          'This address is not Baseten’s. Whoever runs it gets what you send, without a key. It is remembered.',
        yes: 'Send',
      });
      return isAllowed ? 'send-without-key' : 'cancel';
    }
    const which = key.name === null ? 'your Baseten key' : `your key “${key.name}”`;
    const chosen = await this.#choose({
      message: `Send ${which} to ${host}?`,
      detail: `This address is not Baseten’s. Whoever runs it can use the key that ends in ${key.last4}. Say yes only for a host you trust; it is remembered for this key.`,
      buttons: ['Cancel', 'Run without the key', 'Send the key'],
    });
    return (['cancel', 'send-without-key', 'send-key'] as const)[chosen] ?? 'cancel';
  }

  /** Whether a key that is added may be sent to addresses that are not Baseten's. */
  allowInstallation({ management, inference }: Installation): Promise<boolean> {
    return this.#agrees({
      message: `Send this key to ${new URL(management).host}?`,
      detail: `It is checked there. From then on, runs with it go to ${inference}. Say yes only for an installation you know.`,
      yes: 'Add the key',
    });
  }

  /** Whether everything may go through a proxy. */
  allowProxy(url: string): Promise<boolean> {
    return this.#agrees({
      message: `Send everything through ${new URL(url).host}?`,
      detail:
        'A proxy sees which hosts you use, and all that goes to an http address. Say yes only for one you know.',
      yes: 'Use the proxy',
    });
  }

  async #agrees({ yes, ...words }: { message: string; detail: string; yes: string }) {
    return (await this.#choose({ ...words, buttons: ['Cancel', yes] })) === 1;
  }

  /** The number of the button; 0, which means no, when it is closed. */
  async #choose(words: { message: string; detail: string; buttons: string[] }): Promise<number> {
    const window = this.#window();
    if (!window) return 0;
    const { response } = await this.#gate.ask(() =>
      dialog.showMessageBox(window, {
        ...{ type: 'question', ...words },
        ...{ defaultId: 0, cancelId: 0, noLink: true },
      }),
    );
    return response;
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
