import type { Preset } from '../../contract/preset.ts';
import type { Presets } from '../presets/presets.ts';
import { wrong } from './choice.ts';
import { nearestNames } from './nearest-names.ts';

/** The preset of that name. @throws SoundpostError `invalid_request`, with the names that may have been meant */
export async function namedPreset(name: string, presets: Presets): Promise<Preset> {
  const found = await presets.find(name);
  if (found) return found;
  const names = (await presets.list()).presets.map((preset) => preset.name);
  const near = nearestNames(name, names).map((each) => `“${each}”`);
  const words =
    near.length > 0
      ? `Did you mean ${near.join(' or ')}?`
      : names.length > 0
        ? '“soundpost presets” lists them.'
        : 'There are none yet: make one in the app, or import one with “soundpost presets import FILE”.';
  throw wrong(`There is no preset “${name.slice(0, 100)}”. ${words}`);
}
