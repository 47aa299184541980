import type { MenuAction } from '../contract/menu.ts';

type Named = Exclude<MenuAction, `preset-${number}`>;

/** How Windows writes its menus, and how the others do. */
const labels: Record<Named, readonly [sentence: string, title: string]> = {
  run: ['Run', 'Run'],
  cancel: ['Cancel the run', 'Cancel the Run'],
  open: ['Open…', 'Open…'],
  save: ['Save answer as…', 'Save Answer As…'],
  'save-preset': ['Save preset', 'Save Preset'],
  'new-preset': ['New preset…', 'New Preset…'],
  duplicate: ['Duplicate preset', 'Duplicate Preset'],
  rename: ['Rename preset', 'Rename Preset'],
  history: ['History', 'History'],
  settings: ['Settings', 'Settings'],
  palette: ['Search everything…', 'Search Everything…'],
  presets: ['Search presets…', 'Search Presets…'],
  sidebar: ['Sidebar', 'Sidebar'],
  shortcuts: ['Keyboard shortcuts', 'Keyboard Shortcuts'],
  paste: ['Fill in a request from the clipboard', 'Fill In a Request from the Clipboard'],
  'copy-curl': ['curl', 'curl'],
  'copy-python': ['Python', 'Python'],
  'copy-javascript': ['JavaScript', 'JavaScript'],
  'copy-cli': ['Command line', 'Command Line'],
  play: ['Play or pause', 'Play or Pause'],
  mute: ['Mute', 'Mute'],
  website: ['Soundpost website', 'Soundpost Website'],
  logs: ['Show logs folder', 'Show Logs Folder'],
  diagnostics: ['Copy diagnostics', 'Copy Diagnostics'],
  about: ['About Soundpost', 'About Soundpost'],
};

/** What an action is called in the menus of this system. */
export function labelOf(action: Named, platform: NodeJS.Platform): string {
  // Apple's own applications write it so.
  if (action === 'settings' && platform === 'darwin') return 'Settings…';
  return worded(...labels[action], platform);
}

/** Words as the menus of this system are written. */
export const worded = (sentence: string, title: string, platform: NodeJS.Platform): string =>
  platform === 'win32' ? sentence : title;

const LONGEST = 60;

/** Text that is no label, as one: an `&` in it would else underline what follows. */
export function asLabel(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return short.replaceAll('&', '&&');
}
