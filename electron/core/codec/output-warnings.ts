import type { Flaw } from '../../contract/run.ts';
import type { Output } from './output.ts';

/** What there is to say about an output: that it was cut, and what is marked as a Truss type and is none. */
export function outputWarnings({ outputTruncated, flaws = [] }: Output): string[] {
  const warnings = [];
  const [first, ...others] = flaws;
  if (outputTruncated) {
    warnings.push('The answer is too large to be shown whole. It is kept whole as it came.');
  }
  if (first) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more like it)`;
    warnings.push(`${placeOf(first)} is ${first.flaw}. It is shown as the map that came${more}.`);
  }
  return warnings;
}

function placeOf({ at }: Flaw): string {
  const steps = at.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  const path = steps.join('').replace(/^\./, '').slice(0, 200).toWellFormed();
  return path === '' ? 'The answer' : `“${path}” in the answer`;
}
