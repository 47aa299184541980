import * as v from 'valibot';
import { pcmSchema, sampleRateSchema } from '../contract/intent.ts';
import type { Inputs } from './files/inputs.ts';
import type { PageInputs } from './files/page-inputs.ts';
import { serveBytes } from './files/serve-bytes.ts';
import { playable, type Reading, type Runs } from './runs/runs.ts';
import { serveLive } from './runs/serve-live.ts';
import type { WaitingRoom } from './runs/waiting-room.ts';

type Places = { inputs: Inputs; pageInputs: PageInputs; runs: Runs; waitingRoom: WaitingRoom };

/** Answers the page's requests for inputs and parts, and takes inputs born in it; null for other paths. */
export async function serve(
  request: Request,
  { inputs, pageInputs, runs, waitingRoom }: Places,
): Promise<Response | null> {
  const url = new URL(request.url);
  const [, place, id = '', index, form] = url.pathname.split('/');
  if (place === 'inputs') {
    if (request.method === 'PUT' || request.method === 'DELETE') {
      return pageInputs.answer(request, id);
    }
    const { bytes, mediaType } = await inputs.open(id);
    return serveBytes(request, [bytes], mediaType);
  }
  if (place === 'runs') {
    if (index === 'live') {
      return serveLive(request, runs.live(id, form === 'words' ? 'words' : 'sound'), waitingRoom);
    }
    const part = runs.part(id, (_, at) => String(at) === index);
    const pieces = form === 'wav' ? playable(part, readingOf(url)) : [part.source];
    return serveBytes(request, pieces, form === 'wav' ? 'audio/wav' : part.mediaType);
  }
  return null;
}

/** How the page wants to hear a part: `?rate=16000`, and for headerless samples `&encoding=s16le&channels=1` too. */
function readingOf({ searchParams }: URL): Reading {
  const sampleRate = Number(searchParams.get('rate') ?? NaN);
  const rate = v.safeParse(sampleRateSchema, sampleRate);
  const pcm = v.safeParse(pcmSchema, {
    encoding: searchParams.get('encoding'),
    sampleRate,
    channels: Number(searchParams.get('channels') ?? NaN),
  });
  return {
    sampleRate: rate.success ? rate.output : undefined,
    pcm: pcm.success ? pcm.output : undefined,
  };
}
