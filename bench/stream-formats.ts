import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Write } from '../e2e/live/live-server.ts';
import type { PcmReading } from '../renderer/player/engine/pcm.ts';

const speech = join(import.meta.dirname, '../resources/sample/gettysburg-24000-mono.s16le');
const opus = ['-c:a', 'libopus', '-b:a', '24k'];

export type Format = {
  name: string;
  mediaType: string;
  /** Milliseconds from the first bytes that can be decoded to the first sound; null where none is set, and why. */
  target: number | null;
  why?: string;
  pcm?: PcmReading;
  /** How ffmpeg makes it, and the name of its muxer. */
  make: string[];
  /** What begins each unit that a muxer gives at once; without it each packet is given by itself. */
  unit?: Buffer;
};

const pcm: PcmReading = { encoding: 's16le', sampleRate: 24_000, channels: 1 };
const mp4 = ['-movflags', '+empty_moov+default_base_moof', '-frag_duration', '200000', '-f', 'mp4'];

export const formats: Format[] = [
  {
    name: 'PCM s16le',
    mediaType: 'application/octet-stream',
    target: 130,
    pcm,
    make: ['-f', 's16le'],
  },
  { name: 'WAV', mediaType: 'audio/wav', target: 130, make: ['-f', 'wav'] },
  {
    name: 'MP3',
    mediaType: 'audio/mpeg',
    target: 130,
    make: ['-c:a', 'libmp3lame', '-b:a', '48k', '-write_xing', '0', '-f', 'mp3'],
  },
  {
    name: 'AAC',
    mediaType: 'audio/aac',
    target: 130,
    make: ['-c:a', 'aac', '-b:a', '32k', '-f', 'adts'],
  },
  {
    name: 'Opus, 20 ms pages',
    mediaType: 'audio/ogg; codecs=opus',
    target: 200,
    make: [...opus, '-page_duration', '20000', '-f', 'ogg'],
  },
  {
    name: 'Opus, 1 s pages',
    mediaType: 'audio/ogg; codecs=opus',
    target: null,
    why: 'none: comes in pages of 1 s',
    make: [...opus, '-f', 'ogg'],
  },
  {
    name: 'Vorbis, 1 s pages',
    mediaType: 'audio/ogg; codecs=vorbis',
    target: null,
    why: 'none: comes in pages of 1 s',
    make: ['-c:a', 'libvorbis', '-q:a', '0', '-f', 'ogg'],
  },
  {
    name: 'WebM Opus, live',
    mediaType: 'audio/webm; codecs=opus',
    target: 200,
    make: [...opus, '-live', '1', '-cluster_time_limit', '100', '-f', 'webm'],
    unit: Buffer.from('1f43b675', 'hex'),
  },
  {
    name: 'MP4 AAC, 200 ms',
    mediaType: 'audio/mp4; codecs=mp4a.40.2',
    target: 200,
    make: ['-c:a', 'aac', '-b:a', '32k', ...mp4],
    unit: Buffer.from('moof'),
  },
  {
    name: 'FLAC, 85 ms frames',
    mediaType: 'audio/flac',
    target: null,
    why: 'none: the reader looks ahead for the frames behind',
    make: ['-c:a', 'flac', '-frame_size', '2048', '-f', 'flac'],
  },
];

/** `seconds` of speech in a format, in a file of `directory`, cut as its muxer would give it and timed as it would come. */
export function recordingOf(format: Format, seconds: number, directory: string): Unit[] {
  const path = join(directory, `${format.name}-${seconds}`.replaceAll(/\W/g, '-'));
  const input = ['-stream_loop', '-1', '-f', 's16le', '-ar', '24000', '-ac', '1', '-i', speech];
  const options = ['-v', 'error', '-y'];
  execFileSync('ffmpeg', [...options, ...input, '-t', String(seconds), ...format.make, path]);
  const bytes = readFileSync(path);
  return format.pcm || format.name === 'WAV' ? evenly(bytes) : unitsOf(format, bytes, path);
}

/** Bytes that a muxer gives at once, and the second at which it can. */
export type Unit = { bytes: Uint8Array; dueSeconds: number };

/** 40 ms at a time. */
function evenly(bytes: Buffer): Unit[] {
  const step = 1920;
  return Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) => ({
    bytes: bytes.subarray(index * step, (index + 1) * step),
    dueSeconds: (index + 1) * 0.04,
  }));
}

function unitsOf({ unit, make }: Format, bytes: Buffer, path: string): Unit[] {
  const packets = execFileSync(
    'ffprobe',
    [...['-v', 'error', '-show_entries', 'packet=pos,pts_time,duration_time'], '-of', 'json', path],
    { maxBuffer: 2 ** 30 },
  );
  const { packets: told } = JSON.parse(packets.toString()) as {
    packets: { pos: string; pts_time: string; duration_time?: string }[];
  };
  const ends = told.map(({ pos, pts_time, duration_time }) => ({
    pos: Number(pos),
    end: Number(pts_time) + Number(duration_time ?? 0.02),
  }));
  const borders = unit ? marks(bytes, unit) : [...new Set(ends.map(({ pos }) => pos))];
  // A box's name stands behind its size.
  const back = make.includes('mp4') ? 4 : 0;
  return borders.map((border, index) => {
    const from = index === 0 ? 0 : border - back;
    const to = (borders[index + 1] ?? bytes.length + back) - back;
    const inside = ends.filter(({ pos }) => pos >= border - back && pos < to);
    return {
      bytes: bytes.subarray(from, to),
      dueSeconds: inside.at(-1)?.end ?? ends.at(-1)?.end ?? 0,
    };
  });
}

function marks(bytes: Buffer, mark: Buffer): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) found.push(at);
  return found;
}

/** The units as they come from a model that makes sound at its own pace. `came` is told of the first. */
export function* atItsPace(units: Unit[], came: (at: number) => void): Generator<Write> {
  let last = 0;
  for (const [index, { bytes, dueSeconds }] of units.entries()) {
    const afterMs = Math.max(0, dueSeconds - last) * 1000;
    last = Math.max(last, dueSeconds);
    yield index === 0
      ? {
          bytes,
          afterMs,
          came: () => {
            came(Date.now());
          },
        }
      : { bytes, afterMs };
  }
}
