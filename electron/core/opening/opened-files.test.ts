import { expect, test } from 'vitest';
import { OpenedFiles } from './opened-files.ts';
import type { NamedFile } from './named-files.ts';

const file = (name: string): NamedFile => ({ name, path: `/${name}` });

function world() {
  const admitted: string[][] = [];
  let tell: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let times = 0;
  const opened = new OpenedFiles({
    admit: (files) => {
      admitted.push(files.map(({ name }) => name));
      return Promise.resolve({ taken: [], refused: [] });
    },
    onWaiting: () => {
      times += 1;
      tell();
    },
  });
  return { opened, admitted, told, times: () => times };
}

test('files wait for the page, and are taken together and once', async () => {
  const { opened, admitted } = world();
  opened.open([file('a')]);
  opened.open([file('b'), file('c')]);
  await opened.take();
  await opened.take();
  expect(admitted).toEqual([['a', 'b', 'c'], []]);
});

test('those that come one after another are told of once', async () => {
  const { opened, admitted, told, times } = world();
  for (const name of ['a', 'b', 'c']) opened.open([file(name)]);
  opened.open([]);
  await told;
  await opened.take();
  expect(admitted).toEqual([['a', 'b', 'c']]);
  expect(times()).toBe(1);
});
