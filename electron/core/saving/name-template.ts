import * as v from 'valibot';
import { extname } from 'node:path';
import type { Target } from '../../contract/intent.ts';
import { nameTemplateSchema } from '../../contract/preset.ts';
import { LONGEST_NAME, safeName } from '../runs/suggested-name.ts';

/** How answers are named when nobody says otherwise. */
export const usualTemplate = '{input}-{model}-{preset}-{date}';

const placeholders = ['input', 'model', 'preset', 'date', 'time'] as const;
/** What stands for each placeholder; empty where there is nothing to stand for it. */
export type NameWords = Record<(typeof placeholders)[number], string>;

/** What a run is called by. */
type Named = {
  target: Target;
  /** The name of its first file, as the user's disk has it. */
  input: string | undefined;
  preset: string | undefined;
  at: Date;
};

/** The words of a run: date and time are those of this computer's clock, as `2026-11-24` and `23-59-07`. */
export function nameWords({ target, input = '', preset = '', at }: Named): NameWords {
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    input: input.slice(0, input.length - extname(input).length),
    model: modelWord(target),
    preset,
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('-'),
  };
}

function modelWord(target: Target): string {
  switch (target.kind) {
    case 'demo':
      return `demo-${target.model}`;
    case 'model':
      return target.modelId;
    case 'url':
      return URL.parse(target.url)?.hostname ?? '';
  }
}

/**
 * The name that a template makes, without an extension: below the folder for saved answers, with `/` between folders, each of
 * them and the name one that any file system takes. No word can add a folder or climb out of one. What stands for nothing
 * goes with the dashes before it, and so does a date that another word of the same name tells already.
 */
export function filledName(template: string, words: NameWords): string {
  const names = template
    .split('/')
    .map((part) => filledPart(part, words))
    .filter((name) => name !== '');
  return names.join('/') || 'answer';
}

/** What is wrong with a template, in words; null when it can be used. */
export function templateProblem(template: string): string | null {
  if (template.trim() === '') return 'Write how the files are to be called.';
  if (template.length > 200) return 'That is too long: 200 characters at most.';
  const unknown = /\{([^{}]*)\}/g;
  for (const [all, word = ''] of template.matchAll(unknown)) {
    if (!(placeholders as readonly string[]).includes(word)) {
      return `${all} stands for nothing. There are {input}, {model}, {preset}, {date} and {time}.`;
    }
  }
  return v.is(nameTemplateSchema, template)
    ? null
    : 'That can’t be a name below a folder: leave out \\ : * ? " < > | and .. and don’t begin with / or ~.';
}

/** Each placeholder replaced by its word as a file's name may have it, or by its own name where there is none. */
export function filledPlace(place: string, words: NameWords): string {
  return place.replace(placeholder, (_all, dashes: string, word: keyof NameWords) => {
    return `${dashes}${safeName(words[word]) || word}`;
  });
}

const placeholder = /([-_ ]*)\{(input|model|preset|date|time)\}/g;
const leadingNothing = /^\s*(?:\{(input|model|preset|date|time)\}[-_ ]*)/;

/** A date that is in the input's or the preset's name already would stand there twice. */
function withDateOnce(part: string, words: NameWords): NameWords {
  const isTold = (['input', 'preset'] as const).some(
    (word) => part.includes(`{${word}}`) && words[word].includes(words.date),
  );
  return isTold ? { ...words, date: '' } : words;
}

function filledPart(part: string, allWords: NameWords): string {
  const words = withDateOnce(part, allWords);
  let rest = part;
  for (;;) {
    const first = leadingNothing.exec(rest);
    if (!first || safeName(words[first[1] as keyof NameWords]) !== '') break;
    rest = rest.slice(first[0].length);
  }
  const filledWith = (by: NameWords): string =>
    safeName(
      rest.replace(placeholder, (_all, dashes: string, word: keyof NameWords) => {
        const text = safeName(by[word], Infinity);
        return text === '' ? '' : `${dashes}${text}`;
      }),
      Infinity,
    );
  return safeName(filledWith(shortened(rest, words, filledWith)));
}

/** Where a name is too long, its longest word gives way, so that the date at its end stays. */
function shortened(
  part: string,
  words: NameWords,
  filledWith: (words: NameWords) => string,
): NameWords {
  const over = Buffer.byteLength(filledWith(words)) - LONGEST_NAME;
  const used = placeholders.filter((word) => part.includes(`{${word}}`));
  const [longest] = used.sort((a, b) => words[b].length - words[a].length);
  if (over <= 0 || longest === undefined) return words;
  const left = Math.max(8, Buffer.byteLength(words[longest]) - over);
  return { ...words, [longest]: safeName(words[longest], left) };
}
