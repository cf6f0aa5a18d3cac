// Whatever the template: an output or a HawserError that names the template's fault or a limit; never a crash.

import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { HawserError } from '../../src/base/errors.ts';
import { decodeJson } from '../../src/render/go/json.ts';
import { utf8Encode } from '../../src/render/go/strings.ts';
import type { Chart } from '../../src/render/helm/chart.ts';
import { decodeMap } from '../../src/render/helm/decode.ts';
import { DEFAULT_LIMITS, loadChartFiles, renderChart } from '../../src/render/helm/helm.ts';
import { applySet, applySetJson, applySetLiteral } from '../../src/render/helm/strvals.ts';
import type { SprigEnvironment } from '../../src/render/sprig/environment.ts';
import { parseYaml } from '../../src/render/yaml/decode.ts';
import { toYaml } from '../../src/render/yaml/encode.ts';
import { type Coverage, count, countTemplate } from './coverage.ts';
import { soup, template, VALUES } from './generate.ts';
import { randomFrom } from './random.ts';

const LIMITS = { ...DEFAULT_LIMITS, outputBytes: 1_000_000, operations: 20_000, renderMs: 5_000 };

const CHART_FILES = {
  'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n',
  'values.yaml': VALUES,
  'templates/_t.tpl': '{{define "t"}}[{{if kindIs "map" .}}{{.s}}{{end}}]{{end}}',
};

export interface FuzzOptions {
  readonly runs: number;
  readonly seed?: number;
  readonly coverage: Coverage;
  /** Told of each input before it runs, so that a hang can be laid at its door. */
  readonly onInput?: (input: string) => void;
}

/** Throws fast-check's report for an input that crashes or that gives something else the second time. */
export function fuzz({ runs, seed, coverage, onInput }: FuzzOptions): void {
  const parameters = (share: number) => ({ numRuns: Math.ceil(runs * share), ...(seed === undefined ? {} : { seed }) });
  fc.assert(
    fc.property(template, (text) => {
      onInput?.(text);
      countTemplate(coverage, text);
      const chart = chartWith(text);
      const first = outcomeOf(() => render(chart));
      count(coverage.outcomes, `template: ${endOf(first)}`);
      // The second render uses what was parsed and compiled for the first.
      if (outcomeOf(() => render(chart)) !== first) throw new Error(`another outcome the second time than ${first}`);
    }),
    parameters(0.7),
  );
  fc.assert(
    fc.property(soup, (text) => {
      onInput?.(text);
      count(coverage.outcomes, `soup as template: ${endOf(outcomeOf(() => render(chartWith(text))))}`);
    }),
    parameters(0.15),
  );
  fc.assert(
    fc.property(soup, fc.constantFrom(...Object.keys(READERS)), (text, reader) => {
      onInput?.(`${reader}: ${text}`);
      count(coverage.outcomes, `soup as ${reader}: ${endOf(outcomeOf(() => READERS[reader]?.(text) ?? ''))}`);
    }),
    parameters(0.15),
  );
}

const READERS: Readonly<Record<string, (text: string) => string>> = {
  YAML: (text) => toYaml(parseYaml(text)),
  'values file': (text) => String(decodeMap(text).size),
  JSON: (text) => String(decodeJson(text)),
  '--set': (text) => withFlag((values) => applySet(text, values)),
  '--set-json': (text) => withFlag((values) => applySetJson(text, values)),
  '--set-literal': (text) => withFlag((values) => applySetLiteral(text, values)),
};

function withFlag(apply: (values: ReturnType<typeof decodeMap>) => void): string {
  const values = decodeMap(VALUES);
  apply(values);
  return toYaml(values);
}

function chartWith(text: string): Chart {
  const files = { ...CHART_FILES, 'templates/x.yaml': text };
  return loadChartFiles(Object.entries(files).map(([name, content]) => ({ name, data: utf8Encode(content) })));
}

function render(chart: Chart): string {
  const { text, notes } = renderChart({
    chart,
    release: { name: 'rel', namespace: 'ns' },
    environment: createEnvironment(),
    limits: LIMITS,
  });
  return text + notes;
}

/** The same random numbers and the same RSA key each time: to make one in JavaScript takes seconds. */
function createEnvironment(): SprigEnvironment {
  return {
    now: () => 1_700_000_000_000,
    random: randomFrom(1),
    limits: { stringLength: 1_000_000, listLength: 100_000 },
    generateRsaKey: rsaKey,
  };
}

let key: Uint8Array | undefined;

function rsaKey(): Uint8Array {
  key ??= generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'pkcs1', format: 'der' },
    privateKeyEncoding: { type: 'pkcs1', format: 'der' },
  }).privateKey;
  return key;
}

/** Anything but a HawserError of these codes is thrown on: a crash. */
function outcomeOf(work: () => string): string {
  try {
    return `output ${work()}`;
  } catch (error) {
    if (!(error instanceof HawserError) || !EXPECTED.has(error.code)) throw error;
    if (/undefined is not|\[object |of undefined|is not a function/.test(error.message)) throw error;
    return `${error.code} ${error.message}`;
  }
}

const EXPECTED: ReadonlySet<string> = new Set(['RenderFailed', 'InvalidInput', 'LimitExceeded', 'NotFound']);

function endOf(outcome: string): string {
  return outcome.split(' ', 1)[0] ?? '';
}
