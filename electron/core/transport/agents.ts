import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { SecureContext } from 'node:tls';
import { withLargeReads } from './large-reads.ts';
import { proxyOf, type Proxy, type ProxyFor } from './proxy.ts';
import { Trust } from './trust.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** Idle connections go after 25 s, before Baseten's edge would close them (60 s). */
const agentOptions = { keepAlive: true, timeout: 25_000, scheduling: 'lifo' } as const;

/** uvicorn and nginx send far less; Node's own limit of 16 KiB is met by cookies and traces. */
const MOST_HEADERS = 64 * 1024;

/** The way to a URL: directly, through a tunnel, or for plain http by asking a proxy for the whole URL. */
export type Route = {
  request: typeof httpRequest;
  options: Omit<RequestOptions, 'headers'> & { headers: Record<string, string> };
  /** Set when the connection itself leads to a proxy that reads the request. */
  asks: Proxy | null;
};

/** Connections that are kept for the next run, and the ways to make them. */
export type Agents = {
  /** @throws SoundpostError `proxy_failed`, `ca_unusable` */
  routeTo(url: URL): Promise<Route>;
  /** Widens whom we trust, when that is what `error` asks for. Answers whether trying again has a point. */
  addTrust(error: unknown): boolean;
  close(): void;
};

type Options = { proxyFor?: ProxyFor; caFile?: () => Promise<string | undefined> };

/** Connections that were made with this trust. */
type Trusted = {
  secureContext: SecureContext | undefined;
  https: HttpsAgent;
  tunnels: Map<string, TunnelAgent>;
};

const never = (): Promise<null> => Promise.resolve(null);
const none = (): Promise<undefined> => Promise.resolve(undefined);

export function createAgents({ proxyFor = never, caFile = none }: Options = {}): Agents {
  const http = withLargeReads(new HttpAgent(agentOptions));
  const trust = new Trust(caFile);
  const trusted: Trusted[] = [];

  /** The connections of those trusted now: one that was made when others were is not used again. */
  const secured = async (): Promise<Trusted> => {
    const secureContext = await trust.context();
    const last = trusted.at(-1);
    if (last && last.secureContext === secureContext) return last;
    const https = withLargeReads(new HttpsAgent(agentOptions));
    const now = { secureContext, https, tunnels: new Map<string, TunnelAgent>() };
    trusted.push(now);
    return now;
  };

  const tunnelThrough = (proxy: Proxy, { tunnels }: Trusted): TunnelAgent => {
    const known = tunnels.get(proxy.url.href);
    if (known) return known;
    const tunnel = new TunnelAgent(proxy, agentOptions);
    tunnels.set(proxy.url.href, tunnel);
    return tunnel;
  };

  return {
    async routeTo(url) {
      const proxy = await proxyOf(url, proxyFor);
      if (url.protocol === 'https:') {
        const now = await secured();
        const agent = proxy ? tunnelThrough(proxy, now) : now.https;
        const { secureContext } = now;
        const options = { ...target(url), agent, ...(secureContext ? { secureContext } : {}) };
        return { request: httpsRequest, options, asks: null };
      }
      if (!proxy) {
        return { request: httpRequest, options: { ...target(url), agent: http }, asks: null };
      }
      const isSecure = proxy.url.protocol === 'https:';
      const options = {
        ...target(proxy.url),
        path: url.href,
        headers: { host: url.host, ...proxy.headers },
        agent: isSecure ? (await secured()).https : http,
      };
      return { request: isSecure ? httpsRequest : httpRequest, options, asks: proxy };
    },
    addTrust: (error) => trust.addSystem(error),
    close: () => {
      http.destroy();
      for (const { https, tunnels } of trusted) {
        for (const agent of [https, ...tunnels.values()]) agent.destroy();
      }
    },
  };
}

function target(url: URL): Route['options'] {
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (url.protocol === 'https:' ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host },
    maxHeaderSize: MOST_HEADERS,
  };
}
