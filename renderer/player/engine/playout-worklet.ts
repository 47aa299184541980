import type { ToWorklet } from './engine-messages.ts';
import { Playout } from './playout.ts';

// What an AudioWorkletGlobalScope has; TypeScript's DOM types leave it out.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: { cushion: number } }) => AudioWorkletProcessor,
): void;

/** Twenty reports a second. */
const REPORT_EVERY_SECONDS = 0.05;

class PlayoutProcessor extends AudioWorkletProcessor {
  readonly #playout: Playout;
  #feed: MessagePort | null = null;
  #turn = 0;
  #sinceReport = 0;
  #isOpen = true;

  constructor({ processorOptions }: { processorOptions: { cushion: number } }) {
    super();
    this.#playout = new Playout(sampleRate, processorOptions.cushion, () => Date.now());
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | null>) => {
      this.#isOpen = data !== null;
      this.#feed?.close();
      this.#feed = data;
      if (data)
        data.onmessage = (event: MessageEvent<ToWorklet>) => {
          this.#take(event.data);
        };
    };
  }

  process(_: Float32Array[][], [output = []]: Float32Array[][]): boolean {
    this.#playout.render(output);
    this.#sinceReport += output[0]?.length ?? 0;
    if (this.#sinceReport >= REPORT_EVERY_SECONDS * sampleRate) this.#report();
    return this.#isOpen;
  }

  #take(message: ToWorklet): void {
    switch (message.type) {
      case 'flush':
        this.#turn = message.turn;
        this.#playout.flush(message.seconds);
        break;
      case 'sound':
        this.#playout.add(message.planes);
        break;
      case 'end':
        this.#playout.end();
        break;
    }
  }

  #report(): void {
    this.#sinceReport = 0;
    this.port.postMessage(this.#playout.report());
    this.#feed?.postMessage({ turn: this.#turn, consumed: this.#playout.played });
  }
}

registerProcessor('soundpost-playout', PlayoutProcessor);
