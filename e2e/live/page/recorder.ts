import type { Block } from './capture-worklet.ts';
import captureUrl from './capture-worklet.ts?worker&url';

/** What Web Audio renders at a time. */
const QUANTUM_FRAMES = 128;

/** Lets every context know the capture processor before its owner goes on, so that an output can be tapped at once. */
export function prepareContexts(): void {
  const { prototype } = Object.getPrototypeOf(AudioWorklet) as typeof Worklet;
  const { addModule } = Object.getOwnPropertyDescriptors(prototype);
  prototype.addModule = async function (this: Worklet, ...module) {
    await addModule.value?.call(this, captureUrl);
    await addModule.value?.apply(this, module);
  };
}

/** All that one output gave, from the moment it was tapped. */
export class Recording {
  readonly sampleRate: number;
  readonly #blocks: Block[] = [];
  readonly #node: AudioWorkletNode;
  #settled: () => void = () => undefined;

  constructor(output: AudioNode) {
    const { context } = output;
    this.sampleRate = context.sampleRate;
    this.#node = new AudioWorkletNode(context, 'capture', { outputChannelCount: [1] });
    this.#node.port.onmessage = ({ data }: MessageEvent<Block | null>) => {
      if (data) this.#blocks.push(data);
      else this.#settled();
    };
    // It gives silence, and is only asked for it when it leads somewhere.
    output.connect(this.#node).connect(context.destination);
  }

  /** Every channel in one piece. */
  async planes(): Promise<Float32Array<ArrayBuffer>[]> {
    await this.#settle();
    const last = this.#blocks.at(-1);
    const frames = last ? (last.quantum + 1) * QUANTUM_FRAMES : 0;
    const channels = Math.max(1, ...this.#blocks.map(({ planes }) => planes.length));
    const whole = Array.from({ length: channels }, () => new Float32Array(frames));
    for (const { quantum, planes } of this.#blocks) {
      for (const [channel, plane] of planes.entries()) {
        whole[channel]?.set(plane, quantum * QUANTUM_FRAMES);
      }
    }
    return whole;
  }

  /** Waits for what is under way; a context that is suspended or closed has nothing under way, and does not answer. */
  async #settle(): Promise<void> {
    const { state } = this.#node.context;
    if (state !== 'running') return;
    const settled = new Promise<void>((resolve) => {
      this.#settled = resolve;
    });
    this.#node.port.postMessage(null);
    await settled;
  }
}
