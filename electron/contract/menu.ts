import * as v from 'valibot';
import { chordSchema } from './settings.ts';

/** The presets that have keys of their own, by their places in the list. */
const presetActions = [
  ...(['preset-1', 'preset-2', 'preset-3', 'preset-4', 'preset-5'] as const),
  ...(['preset-6', 'preset-7', 'preset-8', 'preset-9'] as const),
] as const;

/** Everything that a key, the application menu or the palette can ask of the window. */
export const menuActions = [
  ...(['run', 'cancel', 'open', 'save', 'save-preset', 'new-preset', 'duplicate'] as const),
  ...(['rename', 'history', 'settings', 'palette', 'presets', 'sidebar', 'shortcuts'] as const),
  ...(['paste', 'copy-curl', 'copy-python', 'copy-javascript', 'copy-cli'] as const),
  ...(['play', 'mute', 'website', 'logs', 'diagnostics', 'about'] as const),
  ...presetActions,
] as const;
export type MenuAction = (typeof menuActions)[number];

/** What the page tells the application menu: what can act now, by which keys, and what is switched on. */
export const menuStateSchema = v.strictObject({
  actions: v.pipe(
    v.array(
      v.strictObject({
        id: v.picklist(menuActions),
        can: v.boolean(),
        /** Of what is on or off. */
        on: v.optional(v.boolean()),
        keys: v.optional(chordSchema),
      }),
    ),
    v.maxLength(menuActions.length),
  ),
  /** The names of the presets that have keys of their own, in order. */
  presets: v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(presetActions.length)),
});
export type MenuState = v.InferOutput<typeof menuStateSchema>;
