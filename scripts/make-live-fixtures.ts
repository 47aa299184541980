/**
 * Makes the short recordings again that the tests of the live engine play: `npx node scripts/make-live-fixtures.ts`, with
 * ffmpeg installed. Their bytes may differ with ffmpeg's version; the tests only lean on what is decoded.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const speech = join(import.meta.dirname, '../resources/sample/gettysburg-24000-mono.s16le');
const destination = join(import.meta.dirname, '../renderer/player/engine/fixtures');

const opus = ['-c:a', 'libopus', '-b:a', '24k'];
const mp3 = ['-c:a', 'libmp3lame', '-b:a', '48k'];
const aac = ['-c:a', 'aac', '-b:a', '32k'];

/** File name, seconds, and how ffmpeg makes it. */
const fixtures: [string, number, string[]][] = [
  ['lame.mp3', 3, mp3],
  ['plain.mp3', 3, [...mp3, '-write_xing', '0', '-id3v2_version', '0']],
  ['adts.aac', 3, aac],
  ['opus20.ogg', 3, [...opus, '-page_duration', '20000']],
  ['opus1s.ogg', 3, opus],
  ['vorbis.ogg', 3, ['-c:a', 'libvorbis', '-q:a', '0']],
  ['live.webm', 3, [...opus, '-live', '1', '-cluster_time_limit', '100']],
  [
    'frag200.mp4',
    3,
    [...aac, '-frag_duration', '200000', '-movflags', '+empty_moov+default_base_moof'],
  ],
  ['speech.flac', 2, ['-c:a', 'flac', '-frame_size', '2048']],
];

for (const [name, seconds, options] of fixtures) {
  const input = ['-f', 's16le', '-ar', '24000', '-ac', '1', '-t', String(seconds), '-i', speech];
  const output = ['-bitexact', ...options, join(destination, name)];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...output], { stdio: 'inherit' });
}
