/**
 * Wraps a stand-in so that using what it lacks throws an error with the full name, instead of being `undefined` and
 * failing somewhere else.
 */
export function only<T extends object>(name: string, standIn: T): T {
  const missing = (property: string): Error =>
    new Error(`The web host does not stand in for Electron's ${name}.${property}.`);
  return new Proxy(standIn, {
    get(target, property, receiver): unknown {
      // `then` is asked for by `await`, symbols by inspection: both mean "is it one?", not "I use it".
      if (typeof property === 'symbol' || property === 'then' || property in target) {
        const value: unknown = Reflect.get(
          target,
          property,
          receiver === target ? receiver : target,
        );
        return value;
      }
      throw missing(property);
    },
    set(target, property, value): boolean {
      if (!(property in target)) throw missing(String(property));
      return Reflect.set(target, property, value);
    },
  });
}
