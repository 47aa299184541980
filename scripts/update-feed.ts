import type { Configuration } from 'electron-builder';

/**
 * Where a package looks for newer versions, which is decided when it is made: SOUNDPOST_UPDATE_FEED is `github:owner/name`, whose
 * releases are asked, or an https address that holds what `npm run package` makes. Without it a package has no updater.
 *
 * @throws Error for anything else: a package would ask it for good
 */
export function updateFeed(
  environment: Record<string, string | undefined>,
): NonNullable<Configuration['publish']> | null {
  const feed = environment['SOUNDPOST_UPDATE_FEED'];
  if (!feed) return null;
  const [, owner, repo] = /^github:([\w.-]+)\/([\w.-]+)$/.exec(feed) ?? [];
  if (owner && repo) return { provider: 'github', owner, repo };
  if (URL.parse(feed)?.protocol === 'https:') return { provider: 'generic', url: feed };
  throw new Error('SOUNDPOST_UPDATE_FEED is neither github:owner/name nor an https address.');
}
