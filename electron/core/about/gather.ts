import type { About } from '../../contract/about.ts';
import type { KeyList } from '../../contract/key.ts';
import type { PresetList } from '../../contract/preset.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Core } from '../core.ts';
import type { Keys } from '../keychain/keys.ts';
import { toFailure } from '../soundpost-error.ts';
import { endOfLog, type Facts, type Read } from './diagnostics.ts';

type Options = {
  about: About;
  core: Pick<Core, 'settings' | 'presets' | 'history' | 'inFlight'>;
  keys: Pick<Keys, 'state' | 'list'>;
  logPath: string;
};

/** All that a report tells, as far as it can be read, and the hosts of the user's own that it must not. */
export async function factsOf({
  about,
  core,
  keys,
  logPath,
}: Options): Promise<{ facts: Facts; hosts: string[] }> {
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const facts: Facts = {
    ...{ about, locale, timeZone, inFlight: core.inFlight.now.count },
    key: await read(() => keys.state()),
    keys: await read(() => keys.list()),
    settings: await read(() => core.settings.get()),
    presets: await read(() => core.presets.list()),
    history: await read(() => core.history.usage()),
    log: await read(() => endOfLog(logPath)),
  };
  return { facts, hosts: hostsOf(facts) };
}

async function read<T>(ask: () => Promise<T>): Promise<Read<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { failed: toFailure(error).code };
  }
}

function hostsOf({ keys, settings, presets }: Facts): string[] {
  const addresses = [
    ...('value' in keys ? ofKeys(keys.value) : []),
    ...('value' in settings ? ofSettings(settings.value) : []),
    ...('value' in presets ? ofPresets(presets.value) : []),
  ];
  const hosts = addresses.flatMap((address) => {
    const { hostname = '' } = URL.parse(address.replace('{id}', 'id')) ?? {};
    return hostname === '' ? [] : [hostname];
  });
  return [...new Set(hosts)].filter(
    (host) => !/(?:^|\.)baseten\.co$|^localhost$|^127\./.test(host),
  );
}

const ofKeys = ({ keys }: KeyList): string[] =>
  keys.flatMap(({ installation }) =>
    installation ? [installation.management, installation.inference] : [],
  );
const ofSettings = ({ approvedHosts, proxy }: Settings): string[] => [
  ...approvedHosts.map(({ origin }) => origin),
  ...(proxy.kind === 'fixed' ? [proxy.url] : []),
];
const ofPresets = ({ presets }: PresetList): string[] =>
  presets.flatMap(({ target }) => (target.kind === 'url' ? [target.url] : []));
