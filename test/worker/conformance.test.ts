// A fixed part of the corpus inside workerd: the bytes that Go and Helm gave there too.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerBuiltins } from '../../src/node/worker-builtins.ts';
import { type Case, readCases } from '../conformance/layer.ts';
import { GOTEMPLATE_CHECKS, GOTEMPLATE_DATA } from '../conformance/layers/gotemplate.ts';
import { compareOutput } from '../conformance/layers/helm.ts';
import { isForLibrary } from '../conformance/layers/render-case.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');
const isThere = existsSync(join(CORPUS, 'gotemplate')) && existsSync(join(CORPUS, 'helm'));
if (!isThere) console.warn(`SKIPPED: conformance in workerd: no corpus at ${CORPUS} (HAWSER_CORPUS)`);

const CASES_A_FILE = 60;
const CHARTS = 30;

/** Runs the very checks of the conformance run, and renders charts from files that come with the request. */
const WORKER = `
  import { GOTEMPLATE_CHECKS } from './test/conformance/layers/gotemplate.ts';
  import { renderCase } from './test/conformance/layers/render-case.ts';
  import { memoryTree } from './src/library/helm.ts';

  const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const environment = { now: () => Date.now(), random: (length) => crypto.getRandomValues(new Uint8Array(length)) };

  export default {
    async fetch(request) {
      const { layer, cases, data, record, files } = await request.json();
      try {
        if (layer !== undefined) {
          const check = GOTEMPLATE_CHECKS[layer]((name) => data[name]);
          return Response.json(cases.map((entry) => check(entry) ?? null));
        }
        const tree = memoryTree(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, fromBase64(text)])));
        return new Response(renderCase(record, tree, environment));
      } catch (error) {
        return new Response(String(error.stack), { status: 500 });
      }
    },
  };
`;

describe.skipIf(!isThere)('the renderers in workerd', () => {
  let miniflare: Miniflare;
  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: WORKER, resolveDir: resolve(import.meta.dirname, '../..'), loader: 'ts' },
      bundle: true,
      format: 'esm',
      target: 'es2024',
      conditions: ['workerd', 'worker'],
      external: ['node:*'],
      plugins: [workerBuiltins],
      write: false,
    });
    miniflare = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-07-01',
      compatibilityFlags: ['nodejs_compat'],
      cf: false,
    });
  });
  afterAll(() => miniflare.dispose());

  const ask = async (body: object) => {
    const response = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text;
  };
  const data = () =>
    Object.fromEntries(
      GOTEMPLATE_DATA.map((name) => [name, JSON.parse(readFileSync(join(CORPUS, 'gotemplate', name), 'utf8'))]),
    );
  const check = async (layer: string, cases: readonly Case[]) => {
    const messages: unknown = JSON.parse(await ask({ layer, cases, data: data() }));
    return cases.map(({ id }, index) => ({ id, message: Array.isArray(messages) ? messages[index] : messages }));
  };

  it.each(Object.keys(GOTEMPLATE_CHECKS))('give what Go and Helm give in the cases of %s', async (layer) => {
    const cases = part(readCases(join(CORPUS, 'gotemplate', `${layer}.jsonl`)), CASES_A_FILE);
    expect(cases.length).toBeGreaterThan(20);
    expect((await check(layer, cases)).filter(({ message }) => message !== null)).toEqual([]);
  });

  it('are told what is wrong by the checks there', async () => {
    const wrong = { id: 'semver/compare/wrong', a: '1.2.3', b: '1.3.0', compare: 1 };
    expect(await check('semver', [wrong])).toEqual([{ id: wrong.id, message: expect.stringContaining('wanted') }]);
  });

  const charts = isThere ? readCases(join(CORPUS, 'helm/cases.jsonl')).filter(isForLibrary) : [];
  it.each(part(charts, CHARTS))('give the bytes of helm template for $id', async (record) => {
    const stdout = await ask({ record, files: readFolder(join(CORPUS, 'helm'), String(record.chart)) });
    const expected = readFileSync(join(CORPUS, 'helm', String(record.expected)), 'utf8');
    expect(compareOutput(record, expected, { exit: 0, stdout, stderr: '' })).toBeUndefined();
  });
});

/** The same part each time, whatever the order: those whose ids have the smallest hashes. */
function part(cases: readonly Case[], count: number): Case[] {
  return cases.toSorted((a, b) => hash(String(a.id)) - hash(String(b.id))).slice(0, count);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

/** Path → base64 of all files of a folder; values files may lie beside the chart's own. */
function readFolder(root: string, folder: string): Record<string, string> {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(root.length + 1), readFileSync(path).toString('base64')]),
  );
}
