import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunOutcome } from '../../contract/run.ts';
import { readFrames, findWavSound } from '../audio/wav-read.ts';
import type { Value } from '../codec/value.ts';
import { createCore, type Core } from '../core.ts';
import { MemoryBytes } from '../files/byte-source.ts';
import { array, msgpackOf, tone } from '../testing/array-answer.ts';
import { answerBytes } from '../testing/model-answers.ts';
import { startModelServer } from '../testing/model-server.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { oneKey } from '../baseten/key-choice.ts';

type Answered = AsyncDisposable & { core: Core; outcome: RunOutcome; directory: string };

async function answered(map: Record<string, Value>): Promise<Answered> {
  await using cleanup = new AsyncDisposableStack();
  const scratch = cleanup.use(await scratchDirectory());
  const server = cleanup.use(await startModelServer());
  server.answer('/predict', answerBytes(await msgpackOf(map)));
  const core = createCore({
    dataDirectory: join(scratch.path, 'data'),
    configDirectory: join(scratch.path, 'config'),
    home: scratch.path,
    sampleDirectory: scratch.path,
    keys: oneKey(null),
    askForHost: () => Promise.resolve('send-without-key'),
    log: () => undefined,
  });
  cleanup.defer(() => core.close());
  const outcome = await core.start({
    runId: randomUUID(),
    intent: {
      target: { kind: 'url', url: `${server.url}/predict` },
      ...{ auth: 'api-key', body: 'msgpack', answer: 'auto', fields: [] },
    },
    onProgress: () => undefined,
  });
  const finish = cleanup.move();
  const end = (): Promise<void> => finish.disposeAsync();
  return { core, outcome, directory: scratch.path, [Symbol.asyncDispose]: end };
}

async function served(core: Core, url = '', headers = {}): Promise<Buffer> {
  const response = await core.serve(new Request(`app://soundpost${url}`, { headers }));
  return Buffer.from((await response?.bytes()) ?? []);
}

const left = tone(440, 24_000, 12_000);
const right = tone(1000, 24_000, 12_000);
const stereo = new Float32Array([...left, ...right]);

test('samples in an answer are a sound at the rate beside them, and at any other', async () => {
  await using at = await answered({
    audio: array('<f4', [2, 12_000], stereo),
    sample_rate: 22_050,
    embedding: array('<f4', [1, 768], new Float32Array(768)),
  });
  expect(at.outcome.parts).toMatchObject([
    {
      name: 'audio',
      kind: { media: 'audio', label: 'float32 22.05 kHz stereo', extension: 'npy' },
      size: stereo.byteLength,
      sampleRate: 22_050,
    },
  ]);
  expect(at.outcome.output).toMatchObject({
    audio: { $type: 'ndarray', dtype: '<f4', shape: [2, 12_000], part: 'audio' },
    embedding: { $type: 'ndarray', shape: [1, 768] },
  });
  const [part] = at.outcome.parts;
  const wav = await served(at.core, part?.playUrl);
  const sound = await findWavSound(new MemoryBytes(wav));
  expect(sound).toMatchObject({ sampleRate: 22_050, channels: 2, frames: 12_000 });
  expect(await readFrames(new MemoryBytes(wav), sound, 0, 12_000)).toEqual([left, right]);

  const slow = await served(at.core, `${part?.playUrl ?? ''}?rate=8000`);
  expect(await findWavSound(new MemoryBytes(slow))).toMatchObject({ sampleRate: 8000 });
  const range = await served(at.core, part?.playUrl, { range: 'bytes=51-100' });
  expect(range).toEqual(wav.subarray(51, 101));
  expect(await served(at.core, part?.url)).toEqual(Buffer.from(stereo.buffer));
});

test('the rate may stand in a map around it', async () => {
  await using at = await answered({
    sr: 16_000,
    out: [array('<i2', [1, 3200], new Int16Array(3200))],
  });
  expect(at.outcome.parts).toMatchObject([
    { name: 'out[0]', kind: { label: 'int16 16 kHz mono' }, sampleRate: 16_000 },
  ]);
});

test('it is saved as the array it is, or as the sound it is at the rate chosen', async () => {
  await using at = await answered({ audio: array('<f4', [2, 12_000], stereo) });
  const part = at.core.part(at.outcome.runId, 'audio');
  const npy = join(at.directory, 'audio.npy');
  await at.core.savePart(part, 'received', npy, 'keep');
  const saved = await readFile(npy);
  expect(saved.subarray(0, 80).toString('latin1')).toContain(
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 12000), }",
  );
  expect(saved.subarray(128)).toEqual(Buffer.from(stereo.buffer));

  const wav = join(at.directory, 'audio.wav');
  await at.core.savePart(part, 'wav', wav, 'keep', { sampleRate: 16_000 });
  expect(await findWavSound(new MemoryBytes(await readFile(wav)))).toMatchObject({
    ...{ sampleRate: 16_000, channels: 2, frames: 12_000 },
  });
});
