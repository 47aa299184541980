import type { KeptKey, KeyList } from '../../contract/key.ts';
import type { Core } from '../core.ts';
import type { Keys } from '../keychain/keys.ts';
import { wrong } from './choice.ts';
import { keychainWords } from './keychain-words.ts';
import { nearestNames } from './nearest-names.ts';
import type { KeysCommand } from './parse-keys.ts';
import { print, type Streams } from './reporter.ts';
import { table } from './table.ts';

type Options = {
  keys: Keys;
  core: Pick<Core, 'presets' | 'models'>;
  streams: Streams;
  /** All of standard input. */
  readIn: () => Promise<string>;
};

/** Lists or changes the kept keys. No key is shown, and none is taken as an argument. Answers the exit status. */
export async function keysCommand(command: KeysCommand, options: Options): Promise<number> {
  const { keys, streams } = options;
  const list = await perform(command, options).catch((error: unknown) => {
    throw keychainWords(error);
  });
  if (list.problem) streams.error(`Note: ${list.problem}\n`);
  if (command.json) print(`${JSON.stringify(list, null, 2)}\n`, streams);
  else if (command.action === 'list') tell(await keys.list(), streams);
  return 0;
}

async function perform(
  command: KeysCommand,
  { keys, core, streams, readIn }: Options,
): Promise<KeyList> {
  switch (command.action) {
    case 'list':
      return keys.list();
    case 'add': {
      const { name, installation } = command;
      const added = await keys.add({
        key: await readIn(),
        ...(name ? { name } : {}),
        ...(installation ? { installation } : {}),
      });
      const kept = added.list.keys.find(({ id }) => id === added.id);
      streams.error(`The key “${kept?.name ?? ''}” is in the system's keychain.\n`);
      if (added.note) streams.error(`Note: ${added.note}\n`);
      return added.list;
    }
    case 'check': {
      const checked = await keys.check((await named(command.name, keys)).id);
      const { account } = checked.list.keys.find(({ id }) => id === checked.id) ?? {};
      streams.error(`The key works${account ? `. It is one of ${account}` : ''}.\n`);
      if (checked.note) streams.error(`Note: ${checked.note}\n`);
      return checked.list;
    }
    case 'rename': {
      const { list, before } = await keys.rename((await named(command.name, keys)).id, command.to);
      await core.presets.renameKey(before, command.to);
      return list;
    }
    case 'remove': {
      const { id } = await named(command.name, keys);
      const list = await keys.remove(id);
      await core.models.forget(id);
      return list;
    }
    case 'use':
      return keys.activate((await named(command.name, keys)).id);
  }
}

function tell({ keys, activeId, environment }: KeyList, streams: Streams): void {
  if (environment) {
    streams.error(`BASETEN_API_KEY (…${environment.last4}) is used in place of the active key.\n`);
  }
  if (keys.length === 0) {
    streams.error('No key is kept yet. Add one: soundpost keys add NAME < FILE\n');
    return;
  }
  const rows = keys.map((key) => [
    key.id === activeId ? '*' : ' ',
    key.name,
    `…${key.last4}`,
    key.account ?? (key.invokesOnly ? 'may not list' : ''),
    placeOf(key),
  ]);
  print(table([[' ', 'NAME', 'KEY', 'ACCOUNT', 'FOR'], ...rows]), streams);
}

const placeOf = ({ installation }: KeptKey): string =>
  installation ? new URL(installation.management).host : 'Baseten';

async function named(name: string, keys: Keys): Promise<KeptKey> {
  const list = (await keys.list()).keys;
  const same = list.find((key) => key.name.toLowerCase() === name.toLowerCase());
  const found = list.find((key) => key.name === name) ?? same;
  if (found) return found;
  const names = list.map((key) => key.name);
  const near = nearestNames(name, names).map((each) => `“${each}”`);
  const words =
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : '“soundpost keys” lists them.';
  throw wrong(`No key called “${name}” is kept. ${words}`);
}
