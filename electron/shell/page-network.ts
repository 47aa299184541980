import type { Session } from 'electron';

/** Port 1 of this computer, where nobody but its administrator can listen, and nobody does. */
const NOBODY = 'http://127.0.0.1:1';
const outside = ['http', 'https', 'ws', 'wss', 'ftp', 'file'].map((scheme) => `${scheme}://*/*`);

/**
 * Takes the network from the page's session, as main alone speaks to models. The page's content policy says so already; it does not
 * hold for WebRTC, which could reach any host. A proxy that is not there does, together with the policy that `confine` sets.
 */
export async function closeNetwork(session: Session): Promise<void> {
  session.webRequest.onBeforeRequest({ urls: outside }, (_details, answer) => {
    answer({ cancel: true });
  });
  // Without the rule, this computer's own addresses would be asked directly.
  await session.setProxy({
    mode: 'fixed_servers',
    proxyRules: NOBODY,
    proxyBypassRules: '<-loopback>',
  });
}
