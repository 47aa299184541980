/**
 * How soon a stream is heard, and whether it stays whole: the live engine in a real browser, beside a media source and an
 * audio element where they can play it, fed by the app's own server code at the pace of the sound. Each format comes as
 * its muxer gives it: packet by packet, or in pages, clusters and fragments.
 *
 * Usage: npm run bench:stream -- [--rounds 5] [--formats mp3,webm] [--minutes 1] [--json]     (Linux, with ffmpeg)
 *
 * Time runs from the write of the first bytes that can be decoded to the first frame that leaves the worklet; from there
 * to the ear it is the browser's output latency, told apart. That a page of 1 s can't come sooner than after 1 s is not in it.
 * The media source and the audio element are heard once each, by their own clocks. `--minutes 0` leaves out the long streams; with 60, memory
 * growth over an hour is measured and not reckoned from less. A busy machine is slow and has gaps: look at its load.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLivePage } from '../e2e/live/live-page.ts';
import { formats as all, recordingOf, type Format, type Unit } from './stream-formats.ts';
import { alone, firstSound, together, type FirstSound, type Steady } from './stream-measure.ts';
import { median } from './transfer-measure.ts';

const TARGETS = { underruns: 0, processor: 0.05, growth: 50 };
const BEGINNING_SECONDS = 3;
const SETTLED_MINUTES = 10;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    formats: { type: 'string', default: '' },
    minutes: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const wanted = values.formats.toLowerCase().split(',');
const formats = all.filter(({ name }) => wanted.some((word) => name.toLowerCase().includes(word)));
const minutes = Number(values.minutes);
const scratch = await mkdtemp(join(tmpdir(), 'soundpost-bench-'));
try {
  const load = loadavg()[0];
  const first = await firstSounds();
  const steady = minutes > 0 ? await longStreams() : [];
  if (values.json) console.log(JSON.stringify({ load, first, steady }, null, 2));
  else print(first, steady);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

type Row = { format: Format; rounds: FirstSound[]; cold: FirstSound };

async function firstSounds(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const format of formats) {
    // A page of its own for each, as the first sound of a page takes longer. That one is told apart.
    await using live = await openLivePage();
    const units = recordingOf(format, BEGINNING_SECONDS, scratch);
    const cold = await firstSound(live, format, units, []);
    const rounds: FirstSound[] = [];
    for (let round = 0; round < Number(values.rounds); round += 1) {
      // The others take seconds, and are here to compare with: one round will do.
      const others = round === 0 && !format.pcm ? (['media source', 'element'] as const) : [];
      rounds.push(await firstSound(live, format, units, [...others]));
    }
    rows.push({ format, rounds, cold });
  }
  return rows;
}

async function longStreams(): Promise<Steady[]> {
  const long = (format: Format): [Format, Unit[]] => [
    format,
    recordingOf(format, minutes * 60 + 5, scratch),
  ];
  const [main] = formats;
  if (!main) return [];
  const [, units] = long(main);
  return [
    await alone(main, units, minutes),
    ...(await together(formats.map(long), [[main, units]], minutes)),
  ];
}

function print(first: Row[], steady: Steady[]): void {
  const verdict = (isMet: boolean): string => (isMet ? 'met' : '**not met**');
  const ms = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : value.toFixed(0);
  console.log(
    `load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}\n`,
  );
  console.log(
    `| stream | first sound ms, median of ${values.rounds} | all | cold page | then to the ear | gaps | target | | media source | audio element |`,
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const { format, rounds, cold } of first) {
    const times = rounds.map(({ engine }) => engine);
    const cells = [
      format.name,
      ms(median(times)),
      times.map(ms).join(' '),
      ms(cold.engine),
      ms(rounds[0]?.latency),
      rounds.reduce((sum, { gaps }) => sum + gaps, 0),
      format.target === null ? (format.why ?? '') : `≤ ${format.target}`,
      format.target === null ? '' : verdict(median(times) <= format.target),
      ms(rounds[0]?.mediaSource),
      ms(rounds[0]?.element),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  if (steady.length > 0)
    console.log(
      '\n| long stream | minutes | measure | value | target | |\n|---|---|---|---|---|---|',
    );
  for (const { name, minutes: length, underruns, processor, floor, firstMinute, last } of steady) {
    const row = (...cells: (string | number)[]): void => {
      console.log(`| ${[name, length, ...cells].join(' | ')} |`);
    };
    row('underruns', underruns, TARGETS.underruns, verdict(underruns <= TARGETS.underruns));
    if (processor === undefined || floor === undefined) continue;
    if (firstMinute === undefined || last === undefined) continue;
    const share = (value: number): string => `${(value * 100).toFixed(1)} % of a core`;
    row('processor', share(processor), '≤ 5 %', verdict(processor <= TARGETS.processor));
    row('processor, a lone oscillator', share(floor), '', `× ${(processor / floor).toFixed(1)}`);
    const sizes = `${firstMinute.toFixed(0)} → ${last.toFixed(0)} MiB`;
    row('memory after a minute (or half the time) and at the end', sizes, '', '');
    // A browser still settles in its first minutes: what it grows by then says nothing of an hour.
    if (length < SETTLED_MINUTES) {
      row('growth over an hour', '', `≤ ${TARGETS.growth} MiB`, 'too short to tell');
      continue;
    }
    const hourly = ((last - firstMinute) / (length - 1)) * 59;
    const how = length < 60 ? 'reckoned' : 'measured';
    const verdictOfGrowth = verdict(hourly <= TARGETS.growth);
    row(
      `growth over an hour, ${how}`,
      `${hourly.toFixed(0)} MiB`,
      `≤ ${TARGETS.growth} MiB`,
      verdictOfGrowth,
    );
  }
}
