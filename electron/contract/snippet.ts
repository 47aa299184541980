import * as v from 'valibot';

/** What a request can be written as, to be run elsewhere; `cli` is this program's own command line. */
export const snippetKinds = ['curl', 'python', 'javascript', 'cli'] as const;
export const snippetKindSchema = v.picklist(snippetKinds);
export type SnippetKind = (typeof snippetKinds)[number];
