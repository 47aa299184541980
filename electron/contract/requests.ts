import * as v from 'valibot';
import type { About } from './about.ts';
import type { AppState } from './app-state.ts';
import type { Admission } from './bridge.ts';
import {
  historyQuerySchema,
  limitSchema,
  notesSchema,
  presetRefSchema,
  type HistoryChange,
  type HistoryChoices,
  type HistoryEntry,
  type HistoryPage,
  type HistoryUsage,
} from './history.ts';
import { idSchema, intentSchema } from './intent.ts';
import {
  installationSchema,
  keyNameSchema,
  type KeyChecked,
  type KeyList,
  type KeySaved,
  type KeyState,
} from './key.ts';
import type { CrashDumpUsage } from './crash.ts';
import { menuStateSchema } from './menu.ts';
import type { AccountModel, ModelList } from './model.ts';
import type { PastedRequest } from './pasted.ts';
import type { PreflightNote } from './preflight.ts';
import {
  nameTemplateSchema,
  presetDraftSchema,
  presetNameSchema,
  presetSchema,
  removedPresetSchema,
  starterTargetSchema,
  type ImportedPresets,
  type Preset,
  type PresetField,
  type PresetList,
  type RemovedPreset,
  type Starter,
} from './preset.ts';
import type { RecentFile } from './recent.ts';
import type { RunOutcome } from './run.ts';
import {
  namePreviewSchema,
  placeSchema,
  settingsChangeSchema,
  type NamePreview,
  type Place,
  type Settings,
} from './settings.ts';
import {
  keyName,
  keyRef,
  modelRef,
  nothing,
  partRef,
  presetIds,
  presetRef,
  runRef,
  runRefs,
  transcriptKindSchema,
} from './refs.ts';
import { snippetKindSchema } from './snippet.ts';
import type { UpdateState } from './update.ts';

