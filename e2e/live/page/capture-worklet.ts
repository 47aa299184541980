// What an AudioWorkletGlobalScope has; TypeScript's DOM types leave it out.
declare const currentFrame: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** One quantum of sound, and which frame of the context it begins with. */
export type Block = { frame: number; planes: Float32Array<ArrayBuffer>[] };

/** Hands on every sample that reaches it, quantum by quantum. Answers any message with null, behind all that came before. */
class CaptureProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.port.onmessage = () => {
      this.port.postMessage(null);
    };
  }

  process([input = []]: Float32Array[][]): boolean {
    const planes = input.map((plane) => Float32Array.from(plane));
    const block: Block = { frame: currentFrame, planes };
    this.port.postMessage(
      block,
      planes.map(({ buffer }) => buffer),
    );
    return true;
  }
}

registerProcessor('capture', CaptureProcessor);
