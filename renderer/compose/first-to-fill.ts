/** What of the form a person fills in first: what Run waits for, else the first field. Null when there is nothing. */
export const firstToFill = (): HTMLElement | null =>
  document.querySelector<HTMLElement>('main [data-wrong]') ??
  document.querySelector<HTMLElement>('main [data-testid=field] :is(textarea, input[type=text])');
