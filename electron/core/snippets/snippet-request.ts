import type { Intent } from '../../contract/intent.ts';
import type { OpenFile } from '../codec/field-value.ts';
import type { RequestBody } from '../codec/request-body.ts';

/** A request that is to be written in another language. */
export type SnippetRequest = {
  intent: Intent;
  url: URL;
  /** The scheme of the `Authorization` header; null for a request without a key. */
  keyAs: 'Api-Key' | 'Bearer' | null;
  /** What a run would send. */
  body: RequestBody;
  /** Knows where the inputs lie: the paths stand in what is written. */
  openFile: OpenFile;
};
