const numberLiteral = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** What is wrong with the text of a number, in words; empty when nothing is. */
export function numberProblem(text: string): string {
  return numberLiteral.test(text) ? '' : 'A number is needed here: 1, 1.0 or 1e3.';
}

/** What is wrong with the text of a JSON value, in words; empty when nothing is. */
export function jsonProblem(text: string): string {
  if (text === '') return 'JSON is needed here.';
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return `This is no JSON: ${error instanceof Error ? error.message : 'it ends too early'}`;
  }
}

/** What is wrong with a sample rate in Hz, in words; empty when nothing is. Null is an empty box. */
export function rateProblem(rate: number | null): string {
  const fits = rate !== null && Number.isInteger(rate) && rate >= 1000 && rate <= 768_000;
  return fits ? '' : 'A whole number from 1000 to 768000.';
}

/** Whether a text wants a line of its own: a sentence, or more characters than stand beside a name. */
export function isLongText(text: string): boolean {
  return text.length > 60 || text.trim().split(/\s+/).length > 4;
}
