import { join } from 'node:path';
import { readMarks, readRecord } from '../runs/read-record.ts';
import type { HistoryStore } from './history-store.ts';
import type { Flight } from './read-run.ts';
import type { Trash } from './trash.ts';

const AT_ONCE = 50;

type Options = {
  runsDirectory: string;
  store: HistoryStore;
  trash: Trash;
  flight: Flight;
  /** bytes */
  limit: number;
};

/**
 * Removes the oldest runs until what is left fits the limit, and not one more. Stars and leases are asked of the folder
 * itself: another process may have set them a moment ago. The newest run stays whatever its size. Answers whether any
 * were removed.
 */
export async function retain({
  runsDirectory,
  store,
  trash,
  flight,
  limit,
}: Options): Promise<boolean> {
  let left = store.use((index) => index.usage().bytes) ?? 0;
  const spared = new Set<string>();
  let removed = false;
  while (left > limit) {
    const oldest = (store.use((index) => index.oldest(AT_ONCE + spared.size)) ?? []).filter(
      ({ id }) => !spared.has(id),
    );
    if (oldest.length === 0) break;
    for (const { id, size } of oldest) {
      if (left <= limit) break;
      const folder = join(runsDirectory, id);
      if (await isSpared(folder, flight)) {
        spared.add(id);
        continue;
      }
      await trash.discard(id);
      store.use((index) => {
        index.delete([id]);
      });
      left -= size;
      removed = true;
    }
  }
  return removed;
}

async function isSpared(folder: string, flight: Flight): Promise<boolean> {
  if ((await readMarks(folder)).star) return true;
  const record = await readRecord(folder).catch(() => null);
  return record !== null && (await flight.isHeld(record));
}
