// What an AudioWorkletGlobalScope has; TypeScript's DOM types leave it out.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** One quantum of sound, and its place among all that were rendered. The context's own count of frames lags now and then on a busy machine. */
export type Block = { quantum: number; planes: Float32Array<ArrayBuffer>[] };

/** Hands on every sample that reaches it, quantum by quantum. Answers any message with null, behind all that came before. */
class CaptureProcessor extends AudioWorkletProcessor {
  #quantum = 0;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.port.postMessage(null);
    };
  }

  process([input = []]: Float32Array[][]): boolean {
    const planes = input.map((plane) => Float32Array.from(plane));
    const block: Block = { quantum: this.#quantum, planes };
    this.#quantum += 1;
    this.port.postMessage(
      block,
      planes.map(({ buffer }) => buffer),
    );
    return true;
  }
}

registerProcessor('capture', CaptureProcessor);
