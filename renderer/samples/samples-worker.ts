import { AudioSampleSink, type InputAudioTrack } from 'mediabunny';
import type { Input } from '../../electron/contract/sound.ts';
import { openTrack } from '../player/open-track.ts';
import type { SamplesReport, SamplesRequest } from './samples-messages.ts';
import { Refused, Upload } from './upload.ts';

const REPORT_EVERY_MS = 100;

/** Decodes one sound as a stream and hands its samples over as a WAV. Stopped by terminating the worker. */
self.addEventListener('message', ({ data }: MessageEvent<SamplesRequest>) => {
  handOver(data).then(report, (error: unknown) => {
    report(
      error instanceof Refused
        ? { type: 'failed', failure: error.failure }
        : { type: 'undecodable' },
    );
  });
});

async function handOver({ url, uploadUrl }: SamplesRequest): Promise<SamplesReport> {
  const track = await openTrack(url, () => {
    report({ type: 'undecodable' });
  });
  if (!track) return { type: 'undecodable' };
  return { type: 'done', input: await decode(track, new Upload(uploadUrl)) };
}

async function decode(track: InputAudioTrack, upload: Upload): Promise<Input> {
  const expected = await track.computeDuration();
  let shape: string | null = null;
  let reported = performance.now();
  for await (const sample of new AudioSampleSink(track).samples()) {
    const { numberOfFrames: frames, numberOfChannels: channels, sampleRate, timestamp } = sample;
    const samples = new Float32Array(frames * channels);
    sample.copyTo(samples, { planeIndex: 0, format: 'f32' });
    sample.close();
    // What the decoder says is what sounds: HE-AAC doubles the rate that its header names.
    if (shape === null) await upload.write(wavHead(sampleRate, channels));
    shape ??= `${sampleRate} ${channels}`;
    if (shape !== `${sampleRate} ${channels}`) throw new Error('The sound changes its format.');
    await upload.write(new Uint8Array(samples.buffer));
    if (performance.now() - reported > REPORT_EVERY_MS) {
      report({ type: 'progress', share: Math.min(1, timestamp / expected) });
      reported = performance.now();
    }
  }
  return upload.finish();
}

/** A WAV's head before 32-bit floats whose number is not known yet: the largest size means "to the end". */
function wavHead(sampleRate: number, channels: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(44));
  const text = (at: number, letters: string): void => {
    new Uint8Array(view.buffer).set(new TextEncoder().encode(letters), at);
  };
  text(0, 'RIFF');
  view.setUint32(4, 0xffff_ffff, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 4, true);
  view.setUint16(32, channels * 4, true);
  view.setUint16(34, 32, true);
  text(36, 'data');
  view.setUint32(40, 0xffff_ffff, true);
  return new Uint8Array(view.buffer);
}

function report(message: SamplesReport): void {
  self.postMessage(message);
}
