// The corpus layers around charts: `--set` flags, values, dependencies, manifests and whole small charts.

import { join } from 'node:path';
import { HawserError, messageOf } from '../../../src/base/errors.ts';
import { isObject } from '../../../src/base/json.ts';
import { compareBytes, utf8Encode } from '../../../src/render/go/strings.ts';
import { type Capabilities, DEFAULT_CAPABILITIES } from '../../../src/render/helm/capabilities.ts';
import { type Chart, chartFullPath, type Values } from '../../../src/render/helm/chart.ts';
import { coalesceTables, coalesceValues, mergeTables } from '../../../src/render/helm/coalesce.ts';
import { decodeMap } from '../../../src/render/helm/decode.ts';
import { processDependencies } from '../../../src/render/helm/dependencies.ts';
import { renderTemplates } from '../../../src/render/helm/engine.ts';
import { INSTALL_ORDER, UNINSTALL_ORDER } from '../../../src/render/helm/install-order.ts';
import { loadChartFiles } from '../../../src/render/helm/load.ts';
import { sortManifests } from '../../../src/render/helm/sort-manifests.ts';
import { splitManifests } from '../../../src/render/helm/split-manifests.ts';
import {
  applySet,
  applySetFile,
  applySetJson,
  applySetLiteral,
  applySetString,
} from '../../../src/render/helm/strvals.ts';
import { validateValues } from '../../../src/render/helm/values-schema.ts';
import { type Case, type LayerResult, readCases } from '../layer.ts';
import { textField, toTyped } from '../typed-values.ts';

/** What is wrong with a case's result; undefined where nothing is. */
type Check = (record: Case) => string | undefined;

/** The check of each file, by its name without its ending. */
export const CHART_CHECKS = {
  strvals: checkSetFlag,
  manifests: checkManifests,
  values: checkValues,
  dependencies: checkValues,
  render: checkValues,
} as const satisfies Readonly<Record<string, Check>>;

/** Runs every case of `gotemplate/{strvals,manifests,values,dependencies,render}.jsonl`. */
export function runChartLayers(corpusDir: string): LayerResult[] {
  return Object.entries(CHART_CHECKS).map(([layer, check]) => {
    const failures: { id: string; message: string }[] = [];
    const records = readCases(join(corpusDir, 'gotemplate', `${layer}.jsonl`));
    for (const record of records) {
      const message = guard(() => check(record));
      if (message !== undefined) failures.push({ id: String(record.id), message });
    }
    return { layer, cases: records.length, passed: records.length - failures.length, failures };
  });
}

function guard(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? `threw ${error.stack ?? error.message}` : messageOf(error);
  }
}

const SET_FLAGS: Readonly<Record<string, (line: string, values: Values, files: Case) => void>> = {
  '--set': applySet,
  '--set-string': applySetString,
  '--set-literal': applySetLiteral,
  '--set-json': applySetJson,
  '--set-file': (line, values, files) => applySetFile(line, values, (name) => readCaseFile(files, name)),
};

function readCaseFile(files: Case, name: string): string {
  const content = files[name];
  if (typeof content === 'string') return content;
  throw new HawserError('NotFound', `open ${name}: no such file or directory`);
}

function checkSetFlag(record: Case): string | undefined {
  const values = decodeMap(text(record, 'base'));
  return compareOutcome(record, () => {
    SET_FLAGS[text(record, 'flag')]?.(text(record, 'input'), values, object(record, 'files'));
    return { result: toTyped(values) };
  });
}

function checkManifests(record: Case): string | undefined {
  if ('input' in record) {
    return compareOutcome(record, () => ({ documents: splitManifests(text(record, 'input')) }));
  }
  const files = new Map(
    Object.keys(object(record, 'files')).map((path) => [path, text(object(record, 'files'), path)]),
  );
  const order = record.order === 'UninstallOrder' ? UNINSTALL_ORDER : INSTALL_ORDER;
  return compareOutcome(record, () => {
    const { hooks, manifests } = sortManifests(files, () => {}, order);
    return {
      hooks: hooks.map(({ name, kind, path, content, events, weight, deletePolicies, outputLogPolicies }) => ({
        name,
        kind,
        path,
        manifest: content,
        events,
        weight,
        deletePolicies,
        outputLogPolicies,
      })),
      manifests: manifests.map(({ path, apiVersion, kind, content }) => ({ file: path, apiVersion, kind, content })),
    };
  });
}

