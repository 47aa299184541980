import type { Pcm } from '../../contract/intent.ts';
import { pcmLabel } from '../audio/pcm.ts';
import type { ByteSource } from '../files/byte-source.ts';
import type { StoredPart } from '../runs/runs.ts';
import { bareType, type Received } from './received.ts';

/** What speech models stream: XTTS, Orpheus and LiveKit's Baseten plugin all send this. */
export const USUAL_PCM: Pcm = { encoding: 's16le', sampleRate: 24_000, channels: 1 };
const LOOKED_AT = 64 * 1024;
/** Fewer samples tell nothing. */
const FEWEST_SAMPLES = 1000;

type Headerless = { pcm: Pcm; warning?: string };

/**
 * How an answer of unknown bytes can be heard: as the user said; as its type says (`audio/L16;rate=16000`); or, when it
 * is declared WAV (Orpheus streams headerless PCM as `audio/wav`) or is a stream that runs like a wave, as what speech
 * models usually send, with a warning that says so. Null when nothing speaks for sound.
 */
export async function headerless(received: Received): Promise<Headerless | null> {
  const { intent, contentType, file, isStream } = received;
  if (intent.pcm) return { pcm: intent.pcm };
  const type = bareType(contentType);
  if (/^audio\/(x-)?(wave?|vnd\.wave|pcm|l16|raw|s16le)$/.test(type)) {
    return guess(contentType, `The answer is declared ${type} and has no header.`);
  }
  const canBeSound = type === '' || type === 'application/octet-stream' || type === 'audio/basic';
  if (!isStream || !canBeSound || !runsLikeAWave(await file.read(0, LOOKED_AT))) return null;
  return guess(contentType, 'The stream has no header, and its bytes run like 16-bit sound.');
}

function guess(contentType: string, what: string): Headerless {
  const sampleRate = parameter(contentType, 'rate') ?? USUAL_PCM.sampleRate;
  const channels = parameter(contentType, 'channels') ?? USUAL_PCM.channels;
  const isSaid = parameter(contentType, 'rate') !== null;
  const pcm: Pcm =
    sampleRate >= 1000 && sampleRate <= 768_000 && channels >= 1 && channels <= 8
      ? { ...USUAL_PCM, sampleRate, channels }
      : USUAL_PCM;
  return {
    pcm,
    warning: `${what} It is read as ${pcmLabel(pcm)}${isSaid ? '' : ', which most speech models send'}; if it sounds wrong, say its PCM format and run again.`,
  };
}

function parameter(contentType: string, name: string): number | null {
  const [, digits] =
    new RegExp(`;\\s*${name}\\s*=\\s*"?(\\d{1,6})\\b`, 'i').exec(contentType) ?? [];
  return digits === undefined ? null : Number(digits);
}

/**
 * In sound a sample is near the one before it; in noise, which compressed and encrypted bytes look like, and in wider or
 * shifted samples it is not.
 */
function runsLikeAWave(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength - (bytes.length % 2));
  let level = 0;
  let change = 0;
  let before = 0;
  for (let at = 0; at < view.byteLength; at += 2) {
    const sample = view.getInt16(at, true);
    level += Math.abs(sample);
    change += Math.abs(sample - before);
    before = sample;
  }
  const samples = view.byteLength / 2;
  return samples >= FEWEST_SAMPLES && level / samples > 8 && change < level / 2;
}

/** Headerless samples, exactly as they came; playing puts a WAV header before them. */
export function pcmPart(name: string, source: ByteSource, pcm: Pcm): StoredPart {
  return {
    name,
    kind: { media: 'audio', format: 'pcm', label: pcmLabel(pcm), extension: 'pcm' },
    mediaType: 'audio/wav',
    source,
    pcm,
  };
}
