// Runs functions.jsonl and semver.jsonl of the corpus: what the real engine and library answer, case by case.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../src/base/errors.ts';
import { at, isObject } from '../../../src/base/json.ts';
import {
  compareVersions,
  constraintFailures,
  formatConstraint,
  formatVersion,
  incrementVersion,
  parseConstraint,
  parseStrictVersion,
  parseVersion,
  satisfies,
} from '../../../src/base/semver.ts';
import { mendUtf8, utf8Encode } from '../../../src/render/go/strings.ts';
import type { ChartFile } from '../../../src/render/helm/chart.ts';
import { decodeMap } from '../../../src/render/helm/decode.ts';
import { renderTemplates } from '../../../src/render/helm/engine.ts';
import { loadChartFiles } from '../../../src/render/helm/load.ts';
import type { SprigEnvironment } from '../../../src/render/sprig/sprig.ts';
import { type Case, type LayerResult, readCases } from '../layer.ts';
import { textField } from '../typed-values.ts';
import { CORPUS_CAPABILITIES, CORPUS_RELEASE } from './charts.ts';

/** The day on which the corpus was made: functions that fall back to the present time show it. */
export const CORPUS_NOW = Date.parse('2026-11-23T00:00:00Z');

const TEMPLATE = 'templates/t.yaml';

const CHART_YAML = `apiVersion: v2
name: c
version: 0.1.0
appVersion: "1.16.0"
description: d
type: application
keywords: [k1, k2]
annotations: {a: "1", z: "26"}
`;

/** Runs functions.jsonl through Helm's engine. */
export function runFunctionsLayer(corpusDir: string): LayerResult[] {
  const folder = join(corpusDir, 'gotemplate');
  const check = createFunctionCheck(JSON.parse(readFileSync(join(folder, 'functions-chart.json'), 'utf8')));
  return [runCases('functions', readCases(join(folder, 'functions.jsonl')), check)];
}

