/** A file that was used lately. Its path stays in the main process. */
export type RecentFile = {
  id: string;
  name: string;
  /** Where it lies, short and for showing only: `~/Music/…/takes`. */
  folder: string;
};
