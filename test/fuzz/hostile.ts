// Charts and kustomizations that mean harm, and the error that must end each; `npm run bench -- --only hostile` measures how soon.

import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '../../src/base/errors.ts';
import { utf8Encode } from '../../src/render/go/strings.ts';
import { loadChartArchive, loadChartFiles, mergeValueSources, renderChart } from '../../src/render/helm/helm.ts';
import { packTar } from '../render/helm/pack-tar.ts';
import { HOSTILE_KUSTOMIZATIONS } from './hostile-kustomizations.ts';
import { HOSTILE_REFERENCES } from './hostile-references.ts';
import { HOSTILE_WORK } from './hostile-work.ts';
import { randomFrom } from './random.ts';

export interface HostileInput {
  readonly name: string;
  readonly codes: readonly ErrorCode[];
  readonly message: RegExp;
  /** What takes long to make and is no part of the harm. */
  make?(): Uint8Array;
  run(made: Uint8Array): unknown;
}

const CHART_YAML = 'apiVersion: v2\nname: c\nversion: 0.1.0\n';

export const HOSTILE_INPUTS: readonly HostileInput[] = [
  {
    // Helm ends after 1,000; the stack of the runtime may end before.
    name: 'a template that includes itself',
    codes: ['RenderFailed', 'LimitExceeded'],
    message: /rendering template has a nested reference name: r|exceeded maximum template depth/,
    run: () => render('{{define "r"}}{{include "r" .}}{{end}}{{include "r" .}}'),
  },
  {
    name: 'two templates that run each other',
    codes: ['LimitExceeded'],
    message: /exceeded maximum template depth/,
    run: () =>
      render('{{define "a"}}{{template "b" .}}{{end}}{{define "b"}}{{template "a" .}}{{end}}{{template "a" .}}'),
  },
  {
    name: 'tpl of its own text',
    codes: ['LimitExceeded'],
    message: /exceeded maximum template depth/,
    run: () => render('{{tpl .Values.t .}}', { 'values.yaml': 't: "{{tpl .Values.t .}}"\n' }),
  },
  {
    name: 'loops in loops',
    codes: ['LimitExceeded'],
    message: /templates ran more than \d+ operations/,
    run: () => render('{{range until 10000}}{{range until 10000}}{{range until 10000}}{{end}}{{end}}{{end}}'),
  },
  {
    name: 'output that doubles',
    codes: ['LimitExceeded'],
    message: /longer than a string can be|more than \d+ operations/,
    run: () => render('{{$s := "0123456789abcdef"}}{{range until 60}}{{$s = print $s $s}}{{end}}{{$s}}'),
  },
  {
    name: 'a repeat of 1 GB',
    codes: ['LimitExceeded'],
    message: /would be larger than/,
    run: () => render('{{repeat 1073741824 "x"}}'),
  },
  {
    name: 'a list of a thousand million',
    codes: ['LimitExceeded'],
    message: /would be larger than/,
    run: () => render('{{until 1000000000}}'),
  },
  {
    name: 'a width of a thousand million',
    codes: ['LimitExceeded'],
    message: /templates gave more than \d+ characters of output/,
    run: () => render('{{range until 100000}}{{printf "%999999d" 1}}{{end}}'),
  },
  {
    name: 'aliases of aliases in the values',
    codes: ['RenderFailed'],
    message: /document contains excessive aliasing/,
    run: () => render('x: 1', { 'values.yaml': aliasBomb() }),
  },
  {
    name: 'aliases of aliases in a values file of the user',
    codes: ['InvalidInput'],
    message: /document contains excessive aliasing/,
    run: () => mergeValueSources({ files: ['v.yaml'] }, () => utf8Encode(aliasBomb())),
  },
  {
    name: 'brackets in brackets',
    codes: ['LimitExceeded'],
    message: /collections are nested deeper than 1000/,
    run: () => render('x: 1', { 'values.yaml': `a: ${'['.repeat(100_000)}` }),
  },
  {
    name: 'parentheses in parentheses',
    codes: ['RenderFailed'],
    message: /max expression depth exceeded/,
    run: () => render(`{{${'('.repeat(200_000)}1${')'.repeat(200_000)}}}`),
  },
  {
    name: 'a --set index of a thousand million',
    codes: ['InvalidInput'],
    message: /index of 1000000000 is greater than maximum supported index of 65536/,
    run: () => mergeValueSources({ set: ['a[1000000000]=x'] }, () => new Uint8Array()),
  },
  {
    name: 'a catastrophic regular expression',
    codes: ['RenderFailed'],
    message: /no match/,
    run: () => render('{{if not (regexMatch "^(a+)+$" (print (repeat 50000 "a") "!"))}}{{fail "no match"}}{{end}}'),
  },
  {
    name: 'a regular expression of a thousand repeats of a thousand',
    codes: ['RenderFailed'],
    message: /invalid repeat count|expression nests too deeply|too large/,
    run: () => render('{{mustRegexMatch "((a{1000}){1000}){1000}" "a"}}'),
  },
  {
    name: 'an archive whose files lead out of it',
    codes: ['RenderFailed'],
    message: /chart illegally references parent directory/,
    make: () => archive([{ name: 'c/../../etc/passwd', content: 'x' }]),
    run: (made) => loadChartArchive(made, 'c.tgz'),
  },
  {
    name: 'an archive that unpacks to more than it may',
    codes: ['LimitExceeded'],
    message: /larger than the maximum/,
    make: () =>
      archive(Array.from({ length: 30 }, (_, index) => ({ name: `c/f${index}`, content: 'x'.repeat(5_000_000) }))),
    run: (made) => loadChartArchive(made, 'c.tgz'),
  },
  {
    name: 'schemas that each name two, which name two',
    codes: ['LimitExceeded'],
    message: /validating the values takes more than \d+ steps/,
    run: () => {
      const both = (index: number) => ({ anyOf: [index, index].map((to) => ({ $ref: `#/definitions/a${to + 1}` })) });
      const definitions = Array.from({ length: 60 }, (_, index) => [`a${index}`, both(index)]);
      const schema = { ...both(-1), definitions: { ...Object.fromEntries(definitions), a60: { type: 'string' } } };
      return render('x: 1', { 'values.schema.json': JSON.stringify(schema) });
    },
  },
  {
    name: 'a constraint of versions with many spaces',
    codes: ['RenderFailed'],
    message: /improper constraint/,
    run: () => render('{{semverCompare (print (repeat 25 ">1            ") "!") "1.2.3"}}'),
  },
  {
    name: 'a key of TOML with many dots',
    codes: ['RenderFailed'],
    message: /nested more than 500 deep/,
    run: () => render('{{fail (fromToml (print "a" (repeat 50000 ".b") " = 1")).Error}}'),
  },
  ...HOSTILE_KUSTOMIZATIONS,
  ...HOSTILE_REFERENCES,
  ...HOSTILE_WORK,
];

function render(template: string, files: Readonly<Record<string, string>> = {}): string {
  const all = { 'Chart.yaml': CHART_YAML, 'templates/x.yaml': template, ...files };
  return renderChart({
    chart: loadChartFiles(Object.entries(all).map(([name, text]) => ({ name, data: utf8Encode(text) }))),
    release: { name: 'rel', namespace: 'ns' },
    environment: { now: () => Date.now(), random: randomFrom(1) },
  }).text;
}

/** Nine lists, each of nine aliases of the one before: 9^9 values. */
function aliasBomb(): string {
  const line = (index: number) =>
    `a${index}: &a${index} [${Array(9)
      .fill(`*a${index - 1}`)
      .join(', ')}]\n`;
  return `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 8 }, (_, index) => line(index + 1)).join('')}`;
}

function archive(files: readonly { readonly name: string; readonly content: string }[]): Uint8Array {
  return gzipSync(packTar([{ name: 'c/Chart.yaml', content: CHART_YAML }, ...files]));
}
