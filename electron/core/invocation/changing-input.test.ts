import { truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bodyKinds } from '../../contract/intent.ts';
import { createCore } from '../core.ts';
import { answerMsgpack } from '../testing/model-answers.ts';
import { startModelServer } from '../testing/model-server.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { oneKey } from '../baseten/key-choice.ts';

/** More than the system's buffers hold, so that the server's pace is the upload's. */
const SIZE = 64 * 1024 * 1024;

const changes = {
  shrinks: (path: string) => truncate(path, SIZE / 2),
  grows: (path: string) => writeFile(path, 'more', { flag: 'a' }),
  vanishes: (path: string) => unlink(path),
};

describe.each(bodyKinds)('in a %s body', (body) => {
  test.each(['shrinks', 'grows', 'vanishes'] as const)(
    'a file that %s while it is sent stops the run in words, and no server has it whole',
    async (change) => {
      await using scratch = await scratchDirectory();
      await using server = await startModelServer();
      const path = join(scratch.path, 'take.bin');
      await writeFile(path, new Uint8Array(SIZE));
      server.answer('/predict', async (exchange) => {
        await exchange.readChunk();
        await changes[change](path);
        await exchange.readAll();
        await answerMsgpack(1)(exchange);
      });
      const logged: unknown[] = [];
      const core = createCore({
        dataDirectory: join(scratch.path, 'data'),
        configDirectory: join(scratch.path, 'config'),
        home: scratch.path,
        sampleDirectory: scratch.path,
        keys: oneKey(null),
        askForHost: () => Promise.resolve('send-without-key'),
        log: (error) => logged.push(error),
      });
      const { id } = await core.inputs.admit(path);
      const { failure } = await core.start({
        runId: `changing-${body}-${change}`,
        intent: {
          target: { kind: 'url', url: `${server.url}/predict` },
          auth: 'api-key',
          answer: 'auto',
          body,
          fields: [{ name: 'f', value: { type: 'file', inputId: id } }],
        },
        onProgress: () => undefined,
      });
      await core.close();
      // On Windows a file that is open can't be taken away; elsewhere it reads on until it is looked for by name.
      expect(failure?.code).toMatch(/^file_(changed|unreadable)$/);
      expect(failure?.message).toMatch(/on this computer/);
      expect(server.requests).toHaveLength(1);
      expect(server.requests[0]?.complete).toBe(false);
      expect(logged).toEqual([]);
    },
  );
});
