// What of the corpus runs in any runtime: each layer's own checks, on files that come with the request. A layer joins by a line of PROGRAMS.
// Kustomizations with remote bases are left out: they are about the network (test/worker/remote-bases.test.ts).

import { readText, type Tree } from '../../../src/render/tree.ts';
import type { Case, Check } from '../../conformance/layer.ts';
import { buildCase, compareBuilt } from '../../conformance/layers/build-case.ts';
import { DIFF_CHECKS } from '../../conformance/layers/diff.ts';
import { CORPUS_NOW, createFunctionRun } from '../../conformance/layers/functions.ts';
import { GOTEMPLATE_CHECKS, GOTEMPLATE_DATA } from '../../conformance/layers/gotemplate.ts';
import { checkHealth, HEALTH_CHECKS } from '../../conformance/layers/health.ts';
import { compareJsonnet, lacksImport, runJsonnetCase } from '../../conformance/layers/jsonnet-case.ts';
import { compareCase, isForLibrary, renderCase } from '../../conformance/layers/render-case.ts';
import { checkOrder, SYNC_CHECKS } from '../../conformance/layers/sync.ts';
import { CLASSES, checkDelivery, withBytes } from '../../conformance/layers/webhooks.ts';
import { createFixedEnvironment } from './fixed-environment.ts';

export interface Program {
  /** JSON Lines, or one JSON document that is the one case. Relative to the corpus, as all paths here. */
  readonly cases: string;
  /** Which of them; all without it. */
  readonly accepts?: (record: Case) => boolean;
  /** The files and folders that a case reads. */
  readonly reads?: (record: Case) => readonly string[];
  /** `files` holds what the cases read. */
  readonly open: (files: Tree) => (record: Case) => Ran | Promise<Ran>;
}

export interface Ran {
  /** What is wrong by the layer's check; undefined where nothing is. */
  readonly problem?: string | undefined;
  /** What came, where the check does not want every byte of it: random lines, the texts of some errors. */
  readonly output?: string;
}

export const PROGRAMS: Readonly<Record<string, Program>> = {
  ...named('gotemplate', GOTEMPLATE_CHECKS, (file, createCheck) => ({
    cases: `gotemplate/${file}.jsonl`,
    reads: () => GOTEMPLATE_DATA.map((name) => `gotemplate/${name}`),
    open: (files) => checked(createCheck((name) => JSON.parse(textOf(files, `gotemplate/${name}`)))),
  })),
  'gotemplate/functions': {
    cases: 'gotemplate/functions.jsonl',
    reads: () => ['gotemplate/functions-chart.json'],
    open: (files) => {
      const chart: unknown = JSON.parse(textOf(files, 'gotemplate/functions-chart.json'));
      return (record) => createFunctionRun(chart, createFixedEnvironment(CORPUS_NOW))(record);
    },
  },
  'helm/library': {
    cases: 'helm/cases.jsonl',
    accepts: isForLibrary,
    reads: ({ chart, expected, warnings, values }) =>
      [chart, expected, warnings, ...(Array.isArray(values) ? values : [])]
        .filter(Boolean)
        .map((path) => `helm/${path}`),
    open: (files) => (record) => {
      const folder = folderOf(files, 'helm');
      const outcome = renderCase(record, folder, createFixedEnvironment(CORPUS_NOW));
      return { problem: compareCase(record, outcome, (path) => textOf(folder, path)), output: JSON.stringify(outcome) };
    },
  },
  'kustomize/library': {
    cases: 'kustomize/cases.jsonl',
    reads: ({ dir, expected }) => [`kustomize/${dir}`, `kustomize/${expected}`],
    open: (files) => (record) => {
      const built = buildCase(record, folderOf(files, `kustomize/${record.dir}`), createFixedEnvironment(CORPUS_NOW));
      const expected = textOf(files, `kustomize/${record.expected}`);
      return { problem: compareBuilt(record, built, expected), output: JSON.stringify(built) };
    },
  },
  jsonnet: {
    cases: 'jsonnet/index.jsonl',
    // What a program imports is known when it has run.
    reads: () => ['jsonnet/testdata'],
    open: (files) => (record) => {
      const folder = folderOf(files, 'jsonnet');
      const outcome = runJsonnetCase(record, folder);
      const problem = lacksImport(record, outcome, folder) ? undefined : compareJsonnet(record, outcome, folder);
      return { problem, output: JSON.stringify(outcome) };
    },
  },
  ...named('diff', DIFF_CHECKS, (file, check) => ({ cases: `diff/${file}.jsonl`, open: () => checked(check) })),
  ...named('health', HEALTH_CHECKS, (origin, check) => ({
    cases: 'health/cases.jsonl',
    accepts: (record) => record.origin === origin,
    reads: ({ input }) => [`health/${input}`],
    open: (files) => checked((record) => checkHealth(record, textOf(files, `health/${record.input}`), check)),
  })),
  'sync/order': { cases: 'sync/order.json', open: () => checked(checkOrder) },
  ...named('sync', SYNC_CHECKS, (file, check) => ({ cases: `sync/${file}.jsonl`, open: () => checked(check) })),
  ...named('webhooks', Object.fromEntries(CLASSES.map((name) => [name, name])), (name) => ({
    cases: 'webhooks/cases.jsonl',
    accepts: (record) => record.class === name,
    reads: ({ payloadFile }) => (typeof payloadFile === 'string' ? [`webhooks/${payloadFile}`] : []),
    open: (files) => {
      const read = (file: string) => files.readFile(`webhooks/${file}`) ?? new Uint8Array();
      return checked((record) => checkDelivery(withBytes(record, read)));
    },
  })),
};

function named<T>(
  folder: string,
  table: Readonly<Record<string, T>>,
  programOf: (name: string, value: T) => Program,
): Record<string, Program> {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => [`${folder}/${name}`, programOf(name, value)]),
  );
}

/** Of a check that wants all there is. */
function checked(check: Check): (record: Case) => Promise<Ran> {
  return async (record) => ({ problem: await check(record) });
}

function textOf(files: Tree, path: string): string {
  const text = readText(files, path);
  if (text === undefined) throw new Error(`${path} did not come with the request`);
  return text;
}

function folderOf(files: Tree, folder: string): Tree {
  const at = (path: string) => (path === '' ? folder : `${folder}/${path}`);
  return { readFile: (path) => files.readFile(at(path)), list: (path) => files.list(at(path)) };
}
