import { describe, expect, it } from 'vitest';
import type { Part, RunOutcome } from '../../electron/contract/run.ts';
import { heardAs, ratesFor, savedAs, mainPart, outputView } from './outcome-view.ts';

const wav: Part = {
  name: 'byte_data',
  kind: { media: 'audio', format: 'wav', label: 'WAV 24 kHz mono', extension: 'wav' },
  size: 100,
  url: '/runs/r/byte_data',
  playUrl: '/runs/r/byte_data',
};
const body: Part = {
  name: 'answer',
  kind: { media: 'text', label: 'Text', extension: 'txt' },
  size: 5,
  url: '/runs/r/answer',
};
const outcome = (own: Partial<RunOutcome>): RunOutcome => ({
  runId: 'r',
  state: 'done',
  warnings: [],
  url: 'https://example.test/predict',
  sent: 1,
  received: 1,
  timings: { total: 1 },
  headers: [],
  parts: [],
  ...own,
});

describe('the output of a run', () => {
  it('shows each thing once: a sound as a player, the rest as a tree', () => {
    const output = {
      byte_data: { $type: 'bytes', length: 100, part: 'byte_data' },
      sample_rate: 24_000,
    };
    const view = outputView(outcome({ parts: [body, wav], output }));
    expect(view.sounds).toEqual([wav]);
    expect(view.rest).toEqual({ sample_rate: 24_000 });
    expect(view.others).toEqual([body]);
  });

  it('lists bytes that do not play as a part alone', () => {
    const blob: Part = { ...body, name: 'byte_data', kind: { ...body.kind, media: 'bytes' } };
    const output = { byte_data: { $type: 'bytes', length: 5, part: 'byte_data' } };
    const view = outputView(outcome({ parts: [blob], output }));
    expect(view.others).toEqual([blob]);
    expect(view.rest).toBeUndefined();
  });

  it('reads text and its segments, and lists what is beside them', () => {
    const segments = [{ start: 0, end: 1, text: 'Hello' }];
    const view = outputView(outcome({ output: { text: 'Hello', segments, language: 'en' } }));
    expect(view).toMatchObject({ text: 'Hello', rest: { language: 'en' } });
    expect(view.transcript).toHaveLength(1);
  });

  it('shows a bare text answer as text, not as a file beside it', () => {
    const view = outputView(outcome({ parts: [body], text: 'hello' }));
    expect(view).toMatchObject({ text: 'hello', others: [], rest: undefined });
  });

  it('keeps a list whole', () => {
    expect(outputView(outcome({ output: [1, 2] })).rest).toEqual([1, 2]);
  });

  it('saves the first sound, or else whatever came', () => {
    expect(mainPart(outcome({ parts: [body, wav] }))).toBe(wav);
    expect(mainPart(outcome({ parts: [body] }))).toBe(body);
    expect(mainPart(outcome({}))).toBeNull();
  });

  it('reads the text wherever models put it', () => {
    const text = (output: RunOutcome['output']): string | null =>
      outputView(outcome(output === undefined ? {} : { output })).text;
    expect(text({ output: 'from whisper-torchserve' })).toBe('from whisper-torchserve');
    expect(text({ text: ['one', 'two'] })).toBe('one\ntwo');
    expect(text({ transcript: { text: 'parakeet', score: 1 } })).toBe('parakeet');
    expect(text({ output: { $type: 'bytes', length: 1 } })).toBeNull();
  });

  it('shows the words of a stream of events, and leaves the events to the tree', () => {
    const events = [{ delta: 'a' }, { delta: 'b' }];
    const view = outputView(outcome({ parts: [body], text: 'ab', output: events }));
    expect(view).toMatchObject({ text: 'ab', rest: undefined, others: [] });
  });

  it('lists no transcript twice, whatever its list is called', () => {
    const output = { model_output: [{ start: 0, end: 1, text: 'Hi', speaker: 'A' }], n: 1 };
    const view = outputView(outcome({ output }));
    expect(view.transcript).toEqual([{ start: 0, end: 1, text: 'A: Hi' }]);
    expect(view.rest).toEqual({ n: 1 });
  });

  it('sees the segments of every speech model in Baseten’s examples', () => {
    const times = { start: 0, end: 1.5, text: ' Four score' };
    const answers: NonNullable<RunOutcome['output']>[] = [
      { language_code: 'en', segments: [{ text: ' Four score', start_time: 0, end_time: 1.5 }] },
      { language: 'en', duration: 2, segments: [times] },
      { language: 'english', text: ' Four score', segments: [times] },
      { model_output: [times] },
      { segments: [{ start_time_sec: 0, end_time_sec: 1.5, text: 'Four score', language: 'en' }] },
      { text: 'Four score', chunks: [{ timestamp: [0, 1.5], text: ' Four score' }] },
    ];
    for (const output of answers) {
      expect(outputView(outcome({ output })).transcript).toEqual([
        { start: 0, end: 1.5, text: 'Four score' },
      ]);
    }
  });

  it('is saved as it was received, and as a WAV where it is samples without a header', () => {
    const pcm = { encoding: 's16le', sampleRate: 24_000, channels: 1 } as const;
    expect(savedAs(wav)).toBe('received');
    expect(savedAs({ ...wav, playUrl: `${wav.url}/wav` })).toBe('received');
    expect(savedAs({ ...wav, pcm })).toBe('wav');
    expect(savedAs({ ...wav, sampleRate: 16_000 })).toBe('wav');
    expect(savedAs(wav, { pcm })).toBe('wav');
  });
});

describe('samples that play at any rate', () => {
  const kind = {
    media: 'audio',
    format: 'pcm',
    label: 'float32 22.05 kHz mono',
    extension: 'npy',
  } as const;
  const samples = {
    name: 'audio',
    kind,
    size: 8,
    url: '/r/0',
    playUrl: '/r/0/wav',
    sampleRate: 22_050,
  };

  it('are heard at the rate that is known until another is chosen', () => {
    expect(heardAs(samples, { sampleRate: 22_050 })).toEqual({
      url: '/r/0/wav',
      detail: kind.label,
    });
    expect(heardAs(samples, { sampleRate: 16_000 })).toEqual({
      url: '/r/0/wav?rate=16000',
      detail: 'float32 16 kHz mono',
    });
  });

  it('offer the usual rates and their own', () => {
    expect(ratesFor(24_000)).toHaveLength(8);
    expect(ratesFor(12_345)).toContain(12_345);
  });
});
