import { expect, test } from 'vitest';
import { starterGroups } from './starter-groups.ts';

const starters = [
  { name: 'AudioGen', kind: 'music', line: 'Sounds from words', answers: 'a WAV' },
  { name: 'Orpheus', kind: 'speech', line: 'Expressive speech', answers: 'a stream' },
  { name: 'Piper', kind: 'speech', line: 'Very fast speech', answers: 'a WAV' },
  { name: 'WhisperX', kind: 'transcription', line: 'With speakers', answers: 'JSON' },
] as const;
const found = (search: string): string[] =>
  starterGroups(starters, search).flatMap(({ starters: own }) => own.map(({ name }) => name));

test('starters stand below what they are for', () => {
  expect(starterGroups(starters, '').map(({ title }) => title)).toEqual([
    ...['Transcription', 'Speech', 'Music and sounds'],
  ]);
});

test.each(['tts', 'TTS', 'text to speech', 'Text-to-speech', 'voice'])(
  'who looks for “%s” finds all that speak, and nothing else',
  (search) => {
    expect(found(search)).toEqual(['Orpheus', 'Piper']);
  },
);

test.each(['asr', 'stt', 'speech to text', 'transcription'])(
  'who looks for “%s” finds all that write down, and nothing else',
  (search) => {
    expect(found(search)).toEqual(['WhisperX']);
  },
);

test('words of a name and of what it is for go together', () => {
  expect(found('music')).toEqual(['AudioGen']);
  expect(found('piper tts')).toEqual(['Piper']);
  expect(found('piper asr')).toEqual([]);
});
