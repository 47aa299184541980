import { join } from 'node:path';
import { Socket } from 'node:net';
import fc from 'fast-check';
import '../../web-host/hook.ts';
import { webHost } from '../../web-host/electron.ts';
import { channels } from '../../electron/contract/bridge.ts';
import { failureCodes } from '../../electron/contract/failure.ts';
import type { Result } from '../../electron/contract/failure.ts';
import { malformed, type Malformed } from './malformed.ts';

// Runs in a process of its own: the built main process with nobody at its page, and a great many requests put to its one door as
// Electron would put them. What went wrong goes to the spec as one message.

/** As many are in flight at a time; those that ask the keychain's process wait for one another. */
const TOGETHER = 100;
/** Milliseconds. Nothing that is asked here takes a tenth of it. */
const HANGS = 20_000;

const [seed, count] = process.argv.slice(2).map(Number) as [number, number];
const root = join(import.meta.dirname, '..', '..');
const codes = new Set<string>(Object.values(failureCodes).flatMap((group) => group.codes));

const connections = new Set<string>();
const connect = Reflect.get(Socket.prototype, 'connect') as (...all: unknown[]) => unknown;
Socket.prototype.connect = function (this: Socket, ...all: unknown[]) {
  const [first] = (Array.isArray(all[0]) ? all[0] : all) as [{ host?: string; path?: string }];
  if (!first.path) connections.add(first.host ?? 'localhost');
  return Reflect.apply(connect, this, all);
} as typeof Socket.prototype.connect;

await import(join(root, 'out', 'main', 'main.js'));
await new Promise<void>((resolve, reject) => {
  const onUrl = (): void => {
    resolve();
  };
  const log = (error: unknown): void => {
    process.stderr.write(String(error));
  };
  webHost.start({ port: 0, keep: true, open: false, onUrl, log }).catch(reject);
});

// Nobody is at the page: what is copied is taken, all else is closed.
const questions: Record<string, number> = {};
webHost.link.ask = (question) => {
  questions[question.kind] = (questions[question.kind] ?? 0) + 1;
  return Promise.resolve(question.kind === 'copy' ? true : null);
};

const faults: string[] = [];
const answers: Record<string, number> = {};
let ok = 0;

const listen = webHost.ipc.listeners().get(channels.request) as (
  ...all: unknown[]
) => Promise<Result<unknown>>;
const event = { senderFrame: { url: 'app://soundpost/', parent: null } };

async function put({ route, input }: Malformed): Promise<void> {
  const fault = (what: string): void => {
    const shown = (value: unknown): string => {
      try {
        return JSON.stringify(value).slice(0, 400);
      } catch {
        return String(value).slice(0, 400);
      }
    };
    faults.push(`${what}: ${shown(route)} ${shown(input)}`);
  };
  // As Electron does with what comes from a page.
  const cloned = structuredClone<unknown[]>([route, input]);
  const late = AbortSignal.timeout(HANGS);
  const hang = new Promise<null>((resolve) => {
    late.addEventListener('abort', () => {
      resolve(null);
    });
  });
  try {
    const answer = await Promise.race([listen(event, ...cloned), hang]);
    if (answer === null) fault('hangs');
    else if (answer.ok) {
      ok += 1;
      structuredClone(answer.data);
      if (/root:x:0:0/.test(JSON.stringify(answer.data))) fault('tells a file');
    } else {
      const { code, message } = answer.failure;
      answers[code] = (answers[code] ?? 0) + 1;
      if (!codes.has(code) || code === 'internal' || message === '') fault(code);
    }
  } catch (error) {
    fault(`throws ${String(error)}`);
  }
}

const all = fc.sample(malformed, { seed, numRuns: count });
const rest = all.values();
await Promise.all(
  Array.from({ length: TOGETHER }, async () => {
    for (const request of rest) await put(request);
  }),
);
const polluted = Object.keys(Object.prototype).concat(
  'isAdmin' in {} ? ['isAdmin'] : [],
  Reflect.get({}, 'x') === undefined ? [] : ['x'],
);

const report = { faults, answers, ok, polluted, questions, connections: [...connections] };
/** What came of the requests. */
export type FuzzReport = typeof report;

process.send?.(report, () => {
  webHost.app.quit();
});
