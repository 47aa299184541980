import { createSubscriber } from 'svelte/reactivity';

const TENTH = 100;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TENTH);
  return () => {
    clearInterval(timer);
  };
});

/** performance.now(), read anew every tenth of a second by whoever shows it, and by no timer when nobody does. */
export function now(): number {
  subscribe();
  return performance.now();
}
