// npm run conformance as a process, on small corpora made here.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hawser-conformance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function makeCorpus(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return join(folder, name);
}

function conformance(...args: readonly string[]): { readonly exit: number | null; readonly output: string } {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), ...args], { encoding: 'utf8' });
  return { exit: run.status, output: `${run.stdout}${run.stderr}` };
}

const DATA = { 'gotemplate/template-data.json': '{}', 'gotemplate/functions-chart.json': '{}' };
const semver = (id: string, compare: number) =>
  `${JSON.stringify({ id: `semver/compare/${id}`, a: '1.2.3', b: '1.3.0', compare })}\n`;

describe('npm run conformance', () => {
  it('skips aloud where there is no corpus', () => {
    const { exit, output } = conformance('--corpus', join(folder, 'none'));
    expect(output).toContain('SKIPPED: there is no corpus at');
    expect(exit).toBe(0);
  });

  it('counts cases, names what no layer reads and what the corpus lacks, and exits 0 where the bars hold', () => {
    const corpus = makeCorpus('good', {
      ...DATA,
      'gotemplate/semver.jsonl': semver('a', -1),
      'poetry/cases.jsonl': '{}\n',
    });
    const { exit, output } = conformance('--corpus', corpus);
    expect(output).toMatch(/^gotemplate\/semver +1 +1 +100\.00 % +100 %$/m);
    expect(output).toContain('no layer reads corpus/poetry/');
    expect(output).toContain('SKIPPED: helm: the corpus has no helm/cases.jsonl');
    expect(exit).toBe(0);
  });

  it('tells the ids that fail, writes them as JSON and exits 1 below a bar', () => {
    const corpus = makeCorpus('bad', { ...DATA, 'gotemplate/semver.jsonl': semver('a', -1) + semver('b', 1) });
    const json = join(folder, 'results.json');
    const { exit, output } = conformance('--corpus', corpus, '--only', 'gotemplate/semver', '--json', json);
    expect(output).toContain('gotemplate/semver semver/compare/b: ');
    expect(output).toMatch(/^gotemplate\/semver +2 +1 +50\.00 % +100 % +BELOW$/m);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject([{ cases: 2, passed: 1, percent: 50, holds: false }]);
    expect(exit).toBe(1);
  });

  it('wants charts byte by byte, but for lines that are random in Helm', () => {
    const chart = {
      'helm/charts/a/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
      'helm/charts/a/templates/c.yaml': 'kind: ConfigMap\nvalue: {{ .Values.v | default (randAlpha 5) }}\n',
    };
    const text = (value: string) => `---\n# Source: a/templates/c.yaml\nkind: ConfigMap\nvalue: ${value}\n`;
    const line = (id: string, flags: readonly string[], lines: readonly number[] = []) => {
      const args = ['template', 'rel', 'charts/a', ...flags];
      return `${JSON.stringify({ id, chart: 'charts/a', release: 'rel', namespace: 'default', set: [], flags: [], args, exit: 0, expected: `expected/${id}.yaml`, nondeterministicLines: lines })}\n`;
    };
    const corpus = makeCorpus('charts', {
      ...chart,
      'helm/cases.jsonl': line('random', [], [4]) + line('set', ['--set', 'v=x']) + line('space', ['--set', 'v=y']),
      'helm/expected/random.yaml': text('abcde'),
      'helm/expected/set.yaml': text('x'),
      'helm/expected/space.yaml': text('y '),
    });
    const { exit, output } = conformance('--corpus', corpus, '--only', 'helm');
    expect(output).toMatch(/^helm\/output +3 +2 +66\.66 % +99\.5 % +BELOW$/m);
    expect(output).toContain('helm/output space: line 4: expected "value: y ", got "value: y"');
    expect(exit).toBe(1);
  });

  it('refuses a layer that it does not know', () => {
    const { exit, output } = conformance('--corpus', makeCorpus('any', DATA), '--only', 'poetry');
    expect(output).toContain('no layer is called poetry; there are gotemplate/template, ');
    expect(exit).toBe(2);
  });
});