/** The input of every request the page can make. The page is untrusted: each is parsed before a handler sees it. */
export const requests = {
  'app.state': nothing,
  'app.about': nothing,
  /** Puts what helps to find a fault into the clipboard: no key, no host, no name and no path of the user's. */
  'app.copyDiagnostics': nothing,
  /** Opens the build's own page in the system's browser. */
  'app.openWebsite': nothing,
  /** What the application menu shows from now on. */
  'menu.update': menuStateSchema,
  /** Asks for files with the system's own dialog. */
  'input.open': nothing,
  /** Files that the app was told to open from outside, by the system or by another start of it; each is answered once. */
  'files.take': nothing,
  'recents.list': nothing,
  /** Takes one of them as if it were dropped. */
  'recents.open': v.strictObject({ id: idSchema }),
  'recents.clear': nothing,
  /** What there is to know before sending; cheap, so that it can be asked after each change. */
  'run.check': v.strictObject({ intent: intentSchema }),
  /** Runs to the end. `runId` is minted by the page, so that it can cancel before any answer. */
  'run.start': v.strictObject({
    runId: idSchema,
    intent: intentSchema,
    /** The preset it was made with, for the history. */
    preset: v.optional(presetRefSchema),
    /** The answer is to be saved by itself once it came whole, below the folder of the settings. */
    save: v.optional(v.strictObject({ template: v.optional(nameTemplateSchema) })),
  }),
  'run.cancel': runRef,
  'run.showInFolder': runRef,
  /** Shows the file that a run's answer was saved as by itself. */
  'run.showSaved': runRef,
  /** Asks where to save, then writes. */
  'part.save': partRef,
  /** The same for the decoded message, as JSON text. */
  'output.save': runRef,
  /** The same for what was said in an answer, as text or as subtitles, which the page makes. */
  'transcript.save': v.strictObject({
    runId: idSchema,
    text: v.pipe(v.string(), v.maxLength(16 * 1024 * 1024)),
    as: transcriptKindSchema,
  }),
  /** `keep: 'session'` holds the key in memory only. The key is checked with Baseten before it is kept. */
  'key.set': v.strictObject({
    key: v.pipe(v.string(), v.maxLength(512)),
    keep: v.picklist(['keychain', 'session']),
  }),
  'key.remove': nothing,
  /** Looks at the keychain again, after the user unlocked it. */
  'key.refresh': nothing,
  'keys.list': nothing,
  /** Checks a key where it belongs and keeps it in the keychain under a name; the first one becomes the active one. */
  'keys.add': v.strictObject({
    name: v.optional(keyNameSchema),
    key: v.pipe(v.string(), v.maxLength(512)),
    /** Absent for Baseten's own cloud. It can't be changed later: no page can send a kept key to other hosts. */
    installation: v.optional(installationSchema),
  }),
  'keys.check': keyRef,
  /** Presets that name the key go on naming it. */
  'keys.rename': v.strictObject({ id: idSchema, name: keyNameSchema }),
  'keys.remove': keyRef,
  /** Makes it the active one. */
  'keys.use': keyRef,
  /** What is known, at once; asked for anew in the background when it is old, with the deployments of those `wanted`. */
  'models.list': v.strictObject({ keyName, wanted: v.pipe(v.array(idSchema), v.maxLength(40)) }),
  /** Ids of the models that were run lately, the last one first. */
  'models.recent': nothing,
  /** One model as it is now. */
  'model.look': v.strictObject({ modelId: idSchema, keyName }),
  'model.wake': modelRef,
  /** The fields of the model's own example. */
  'model.example': modelRef,
  /** Newest first, a page at a time. */
  'history.list': historyQuerySchema,
  'history.choices': nothing,
  'history.get': runRef,
  'history.star': v.strictObject({ runId: idSchema, star: v.boolean() }),
  'history.notes': v.strictObject({ runId: idSchema, notes: notesSchema }),
  /** Puts runs aside, from where `history.restore` brings them back for at least ten minutes. */
  'history.remove': runRefs,
  'history.restore': runRefs,
  'history.usage': nothing,
  'history.limit': v.strictObject({ bytes: limitSchema }),
  /**
   * Puts a request into the clipboard as a program, which names its files by their paths: the page never sees it.
   */
  'request.copy': v.strictObject({ intent: intentSchema, as: snippetKindSchema }),
  /** The same for a run that was. */
  'run.copy': v.strictObject({ runId: idSchema, as: snippetKindSchema }),
  /** Reads a predict URL or a whole curl command. A key in it is held back, and forgotten after a few minutes. */
  'request.parse': v.strictObject({ text: v.pipe(v.string(), v.maxLength(4 * 1024 * 1024)) }),
  /** Keeps the key that was held back. */
  'request.keepKey': v.strictObject({ token: idSchema, keep: v.picklist(['keychain', 'session']) }),
  'clipboard.write': v.strictObject({ text: v.pipe(v.string(), v.maxLength(1_000_000)) }),
  'presets.list': nothing,
  'preset.create': v.strictObject({ preset: presetDraftSchema }),
  /** Replaces the one that has its id. */
  'preset.update': v.strictObject({ preset: presetSchema }),
  'preset.rename': v.strictObject({ id: idSchema, name: presetNameSchema }),
  'preset.duplicate': presetRef,
  'preset.remove': presetRef,
  /** Undoes a removal, with what it answered. */
  'preset.restore': v.strictObject({ removed: removedPresetSchema }),
  /** Those named take one another's places in this order. */
  'presets.reorder': presetIds,
  /** Asks where to save, then writes. */
  'presets.export': presetIds,
  /** The same as text, for the clipboard. */
  'presets.exportText': presetIds,
  'presets.import': v.strictObject({ text: v.pipe(v.string(), v.maxLength(4 * 1024 * 1024)) }),
  /** The same from a file that was dropped or opened. */
  'presets.importFile': v.strictObject({ inputId: idSchema }),
  'settings.get': nothing,
  'settings.change': settingsChangeSchema,
  /** From now on it is asked again whether this origin may have the key. */
  'settings.forgetHost': v.strictObject({ origin: v.pipe(v.string(), v.maxLength(4096)) }),
  /** Asks with the system's dialog for the folder of saved answers. */
  'settings.chooseFolder': nothing,
  /** The same for a file of further certificates. */
  'settings.chooseCaFile': nothing,
  'settings.places': nothing,
  /** Opens a place in the system's file manager. */
  'settings.showFolder': v.strictObject({ which: placeSchema }),
  /** What a saved answer would be called. */
  'settings.previewName': namePreviewSchema,
  /** Looks for a newer version of Soundpost now. */
  'updates.check': nothing,
  /** Fetches the one that is offered. */
  'updates.download': nothing,
  /** Installs what was fetched: when the app ends, or ends it now and starts the newer one. */
  'updates.install': v.strictObject({ when: v.picklist(['quit', 'now']) }),
  /** The offered version is not offered again unasked. */
  'updates.skip': nothing,
  'crashes.usage': nothing,
  /** Deletes the dumps of all crashes. */
  'crashes.clear': nothing,
  'starters.list': nothing,
  /** Makes a preset of a starter for a model or a server of the user's. */
  'starter.add': v.strictObject({ id: idSchema, target: starterTargetSchema }),
} as const;

