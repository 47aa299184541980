import { fork as forkNode, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';

type Methods = Pick<Electron.UtilityProcess, 'postMessage' | 'kill' | 'pid'>;

/** `electron.utilityProcess.fork`'s child: a Node child process with a `process.parentPort`. */
class UtilityChild extends EventEmitter implements Methods {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    child.on('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    child.on('exit', (code) => this.emit('exit', code ?? 1));
    // Electron tells of a child that can't start, or is gone while it is written to, by `exit` alone.
    child.on('error', () => undefined);
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null ? this.#child.pid : undefined;
  }
  get stdout(): Readable | null {
    return this.#child.stdout;
  }
  get stderr(): Readable | null {
    return this.#child.stderr;
  }

  postMessage = (message: unknown): void => {
    if (this.#child.connected) this.#child.send(Object(message) as object, () => undefined);
  };
  kill = (): boolean => this.#child.kill();
}

/** As Electron's, on plain Node. */
export function fork(
  modulePath: string,
  args: string[] = [],
  { env, execArgv = [], cwd, stdio = 'inherit' }: Electron.ForkOptions = {},
): UtilityChild {
  const parentPort = new URL('./parent-port.ts', import.meta.url).href;
  const [, out = 'inherit', err = out] = Array.isArray(stdio) ? stdio : [stdio, stdio, stdio];
  const child = forkNode(modulePath, args, {
    env: { ...(env ?? process.env) },
    execArgv: ['--import', parentPort, ...execArgv],
    ...(cwd === undefined ? {} : { cwd }),
    serialization: 'advanced',
    stdio: ['ignore', mode(out), mode(err), 'ipc'],
  });
  return new UtilityChild(child);
}

function mode(name: string): 'pipe' | 'ignore' | 'inherit' {
  if (name === 'pipe' || name === 'ignore' || name === 'inherit') return name;
  throw new TypeError(`A utility process has no stdio of the kind ${name}.`);
}
