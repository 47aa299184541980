import type { Page } from 'playwright-core';

/** What came out of the page's audio element while it played: its loudest sample, 0 to 1, and where it stood. */
export type Heard = { peak: number; from: number; to: number };

/** Listens to what the audio element puts out until it is loud enough or five seconds have passed. */
export function listen(page: Page): Promise<Heard> {
  return page.evaluate(async () => {
    const audio = document.querySelector('audio');
    if (!audio) throw new Error('There is no audio element.');
    const capture: unknown = Reflect.get(audio, 'captureStream');
    if (typeof capture !== 'function') throw new Error('This browser can’t capture the sound.');
    const from = audio.currentTime;
    const pause = (milliseconds: number) =>
      new Promise((resolve) => setTimeout(resolve, milliseconds));
    for (let round = 0; round < 100 && (audio.readyState < 2 || audio.paused); round += 1)
      await pause(50);
    const context = new AudioContext();
    const samples = new Float32Array(2048);
    // All are held until the end: one that is collected as garbage silences the others.
    const captures: MediaStream[] = [];
    let peak = 0;
    // Chromium captures nothing but silence when it is asked in the moment in which the element starts: a later capture
    // of the same element hears it.
    for (let attempt = 0; attempt < 5 && peak < 0.05; attempt += 1) {
      const stream: unknown = Reflect.apply(capture, audio, []);
      if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0)
        throw new Error('Nothing began to play.');
      captures.push(stream);
      const analyser = new AnalyserNode(context, { fftSize: samples.length });
      context.createMediaStreamSource(stream).connect(analyser);
      for (let round = 0; round < 20 && peak < 0.05; round += 1) {
        await pause(50);
        analyser.getFloatTimeDomainData(samples);
        for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
      }
    }
    await context.close();
    return { peak, from, to: audio.currentTime };
  });
}

/**
 * Listens to whatever the page sends to the sound device by Web Audio from now on. The answered function waits up to five
 * seconds for a sample over `least`, and answers the loudest that left since it was called.
 */
export async function tapOutput(page: Page): Promise<(least?: number) => Promise<number>> {
  await page.evaluate(() => {
    const taps: AnalyserNode[] = [];
    Reflect.set(window, 'outputTaps', taps);
    const connect: unknown = Reflect.get(AudioNode.prototype, 'connect');
    if (typeof connect !== 'function') throw new Error('There is no Web Audio.');
    Reflect.set(AudioNode.prototype, 'connect', function (this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode) {
        const tap = new AnalyserNode(this.context, { fftSize: 2048 });
        taps.push(tap);
        Reflect.apply(connect, this, [tap]);
      }
      return Reflect.apply(connect, this, to) as unknown;
    });
  });
  return (least = 0.05) =>
    page.evaluate(async (enough) => {
      const taps = Reflect.get(window, 'outputTaps') as AnalyserNode[];
      const samples = new Float32Array(2048);
      let peak = 0;
      for (let round = 0; round < 150 && peak < enough; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 33));
        for (const tap of taps) {
          if (tap.context.state !== 'running') continue;
          tap.getFloatTimeDomainData(samples);
          for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
        }
      }
      return peak;
    }, least);
}
