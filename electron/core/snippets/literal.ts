import { Base64Of } from '../codec/base64.ts';
import { NumpyArray } from '../codec/numpy.ts';
import { Bytes, Dictionary, Float, TextBytes, type Value } from '../codec/value.ts';
import { FileSlice, Joined, MemoryBytes, type ByteSource } from '../files/byte-source.ts';

/** How a language writes what a message is made of. Texts are given as they are, paths as texts of the language. */
export type Language = {
  words: { null: string; true: string; false: string };
  float: (value: number) => string;
  integer: (digits: string) => string;
  /** A map's key, with what stands between it and its value. */
  key: (text: string) => string;
  fileBytes: (path: string) => string;
  fileBase64: (path: string) => string;
  array: (array: NumpyArray) => string;
};

const INDENT = '    ';

/** A message as an expression of a language. `indent` is that of the line it begins on. */
export function literal(value: Value, language: Language, indent = ''): string {
  if (value === null) return language.words.null;
  if (typeof value === 'boolean') return language.words[value ? 'true' : 'false'];
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number' || typeof value === 'bigint') return language.integer(`${value}`);
  if (value instanceof Float) return language.float(value.value);
  const inner = indent + INDENT;
  if (Array.isArray(value)) {
    const items = value.map((item) => `${inner}${literal(item, language, inner)},\n`);
    return items.length === 0 ? '[]' : `[\n${items.join('')}${indent}]`;
  }
  if (value instanceof Dictionary) {
    const entries = value.entries.map(
      ([key, item]) => `${inner}${language.key(nameOf(key))}${literal(item, language, inner)},\n`,
    );
    return entries.length === 0 ? '{}' : `{\n${entries.join('')}${indent}}`;
  }
  if (value instanceof TextBytes) return textOf(value.source, language);
  if (value instanceof Bytes && value.source instanceof FileSlice) {
    return language.fileBytes(pathOf(value.source));
  }
  if (value instanceof NumpyArray) return language.array(value);
  throw new TypeError('a request is made of no other values');
}

function nameOf(key: Value): string {
  if (typeof key === 'string') return key;
  throw new TypeError('the keys of a request are texts');
}

/** A text that is made of files and of words in memory, as an expression. */
export function textOf(source: ByteSource, language: Language): string {
  if (source instanceof Joined) {
    return source.sources.map((each) => textOf(each, language)).join(' + ');
  }
  if (source instanceof MemoryBytes) return text(new TextDecoder().decode(source.bytes));
  if (source instanceof Base64Of && source.source instanceof FileSlice) {
    return language.fileBase64(pathOf(source.source));
  }
  throw new TypeError('a request is made of no other texts');
}

/** A text between double quotes. What JSON escapes is escaped so in Python and JavaScript too. */
export const text = (value: string): string => JSON.stringify(value);

/** The path of a file, as a text of the language. */
export const pathOf = ({ path }: FileSlice): string => text(path);
