import type { Starter } from '../../electron/contract/preset.ts';

type Listed = Pick<Starter, 'name' | 'line' | 'answers' | 'kind'>;
type StarterGroup<S> = { title: string; starters: S[] };

const kinds: { kind: Starter['kind']; title: string; /** What people call it. */ words: string }[] =
  [
    {
      kind: 'transcription',
      title: 'Transcription',
      words: 'asr stt speech to text speech recognition transcribe captions subtitles',
    },
    {
      kind: 'speech',
      title: 'Speech',
      words: 'tts text to speech voice speak narrator synthesis',
    },
    { kind: 'music', title: 'Music and sounds', words: 'music song sound effects sfx' },
    { kind: 'any', title: 'Any', words: 'test binary bytes' },
  ];

/** The starters that hold all the words, by what they are for. Empty groups are left out. */
export function starterGroups<S extends Listed>(
  starters: readonly S[],
  search: string,
): StarterGroup<S>[] {
  const words = wordsOf(search);
  return kinds
    .map(({ kind, title, words: called }) => ({
      title,
      starters: starters.filter((starter) => {
        const { name, line, answers } = starter;
        const text = `${name} ${line} ${answers} ${title} ${called}`.toLowerCase();
        return starter.kind === kind && words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ starters: found }) => found.length > 0);
}

/** Both directions have the same words, and mean the opposite. */
const wordsOf = (search: string): string[] =>
  search
    .toLowerCase()
    .replaceAll('-', ' ')
    .replace(/\btext to speech\b/, 'tts')
    .replace(/\bspeech to text\b/, 'stt')
    .split(/\s+/)
    .filter(Boolean);
