import type { FromWorker, ToWorker } from './engine-messages.ts';
import { LiveSource } from './live-source.ts';
import { SoundOutput } from './sound-output.ts';
import { StreamSession } from './stream-session.ts';

/** Ten times a second a growing waveform looks continuous. */
const PROGRESS_EVERY_MS = 100;

/** Pulls one stream, decodes it, and hands its sound to a worklet by a port of their own. Stopped by terminating it. */
let session: StreamSession | null = null;

const output = new SoundOutput((format) => {
  tell({ type: 'needs-output', format });
});

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case 'open':
      open(data.url, data.pcm);
      break;
    case 'output':
      output.attach(data.id, data.port);
      break;
    case 'seek':
      session?.seek(data.seconds);
      break;
    case 'read-as':
      session?.readAs(data.pcm, data.seconds);
      break;
  }
});

function open(url: string, pcm: Parameters<StreamSession['readAs']>[0] | null): void {
  const source = new LiveSource(url);
  let firstByteAt: number | null = null;
  let told = '';
  session = new StreamSession(source, output, pcm, (message) => {
    report();
    tell(message);
  });
  const report = (): void => {
    if (!session) return;
    firstByteAt ??= source.arrivedAt;
    const { format, outline, firstDecodableAt } = session;
    const progress = {
      format,
      receivedBytes: source.received,
      isComplete: source.isComplete,
      decodedSeconds: outline.seconds,
      firstByteAt,
      firstDecodableAt,
    };
    const peaks = outline.news();
    const state = JSON.stringify(progress);
    if (state === told && !peaks) return;
    told = state;
    tell({ type: 'progress', progress: { ...progress, peaks } });
  };
  setInterval(report, PROGRESS_EVERY_MS);
}

function tell(message: FromWorker): void {
  self.postMessage(message);
}
