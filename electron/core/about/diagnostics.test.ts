import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Redaction } from '../redaction.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { diagnosticsText, endOfLog, type Facts } from './diagnostics.ts';
import { redacted, type Private } from './redact.ts';

const KEY = 'abcd1234.s3cret+/=';
const QUOTED = 'x"y\\z';
const redaction = new Redaction();
for (const secret of [KEY, QUOTED]) redaction.hide(secret);
const hidden: Private = {
  withoutKeys: (text) => redaction.redact(text),
  hosts: ['gpu-box', 'models.acme.example'],
  ...{ home: '/home/ann', user: 'ann', computer: 'anns-laptop', root: '/opt/Soundpost/app.asar' },
  directories: ['/home/ann/.local/share/soundpost'],
};
const shown = (text: string): string => redacted(text, hidden);

const facts: Facts = {
  about: {
    ...{ name: 'Soundpost', version: '0.1.0', runsIn: 'desktop', system: 'Linux 6.1.0 x64' },
    versions: [{ name: 'Electron', version: '45.4.1' }],
    ...{ licence: 'MIT', notices: null },
  },
  ...{ locale: 'de-DE', timeZone: 'Europe/Berlin', inFlight: 2 },
  key: {
    value: { source: 'environment', last4: 'ret9', account: 'Acme', keychain: { usable: true } },
  },
  keys: {
    value: {
      keys: [
        {
          ...{ id: 'a', name: 'Acme lab', last4: 'ret9', account: 'Acme' },
          installation: {
            management: 'https://api.acme.example',
            inference: 'https://model-{id}.acme.example',
          },
        },
      ],
      ...{ activeId: 'a', environment: null, session: null },
    },
  },
  settings: {
    value: {
      ...{ appearance: 'dark', nameTemplate: `{input}-${KEY}`, isNameUsual: false, volume: 1 },
      outputFolder: { shown: '~/Clients/Acme', isUsual: false },
      ...{
        limits: { connect: 5 },
        proxy: { kind: 'fixed', url: `http://u:${KEY}@proxy.acme.example` },
      },
      ...{
        caFile: '~/acme.pem',
        approvedHosts: [{ origin: `https://${KEY}.example`, key: null }],
        notifies: true,
      },
      ...{ crashDumps: true, checkForUpdates: false },
      ...{ autoplay: { live: true, finished: false }, panes: {}, problems: [`“${KEY}” can’t`] },
      shortcuts: { [KEY]: ['Mod+KeyR'] },
    },
  },
  presets: { value: { presets: [], problems: [KEY] } },
  history: { value: { runs: 12, bytes: 3_400_000, limit: 10_000_000_000 } },
  log: { value: '' },
};

describe('what is copied for whoever looks for a fault', () => {
  it('says what it runs on, where the key comes from, and how much there is', () => {
    const text = diagnosticsText({ ...facts, log: { value: 'Error: it broke' } }, hidden);
    for (const words of [
      ...['Soundpost 0.1.0 (desktop)', 'Electron 45.4.1', 'Linux 6.1.0 x64, de-DE, Europe/Berlin'],
      ...['Key in use: from BASETEN_API_KEY', 'Keys kept: 1, 1 of them for an installation'],
      ...[
        'Keychain: usable',
        'Presets: 0; problems: 1',
        'Runs: 12, 3 MB of 10000 MB',
        'In flight: 2',
      ],
      ...['Appearance: dark', 'Proxy: fixed', 'connect 5 s', 'Error: it broke'],
    ]) {
      expect(text).toContain(words);
    }
  });

  it('never holds a key that was put everywhere, nor its end, nor whose it is', () => {
    const log = [
      ...[`Api-Key ${KEY}`, `Bearer ${KEY}`, KEY, encodeURIComponent(KEY), `{"key":"${KEY}"}`],
      ...[JSON.stringify([QUOTED])],
      ...['authorization: Api-Key zzzz9999.unknownKey1234567890', 'api_key=hunter2hunter2'],
      ...[`https://models.acme.example/predict?token=${KEY}`, 'x0x0x0x0.A1b2C3d4E5f6G7h8'],
    ].join('\n');
    const problem = { code: 'keychain_locked', message: KEY } as const;
    for (const key of [
      facts.key,
      { value: { source: 'none', keychain: { usable: false, problem } } } as const,
    ]) {
      const text = diagnosticsText({ ...facts, key, log: { value: log } }, hidden);
      for (const secret of [
        ...[
          KEY,
          'x\\"y',
          's3cret',
          'ret9',
          'Acme',
          'acme',
          'unknownKey',
          'hunter2',
          'A1b2C3d4E5f6G7h8',
        ],
      ]) {
        expect(text).not.toContain(secret);
      }
    }
  });

  it('is there also when what it tells of can’t be read', () => {
    const failed = { failed: 'file_unreadable' };
    const text = diagnosticsText(
      {
        ...{ ...facts, key: failed, keys: failed, settings: failed, presets: failed },
        ...{ history: failed, log: failed },
      },
      hidden,
    );
    for (const what of ['Key in use', 'Keys kept', 'Settings', 'Presets', 'Runs', 'Log']) {
      expect(text).toContain(`${what} can’t be read (file_unreadable)`);
    }
  });

  it('reads only the end of a log, from the beginning of a line', async () => {
    await using scratch = await scratchDirectory();
    const path = join(scratch.path, 'soundpost.log');
    expect(await endOfLog(path)).toBe('');
    await writeFile(path, 'first\n');
    expect(await endOfLog(path)).toBe('first\n');
    await appendFile(path, `${'x'.repeat(20_000)}\nlast\n`);
    await appendFile(path, 'y'.repeat(10_000));
    expect(await endOfLog(path)).toBe(`last\n${'y'.repeat(10_000)}`);
  });
});

