/**
 * How fast the built command line sends and receives, side by side with curl and with the Python client of Baseten's
 * documentation (`requests` and `msgpack`), in turn, in the same run and against the same server.
 *
 * Usage: npm run bench -- [--sizes 16,256,1024] [--rounds 5] [--json]     (sizes in MiB; Linux)
 *
 * Each client is a process of its own. What its start takes is measured by an exchange of nothing and taken off, so
 * that the transfer alone is compared; hashing is off. The server says for each exchange how busy it was: well below
 * 100 % means that it waited for the client, and not the client for it. Ratios count; single times do not.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installedClients, kinds, type Client, type Kind } from './transfer-clients.ts';
import { measure, median, startSink, type Cost, type Sink } from './transfer-measure.ts';

/** MiB at most, at 1 GiB; and the wall clock of the transfer as a ratio. */
const targets: Record<Kind, { curl: number; python: number; memory: number }> = {
  send: { curl: 1, python: 0.25, memory: 110 },
  message: { curl: 1.5, python: 0.35, memory: 180 },
  stream: { curl: 1.5, python: Infinity, memory: 180 },
};

type Row = {
  kind: Kind;
  mebibytes: number;
  client: Client['name'];
  /** seconds: of the transfer alone, of the process's start, and of processor time */
  transfer: number;
  start: number;
  processor: number;
  memory: number;
  serverBusy: number;
};

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '16,256,1024' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const scratch = await mkdtemp(join(tmpdir(), 'soundpost-bench-'));
const sink = await startSink();
try {
  const clients = installedClients(scratch);
  const rows: Row[] = [];
  for (const mebibytes of values.sizes.split(',').map(Number)) {
    const input = await fileOf(mebibytes);
    for (const kind of kinds) {
      rows.push(...(await compare(clients, kind, mebibytes, input)));
    }
  }
  if (values.json) console.log(JSON.stringify({ rounds: Number(values.rounds), rows }, null, 2));
  else print(rows);
} finally {
  sink.close();
  await rm(scratch, { recursive: true, force: true });
}

async function compare(
  clients: Client[],
  kind: Kind,
  mebibytes: number,
  input: string,
): Promise<Row[]> {
  const empty = await fileOf(0);
  const able = clients.filter((client) => client.commands[kind] !== undefined);
  const costs = new Map(able.map((client) => [client, { full: [] as Cost[], none: [] as Cost[] }]));
  const turns = [...costs];
  // The first round warms caches and is not counted. Clients take turns, so that a slow minute is slow for all, and each
  // comes behind each other: what Python leaves of memory and caches is not what curl leaves.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    if (round % turns.length === 0) turns.reverse();
    turns.unshift(...turns.splice(-1));
    for (const [client, { full, none }] of turns) {
      const nothing = await exchange(client, kind, 0, empty, sink);
      const whole = await exchange(client, kind, mebibytes, input, sink);
      if (round === 0) continue;
      none.push(nothing);
      full.push(whole);
    }
  }
  return [...costs].map(([client, { full, none }]) => {
    const start = median(none.map(({ wall }) => wall));
    return {
      kind,
      mebibytes,
      client: client.name,
      transfer: median(full.map(({ wall }) => wall)) - start,
      start,
      processor: median(full.map(({ processor }) => processor)),
      memory: Math.max(...full.map(({ memory }) => memory)),
      serverBusy: median(full.map(({ serverBusy }) => serverBusy)),
    };
  });
}

async function exchange(
  client: Client,
  kind: Kind,
  mebibytes: number,
  input: string,
  { url, exchanged }: Sink,
): Promise<Cost> {
  const output = join(scratch, 'output.wav');
  const path = kind === 'send' ? 'send' : `${kind}/${mebibytes}`;
  const command = client.commands[kind]?.({ url: `${url}/${path}`, input, output }) ?? [];
  const cost = await measure(command, client.environment, exchanged);
  await rm(output, { force: true });
  await client.tidy?.();
  return cost;
}

async function fileOf(mebibytes: number): Promise<string> {
  const path = join(scratch, `input-${mebibytes}.wav`);
  const block = Buffer.alloc(1024 * 1024, 'sound');
  await using file = await open(path, 'w');
  // Soundpost refuses to send a file with nothing in it.
  if (mebibytes === 0) await file.write('s');
  for (let written = 0; written < mebibytes; written += 1) await file.write(block);
  return path;
}

function print(rows: Row[]): void {
  console.log(`medians of ${values.rounds} rounds in turn, ${availableParallelism()} processors\n`);
  console.log(
    '| transfer | MiB | client | × curl | × Python | transfer s | start s | processor s | peak MiB | server busy |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const row of rows) {
    const ratio = (name: Client['name']): string => {
      const other = rows.find(
        ({ kind, mebibytes, client }) =>
          kind === row.kind && mebibytes === row.mebibytes && client === name,
      );
      return other && other !== row ? (row.transfer / other.transfer).toFixed(2) : '';
    };
    const cells = [
      row.kind,
      row.mebibytes,
      row.client,
      ratio('curl'),
      ratio('python'),
      row.transfer.toFixed(3),
      row.start.toFixed(3),
      row.processor.toFixed(2),
      Math.round(row.memory),
      `${Math.round(row.serverBusy * 100)} %`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log('\nto reach at 1024 MiB:');
  for (const kind of kinds) {
    const { curl, python, memory } = targets[kind];
    const toPython = python === Infinity ? '' : `, ≤ ${python} × Python`;
    console.log(`  ${kind}: ≤ ${curl} × curl${toPython}, ≤ ${memory} MiB`);
  }
}
