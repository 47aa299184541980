import type { OutputFormat, PlayoutReport } from './engine-messages.ts';
import { openContext } from './engine-start.ts';

/** How long a change of volume takes to be heard without a step, as a time constant in seconds. */
const VOLUME_GLIDE = 0.01;

/** What a player asks of its output from the start on. `cushion` in seconds; `volume` from 0 to 1, asked when the output opens. */
export type OutputOptions = {
  cushion: number;
  volume: () => number;
  report: (report: PlayoutReport) => void;
};

/** A sound device at one rate: the playout worklet and the volume behind it. */
export class LiveOutput {
  readonly format: OutputFormat;
  /** The end of the chain, which is connected to the device. */
  readonly node: GainNode;
  readonly #context: AudioContext;
  readonly #playout: AudioWorkletNode;
  #closing: Promise<void> | null = null;

  private constructor(context: AudioContext, format: OutputFormat, options: OutputOptions) {
    this.#context = context;
    this.format = format;
    this.#playout = new AudioWorkletNode(context, 'soundpost-playout', {
      numberOfInputs: 0,
      outputChannelCount: [format.channels],
      processorOptions: { cushion: options.cushion },
    });
    this.#playout.port.onmessage = ({ data }: MessageEvent<PlayoutReport>) => {
      options.report(data);
    };
    this.node = new GainNode(context, { gain: options.volume() });
    this.#playout.connect(this.node).connect(context.destination);
  }

  /** `warm`: a context made before the format was known, taken if its rate fits. @throws when there is no device. */
  static async open(
    format: OutputFormat,
    options: OutputOptions,
    warm: AudioContext | null,
  ): Promise<LiveOutput> {
    const fits = warm?.sampleRate === format.sampleRate;
    if (!fits) void warm?.close();
    const context = fits ? warm : await openContext(format.sampleRate);
    return new LiveOutput(context, format, options);
  }

  /** Seconds from the worklet to the ear, as far as the browser knows. */
  get latency(): number {
    return this.#context.outputLatency;
  }

  get isSuspended(): boolean {
    return this.#context.state === 'suspended';
  }

  /** The port by which a worker feeds the worklet. */
  feed(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#playout.port.postMessage(port1, [port1]);
    return port2;
  }

  set volume(volume: number) {
    this.node.gain.setTargetAtTime(volume, this.#context.currentTime, VOLUME_GLIDE);
  }

  suspend(): Promise<void> {
    return this.#context.suspend();
  }

  resume(): Promise<void> {
    return this.#context.resume();
  }

  /** Lets what has left the worklet reach the ear, and closes. */
  async finish(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.latency * 1000));
    await this.close();
  }

  close(): Promise<void> {
    this.#playout.port.postMessage(null);
    this.node.disconnect();
    this.#closing ??= this.#context.close();
    return this.#closing;
  }
}
