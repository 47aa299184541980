import type { FieldValue, Travel } from '../../electron/contract/intent.ts';
import type { PresetField } from '../../electron/contract/preset.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { isLongText, jsonProblem, numberProblem, rateProblem } from './value-problems.ts';

export type FieldType = PresetField['type'];

/** What a number should lie between, as its model's preset says; the model decides what it takes. */
type Range = { min?: number | undefined; max?: number | undefined; step?: number | undefined };

type Start = Partial<Pick<FieldForm, 'type' | 'text' | 'input'>>;

let fieldCount = 0;

/** One field as it is being edited. Texts, numbers, choices and JSON share one text, so that changing the type keeps it. */
export class FieldForm {
  readonly id = (fieldCount += 1);
  name = $state('');
  type = $state<FieldType>('text');
  text = $state('');
  on = $state(false);
  /** How a file goes into the body. */
  travel = $state.raw<Travel>({ as: 'auto' });
  /** What a choice can be. */
  choices = $state.raw<readonly string[]>([]);
  range = $state.raw<Range>({});
  /** A line of explanation. */
  note = $state('');
  /** Left out of the request while it is empty. */
  isOptional = $state(false);
  /** The dropped file goes here. */
  takesDrop = $state(false);
  #input = $state.raw<Input | null>(null);
  #replaced = $state.raw<Input | null>(null);

  constructor(name: string, start: Start = {}) {
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

  /** Whether it is not sent: there is nothing in it, and there need not be. */
  get isLeftOut(): boolean {
    if (!this.isOptional || this.type === 'switch') return false;
    return this.type === 'file' ? this.#input === null : this.text.trim() === '';
  }

  /** Whether its text is one to read and write, as a sentence or more is, and not a word or two. */
  get hasLongText(): boolean {
    return (this.type === 'text' || this.type === 'json') && isLongText(this.text);
  }

  get value(): FieldValue {
    switch (this.type) {
      case 'text':
      case 'choice':
        return { type: 'text', text: this.text };
      case 'number':
        return { type: 'number', literal: this.text.trim() };
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
    if (this.isLeftOut) return '';
    const text = this.text.trim();
    switch (this.type) {
      case 'text':
      case 'choice':
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

  /** What is unusual about a number that can be sent all the same, in words. */
  get doubt(): string {
    const { min, max } = this.range;
    const value = Number(this.text);
    if (this.type !== 'number' || this.problem !== '' || this.text.trim() === '') return '';
    if (min !== undefined && value < min) return `Usually at least ${min}.`;
    return max !== undefined && value > max ? `Usually at most ${max}.` : '';
  }
}