describe('a text that strangers may read', () => {
  it('keeps what a fault is told by', () => {
    for (const text of [
      "TypeError: Cannot read properties of undefined (reading 'x')",
      '    at Runs.part (file://[app]/out/main/main.js:10:20)',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
      '2026-11-28T13:07:41.000Z Error: connect ECONNREFUSED 127.0.0.1:8080',
      "ENOENT: no such file, open '~/.local/share/soundpost/runs/run-1/run.json'",
      'Electron 45.4.1, Node.js 24.18.1',
      'https://api.baseten.co/…',
    ]) {
      expect(shown(text)).toBe(text);
    }
  });

  it('names no path of the user’s, and the program’s own by its place in it', () => {
    expect(shown("open '/home/ann/Music/Dr. Jones, take 1.mp3'")).toBe("open '[path]'");
    expect(shown("open '/Volumes/Big disk/a b.wav'")).toBe("open '[path]'");
    expect(shown("open 'D:\\Clients\\Acme.wav'")).toBe("open '[path]'");
    expect(shown('scandir /mnt/nas/acme/files')).toBe('scandir [path]');
    expect(shown('at f (file:///opt/Soundpost/app.asar/out/main/main.js:1:2)')).toBe(
      'at f (file://[app]/out/main/main.js:1:2)',
    );
    expect(shown('at f (file:///home/ann/src/x.js:1:2)')).not.toMatch(/ann|src/);
    const windows = { ...hidden, home: 'C:\\Users\\ann', root: 'C:\\Soundpost\\app.asar' };
    expect(redacted('at f (file:///C:/Soundpost/app.asar/out/main/x.js:1:2)', windows)).toContain(
      '[app]/out/main/x.js:1:2',
    );
    expect(redacted("open 'C:\\Users\\ann\\Music\\a.wav'", windows)).toBe("open '[path]'");
    expect(shown("open '/home/ann/.local/share/soundpost/x'")).toContain(
      '~/.local/share/soundpost/x',
    );
  });

  it('names no host of the user’s, and of Baseten’s not the model', () => {
    for (const text of [
      ...[
        'getaddrinfo ENOTFOUND gpu-box',
        'getaddrinfo ENOTFOUND other-box',
        'at gpu-box:8000 now',
      ],
      ...['https://models.acme.example/v1/predict', 'Host: tts.acme.example. is not in the cert'],
      ...['connect ECONNREFUSED 10.1.2.3:443', 'fe80::1ff:fe23:4567:890a', 'mail ann@acme.example'],
    ]) {
      expect(shown(text)).toMatch(/\[(?:host|address)\]/);
      expect(shown(text)).not.toMatch(/gpu-box|other-box|acme|10\.1\.2|fe80/);
    }
    expect(shown('https://model-abc123.api.baseten.co/production/predict?x=1')).toBe(
      'https://model-[id].api.baseten.co/…',
    );
    expect(shown('connect to model-abc123.api.baseten.co failed')).toBe(
      'connect to model-[id].api.baseten.co failed',
    );
  });

  it('names neither the user nor the computer, and leaves words that hold the name', () => {
    expect(shown('ann on anns-laptop said: cannot')).toBe('[user] on [computer] said: cannot');
  });
});
