import type { AccountModel } from '../../electron/contract/model.ts';

/** As many as are drawn; who looks for another one types. */
const MOST = 60;

/** The models that hold all the words, those used lately first, the others by name. */
export function modelMatches(
  models: readonly AccountModel[],
  typed: string,
  recent: readonly string[],
): { shown: AccountModel[]; more: number } {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const places = new Map(recent.map((id, at) => [id, at]));
  const placeOf = ({ id }: AccountModel): number => places.get(id) ?? Infinity;
  const found = models
    .filter(({ id, name }) => {
      const text = `${name} ${id}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => {
      const [one, other] = [placeOf(a), placeOf(b)];
      return one === other ? a.name.localeCompare(b.name) : one - other;
    });
  return { shown: found.slice(0, MOST), more: Math.max(0, found.length - MOST) };
}

/** The one model that is called so, in any case; an id that is typed means that id. */
export function modelNamed(
  models: readonly AccountModel[],
  typed: string,
): AccountModel | undefined {
  const wanted = typed.trim().toLowerCase();
  if (models.some(({ id }) => id === typed.trim())) return undefined;
  const [found, ...others] = models.filter(({ name }) => name.toLowerCase() === wanted);
  return others.length === 0 ? found : undefined;
}
