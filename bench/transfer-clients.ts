import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What is transferred: a file in a msgpack message, such a message back to a file, a stream without a length to a file. */
export const kinds = ['send', 'message', 'stream'] as const;
export type Kind = (typeof kinds)[number];

type Place = { url: string; input: string; output: string };

/** A program that can make the exchanges, by the command line of each. */
export type Client = {
  name: 'soundpost' | 'curl' | 'python';
  commands: Partial<Record<Kind, (place: Place) => string[]>>;
  environment: Record<string, string>;
  /** Removes what a run leaves behind. */
  tidy?: () => Promise<void>;
};

const root = join(import.meta.dirname, '..');

/** As in Baseten's documentation of binary input and output, with `requests` and `msgpack`. */
const python = `
import sys, requests, msgpack
kind, url, source, target = sys.argv[1:]
headers = {"Authorization": "Api-Key abcd1234.abcd1234", "content-type": "application/octet-stream"}
if kind == "send":
    with open(source, "rb") as file:
        requests.post(url, headers=headers, data=msgpack.packb({"byte_data": file.read()}))
else:
    response = requests.post(url, headers=headers, data=msgpack.packb({}))
    with open(target, "wb") as file:
        file.write(msgpack.unpackb(response.content)["byte_data"])
`;

/** The clients of this computer; says which are not there. */
export function installedClients(scratch: string): Client[] {
  const home = join(scratch, 'soundpost');
  const soundpost: Client = {
    name: 'soundpost',
    environment: {
      BASETEN_API_KEY: 'abcd1234.abcd1234',
      XDG_DATA_HOME: home,
      XDG_CONFIG_HOME: home,
    },
    commands: {
      send: ({ url, input }) => ours(url, input),
      message: ({ url, output }) => ours(url, '--out', output),
      stream: ({ url, output }) => ours(url, '--out', output),
    },
    tidy: () => rm(home, { recursive: true, force: true }),
  };
  const curl: Client = {
    name: 'curl',
    environment: {},
    commands: {
      send: ({ url, input }) => ['curl', '-sS', '-X', 'POST', '-H', 'expect:', '-T', input, url],
      message: ({ url, output }) => ['curl', '-sS', '-d', '', '-o', output, url],
      stream: ({ url, output }) => ['curl', '-sS', '-d', '', '-o', output, url],
    },
  };
  const interpreter = pythonWithLibraries();
  if (interpreter === undefined) {
    console.error('Python is left out: no python3 here has requests and msgpack.');
    return [soundpost, curl];
  }
  const inPython =
    (kind: Kind) =>
    ({ url, input, output }: Place): string[] => [
      interpreter,
      '-c',
      python,
      kind,
      url,
      input,
      output,
    ];
  return [
    soundpost,
    curl,
    {
      name: 'python',
      environment: {},
      commands: { send: inPython('send'), message: inPython('message') },
    },
  ];
}

function ours(url: string, ...rest: string[]): string[] {
  const cli = join(root, 'out', 'main', 'cli.js');
  return [process.execPath, cli, 'run', '--url', url, '--allow-host', '127.0.0.1', ...rest];
}

/** Debian's libraries belong to Debian's Python, which need not be the first one found. */
function pythonWithLibraries(): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (name) => spawnSync(name, ['-c', 'import requests, msgpack']).status === 0,
  );
}