/** The capabilities of the corpus (corpus/gotemplate/README.md). */
export const CORPUS_CAPABILITIES: Capabilities = {
  kubeVersion: { version: 'v1.30.2', major: '1', minor: '30' },
  apiVersions: ['v1', 'apps/v1', 'batch/v1', 'networking.k8s.io/v1', 'networking.k8s.io/v1/Ingress', 'policy/v1'],
  helmVersion: { ...DEFAULT_CAPABILITIES.helmVersion, version: 'v3.22.0' },
};

export const CORPUS_RELEASE = {
  name: 'rel',
  namespace: 'ns',
  revision: 1,
  isInstall: true,
  isUpgrade: false,
} as const;

function checkValues(record: Case): string | undefined {
  if ('dst' in record) {
    return compareOutcome(record, () => ({
      CoalesceTables: toTyped(coalesceTables(decodeMap(text(record, 'dst')), decodeMap(text(record, 'src')), () => {})),
      MergeTables: toTyped(mergeTables(decodeMap(text(record, 'dst')), decodeMap(text(record, 'src')), () => {})),
    }));
  }
  return compareOutcome(record, () => renderCase(record));
}

/** A chart as far as the case goes: loaded, its dependencies processed, its values coalesced, its templates rendered. */
function renderCase(record: Case): Case {
  const files = object(record, 'files');
  const loaded = loadChartFiles(
    Object.keys(files)
      .sort(compareBytes)
      .map((name) => ({ name, data: utf8Encode(textField(files, name) ?? '') })),
  );
  const userValues = decodeMap(text(record, 'user_values'));
  for (const line of list(record, 'set')) applySet(line, userValues);
  const chart = processDependencies(loaded, userValues, () => {});
  const values = coalesceValues(chart, userValues, () => {});
  validateValues(chart, values, { warn: () => {} });
  const outcome = { enabled: chartTree(chart), values: toTyped(values) };
  if (!('rendered' in record) && record.stage !== 'render') return outcome;
  const rendered = renderTemplates(
    chart,
    { values, release: CORPUS_RELEASE, capabilities: CORPUS_CAPABILITIES },
    { environment: { now: () => Date.now(), random: (length) => crypto.getRandomValues(new Uint8Array(length)) } },
  );
  return { ...outcome, rendered: Object.fromEntries(rendered) };
}

/** Subcharts sorted by name: the corpus keeps no order, since undeclared ones have none in Helm. */
function chartTree(chart: Chart): unknown {
  const { name, version } = chart.metadata;
  const own = { name, version, path: chartFullPath(chart) };
  const sorted = chart.dependencies.toSorted((a, b) => compareBytes(a.metadata.name, b.metadata.name));
  return sorted.length === 0 ? own : { ...own, dependencies: sorted.map(chartTree) };
}

/** Compares the fields of the case that the outcome has, or the error's text. */
function compareOutcome(record: Case, run: () => Case): string | undefined {
  const wanted = record.error;
  let outcome: Case;
  try {
    outcome = run();
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
    if (error.message === wanted) return undefined;
    return `expected ${JSON.stringify(wanted ?? 'success')}, got the error ${JSON.stringify(error.message)}`;
  }
  if (wanted !== undefined) return `expected the error ${JSON.stringify(wanted)}, got ${JSON.stringify(outcome)}`;
  for (const [key, value] of Object.entries(outcome)) {
    const [expected, actual] = [canonical(record[key]), canonical(value)];
    if (expected !== actual) return `${key}: expected ${expected}, got ${actual}`;
  }
  return undefined;
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => compareBytes(a, b))) : inner,
  );
}

function text(record: Case, key: string): string {
  const value = record[key];
  return typeof value === 'string' ? value : '';
}

function list(record: Case, key: string): string[] {
  const value = record[key];
  return Array.isArray(value) ? value.map(String) : [];
}

function object(record: Case, key: string): Case {
  const value = record[key];
  return isObject(value) ? value : {};
}
