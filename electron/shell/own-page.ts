/** The origin of our own page, the only one there is. */
export const ownOrigin = 'app://soundpost';

/** A frame as far as it matters here, so that this file can be tested without Electron. */
type Frame = { url: string; parent: unknown };

/**
 * True when a request comes from our own page and not from a frame inside it, another origin, or a frame that is gone.
 * Custom schemes have an opaque `origin` in Node's URL, so scheme and host are compared.
 */
export function isOwnPage(frame: Frame | null): boolean {
  if (frame === null || frame.parent !== null) return false;
  const url = URL.parse(frame.url);
  return url !== null && `${url.protocol}//${url.host}` === ownOrigin;
}
