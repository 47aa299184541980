import * as v from 'valibot';
import { idSchema, retriesSchema, secondsSchema, targetSchema, type Limits } from './intent.ts';
import { nameTemplateSchema } from './preset.ts';

export const appearanceSchema = v.picklist(['system', 'light', 'dark']);

/** Between 0 and 1. */
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** CSS pixels */
const width = v.pipe(v.number(), v.minValue(100), v.maxValue(2000));

/**
 * How this computer is left for another: as the system says, directly, or through one proxy for all. A proxy on this
 * computer's own address is never asked.
 */
export const proxySchema = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['system', 'none']) }),
  v.strictObject({ kind: v.literal('fixed'), url: v.pipe(v.string(), v.maxLength(2048)) }),
]);
export type ProxySetting = v.InferOutput<typeof proxySchema>;

/** Keys together, such as `Mod+Shift+KeyS`: `Mod` is Command on a Mac and Ctrl elsewhere, the last is a `KeyboardEvent.code`. */
export const chordSchema = v.pipe(
  v.string(),
  v.regex(/^(?:(?:Mod|Ctrl|Alt|Shift|Meta)\+){0,4}[A-Za-z0-9]{1,24}$/),
);
export const chordsSchema = v.pipe(v.array(chordSchema), v.maxLength(8));

export const limitEntries = {
  connect: secondsSchema,
  firstByte: secondsSchema,
  idle: secondsSchema,
  total: secondsSchema,
};
export const paneEntries = { sidebar: width, compose: share };
export const autoplayEntries = { live: v.boolean(), finished: v.boolean() };

/** Null takes a setting back to the usual one. */
const resettable = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema));

/**
 * What the page asks to be different; what is absent stays. The page names no path: a folder or a file of certificates is chosen
 * in the system's dialog, and here they can only be taken back to the usual.
 */
export const settingsChangeSchema = v.strictObject({
  appearance: resettable(appearanceSchema),
  outputFolder: v.optional(v.null()),
  nameTemplate: resettable(nameTemplateSchema),
  limits: v.optional(
    v.strictObject({
      connect: resettable(limitEntries.connect),
      firstByte: resettable(limitEntries.firstByte),
      idle: resettable(limitEntries.idle),
      total: resettable(limitEntries.total),
    }),
  ),
  retries: resettable(retriesSchema),
  proxy: resettable(proxySchema),
  caFile: v.optional(v.null()),
  autoplay: v.optional(
    v.strictObject({
      live: resettable(autoplayEntries.live),
      finished: resettable(autoplayEntries.finished),
    }),
  ),
  volume: resettable(share),
  notifies: resettable(v.boolean()),
  crashDumps: resettable(v.boolean()),
  checkForUpdates: resettable(v.boolean()),
  panes: v.optional(
    v.strictObject({
      sidebar: resettable(paneEntries.sidebar),
      compose: resettable(paneEntries.compose),
    }),
  ),
  shortcuts: v.optional(
    v.pipe(
      v.record(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)), v.nullable(chordsSchema)),
      v.check((record) => Object.keys(record).length <= 200),
    ),
  ),
});
export type SettingsChange = v.InferOutput<typeof settingsChangeSchema>;

export const volumeSchema = share;

/** Which key, without the key: its id where it is kept. */
export type KeyMark = { id: string | null; last4: string };

/**
 * A host besides Baseten's that the user allowed to be asked, and with which key; null for none. One whose `last4` is empty was
 * allowed before it was kept which key was meant: it is asked about again.
 */
export type ApprovedHost = { origin: string; key: KeyMark | null };

/** The settings as the page shows them: shared by all windows and the command line of this computer. */
export type Settings = {
  appearance: v.InferOutput<typeof appearanceSchema>;
  /** For showing only: `~/Music/Soundpost`. */
  outputFolder: { shown: string; isUsual: boolean };
  nameTemplate: string;
  isNameUsual: boolean;
  /** Seconds and further tries for requests that say nothing themselves; absent means Soundpost's own. */
  limits: Limits;
  retries?: number;
  /** A fixed one without the name and password that somebody may have written into the file. */
  proxy: ProxySetting;
  /** For showing only: the file of further certificates. */
  caFile: string | null;
  approvedHosts: ApprovedHost[];
  autoplay: { live: boolean; finished: boolean };
  /** Between 0 and 1. */
  volume: number;
  /** The system tells of runs that end while the window is not in front. */
  notifies: boolean;
  /** Whether a crash leaves a dump on this computer, from the next start on. */
  crashDumps: boolean;
  /** Whether newer versions are looked for unasked. */
  checkForUpdates: boolean;
  /** Of the left pane in CSS pixels, and the middle one's share of what is left. Absent: as they are at first. */
  panes: { sidebar?: number; compose?: number };
  /** By action: the keys that do it instead of the usual ones. */
  shortcuts: Record<string, string[]>;
  /** What of the file could not be used, in words. */
  problems: string[];
};

/** Where Soundpost keeps what it keeps. */
export const placeSchema = v.picklist(['data', 'config', 'output', 'logs', 'crashes']);
export type Place = {
  which: v.InferOutput<typeof placeSchema>;
  /** For showing only. */
  shown: string;
};

const requestNamedSchema = v.strictObject({
  target: targetSchema,
  preset: v.optional(v.pipe(v.string(), v.maxLength(256))),
  inputId: v.optional(idSchema),
});
/** What of a request its saved answer is called by. */
export type RequestNamed = v.InferOutput<typeof requestNamedSchema>;

/** A template to see filled: with a request, or with the last run where none is given. */
export const namePreviewSchema = v.strictObject({
  /** The one in the settings when absent. May be one that can't be used, as while it is typed. */
  template: v.optional(v.pipe(v.string(), v.maxLength(400))),
  request: v.optional(requestNamedSchema),
});
/** The file's name below the folder for saved answers, or what is wrong with the template. */
export type NamePreview = { name: string } | { problem: string };
