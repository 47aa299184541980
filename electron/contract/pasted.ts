import type { PresetDraft } from './preset.ts';

/** A request read from pasted text: an address, or a whole curl command. Holds no key and no path. */
export type PastedRequest = {
  target: PresetDraft['target'];
  /** Absent when an address alone was pasted: the form keeps the rest. */
  request?: Pick<PresetDraft, 'auth' | 'body' | 'answer' | 'limits' | 'fields'>;
  /** The names of files that the command reads. Nothing opens them: the user hands them over. */
  files: string[];
  /** What was left out or is to be known, in sentences. */
  notes: string[];
  /** A key that stood in it. It is held back a few minutes, for the user to say whether to keep it. */
  foundKey?: { token: string; last4: string };
};
