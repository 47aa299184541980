/** What this program is, and what it runs on. */
export type About = {
  name: string;
  version: string;
  /** `web host` where the page is in a browser. */
  runsIn: 'desktop' | 'web host';
  /** Such as `Electron` and `45.4.1`. */
  versions: { name: string; version: string }[];
  /** Such as `Linux 6.1 x64`. */
  system: string;
  /** Its own licence, as text. */
  licence: string;
  /** The licences of what it is made with, as text; null where the build has none. */
  notices: string | null;
};
