import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordOf, writeRunFolder } from '../testing/run-folders.ts';
import { scratchCore, type ScratchCore } from '../testing/scratch-core.ts';
import { historyCommand } from './history-command.ts';
import { parseArguments } from './parse-arguments.ts';

async function ran(
  { core }: ScratchCore,
  args: string[],
): Promise<{ status: number; out: string; error: string }> {
  let [out, error] = ['', ''];
  const command = parseArguments(args);
  if (command.command !== 'history' && command.command !== 'show') throw new Error('Not that.');
  const status = await historyCommand(command, {
    core,
    streams: {
      out: (text) => (out += text),
      error: (text) => (error += text),
      ...{ isTerminal: false, isOutTerminal: true },
    },
  });
  return { status, out, error };
}

const directory = (house: ScratchCore): string => join(house.directory, 'data', 'runs');

test('history prints one line a run, newest first, whatever the model said', async () => {
  await using house = await scratchCore();
  const { outcome } = recordOf('x', new Date(), 1);
  await writeRunFolder(directory(house), 1, 10, {
    outcome: { ...outcome, text: 'two\nlines \u001b[2J and a \u202eturn' },
  });
  await writeRunFolder(directory(house), 2);
  const { status, out, error } = await ran(house, ['history']);
  expect(status).toBe(0);
  const lines = out.split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^ {3}run-0000 .*done.*abc123\/production {4}Sentence of run-000002$/);
  expect(lines[1]).toContain('two lines \ufffd[2J and a \ufffdturn');
  expect(error).toBe('2 runs.\n');
});

test('history is narrowed by a preset’s name and by a day, and a name that no run has is refused with the one meant', async () => {
  await using house = await scratchCore();
  const preset = { id: 'whisper', name: 'Whisper, big' };
  await writeRunFolder(directory(house), 1, 10, { preset });
  await writeRunFolder(directory(house), 2);
  const made = await ran(house, ['history', '--preset', 'whisper, BIG', '--json']);
  expect(made.out.match(/"runId":"[^"]+"/g)).toEqual(['"runId":"run-000001"']);
  const wrong = await ran(house, ['history', '--preset', 'Whisper big']);
  expect(wrong).toMatchObject({ status: 2, out: '' });
  expect(wrong.error).toContain('Did you mean “Whisper, big”?');
  const early = ['history', '--until', '2026-01-01T00:02:00Z', '--since', '2025-12-01'];
  expect((await ran(house, early)).error).toBe('1 run.\n');
  expect(() => parseArguments(['history', '--until', 'noon'])).toThrow('--until wants');
});

test('history is narrowed by words, model, state and time, and --json gives one object a line, beyond a page too', async () => {
  await using house = await scratchCore();
  for (let run = 1; run <= 210; run += 1) {
    await writeRunFolder(directory(house), run, 1, run === 5 ? { state: 'failed' } : {});
  }
  const all = await ran(house, ['history', '--json', '--limit', '205', '--model', 'abc123']);
  const ids = all.out
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { runId: string }).runId);
  expect(new Set(ids).size).toBe(205);
  expect([ids[0], ids.at(-1)]).toEqual(['run-000210', 'run-000006']);
  expect((await ran(house, ['history', '000007'])).error).toBe('1 run.\n');
  expect((await ran(house, ['history', '--state', 'failed'])).error).toBe('1 run.\n');
  expect((await ran(house, ['history', '--since', '2026-01-02'])).out).not.toContain('Sentence');
  expect((await ran(house, ['history', '--model', 'abc'])).error).toBe('0 runs.\n');
});

test('show takes the beginning of an id, when it is one run’s alone', async () => {
  await using house = await scratchCore();
  await writeRunFolder(directory(house), 1);
  await writeRunFolder(directory(house), 11, 20);
  const { status, out } = await ran(house, ['show', 'run-00001']);
  expect(status).toBe(0);
  expect(out).toContain('run         run-000011\n');
  expect(out).toContain('part        answer: 20 B, bytes\n');
  expect(out).toContain(join(directory(house), 'run-000011'));
  expect(JSON.parse((await ran(house, ['show', 'run-000001', '--json'])).out)).toMatchObject({
    ...{ runId: 'run-000001', outcome: { parts: [{ name: 'answer', size: 100 }] } },
  });
  expect(await ran(house, ['show', 'run'])).toMatchObject({ status: 2, out: '' });
  expect((await ran(house, ['show', 'run'])).error).toMatch(/More than one run/);
  expect((await ran(house, ['show', 'nope'])).error).toMatch(/There is no run/);
});

test('what is written wrongly is said, and that help is asked for is understood', () => {
  const now = Date.now();
  for (const [args, why] of [
    [['history', '--limit', '0'], /--limit/],
    [['history', '--since', 'yesterday'], /--since/],
    [['history', '--state', 'good'], /--state/],
    [['history', '--url', 'x'], /--url/],
    [['show'], /one id/],
    [['show', '../x'], /one id/],
    [['shwo'], /run, presets, models, keys, history, show/],
  ] as const) {
    expect(() => parseArguments([...args])).toThrow(why);
  }
  expect(parseArguments(['history', '-h'])).toEqual({ command: 'help' });
  const { query } = parseArguments(['history', 'two', 'words', '--since', '2d']) as {
    query: { text: string; from: number };
  };
  expect(query.text).toBe('two words');
  expect(Math.abs(now - 2 * 86_400_000 - query.from)).toBeLessThan(60_000);
});

test('show prints what was asked as a program, to be asked again elsewhere', async () => {
  await using house = await scratchCore();
  const { intent } = recordOf('x', new Date(), 1);
  await writeRunFolder(directory(house), 1, 1, {
    intent: { ...intent, fields: [{ name: 'speed', value: { type: 'number', literal: '1.0' } }] },
  });
  const { status, out } = await ran(house, ['show', 'run', '--code', 'cli']);
  expect(status).toBe(0);
  expect(out).toContain('soundpost run \\\n  --model abc123 \\\n  speed:=1.0');
  expect((await ran(house, ['show', 'run', '--code', 'curl'])).out).toContain('$BASETEN_API_KEY');
});
