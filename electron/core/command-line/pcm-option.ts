import * as v from 'valibot';
import { pcmSchema, type Pcm } from '../../contract/intent.ts';
import { wrong } from './choice.ts';

/** What `--pcm` means: `s16le@24000`, `mulaw@8000:2`; mono unless it says more. @throws SoundpostError `invalid_request` */
export function pcmOption(text: string | undefined): Pcm | undefined {
  if (text === undefined) return undefined;
  const [, encoding, rate, channels = '1'] = /^(\w+)@(\d+)(?::(\d+))?$/.exec(text) ?? [];
  const pcm = { encoding, sampleRate: Number(rate), channels: Number(channels) };
  const parsed = v.safeParse(pcmSchema, pcm);
  if (parsed.success) return parsed.output;
  throw wrong(
    `--pcm wants ENCODING@RATE or ENCODING@RATE:CHANNELS, such as s16le@24000, not “${text.slice(0, 80)}”.`,
  );
}
