import { expect, test } from 'vitest';
import { failureCodes } from '../../contract/failure.ts';
import { exitStatus } from './exit-status.ts';
import { parseArguments } from './parse-arguments.ts';

const run = (line: string): unknown => parseArguments(['run', ...line.split(' ')]);

test('a file alone means byte_data, and fields say their types', () => {
  expect(run('talk.mp3 --model abc123 text=hi n:=1.0 voice@ref.wav')).toMatchObject({
    target: { kind: 'model', modelId: 'abc123', deployment: { kind: 'production' } },
    body: 'msgpack',
    answer: 'auto',
    limits: {},
    retries: undefined,
    caFile: undefined,
    fields: [
      { name: 'byte_data', type: 'file', path: 'talk.mp3' },
      { name: 'text', type: 'text', text: 'hi' },
      { name: 'n', type: 'json', text: '1.0' },
      { name: 'voice', type: 'file', path: 'ref.wav' },
    ],
  });
  expect(run('./a=b.mp3 --demo echo')).toMatchObject({
    fields: [{ name: 'byte_data', path: './a=b.mp3' }],
  });
});

test('--as says how a file travels', () => {
  const travels = (line: string): unknown =>
    (run(`${line} --model a`) as { fields: unknown }).fields;
  expect(travels('t.wav')).toMatchObject([{ travel: { as: 'auto' } }]);
  expect(travels('t.wav voice@v.wav --as voice=data-uri --as byte_data=base64')).toMatchObject([
    { name: 'byte_data', travel: { as: 'base64' } },
    { name: 'voice', travel: { as: 'data-uri' } },
  ]);
  expect(travels('t.wav --as byte_data=samples:float32@16000')).toMatchObject([
    { travel: { as: 'samples', dtype: 'float32', sampleRate: 16_000, shape: 'mono' } },
  ]);
  const deep = 'whisper_input[audio][audio_b64]';
  expect(travels(`${deep}@t.wav --as ${deep}=samples:int16@8000:channels-frames`)).toMatchObject([
    { name: deep, travel: { dtype: 'int16', sampleRate: 8000, shape: 'channels-frames' } },
  ]);
});

test('deployments are named as in the address', () => {
  expect(run('--model a --deployment env:staging')).toMatchObject({
    target: { deployment: { kind: 'environment', name: 'staging' } },
  });
  expect(run('--model a --deployment w7m0p2k')).toMatchObject({
    target: { deployment: { kind: 'deployment', id: 'w7m0p2k' } },
  });
  expect(run('--model a --path sync/v1/audio/speech')).toMatchObject({
    target: { deployment: { kind: 'production' }, path: 'sync/v1/audio/speech' },
  });
});

test.each([
  'f.mp3',
  '--model a --demo echo',
  '--model x@evil.example/',
  '--model a --deployment env:../x',
  '--url https://x --deployment production',
  '--url https://x --path predict',
  '--model a --path ../x',
  '--demo sing',
  '--model a --body yaml',
  '--model a --timeout soon',
  '--model a --idle-timeout 0',
  '--model a --retries -1',
  '--model a --allow-host https://my.host',
  '--model a --allow-host my.host/predict',
  '--model a one.mp3 two.mp3',
  '--model a --json --out -',
  '--model a t.wav --as byte_data',
  '--model a t.wav --as byte_data=hex',
  '--model a t.wav --as byte_data=samples:float64@16000',
  '--model a t.wav --as byte_data=samples:int16@16',
  '--model a t.wav --as voice=base64',
  '--model a text=hi --as text=base64',
  '--model a --no-such-option',
])('“%s” is a usage error', (line) => {
  let status = 0;
  try {
    run(line);
  } catch (error) {
    status = exitStatus((error as { code: 'invalid_request' }).code);
  }
  expect(status).toBe(2);
});

test('each failure has the exit status of its side', () => {
  expect(exitStatus('cancelled')).toBe(130);
  expect(exitStatus('connection_refused')).toBe(3);
  expect(exitStatus('disk_full')).toBe(4);
  expect(exitStatus('model_error')).toBe(1);
  const all = Object.values(failureCodes).flatMap(({ codes }) => codes as readonly string[]);
  expect(new Set(all).size).toBe(all.length);
});

test('with a preset, files are told from fields and nothing is said that was not written', () => {
  const command = run(
    '--preset Kokoro a.wav speed=1.2 b.wav ref@c.wav --as ref=base64 --retries 0',
  );
  expect(command).toMatchObject({
    command: 'run-preset',
    preset: 'Kokoro',
    files: ['a.wav', 'b.wav'],
    fields: [
      { name: 'speed', type: 'text', text: '1.2' },
      { name: 'ref', type: 'file', path: 'c.wav' },
    ],
    travels: [{ name: 'ref', travel: { as: 'base64' } }],
    changes: { retries: 0 },
  });
  expect(Reflect.get(Object(command), 'changes')).toEqual({ retries: 0 });
});

test('presets are listed, exported by name and imported from a file', () => {
  expect(parseArguments(['presets', '--json'])).toEqual({
    ...{ command: 'presets', action: 'list', json: true },
  });
  expect(parseArguments(['presets', 'export', 'a', 'b c'])).toMatchObject({ names: ['a', 'b c'] });
  expect(parseArguments(['presets', 'import', 'x'])).toMatchObject({ file: 'x' });
  for (const args of [['export'], ['import'], ['import', 'a', 'b'], ['sing'], ['--model', 'a']]) {
    expect(() => parseArguments(['presets', ...args])).toThrow();
  }
});

test('--pcm says how headerless sound is read', () => {
  const pcm = (text: string): unknown =>
    Reflect.get(parseArguments(['run', '--demo', 'speak', '--pcm', text]), 'pcm');
  expect(pcm('s16le@24000')).toEqual({ encoding: 's16le', sampleRate: 24_000, channels: 1 });
  expect(pcm('mulaw@8000:2')).toEqual({ encoding: 'mulaw', sampleRate: 8000, channels: 2 });
  for (const bad of ['s16le', 's16@24000', 's16le@10', 's16le@24000:9', '24000']) {
    expect(() => pcm(bad)).toThrow(/--pcm wants/);
  }
});
