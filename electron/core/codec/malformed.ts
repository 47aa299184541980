/** A map is marked as a Truss type and is not one. The message completes “marked as …, but”. */
export class Malformed extends Error {
  override name = 'Malformed' as const;
}
