import type { HistoryQuery, HistoryRow } from '../../contract/history.ts';
import type { Target } from '../../contract/intent.ts';
import type {
  NamePreview,
  Place,
  ProxySetting,
  RequestNamed,
  Settings,
  SettingsChange,
} from '../../contract/settings.ts';
import { join } from 'node:path';
import { displayPath } from '../files/app-directories.ts';
import { makeDirectory } from '../files/replace-file.ts';
import type { Inputs } from '../files/inputs.ts';
import { readRecord } from '../runs/read-record.ts';
import { filledName, nameWords, templateProblem, usualTemplate } from '../saving/name-template.ts';
import { makeOutputFolder, usualFolder } from '../saving/output-folder.ts';
import { readCertificates } from '../transport/trust.ts';
import { approvedIn } from './approved-hosts.ts';
import type { KeptSettings } from './kept-settings.ts';
import { checkedProxy, shownProxy } from './proxy-setting.ts';
import type { SettingsFile } from './settings.ts';

type Options = {
  file: SettingsFile;
  dataDirectory: string;
  configDirectory: string;
  home: string;
  inputs: Pick<Inputs, 'nameOf'>;
  history: {
    list: (query: HistoryQuery) => Promise<{ rows: Pick<HistoryRow, 'runId'>[] }>;
    folder: (runId: string) => string;
  };
};

/** What a name is made of where nothing was run yet. */
const example = {
  target: { kind: 'model', modelId: 'abc12de', deployment: { kind: 'production' } } as Target,
  ...{ input: 'interview.wav', preset: 'Whisper', extension: 'json' },
};
/** In a preview, of sound that is still to come. */
const USUAL_EXTENSION = 'wav';
/** 60 % of the way. */
const FIRST_VOLUME = 0.6;

/** The settings as the page has them, and what it may do to them. Its methods throw what `SettingsFile` does. */
export class SettingsDesk {
  readonly #options: Options;
  readonly #directories: Record<Place['which'], string>;
  readonly #display: (path: string) => string;

