import { session } from 'electron';
import { environmentProxy, pacProxy, type ProxyFor } from '../core/transport/proxy.ts';

/**
 * The system's proxy for a URL, its PAC script asked, of a session that loads nothing: the page's has no way out. Where the system names none, what the environment names.
 */
export function systemProxy(environment: NodeJS.ProcessEnv): ProxyFor {
  const otherwise = environmentProxy(environment);
  return async (url) =>
    pacProxy(await session.fromPartition('system-proxy').resolveProxy(url.href)) ??
    (await otherwise(url));
}
