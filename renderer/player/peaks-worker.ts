import { AudioSampleSink, type InputAudioTrack } from 'mediabunny';
import { openTrack } from './open-track.ts';
import type { PeaksRequest, PeaksReport } from './peaks-messages.ts';
import { PeaksBuilder } from './peaks.ts';

const REPORT_EVERY_MS = 100;

/** Decodes one sound as a stream and reports its peaks as they grow. Stopped by terminating the worker. */
self.addEventListener('message', ({ data }: MessageEvent<PeaksRequest>) => {
  measure(data.url).catch(() => {
    report({ type: 'undecodable' });
  });
});

async function measure(url: string): Promise<void> {
  const track = await openTrack(url, () => {
    report({ type: 'undecodable' });
  });
  if (track) await decode(track);
  else report({ type: 'undecodable' });
}

async function decode(track: InputAudioTrack): Promise<void> {
  const expected = await track.computeDuration();
  const builder = new PeaksBuilder();
  let samples = new Float32Array(0);
  let shape = {
    sampleRate: await track.getSampleRate(),
    channels: await track.getNumberOfChannels(),
  };
  let reported = performance.now();
  const tell = (complete: boolean): void => {
    const peaks = builder.snapshot();
    const { frames } = builder;
    const duration = complete ? frames / shape.sampleRate : expected;
    report({ type: 'peaks', ...shape, peaks, frames, duration, complete });
    reported = performance.now();
  };
  tell(false);
  for await (const sample of new AudioSampleSink(track).samples()) {
    const { numberOfFrames: frames, numberOfChannels: channels, sampleRate } = sample;
    if (samples.length < frames * channels) samples = new Float32Array(frames * channels);
    sample.copyTo(samples, { planeIndex: 0, format: 'f32' });
    sample.close();
    builder.add(samples, frames, channels);
    // What the decoder says is what sounds: HE-AAC doubles the rate that its header names.
    shape = { sampleRate, channels };
    if (performance.now() - reported > REPORT_EVERY_MS) tell(false);
  }
  tell(true);
}

function report(message: PeaksReport): void {
  self.postMessage(message);
}