  constructor(options: Options) {
    const { dataDirectory, configDirectory, home } = options;
    this.#options = options;
    this.#directories = {
      data: dataDirectory,
      config: configDirectory,
      output: usualFolder(home),
      logs: join(dataDirectory, 'logs'),
      crashes: join(dataDirectory, 'crashes'),
    };
    this.#display = (path) => displayPath(path, home);
  }

  async get(): Promise<Settings> {
    const { kept, problems } = await this.#options.file.tell();
    const { retries, limits, panes, shortcuts } = kept;
    return {
      appearance: kept.appearance ?? 'system',
      outputFolder: {
        shown: this.#display(this.#pathOf('output', kept)),
        isUsual: kept.outputFolder === undefined,
      },
      nameTemplate: kept.nameTemplate ?? usualTemplate,
      isNameUsual: (kept.nameTemplate ?? usualTemplate) === usualTemplate,
      ...{ limits, panes, shortcuts, problems },
      ...(retries === undefined ? {} : { retries }),
      proxy: shownProxy(kept.proxy ?? { kind: 'system' }),
      caFile: kept.caFile === undefined ? null : this.#display(kept.caFile),
      approvedHosts: approvedIn(kept),
      autoplay: { live: true, finished: false, ...kept.autoplay },
      volume: kept.volume ?? FIRST_VOLUME,
      notifies: kept.notifies ?? true,
      crashDumps: kept.crashDumps ?? false,
      checkForUpdates: kept.checkForUpdates ?? false,
    };
  }

  /** The address of a proxy that a change would make all go through; null for none. @throws SoundpostError `invalid_request` */
  async newProxy({ proxy }: SettingsChange): Promise<string | null> {
    const asked = proxy && checkedProxy(proxy);
    if (asked?.kind !== 'fixed') return null;
    const before = (await this.#options.file.read()).proxy;
    return before?.kind === 'fixed' && before.url === asked.url ? null : asked.url;
  }

  /** @throws SoundpostError `invalid_request` for a proxy that can't be */
  async change(change: SettingsChange): Promise<Settings> {
    await this.#options.file.change(change);
    return this.get();
  }

  async forgetHost(origin: string): Promise<Settings> {
    await this.#options.file.forgetOrigin(origin);
    return this.get();
  }

  /** A folder that the user chose for saved answers. @throws SoundpostError `disk_error` where nothing can be written there */
  async chooseFolder(path: string): Promise<Settings> {
    await makeOutputFolder(path, this.#display);
    await this.#options.file.choose('outputFolder', path);
    return this.get();
  }

  /** A file of certificates that the user chose. @throws SoundpostError `ca_unusable` */
  async chooseCaFile(path: string): Promise<Settings> {
    await readCertificates(path);
    await this.#options.file.choose('caFile', path);
    return this.get();
  }

  async skippedUpdate(): Promise<string | undefined> {
    return (await this.#options.file.read()).skippedUpdate;
  }

  /** The version of Soundpost that is not to be offered again. */
  skipUpdate(version: string): Promise<void> {
    return this.#options.file.skipUpdate(version);
  }

  /** As it is used: with a name and password, where the file has them. */
  async proxy(): Promise<ProxySetting> {
    return (await this.#options.file.read()).proxy ?? { kind: 'system' };
  }

  /** Tells the settings after another process changed them. */
  watch(onChange: (settings: Settings) => void, log: (error: unknown) => void): Promise<void> {
    return this.#options.file.watch(() => {
      this.get().then(onChange, log);
    });
  }

  async places(): Promise<Place[]> {
    const kept = await this.#options.file.read();
    return (['data', 'config', 'output', 'logs', 'crashes'] as const).map((which) => ({
      which,
      shown: this.#display(this.#pathOf(which, kept)),
    }));
  }

  /** The folder of a place, made when it is not there yet, so that it can be shown. @throws SoundpostError `disk_error` */
  async folder(which: Place['which']): Promise<string> {
    const path = this.#pathOf(which, await this.#options.file.read());
    if (which === 'output') await makeOutputFolder(path, this.#display);
    else await makeDirectory(path);
    return path;
  }

  /** Where answers are saved, and how they are named. @throws SoundpostError `file_unreadable` */
  async savingRule(): Promise<{ folder: string; template: string }> {
    const kept = await this.#options.file.read();
    return { folder: this.#pathOf('output', kept), template: kept.nameTemplate ?? usualTemplate };
  }

  /** What a saved answer would be called, by the code that will save it. */
  async preview(template: string | undefined, request?: RequestNamed): Promise<NamePreview> {
    const used = template ?? (await this.savingRule()).template;
    const problem = templateProblem(used);
    if (problem !== null) return { problem };
    const { extension, ...named } = request ? this.#named(request) : await this.#lastRun();
    return { name: `${filledName(used, nameWords(named))}.${extension}` };
  }

  #pathOf(which: Place['which'], { outputFolder }: KeptSettings): string {
    return (which === 'output' ? outputFolder : undefined) ?? this.#directories[which];
  }

  #named({ target, preset, inputId }: RequestNamed) {
    const input = inputId === undefined ? undefined : this.#options.inputs.nameOf(inputId);
    return { target, preset, input, at: new Date(), extension: USUAL_EXTENSION };
  }

  async #lastRun() {
    const { history } = this.#options;
    const { rows } = await history.list({ limit: 1 });
    const record = rows[0] && (await readRecord(history.folder(rows[0].runId)).catch(() => null));
    if (!record) return { ...example, at: new Date() };
    return {
      target: record.intent.target,
      input: record.inputs[0]?.name,
      preset: record.preset?.name,
      at: new Date(record.startedAt),
      extension: record.parts?.[0]?.kind.extension ?? 'json',
    };
  }
}
