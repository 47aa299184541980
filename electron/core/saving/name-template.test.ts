import fc from 'fast-check';
import { basename, posix, win32 } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { nameTemplateSchema } from '../../contract/preset.ts';
import { filledName, nameWords, templateProblem, usualTemplate } from './name-template.ts';

const deployment = { kind: 'production' } as const;
const at = new Date(2026, 10, 24, 23, 59, 7);
const words = nameWords({
  target: { kind: 'model', modelId: 'abc12de', deployment },
  ...{ input: 'My talk.final.mp3', preset: 'Warm: narrator', at },
});

test('a template is filled with what the run was, by this computer’s calendar', () => {
  expect(filledName(usualTemplate, words)).toBe('My talk.final-abc12de-Warm_ narrator-2026-11-24');
  expect(filledName('{model}/{date} {input}', words)).toBe('abc12de/2026-11-24 My talk.final');
  expect(filledName('{input}-{date}-{time}', words)).toBe('My talk.final-2026-11-24-23-59-07');
  const of = (target: Parameters<typeof nameWords>[0]['target']) =>
    nameWords({ target, input: undefined, preset: undefined, at }).model;
  expect(of({ kind: 'demo', model: 'echo' })).toBe('demo-echo');
  expect(of({ kind: 'url', url: 'https://my.host:8000/predict' })).toBe('my.host');
});

test('what a run has not goes with the dashes before it', () => {
  const bare = { ...words, input: '', preset: '' };
  expect(filledName(usualTemplate, bare)).toBe('abc12de-2026-11-24');
  expect(filledName('{preset} - {input}', bare)).toBe('answer');
  expect(filledName('{preset}/take_{input}', bare)).toBe('take');
});

test('a date that the input’s or the preset’s name tells is not told again', () => {
  const dated = { ...words, input: '2026-11-24 talk' };
  expect(filledName(usualTemplate, dated)).toBe('2026-11-24 talk-abc12de-Warm_ narrator');
  expect(filledName('{date}-{input}', dated)).toBe('2026-11-24 talk');
  expect(filledName('{preset}-{date}', { ...words, preset: 'on 2026-11-24' })).toBe(
    'on 2026-11-24',
  );
  expect(filledName('{date}/{input}', dated)).toBe('2026-11-24/2026-11-24 talk');
  expect(filledName('{model}-{date}', dated)).toBe('abc12de-2026-11-24');
  expect(filledName(usualTemplate, { ...words, input: '2026-11-23' })).toMatch(/2026-11-24$/);
});

test('the date stays where a name is too long', () => {
  const name = filledName(usualTemplate, { ...words, input: '音'.repeat(200) });
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
  expect(name).toMatch(/^音+-abc12de-Warm_ narrator-2026-11-24$/);
});

/** Words as strangers write them: of models, presets and files. */
const word = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '../..',
    '/etc/passwd',
    'C:\\x',
    'CON',
    'nul.txt',
    'aux ',
    '.',
    '~',
    'a\u202eb',
    '{date}',
  ),
);
const template = fc
  .array(
    fc.oneof(
      fc.constantFrom('{input}', '{model}', '{preset}', '{date}', '/', '-', '.', '..', ' ', 'CON'),
      fc.string({ maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 10 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => v.is(nameTemplateSchema, text));

test('no name climbs out of its folder or is one that a file system refuses', () => {
  fc.assert(
    fc.property(template, word, word, word, (text, input, model, preset) => {
      const name = filledName(text, { input, model, preset, date: '2026-11-24', time: '23-59-07' });
      const file = `${name}.wav`;
      expect(posix.join('/saved', file).startsWith('/saved/')).toBe(true);
      expect(win32.join('C:\\saved', file).startsWith('C:\\saved\\')).toBe(true);
      expect(file.split('/')).toHaveLength(posix.normalize(file).split('/').length);
      for (const part of name.split('/')) {
        expect(part).not.toBe('');
        expect(part).not.toMatch(/[<>:"\\|?*\u0000-\u001f\u007f-\u009f\u202a-\u202e]|^\.|[. ]$/);
        expect(part).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)/i);
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(121);
      }
      expect(name.split('/').length).toBeLessThanOrEqual(text.split('/').length);
    }),
    { numRuns: 2000 },
  );
});

test('a template that can’t be used says why, and no other does', () => {
  expect(templateProblem(usualTemplate)).toBeNull();
  expect(templateProblem('{hour}')).toMatch(/\{hour\} stands for nothing/);
  expect(templateProblem('')).toMatch(/Write how/);
  for (const bad of ['../x', '/x', '~x', 'a//b', 'a/', 'a:b', 'a\\b', 'x/..']) {
    expect(templateProblem(bad), bad).not.toBeNull();
  }
  expect(basename(filledName('a/b', words))).toBe('b');
});
