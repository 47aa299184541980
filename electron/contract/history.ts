import * as v from 'valibot';
import { idSchema, type Intent } from './intent.ts';
import type { RunOutcome } from './run.ts';
import type { Failure } from './failure.ts';
import type { Input } from './sound.ts';

/**
 * Where a run of the history stands. `running`: in flight now, in this process or another one. `interrupted`: the program
 * that ran it ended before the run did; what had come is kept.
 */
export const historyStates = ['running', 'done', 'failed', 'cancelled', 'interrupted'] as const;
type HistoryState = (typeof historyStates)[number];

/** The preset a run was made with; its name as it was then. */
export const presetRefSchema = v.object({
  id: idSchema,
  name: v.pipe(v.string(), v.maxLength(256)),
});
export type PresetRef = v.InferOutput<typeof presetRefSchema>;

/** Milliseconds since 1970 */
const moment = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15));

/** What is asked of the history: all that is given must hold. */
export const historyQuerySchema = v.strictObject({
  /** Words that each occur somewhere: input names, field texts, answer text, notes, model, preset, request id. Any case. */
  text: v.optional(v.pipe(v.string(), v.maxLength(200))),
  /** As `HistoryRow.model` has it. */
  model: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  /** A preset's id. */
  preset: v.optional(idSchema),
  state: v.optional(v.picklist(historyStates)),
  /** Started at or after. */
  from: v.optional(moment),
  /** Started before. */
  to: v.optional(moment),
  starred: v.optional(v.literal(true)),
  /** `HistoryPage.next` of the page before. */
  cursor: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** The page begins with this run, or where it would stand; else after so many. */
  anchor: v.optional(idSchema),
  offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9))),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
});
export type HistoryQuery = v.InferOutput<typeof historyQuerySchema>;

export const notesSchema = v.pipe(v.string(), v.maxLength(10_000));
/** Less would hold next to nothing; bytes. */
export const limitSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1_000_000),
  v.maxValue(Number.MAX_SAFE_INTEGER),
);

/** One run in the list. */
export type HistoryRow = {
  runId: string;
  /** ISO 8601, UTC */
  startedAt: string;
  state: HistoryState;
  /** Which face of Soundpost ran it. */
  by: 'app' | 'cli';
  /** The model's id, `demo:echo`, or the host and path of a URL. */
  model: string;
  /** `production`, `development`, `env:NAME` or an id; absent when the target has none. */
  deployment?: string;
  preset?: PresetRef;
  /** Names of the files sent, at most 8. */
  inputs: string[];
  /** The beginning of what the answer said, else of what was asked; one line, at most 160 characters. */
  excerpt?: string;
  /** Media of the answer's parts, one each, at most 8: `audio`, `text`, … */
  parts: string[];
  status?: number;
  failure?: Failure['code'];
  /** milliseconds */
  total: number;
  /** bytes of the request's body and of the answer */
  sent: number;
  received: number;
  /** bytes that its folder takes */
  size: number;
  star: boolean;
  /** The beginning of its notes; one line, at most 160 characters. */
  note?: string;
};

export type HistoryPage = {
  /** Newest first. */
  rows: HistoryRow[];
  /** The cursor of the next page; null at the end. */
  next: number | null;
  /** How many stand before the page. */
  offset: number;
  /** How many runs match in all; of those found by words at most 10,000 are counted, and `isMore` says that there are more. */
  total: number;
  isMore?: true;
  /** Set while runs are still being looked through: there may be more than `total`. */
  indexing?: { done: number; of: number };
  /** Something to know, in words: the index was damaged and is being made anew, or it can't be written. */
  notice?: string;
};

/** What there are runs of, to choose from: the most used first, at most 500 each. */
export type HistoryChoices = {
  models: { model: string; runs: number }[];
  /** A preset's name as its newest run has it. */
  presets: (PresetRef & { runs: number })[];
};

/** An input of a run as the history has it. */
export type HistoryInput = {
  name: string;
  /** bytes */
  size: number;
  /** In hex; absent when the run's program ended before it was counted. */
  sha256?: string;
  /** To be played, or sent again. Absent when no copy of it could be kept. */
  input?: Input;
};

/** All that is known of one run. Its parts are served again, as in the session that ran it. */
export type HistoryEntry = {
  row: HistoryRow;
  /** ISO 8601, UTC; absent while it runs, and when nobody knows. */
  endedAt?: string;
  notes: string;
  /** As it was asked for, with the ids that its inputs have now; `inputId` is null where no copy was kept. */
  intent: Intent;
  inputs: HistoryInput[];
  /** An interrupted run is `failed` with the code `interrupted`; of one in flight it tells what is known so far. */
  outcome: RunOutcome;
};

/** Which of the runs asked for were done with, and why not the others. */
export type HistoryChange = {
  done: string[];
  refused: { runId: string; failure: Failure }[];
};

export type HistoryUsage = {
  /** bytes of all runs, without those in the trash */
  bytes: number;
  runs: number;
  /** bytes: beyond it the oldest runs without a star are removed */
  limit: number;
};
