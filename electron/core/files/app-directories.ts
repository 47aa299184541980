import { join, sep } from 'node:path';

export type AppDirectories = { data: string; config: string };

/**
 * Where Soundpost keeps its data (runs, logs) and its settings: one place for the app, the web host and the command
 * line (XDG Base Directory on Linux, Application Support on macOS, AppData on Windows).
 */
export function appDirectories(
  platform: NodeJS.Platform,
  home: string,
  environment: Record<string, string | undefined>,
): AppDirectories {
  switch (platform) {
    case 'darwin': {
      const support = join(home, 'Library', 'Application Support', 'Soundpost');
      return { data: support, config: join(support, 'Settings') };
    }
    case 'win32': {
      const roaming = environment['APPDATA'] ?? join(home, 'AppData', 'Roaming');
      const local = environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
      return { data: join(local, 'Soundpost'), config: join(roaming, 'Soundpost') };
    }
    default:
      return {
        data: join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'soundpost'),
        config: join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'soundpost'),
      };
  }
}

/** A path as it is shown: with `~` for the home folder. */
export function displayPath(path: string, home: string): string {
  return path === home || path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
}
