import type {
  ImportedPresets,
  Preset,
  PresetDraft,
  PresetList,
  RemovedPreset,
} from '../../contract/preset.ts';
import { endpointUrl, isBasetenHost } from '../baseten/endpoint.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { SharedJsonFile } from '../files/shared-json-file.ts';
import { watchFile } from '../files/watch-file.ts';
import { safeName } from '../runs/suggested-name.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { checkPreset } from './check-preset.ts';
import {
  exportText,
  importedPresets,
  importText,
  newId,
  presetFormat,
  type Entry,
} from './preset-document.ts';
import { sameName, unusedName } from './unused-name.ts';

const MOST = 2000;

type Options = {
  path: string;
  isApproved: (origin: string) => Promise<boolean>;
  log: (error: unknown) => void;
};

/**
 * The presets of this computer, in one file that the app and the command line share. Every change touches the one preset it
 * is about; what others changed meanwhile stays. Its methods throw what `SharedJsonFile` does.
 */
export class Presets {
  readonly #options: Options;
  readonly #file: SharedJsonFile<Entry[]>;
  #stopWatching: (() => void) | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#file = new SharedJsonFile(options.path, presetFormat);
  }

  async list(): Promise<PresetList> {
    const { value, problem } = await this.#file.read();
    const problems = value.flatMap((entry) => (entry.preset ? [] : [entry.problem]));
    return {
      presets: presetsIn(value),
      problems: problem ? [problem.message, ...problems] : problems,
    };
  }

  /** Adds it at the end, under a name that no other has. @throws SoundpostError `invalid_request`, `invalid_target` */
  async create(draft: PresetDraft): Promise<Preset> {
    const checked = checkPreset({ ...draft, id: newId() });
    return this.#file.change((entries) => {
      const preset = withUnusedName(checked, entries);
      return { value: withRoom([...entries, { preset }]), answer: preset };
    });
  }

  /** Replaces the preset that has its id. @throws SoundpostError `invalid_request`, `invalid_target` */
  async update(changed: Preset): Promise<Preset> {
    const checked = checkPreset(changed);
    return this.#file.change((entries) => {
      const at = placeOf(checked.id, entries);
      const preset = withUnusedName(checked, entries.toSpliced(at, 1));
      return { value: entries.with(at, { preset }), answer: preset };
    });
  }

  /** @throws SoundpostError `invalid_request` */
  rename(id: string, name: string): Promise<Preset> {
    return this.#file.change((entries) => {
      const at = placeOf(id, entries);
      const renamed = checkPreset({ ...entries[at]?.preset, name });
      const preset = withUnusedName(renamed, entries.toSpliced(at, 1));
      return { value: entries.with(at, { preset }), answer: preset };
    });
  }

  /** Puts a copy after it. @throws SoundpostError `invalid_request` */
  duplicate(id: string): Promise<Preset> {
    return this.#file.change((entries) => {
      const at = placeOf(id, entries);
      const copy = checkPreset({ ...entries[at]?.preset, id: newId() });
      const preset = withUnusedName(copy, entries);
      return { value: withRoom(entries.toSpliced(at + 1, 0, { preset })), answer: preset };
    });
  }

  /** Those named take one another's places in this order; all else stays where it is. */
  async reorder(ids: string[]): Promise<PresetList> {
    await this.#file.change((entries) => {
      const moving = [...new Set(ids)].flatMap(
        (id) => entries.find((e) => e.preset?.id === id) ?? [],
      );
      const places = new Set(moving);
      const next = moving.values();
      const value = entries.map((entry) =>
        places.has(entry) ? (next.next().value ?? entry) : entry,
      );
      return { value, answer: undefined };
    });
    return this.list();
  }

  /** Answers what `restore` needs. @throws SoundpostError `invalid_request` */
  remove(id: string): Promise<RemovedPreset> {
    return this.#file.change((entries) => {
      const at = placeOf(id, entries);
      const before = presetsIn(entries.slice(0, at)).at(-1);
      const preset = checkPreset(entries[at]?.preset);
      return { value: entries.toSpliced(at, 1), answer: { preset, after: before?.id ?? null } };
    });
  }

  /** The key that is called `from` is called `to` from now on. */
  renameKey(from: string, to: string): Promise<void> {
    return this.#file.change((entries) => {
      const isPinned = ({ preset }: Entry): boolean => preset?.keyName === from;
      if (!entries.some(isPinned)) return { value: entries, answer: undefined };
      const value = entries.map((entry) =>
        entry.preset && isPinned(entry) ? { preset: { ...entry.preset, keyName: to } } : entry,
      );
      return { value, answer: undefined };
    });
  }

  /** Undoes a removal, once. @throws SoundpostError `invalid_request` */
  async restore({ preset: removed, after }: RemovedPreset): Promise<Preset> {
    const checked = checkPreset(removed);
    return this.#file.change((entries) => {
      const there = presetsIn(entries).find(({ id }) => id === checked.id);
      if (there) return { value: entries, answer: there };
      const preset = withUnusedName(checked, entries);
      const found = entries.findIndex((entry) => entry.preset?.id === after);
      const at = after === null ? 0 : found < 0 ? entries.length : found + 1;
      return { value: withRoom(entries.toSpliced(at, 0, { preset })), answer: preset };
    });
  }

  /** Adds the presets of an exported text. @throws SoundpostError `invalid_request` when it is none */
  async import(text: string): Promise<ImportedPresets> {
    const { presets: found, problems } = importedPresets(text);
    const presets = await this.#file.change((entries) => {
      let value = entries;
      for (const each of found) {
        const isTaken = presetsIn(value).some(({ id }) => id === each.id);
        const preset = withUnusedName(isTaken ? { ...each, id: newId() } : each, value);
        value = [...value, { preset }];
      }
      return { value: withRoom(value), answer: presetsIn(value.slice(entries.length)) };
    });
    return { presets, problems, unapprovedOrigins: await this.#unapproved(presets) };
  }

  /** The same of a file. @throws SoundpostError `invalid_request`, `file_unreadable` */
  async importFile(file: ByteSource): Promise<ImportedPresets> {
    return this.import(await importText(file));
  }

  /** @throws SoundpostError `invalid_request` when one is not there */
  async export(ids: string[]): Promise<{ text: string; fileName: string }> {
    const { value } = await this.#file.read();
    const presets = ids.flatMap((id) => value[placeOf(id, value)]?.preset ?? []);
    const name = presets.length === 1 ? (presets[0]?.name ?? '') : '';
    return { text: exportText(presets), fileName: `${safeName(name) || 'presets'}.soundpost` };
  }

  /** The preset of this id. */
  async get(id: string): Promise<Preset | undefined> {
    return (await this.list()).presets.find((preset) => preset.id === id);
  }

  /** The preset that is called so; capitals don't matter when no other is. */
  async find(name: string): Promise<Preset | undefined> {
    const { presets } = await this.list();
    return (
      presets.find((preset) => preset.name === name) ??
      presets.find((preset) => sameName(preset.name, name))
    );
  }

  /** Tells all presets after each change, also another process's. When it can't be done, only the log knows. */
  async watch(onChange: (list: PresetList) => void): Promise<void> {
    const { path, log } = this.#options;
    const tell = async (): Promise<void> => {
      if (await this.#file.hasChanged()) onChange(await this.list());
    };
    try {
      await this.#file.hasChanged();
      this.#stopWatching = await watchFile(path, () => void tell().catch(log), log);
    } catch (error) {
      log(error);
    }
  }

  close(): void {
    this.#stopWatching?.();
  }

  async #unapproved(presets: Preset[]): Promise<string[]> {
    const origins = new Set<string>();
    for (const { target } of presets) {
      const url = endpointUrl(target);
      if (isBasetenHost(url) || (await this.#options.isApproved(url.origin))) continue;
      origins.add(url.origin);
    }
    return [...origins];
  }
}

const presetsIn = (entries: Entry[]): Preset[] => entries.flatMap(({ preset }) => preset ?? []);

function withUnusedName(preset: Preset, others: Entry[]): Preset {
  const names = presetsIn(others).map(({ name }) => name);
  return { ...preset, name: unusedName(preset.name, names) };
}

/** @throws SoundpostError `invalid_request` */
function placeOf(id: string, entries: Entry[]): number {
  const at = entries.findIndex(({ preset }) => preset?.id === id);
  if (at >= 0) return at;
  throw new SoundpostError(
    'invalid_request',
    'That preset is not there any more: it was removed meanwhile. Save what you have as a new one.',
  );
}

/** @throws SoundpostError `invalid_request` */
function withRoom(entries: Entry[]): Entry[] {
  if (entries.length <= MOST) return entries;
  throw new SoundpostError(
    'invalid_request',
    `There are ${MOST} presets, and no more can be kept. Remove some first.`,
  );
}
