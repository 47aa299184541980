import { session } from 'electron';
import { environmentProxy, pacProxy, type ProxyFor } from '../core/transport/proxy.ts';

/** The system's proxy for a URL, its PAC script asked; where the system names none, what the environment names. */
export function systemProxy(environment: NodeJS.ProcessEnv): ProxyFor {
  const otherwise = environmentProxy(environment);
  return async (url) =>
    pacProxy(await session.defaultSession.resolveProxy(url.href)) ?? (await otherwise(url));
}