/** The answer of every request, typed only: main is trusted, the page is not. */
type Outputs = {
  'app.state': AppState;
  'app.about': About;
  'app.copyDiagnostics': null;
  'app.openWebsite': null;
  'menu.update': null;
  /** Empty when the user closed the dialog. */
  'input.open': Admission;
  'files.take': Admission;
  /** The last one first. */
  'recents.list': RecentFile[];
  'recents.open': Admission;
  'recents.clear': null;
  'run.check': PreflightNote[];
  /** A run that failed or was cancelled is an answer too, with all that came. */
  'run.start': RunOutcome;
  'run.cancel': null;
  'run.showInFolder': null;
  'run.showSaved': null;
  /** Null when the user closed the dialog. */
  'part.save': { savedAs: string } | null;
  'output.save': { savedAs: string } | null;
  'transcript.save': { savedAs: string } | null;
  'key.set': KeySaved;
  'key.remove': KeyState;
  'key.refresh': KeyState;
  'keys.list': KeyList;
  'keys.add': KeyChecked;
  'keys.check': KeyChecked;
  'keys.rename': KeyList;
  'keys.remove': KeyList;
  'keys.use': KeyList;
  'models.list': ModelList;
  'models.recent': string[];
  'model.look': AccountModel | null;
  'model.wake': null;
  'model.example': PresetField[] | null;
  'history.list': HistoryPage;
  'history.choices': HistoryChoices;
  'history.get': HistoryEntry;
  'history.star': null;
  'history.notes': null;
  'history.remove': HistoryChange;
  'history.restore': HistoryChange;
  'history.usage': HistoryUsage;
  'history.limit': HistoryUsage;
  /** In words. */
  'request.copy': { said: string };
  'run.copy': { said: string };
  'request.parse': PastedRequest;
  'request.keepKey': KeySaved;
  'clipboard.write': null;
  'presets.list': PresetList;
  /** As it is kept: under an id, and a name that no other has. */
  'preset.create': Preset;
  'preset.update': Preset;
  'preset.rename': Preset;
  'preset.duplicate': Preset;
  'preset.remove': RemovedPreset;
  'preset.restore': Preset;
  'presets.reorder': PresetList;
  /** Null when the user closed the dialog. */
  'presets.export': { savedAs: string } | null;
  'presets.exportText': { text: string };
  'presets.import': ImportedPresets;
  'presets.importFile': ImportedPresets;
  'settings.get': Settings;
  'settings.change': Settings;
  'settings.forgetHost': Settings;
  /** Null when the user closed the dialog. */
  'settings.chooseFolder': Settings | null;
  'settings.chooseCaFile': Settings | null;
  'settings.places': Place[];
  'settings.showFolder': null;
  'settings.previewName': NamePreview;
  'updates.check': UpdateState;
  'updates.download': UpdateState;
  'updates.install': UpdateState;
  'updates.skip': UpdateState;
  'crashes.usage': CrashDumpUsage;
  'crashes.clear': CrashDumpUsage;
  'starters.list': Starter[];
  'starter.add': Preset;
};

export type Route = keyof typeof requests;
export type RequestInput<R extends Route> = v.InferOutput<(typeof requests)[R]>;
export type RequestOutput<R extends Route> = Outputs[R];

/** Exactly one handler a route: a missing or an extra one fails to compile. */
export type Handlers = {
  [R in Route]: (input: RequestInput<R>) => Promise<RequestOutput<R>>;
};
