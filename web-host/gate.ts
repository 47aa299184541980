import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const COOKIE = 'soundpost';

/** A word that can't be guessed: 192 random bits, safe in a URL. */
export function secret(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * Decides whose requests are answered. The address is a random name under `localhost`, because cookies ignore ports: on
 * plain 127.0.0.1 another user's server would be sent ours. The name also stops DNS rebinding, since `Host` must match.
 */
export class Gate {
  readonly origin: string;
  readonly #host: string;
  readonly #cookie = secret();
  #token: string | null = secret();

  constructor(name: string, port: number) {
    this.#host = `${name}.localhost:${port}`;
    this.origin = `http://${this.#host}`;
  }

  /** The address for the user's browser. Works once. */
  get entryUrl(): string {
    return `${this.origin}/@web-host/enter?token=${this.#token ?? 'used'}`;
  }

  /** Trades the one-time token for a `Set-Cookie` value; null when it is wrong or was used before. */
  redeem(token: string | null): string | null {
    if (this.#token === null || token === null || !same(token, this.#token)) return null;
    this.#token = null;
    return `${COOKIE}=${this.#cookie}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** True for a request that was meant for this host and was not made by another site's page. */
  isMeantForUs(headers: IncomingHttpHeaders): boolean {
    return headers.host === this.#host && [undefined, this.origin].includes(headers.origin);
  }

  /** True for a request of our own page: it has the cookie, and no sign of another site. */
  isOurPage(headers: IncomingHttpHeaders): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
    return this.isMeantForUs(headers) && same(cookieOf(headers), this.#cookie);
  }

  /** As `isOurPage`, for what changes something and for WebSockets: there a browser always names the origin. */
  isOurScript(headers: IncomingHttpHeaders): boolean {
    return headers.origin === this.origin && this.isOurPage(headers);
  }
}

function cookieOf(headers: IncomingHttpHeaders): string {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
