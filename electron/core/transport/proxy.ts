import { isLoopback } from '../baseten/endpoint.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';

/** Names the proxy for a URL, as `http://user:password@host:port`; null for a direct connection. */
export type ProxyFor = (url: URL) => Promise<string | null>;

type Environment = Record<string, string | undefined>;

/** Asks the variables that curl reads: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in lower case first. */
export function environmentProxy(environment: Environment): ProxyFor {
  const value = (name: string): string =>
    environment[name.toLowerCase()] ?? environment[name.toUpperCase()] ?? '';
  return (url) => {
    const scheme = url.protocol.slice(0, -1);
    const proxy = value(`${scheme}_proxy`) || value('all_proxy');
    return Promise.resolve(proxy && !isExempt(url, value('no_proxy')) ? proxy : null);
  };
}

/** `*`, or hosts and domains with or without a leading dot and a port, parted by commas or spaces. */
function isExempt(url: URL, list: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = '', onlyPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
      const domain = name.replace(/^\*?\./, '');
      if (domain === '' || (onlyPort !== undefined && onlyPort !== port)) return false;
      return domain === '*' || url.hostname === domain || url.hostname.endsWith(`.${domain}`);
    });
}

/** The first entry of what a PAC script answers, as in `PROXY host:port; DIRECT`. Null for `DIRECT`. */
export function pacProxy(answer: string): string | null {
  const [kind = '', host] = (answer.split(';')[0] ?? '').trim().split(/\s+/);
  if (!host || kind.toUpperCase() === 'DIRECT') return null;
  const scheme = { PROXY: 'http', HTTP: 'http' }[kind.toUpperCase()] ?? kind.toLowerCase();
  return `${scheme}://${host}`;
}

/** Whether it is one that we can speak to. */
export const isHttpProxy = (url: URL | null): url is URL =>
  url?.protocol === 'http:' || url?.protocol === 'https:';

/** A proxy, understood. */
export type Proxy = {
  url: URL;
  /** For the user: without its name and password. */
  shown: string;
  /** `Proxy-Authorization`, when the address holds a name and a password. */
  headers: Record<string, string>;
};

/** Nothing on this computer is ever asked through a proxy. @throws SoundpostError `proxy_failed` for one we can't speak to */
export async function proxyOf(url: URL, proxyFor: ProxyFor): Promise<Proxy | null> {
  if (isLoopback(url)) return null;
  const address = await proxyFor(url);
  if (address === null) return null;
  const proxy = URL.parse(address.includes('://') ? address : `http://${address}`);
  if (!isHttpProxy(proxy)) {
    throw new SoundpostError(
      'proxy_failed',
      'The proxy that this computer is set to use speaks no HTTP, so nothing was sent. Soundpost knows HTTP proxies alone, not SOCKS; name one in the settings or in HTTPS_PROXY, or exempt the host in NO_PROXY.',
    );
  }
  const { username, password, host } = proxy;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url: proxy,
    shown: host,
    headers: username
      ? { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
      : {},
  };
}

/** An error met on the way to the proxy, in words. Nothing was sent, so trying again is safe. */
export function proxyUnreachable(error: unknown, { shown }: Proxy): SoundpostError {
  if (error instanceof SoundpostError) return error;
  const why = hasErrorCode(error, 'ENOTFOUND', 'EAI_AGAIN')
    ? 'was not found'
    : hasErrorCode(error, 'ECONNREFUSED')
      ? 'refused the connection'
      : 'could not be reached';
  return new SoundpostError(
    'proxy_failed',
    `The proxy ${shown} ${why}, so nothing was sent. Check the proxy in Soundpost’s settings, or this computer’s own.`,
    { cause: error, again: { why: 'unreachable' } },
  );
}

/** What a proxy answered instead of a tunnel, in words. */
export function proxyRefusal(status: number, host: string, { shown }: Proxy): SoundpostError {
  if (status === 407) {
    return new SoundpostError(
      'proxy_auth_required',
      `The proxy ${shown} wants a name and a password, or refused the ones it got; nothing reached the model. Put them into the proxy’s address in HTTPS_PROXY: http://name:password@host:port.`,
    );
  }
  return new SoundpostError(
    'proxy_failed',
    `The proxy ${shown} did not connect to ${host} (status ${status}), so nothing was sent. Check the URL, or ask whoever runs the proxy.`,
  );
}
