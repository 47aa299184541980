/** A text as one word of any POSIX shell: as it is where that is safe, else between single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
}

/** A text between single quotes, in which a shell reads nothing but itself. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A path that is taken for no option and, by curl, not for standard input. */
export const notAnOption = (path: string): string => (path.startsWith('-') ? `./${path}` : path);
