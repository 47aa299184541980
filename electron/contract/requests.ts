import * as v from 'valibot';
import {
  historyQuerySchema,
  limitSchema,
  notesSchema,
  presetRefSchema,
  type HistoryChange,
  type HistoryEntry,
  type HistoryPage,
  type HistoryUsage,
} from './history.ts';
import { idSchema, intentSchema, pcmSchema, sampleRateSchema } from './intent.ts';
import type { KeySaved, KeyState } from './key.ts';
import type { PreflightNote } from './preflight.ts';
import type { RunOutcome } from './run.ts';
import type { Input } from './sound.ts';

/** What the page needs to draw its first frame. */
export type AppState = {
  version: string;
  /** Node's name of the system: `darwin`, `win32`, `linux`, … */
  platform: string;
  sample: Input;
  key: KeyState;
  /** Where runs are kept, for showing only: `~/.local/share/soundpost/runs`. */
  runsFolder: string;
};

const nothing = v.strictObject({});
const runRef = v.strictObject({ runId: idSchema });
const runRefs = v.strictObject({
  runIds: v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(1000)),
});
const partRef = v.strictObject({
  runId: idSchema,
  part: v.pipe(v.string(), v.maxLength(1024)),
  /** `received`: exactly the received bytes, those of an array in a `.npy` file. `wav`: as it is played. */
  as: v.picklist(['received', 'wav']),
  /** For the WAV of an array. */
  sampleRate: v.optional(sampleRateSchema),
  /** For the WAV of headerless samples, when they are to be read otherwise than they were. */
  pcm: v.optional(pcmSchema),
});

/** The input of every request the page can make. The page is untrusted: each is parsed before a handler sees it. */
export const requests = {
  'app.state': nothing,
  /** Asks for files with the system's own dialog. */
  'input.open': nothing,
  /** What there is to know before sending; cheap, so that it can be asked after each change. */
  'run.check': v.strictObject({ intent: intentSchema }),
  /** Runs to the end. `runId` is minted by the page, so that it can cancel before any answer. */
  'run.start': v.strictObject({
    runId: idSchema,
    intent: intentSchema,
    /** The preset it was made with, for the history. */
    preset: v.optional(presetRefSchema),
  }),
  'run.cancel': runRef,
  'run.showInFolder': runRef,
  /** Asks where to save, then writes. */
  'part.save': partRef,
  /** The same for the decoded message, as JSON text. */
  'output.save': runRef,
  /** `keep: 'session'` holds the key in memory only. The key is checked with Baseten before it is kept. */
  'key.set': v.strictObject({
    key: v.pipe(v.string(), v.maxLength(512)),
    keep: v.picklist(['keychain', 'session']),
  }),
  'key.remove': nothing,
  /** Looks at the keychain again, after the user unlocked it. */
  'key.refresh': nothing,
  /** Newest first, a page at a time. */
  'history.list': historyQuerySchema,
  'history.get': runRef,
  'history.star': v.strictObject({ runId: idSchema, star: v.boolean() }),
  'history.notes': v.strictObject({ runId: idSchema, notes: notesSchema }),
  /** Puts runs aside, from where `history.restore` brings them back for at least ten minutes. */
  'history.remove': runRefs,
  'history.restore': runRefs,
  'history.usage': nothing,
  'history.limit': v.strictObject({ bytes: limitSchema }),
  'clipboard.write': v.strictObject({ text: v.pipe(v.string(), v.maxLength(1_000_000)) }),
} as const;

/** The answer of every request, typed only: main is trusted, the page is not. */
type Outputs = {
  'app.state': AppState;
  /** The files taken; empty when the user closed the dialog. */
  'input.open': Input[];
  'run.check': PreflightNote[];
  /** A run that failed or was cancelled is an answer too, with all that came. */
  'run.start': RunOutcome;
  'run.cancel': null;
  'run.showInFolder': null;
  /** Null when the user closed the dialog. */
  'part.save': { savedAs: string } | null;
  'output.save': { savedAs: string } | null;
  'key.set': KeySaved;
  'key.remove': KeyState;
  'key.refresh': KeyState;
  'history.list': HistoryPage;
  'history.get': HistoryEntry;
  'history.star': null;
  'history.notes': null;
  'history.remove': HistoryChange;
  'history.restore': HistoryChange;
  'history.usage': HistoryUsage;
  'history.limit': HistoryUsage;
  'clipboard.write': null;
};

export type Route = keyof typeof requests;
export type RequestInput<R extends Route> = v.InferOutput<(typeof requests)[R]>;
export type RequestOutput<R extends Route> = Outputs[R];

/** Exactly one handler a route: a missing or an extra one fails to compile. */
export type Handlers = {
  [R in Route]: (input: RequestInput<R>) => Promise<RequestOutput<R>>;
};
