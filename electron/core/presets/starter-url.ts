/**
 * The address of a server of one's own that a starter's request goes to. Of an API with a route (`sync/v1/audio/speech`: on
 * Baseten, `sync/` is the way to it) the address may be given as a client's base URL, and what it lacks of the route is
 * added. One that names a whole endpoint, such as a chain's, stays as it is.
 */
export function starterUrl(given: string, path: string | undefined): string {
  const url = URL.parse(given.trim());
  if (!url || path === undefined) return given.trim();
  const route = path.replace(/^sync\//, '').split('/');
  const segments = url.pathname.split('/').filter(Boolean);
  if (/^(?:run_remote|predict)$/.test(segments.at(-1) ?? '')) return url.href;
  const there = route.findLastIndex((_, at) =>
    route.slice(0, at + 1).every((part, place) => part === segments.at(place - at - 1)),
  );
  url.pathname = [...segments, ...route.slice(there + 1)].join('/');
  return url.href;
}
