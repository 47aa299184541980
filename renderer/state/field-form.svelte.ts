import type { FieldValue, Travel } from '../../electron/contract/intent.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { jsonProblem, numberProblem, rateProblem } from './value-problems.ts';

export type FieldType = FieldValue['type'];

let fieldCount = 0;

/** One field as it is being edited. Texts, numbers and JSON share one text, so that changing the type keeps it. */
export class FieldForm {
  readonly id = (fieldCount += 1);
  name = $state('');
  type = $state<FieldType>('text');
  text = $state('');
  on = $state(false);
  /** How a file goes into the body. */
  travel = $state.raw<Travel>({ as: 'auto' });
  #input = $state.raw<Input | null>(null);
  #replaced = $state.raw<Input | null>(null);

  constructor(name: string, start: Partial<Pick<FieldForm, 'type' | 'text' | 'input'>> = {}) {
    this.name = name;
    this.type = start.type ?? 'text';
    this.text = start.text ?? '';
    this.#input = start.input ?? null;
  }

  get input(): Input | null {
    return this.#input;
  }

  /** The input that was there before the last change, to go back to. */
  get replaced(): Input | null {
    return this.#replaced;
  }

  setInput(input: Input | null): void {
    this.#replaced = this.#input;
    this.#input = input;
  }

  undoReplace(): void {
    this.#input = this.#replaced;
    this.#replaced = null;
  }

  get value(): FieldValue {
    switch (this.type) {
      case 'text':
        return { type: 'text', text: this.text };
      case 'number':
        return { type: 'number', literal: this.text };
      case 'switch':
        return { type: 'switch', on: this.on };
      case 'json':
        return { type: 'json', text: this.text };
      case 'file':
        return { type: 'file', inputId: this.#input?.id ?? null, travel: this.travel };
    }
  }

  /** What is wrong with the value as it stands, in words; empty when nothing is. */
  get problem(): string {
    const text = this.text.trim();
    switch (this.type) {
      case 'text':
      case 'switch':
        return '';
      case 'file':
        if (!this.#input) return 'Choose a file.';
        return this.travel.as === 'samples' ? rateProblem(this.travel.sampleRate) : '';
      case 'number':
        return numberProblem(text);
      case 'json':
        return jsonProblem(text);
    }
  }
}
