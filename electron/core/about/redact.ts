/** What must not be told. */
export type Private = {
  /** Takes out the keys that are known, as the log does. */
  withoutKeys: (text: string) => string;
  /** Hosts of the user's own. */
  hosts: Iterable<string>;
  /** The account's folder, its name, and this computer's. */
  home: string;
  user: string;
  computer: string;
  /** Where the program lies: its own files may be named. */
  root: string;
  /** Soundpost's own folders, below which paths may be named. */
  directories: readonly string[];
};

const extensions =
  /\.(?:[cm]?[jt]s|json|node|asar|sqlite|html|css|svg|png|wav|mp3|flac|ogg|opus|m4a|aac|webm|aiff?|bin|npy|tmp|bak|log|txt|md|sock|exe|dll|so|old|svelte|invalid)$/i;

/**
 * A text that may be shown to strangers: without keys, hosts, addresses, paths and names of the user's own. What only looks like one
 * goes too: a line of a log that says a little less is no harm.
 */
export function redacted(text: string, hidden: Private): string {
  let clean = withoutLikelyKeys(hidden.withoutKeys(text));
  clean = withoutPaths(clean, hidden);
  clean = withoutHosts(clean, hidden.hosts);
  const names = { '[user]': hidden.user, '[computer]': hidden.computer };
  for (const [mark, name] of Object.entries(names)) {
    if (name.length > 2) clean = clean.replaceAll(word(name), mark);
  }
  return clean;
}

/** What a log may keep and a stranger should not see: whatever is called a secret, or looks like one. */
function withoutLikelyKeys(text: string): string {
  return (
    text
      .replaceAll(
        /(?<![\w-])([\w-]*(?:key|token|secret|passw(?:or)?d|authorization|cookie))(["']?\s*[:=]\s*["']?)(?!\[key\]|(?:Api-Key|Bearer|Basic)\b)[^\s"',;]+/gi,
        '$1$2[key]',
      )
      // As Baseten's keys look, and what else is long and has no meaning.
      .replaceAll(/\b[A-Za-z0-9]{6,12}\.(?=[A-Za-z]*\d)[A-Za-z0-9]{12,}\b/g, '[key]')
      .replaceAll(
        /(?<![\w/.-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{32,}(?![\w/.-])/g,
        '[token]',
      )
  );
}

function withoutPaths(text: string, { home, root, directories }: Private): string {
  const own = directories.map((directory) => directory.replace(home, '~'));
  const isOwn = (path: string): boolean =>
    own.some((directory) => path.startsWith(directory)) || path.includes('[app]');
  let clean = text;
  for (const form of formsOf(root)) clean = clean.replaceAll(form, '[app]');
  for (const form of formsOf(home)) clean = clean.replaceAll(form, '~');
  return clean
    .replaceAll(/'((?:~|\/|[A-Z]:[\\/])[^'\n]*)'/g, (all, path: string) =>
      isOwn(path) ? all : "'[path]'",
    )
    .replaceAll(/(?<![\w.[\]])(?:~|[A-Z]:)[\\/][^\s'"):]*/g, (path) =>
      isOwn(path) ? path : '[path]',
    )
    .replaceAll(/(?<![\w.~[\]/:])\/(?:[^\s'"():/]+\/)+[^\s'"():]*/g, '[path]')
    .replaceAll(/file:\/\/(?!\/?[~[])[^\s'")]*/g, '[path]');
}

/** A folder as it is written: as a path, in URLs, and on Windows with either slash. A root of all paths is none. */
function formsOf(path: string): string[] {
  if (path.length < 2) return [];
  const slashed = path.replaceAll('\\', '/');
  return [...new Set([path, slashed, encodeURI(path), encodeURI(slashed)])];
}

function withoutHosts(text: string, hosts: Iterable<string>): string {
  let clean = text.replaceAll(
    /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*):\/\/(?!\/|[~[])([^\s"'<>)]+)/gi,
    shownUrl,
  );
  for (const host of [...hosts].toSorted((a, b) => b.length - a.length)) {
    if (host !== '') clean = clean.replaceAll(word(host), '[host]');
  }
  return clean
    .replaceAll(/\b(ENOTFOUND|EAI_AGAIN)\s+\S+/g, '$1 [host]')
    .replaceAll(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, (ip) => (ip.startsWith('127.') ? ip : '[address]'))
    .replaceAll(
      /(?<![\w:])(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]{6,}(?![\w:])/gi,
      '[address]',
    )
    .split('\n')
    .map((line) => (/^\s+at /.test(line) ? line : line.replaceAll(NAMED, shownName)))
    .join('\n');
}

/** What is written as the name of a host, or as somebody's address at one. */
const NAMED = /(?<![\w/.\\~[-])(?:[\w.+-]+@)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![\w(])/g;

const shownName = (name: string): string => {
  if (extensions.test(name)) return name;
  return shownHost(name) ?? '[host]';
};

/** An address without what is the user's: of Baseten's the kind of host, of this computer the port, of others that it was one. */
function shownUrl(all: string, scheme: string, rest: string): string {
  if (scheme === 'app') return all;
  const url = URL.parse(`http://${rest}`);
  const path = url && url.pathname !== '/' ? '/…' : '';
  const host = url ? shownHost(url.hostname) : undefined;
  const port = host !== undefined && url?.port ? `:${url.port}` : '';
  return `${scheme}://${host ?? '[host]'}${port}${path}`;
}

/** The name of a host that anybody may know: Baseten's without the model, or this computer's own. */
function shownHost(host: string): string | undefined {
  if (/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host)) return host;
  if (host !== 'baseten.co' && !host.endsWith('.baseten.co')) return undefined;
  return host.replace(/^(model|chain)-[\w-]+\./, '$1-[id].');
}

/** A name where it stands for itself. */
const word = (name: string): RegExp =>
  new RegExp(`(?<![\\w-])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'gi');
