/**
 * Wraps a stand-in so that using what it lacks throws an error with the full name, instead of being `undefined` and
 * failing somewhere else.
 */
export function only<T extends object>(name: string, standIn: T): T {
  const missing = (property: string): Error =>
    new Error(`The web host does not stand in for Electron's ${name}.${property}.`);
  return new Proxy(standIn, {
    get(target, property): unknown {
      // `then` is asked for by `await`, symbols by inspection: both mean "is it one?", not "I use it".
      if (typeof property === 'string' && property !== 'then' && !(property in target)) {
        throw missing(property);
      }
      const value: unknown = Reflect.get(target, property);
      // Methods run on what is wrapped: private members are not reached through a proxy.
      return typeof value === 'function' && property !== 'prototype' ? value.bind(target) : value;
    },
    set(target, property, value): boolean {
      if (!(property in target)) throw missing(String(property));
      return Reflect.set(target, property, value);
    },
  });
}
