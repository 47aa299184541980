import {
  LivePlayer,
  type LiveOptions,
  type LiveSnapshot,
} from '../../../renderer/player/engine/live-player.ts';
import { byElement, byMediaSource } from './browser-means.ts';
import { prepareContexts, Recording } from './recorder.ts';

type Play = Omit<LiveOptions, 'tell'>;
/** One array a channel, each as the base64 of 32-bit floats in the machine's order. */
export type PackedSound = { sampleRate: number; planes: string[] };

type Played = { player: LivePlayer; recordings: Recording[]; states: string[] };

const all: Played[] = [];

/** What the tests reach: players by their number. */
const live = {
  /** Starts a player, recorded from its first sample on unless that would disturb a measurement. */
  play(options: Play, isRecorded = true): number {
    const recordings: Recording[] = [];
    const states: string[] = [];
    let tapped: AudioNode | null = null;
    const player = new LivePlayer({
      ...options,
      tell: ({ state }) => {
        if (states.at(-1) !== state.phase) states.push(state.phase);
        const { output } = player;
        if (!isRecorded || !output || output === tapped) return;
        tapped = output;
        recordings.push(new Recording(output));
      },
    });
    // So that samples leave it as they are.
    player.setVolume(1);
    player.start();
    return all.push({ player, recordings, states }) - 1;
  },

  player: (id: number): LivePlayer => played(id).player,
  snapshot: (id: number): LiveSnapshot => played(id).player.snapshot,
  phase: (id: number): string => played(id).player.snapshot.state.phase,
  /** Every phase it went through, in order. */
  states: (id: number): string[] => played(id).states,

  /** One entry for each output that it had. */
  recorded: (id: number): Promise<PackedSound[]> =>
    Promise.all(
      played(id).recordings.map(async (recording) => {
        return pack(recording.sampleRate, await recording.planes());
      }),
    ),

  /** The whole of a file as the browser itself decodes it. */
  async decoded(url: string, sampleRate: number): Promise<PackedSound> {
    const context = new AudioContext({ sampleRate });
    const buffer = await context.decodeAudioData(await (await fetch(url)).arrayBuffer());
    await context.close();
    const planes = Array.from({ length: buffer.numberOfChannels }, (_, channel) =>
      buffer.getChannelData(channel),
    );
    return pack(sampleRate, planes);
  },

  /** Plays an answer by the browser's own means instead, and tells when it is heard, in epoch milliseconds. */
  heardBy: (means: 'media source' | 'element', url: string, mediaType: string) =>
    means === 'element' ? byElement(url) : byMediaSource(url, mediaType),

  /** Keeps this thread busy for `busyMs` of every `everyMs`, until the answer is called. */
  block(busyMs: number, everyMs: number): () => void {
    const timer = setInterval(() => {
      const until = performance.now() + busyMs;
      while (performance.now() < until);
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  },
};

function played(id: number): Played {
  const found = all[id];
  if (!found) throw new Error(`There is no player ${id}.`);
  return found;
}

async function pack(sampleRate: number, planes: Float32Array<ArrayBuffer>[]): Promise<PackedSound> {
  return { sampleRate, planes: await Promise.all(planes.map(base64)) };
}

function base64(samples: Float32Array<ArrayBuffer>): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve(url.slice(url.indexOf(',') + 1));
    };
    reader.readAsDataURL(new Blob([samples]));
  });
}

declare global {
  // Merging into Window needs an interface.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Window {
    live: LiveBench;
  }
}
type LiveBench = typeof live;

prepareContexts();
window.live = live;

// Where no driver looks in, which costs time and memory itself, the page's own address says what to play.
const search = new URLSearchParams(location.search);
const asked = search.get('play');
if (asked !== null) {
  const id = live.play(JSON.parse(asked) as Play, false);
  setInterval(() => {
    const { underruns, playedSeconds } = live.snapshot(id);
    void fetch(`/said?underruns=${underruns.count}&played=${playedSeconds}`);
  }, 5000);
}

// The least that a browser makes sound with, to measure the engine against: an oscillator at so many Hz, and nothing of ours.
const tone = search.get('tone');
if (tone !== null) {
  const context = new AudioContext({ sampleRate: Number(tone) });
  const oscillator = new OscillatorNode(context);
  oscillator.connect(context.destination);
  oscillator.start();
}
