/**
 * Makes the bundled recording again: `npx node scripts/make-sample.ts`, on Debian with the packages named below.
 * A synthesiser speaks the sentence phrase by phrase, so the transcript's times are counted samples, not guesses.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Phrase = { text: string; pauseAfter: number };
type Segment = { text: string; start_time: number; end_time: number };

/** The 1863 text, as Nicolay's copy has it. Pauses in seconds, as a reader would breathe. */
const phrases: Phrase[] = [
  { text: 'Four score and seven years ago', pauseAfter: 0.22 },
  { text: 'our fathers brought forth,', pauseAfter: 0.26 },
  { text: 'upon this continent,', pauseAfter: 0.32 },
  { text: 'a new nation,', pauseAfter: 0.38 },
  { text: 'conceived in liberty,', pauseAfter: 0.42 },
  { text: 'and dedicated to the proposition', pauseAfter: 0.24 },
  { text: 'that all men are created equal.', pauseAfter: 0.45 },
];

/** Hz. The voice speaks at this rate: the only one of Debian's English voices with sound above 8 kHz. */
const VOICE_RATE = 32_000;
const MP3_RATE = 44_100;
const PCM_RATE = 24_000;
/** Seconds of quiet before the first word. */
const LEAD_IN = 0.25;
/** Quieter than this, of full scale, counts as silence around a phrase: -46 dBFS. */
const SILENCE = 0.005;
/** Seconds kept around a phrase's sound, faded, so that soft consonants are not cut. */
const MARGIN = 0.03;
/** dBFS of the loudest sample; the rest of the scale is room for MP3's overshoot. */
const PEAK = -1.5;

const TEXT2WAVE = '/usr/bin/text2wave';
const SOX = '/usr/bin/sox';
const LAME = '/usr/bin/lame';

const destination = join(import.meta.dirname, '../resources/sample');

function requirePackages(): void {
  const needed = {
    festival: TEXT2WAVE,
    'festvox-us-slt-hts': '/usr/share/festival/voices/us/cmu_us_slt_arctic_hts',
    sox: SOX,
    lame: LAME,
  };
  const missing = Object.entries(needed).flatMap(([name, file]) => (existsSync(file) ? [] : name));
  if (missing.length === 0) return;
  console.error('The sample is made with Debian packages that are not installed here.');
  console.error(`Install them: apt-get install --no-install-recommends ${missing.join(' ')}`);
  process.exit(1);
}

/** The phrase as samples of full scale 1, with the silence of the synthesiser cut off both ends. */
function speak(text: string, scratch: string): Float32Array {
  const wav = join(scratch, 'phrase.wav');
  // A comma keeps the voice up where a phrase goes on; `-r` slows it to a public reader's pace.
  const spoken = /[.,]$/.test(text) ? text : `${text},`;
  const pace = `(set! hts_engine_params (append hts_engine_params '(("-r" 0.95))))`;
  const voice = ['-eval', '(voice_cmu_us_slt_arctic_hts)', '-eval', pace];
  execFileSync(TEXT2WAVE, [...voice, '-o', wav], { input: spoken });

  // The voice has a slight constant offset and rumble, which would click where phrases are joined.
  const raw = ['-t', 'raw', '-e', 'floating-point', '-b', '32', '-r', String(VOICE_RATE), '-'];
  const bytes = execFileSync(SOX, [wav, ...raw, 'highpass', '60']);
  return trim(new Float32Array(new Uint8Array(bytes).buffer));
}

function trim(samples: Float32Array): Float32Array {
  const margin = Math.round(MARGIN * VOICE_RATE);
  const first = samples.findIndex((sample) => Math.abs(sample) > SILENCE);
  const last = samples.findLastIndex((sample) => Math.abs(sample) > SILENCE);
  const kept = samples.slice(Math.max(0, first - margin), last + 1 + margin);

  for (let i = 0; i < margin; i++) {
    const gain = i / margin;
    kept[i] = (kept[i] ?? 0) * gain;
    kept[kept.length - 1 - i] = (kept[kept.length - 1 - i] ?? 0) * gain;
  }
  return kept;
}

/** All phrases in one recording, and where each stands in it, in seconds. */
function recite(scratch: string): { samples: Float32Array<ArrayBuffer>; segments: Segment[] } {
  const samples = new Float32Array(60 * VOICE_RATE);
  const segments: Segment[] = [];
  let position = Math.round(LEAD_IN * VOICE_RATE);

  for (const { text, pauseAfter } of phrases) {
    const spoken = speak(text, scratch);
    samples.set(spoken, position);
    const end = position + spoken.length;
    segments.push({ text, start_time: seconds(position), end_time: seconds(end) });
    position = end + Math.round(pauseAfter * VOICE_RATE);
  }
  return { samples: samples.slice(0, position), segments };
}

function seconds(samples: number): number {
  return Math.round((samples / VOICE_RATE) * 1000) / 1000;
}

/** The same recording twice: as the MP3 that is sent, and as the headerless PCM that Speak streams. */
function encode(samples: Float32Array<ArrayBuffer>, scratch: string): void {
  const master = join(scratch, 'master.f32');
  writeFileSync(master, new Uint8Array(samples.buffer));
  const source = ['-t', 'raw', '-e', 'floating-point', '-b', '32', '-c', '1'];
  const asInteger = ['-t', 'raw', '-e', 'signed-integer', '-b', '16', '-L'];
  const at = (rate: number) => ['rate', '-v', String(rate), 'norm', String(PEAK)];
  const input = [...source, '-r', String(VOICE_RATE), master];

  // `-D`: without dither's noise the same packages make the same bytes each time.
  const pcm = join(destination, `gettysburg-${PCM_RATE}-mono.s16le`);
  execFileSync(SOX, ['-D', ...input, ...asInteger, pcm, ...at(PCM_RATE)]);

  const wav = join(scratch, 'master.wav');
  execFileSync(SOX, ['-D', ...input, '-b', '16', wav, ...at(MP3_RATE)]);
  const tags = ['--id3v2-only', '--tt', 'Gettysburg Address (opening)', '--tg', 'Speech'];
  const credit = ['--ta', 'Abraham Lincoln', '--tc', 'Spoken by Festival (CMU ARCTIC slt)'];
  const quality = ['--quiet', '--cbr', '-b', '128', '-m', 'm', '-q', '0', '--noreplaygain'];
  execFileSync(LAME, [...quality, ...tags, ...credit, wav, join(destination, 'Gettysburg.mp3')]);
}

function writeTranscript(segments: Segment[]): void {
  const sha256 = createHash('sha256')
    .update(readFileSync(join(destination, 'Gettysburg.mp3')))
    .digest('hex');
  // The shape of Baseten's Whisper. Nothing was recognised here, so nothing is claimed about how likely a word is.
  const answer = { language_code: 'en', language_prob: 1, segments };
  const json = JSON.stringify({ sha256, answer }, null, 2);
  writeFileSync(join(destination, 'transcript.json'), `${json}\n`);
}

requirePackages();
const scratch = mkdtempSync(join(tmpdir(), 'soundpost-sample-'));
try {
  mkdirSync(destination, { recursive: true });
  const { samples, segments } = recite(scratch);
  encode(samples, scratch);
  writeTranscript(segments);
  console.log(`Made ${seconds(samples.length)} s of speech in ${destination}`);
} finally {
  rmSync(scratch, { recursive: true });
}
