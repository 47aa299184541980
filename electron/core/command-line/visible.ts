/** What could move a terminal's cursor, change its state or turn its text around. Line feeds and tabs may stay. */
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text as a terminal may be given it: a model's or a file's words can't act on it. */
export function visible(text: string): string {
  return text.replace(hidden, '\ufffd');
}