/** The check of one case of functions.jsonl; `chart` is the content of functions-chart.json. */
export function createFunctionCheck(chart: unknown): (entry: Case) => string | undefined {
  const run = createFunctionRun(chart, {
    now: () => CORPUS_NOW,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  return (entry) => run(entry).problem;
}

/** As the check, and with what came, which in a case with a pattern is more than the check wants. */
export function createFunctionRun(
  chart: unknown,
  environment: SprigEnvironment,
): (entry: Case) => { readonly problem: string | undefined; readonly output: string } {
  const files = readChartFiles(chart);
  return (entry) => {
    const template = file(TEMPLATE, utf8Encode(textField(entry, 'template') ?? ''));
    const outcome = render([...files, template], textField(entry, 'values') ?? '', environment);
    return { problem: compareFunction(entry, outcome), output: outcome.output ?? outcome.error ?? '' };
  };
}

/** Runs semver.jsonl; one result a group. */
export function runSemverLayer(corpusDir: string): LayerResult[] {
  const groups = new Map<string, Case[]>();
  for (const entry of readCases(join(corpusDir, 'gotemplate/semver.jsonl'))) {
    const group = textOf(entry, 'id').split('/')[1] ?? '';
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return [...groups].map(([group, cases]) => runCases(`semver/${group}`, cases, checkSemver));
}

/** What is wrong with a case of semver.jsonl, whose id tells its group. */
export function checkSemver(entry: Case): string | undefined {
  return runSemver(textOf(entry, 'id').split('/')[1] ?? '', entry);
}

/** Counts the cases for which `differenceOf` finds none. */
function runCases(
  layer: string,
  cases: readonly Case[],
  differenceOf: (entry: Case) => string | undefined,
): LayerResult {
  const failures: { id: string; message: string }[] = [];
  for (const entry of cases) {
    const message = differenceOf(entry);
    if (message !== undefined) failures.push({ id: textOf(entry, 'id'), message });
  }
  return { layer, cases: cases.length, passed: cases.length - failures.length, failures };
}

function textOf(entry: Case, ...path: string[]): string {
  const value = at(entry, ...path);
  return typeof value === 'string' ? value : '';
}

function readChartFiles(listed: unknown): ChartFile[] {
  const texts = Object.entries(objectAt(listed, 'files')).map(([name, text]) => file(name, utf8Encode(String(text))));
  const binaries = Object.entries(objectAt(listed, 'files_b64')).map(([name, base64]) =>
    file(
      name,
      Uint8Array.from(atob(String(base64)), (byte) => byte.charCodeAt(0)),
    ),
  );
  const helpers = file('templates/_h.tpl', utf8Encode(String(at(listed, 'templates/_h.tpl'))));
  return [file('Chart.yaml', utf8Encode(CHART_YAML)), helpers, ...texts, ...binaries];
}

function file(name: string, data: Uint8Array): ChartFile {
  return { name, data };
}

function objectAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = at(value, key);
  return isObject(found) ? found : {};
}

function compareFunction(entry: Case, outcome: { output?: string; error?: string }): string | undefined {
  const error = textField(entry, 'error');
  if (error !== undefined) return told('error', error, outcome.error, outcome.output);
  const pattern = textField(entry, 'pattern');
  if (pattern !== undefined) {
    const matches = outcome.output !== undefined && new RegExp(pattern, 'u').test(outcome.output);
    return matches ? undefined : told('pattern', pattern, outcome.output, outcome.error);
  }
  return told('output', textField(entry, 'expected'), outcome.output, outcome.error);
}

function render(
  files: readonly ChartFile[],
  values: string,
  environment: SprigEnvironment,
): { output?: string; error?: string } {
  try {
    const chart = loadChartFiles(files);
    const input = { values: decodeMap(values), release: CORPUS_RELEASE, capabilities: CORPUS_CAPABILITIES };
    return { output: mendUtf8(renderTemplates(chart, input, { environment }).get(`c/${TEMPLATE}`) ?? '') };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** What was wanted and what came, where they differ. */
function told(what: string, wanted: string | undefined, got: string | undefined, instead?: string): string | undefined {
  if (wanted === got) return undefined;
  return `wanted ${what} ${JSON.stringify(wanted)}, got ${JSON.stringify(got ?? instead)}`;
}

function runSemver(group: string, entry: Case): string | undefined {
  if (group === 'version') return difference(entry, ['version'], describeVersion(textOf(entry, 'version')));
  if (group === 'compare') {
    return difference(
      entry,
      ['a', 'b'],
      attempt(() => ({
        compare: compareVersions(parseVersion(textOf(entry, 'a')), parseVersion(textOf(entry, 'b'))),
      })),
    );
  }
  if (group === 'constraint') {
    return difference(
      entry,
      ['constraint'],
      attempt(() => ({
        string: formatConstraint(parseConstraint(textOf(entry, 'constraint'))),
      })),
    );
  }
  return difference(
    entry,
    ['constraint', 'version'],
    attempt(() => {
      const constraint = parseConstraint(textOf(entry, 'constraint'));
      const version = parseVersion(textOf(entry, 'version'));
      const messages = constraintFailures(version, constraint);
      return {
        check: satisfies(version, constraint),
        valid: messages.length === 0,
        ...(messages.length > 0 && { messages }),
      };
    }),
  );
}

function describeVersion(text: string): Record<string, unknown> {
  const strict = attempt(() => void parseStrictVersion(text));
  const strictError = 'error' in strict ? { strict_error: strict.error } : {};
  const lenient = attempt(() => {
    const version = parseVersion(text);
    return {
      string: formatVersion(version),
      original: version.original,
      major: String(version.major),
      minor: String(version.minor),
      patch: String(version.patch),
      prerelease: version.prerelease,
      metadata: version.metadata,
      incMajor: formatVersion(incrementVersion(version, 'major')),
      incMinor: formatVersion(incrementVersion(version, 'minor')),
      incPatch: formatVersion(incrementVersion(version, 'patch')),
    };
  });
  return { ...lenient, ...strictError };
}

function attempt(work: () => Record<string, unknown> | undefined): Record<string, unknown> {
  try {
    return work() ?? {};
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** How `actual` differs from the case's own fields, leaving out its inputs. */
function difference(entry: Case, inputs: readonly string[], actual: Record<string, unknown>): string | undefined {
  const expected = Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'id' && !inputs.includes(key)));
  const [wanted, got] = [expected, actual].map((value) => JSON.stringify(Object.entries(value).sort()));
  return wanted === got ? undefined : `wanted ${wanted}, got ${got}`;
}
