import type { HistoryRow } from '../../electron/contract/history.ts';

/** A model as it is read: `Demo: Echo` for the demo's. */
export function modelWords(model: string): string {
  return model.replace(/^demo:(.)/, (_, first: string) => `Demo: ${first.toUpperCase()}`);
}

/** Where a run went: the model and its deployment. */
export function targetWords({
  model,
  deployment,
}: Pick<HistoryRow, 'model' | 'deployment'>): string {
  return [modelWords(model), deployment].filter(Boolean).join(' · ');
}

/** What a run is called: by its preset, else by where it went. */
export function nameOf(row: Pick<HistoryRow, 'model' | 'deployment' | 'preset'>): string {
  return row.preset?.name ?? targetWords(row);
}
