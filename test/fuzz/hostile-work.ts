// Charts and kustomizations that do much in few steps, under a clock that stands still, as workerd's does while code runs: what they do is
// counted, and the count ends them.

import { utf8Encode } from '../../src/render/go/strings.ts';
import { DEFAULT_LIMITS, loadChartFiles, renderChart } from '../../src/render/helm/helm.ts';
import { buildKustomization } from '../../src/render/kustomize/kustomize.ts';
import { memoryTree } from '../../src/render/tree.ts';
import type { HostileInput } from './hostile.ts';
import { randomFrom } from './random.ts';

/** A fiftieth of what is allowed, so that the end comes soon. */
const OPERATIONS = DEFAULT_LIMITS.operations / 50;
const STEPS = 1_000_000;

/** `$d`: a dict of two dicts that are the same one, which has two that are the same one … 2^60 in all. */
const SHARED = '{{$d := dict "x" "y"}}{{range until 60}}{{$d = dict "a" $d "b" $d}}{{end}}';

const TEMPLATES: Readonly<Record<string, string>> = {
  'checksums of a long text': '{{$s := repeat 1000000 "a"}}{{range until 100000}}{{$_ := sha256sum $s}}{{end}}',
  'a long text reversed and wrapped': '{{$s := repeat 500000 "a "}}{{range until 100000}}{{$_ := wrap 3 $s}}{{end}}',
  'long lists made again and again': '{{range until 100000}}{{$_ := until 100000}}{{end}}',
  'a long list that is appended to': '{{$l := until 50000}}{{range until 100000}}{{$l = append $l 1}}{{end}}',
  'a copy of what holds itself twice over': `${SHARED}{{$_ := deepCopy $d}}`,
  'YAML of what holds itself twice over': `${SHARED}{{toYaml $d}}`,
  'JSON of what holds itself twice over': `${SHARED}{{toJson $d}}`,
  'TOML of what holds itself twice over': `${SHARED}{{toToml $d}}`,
  'two such dicts compared': `${SHARED}{{$e := $d}}{{$d := dict "x" "y"}}{{range until 60}}{{$d = dict "a" $d "b" $d}}{{end}}{{deepEqual $d $e}}`,
  'two such dicts merged': `${SHARED}{{$e := $d}}{{$d := dict "x" "y"}}{{range until 60}}{{$d = dict "a" $d "b" $d}}{{end}}{{$_ := merge $d $e}}`,
  'the different ones of many lists':
    '{{$l := list}}{{range $i := until 3000}}{{$l = append $l (list $i)}}{{end}}{{$_ := uniq $l}}',
  'a list without many others':
    '{{$l := until 3000}}{{$_ := without $l (until 3000)}}{{range until 3000}}{{$_ := has (list 1) $l}}{{end}}',
  'long YAML parsed again and again':
    '{{$s := repeat 10000 "- a\\n"}}{{range until 100000}}{{$_ := fromYamlArray $s}}{{end}}',
  'long JSON parsed again and again':
    '{{$s := printf "[%s1]" (repeat 10000 "1,")}}{{range until 100000}}{{$_ := fromJsonArray $s}}{{end}}',
  'long texts as templates':
    '{{$s := repeat 10000 "{{.}}"}}{{range $i := until 100000}}{{$_ := tpl (print $s $i) $}}{{end}}',
  'a large expression on a long text': '{{$_ := regexMatch "(a{0,30}){0,30}b" (repeat 100000 "a")}}',
  'an expression that looks to the end for each match':
    '{{$_ := regexFindAll "a+b|a" (repeat 20000 "a") -1}}{{fail "not counted"}}',
  'replacements in a long text, one by one':
    '{{$s := repeat 100000 "ab"}}{{range until 100000}}{{$_ := regexReplaceAll "a" $s "c"}}{{end}}',
  'many passwords': '{{range until 100000}}{{$_ := bcrypt "x"}}{{end}}',
  'many keys': '{{range until 100000}}{{$_ := genPrivateKey "ed25519"}}{{end}}',
  'many certificates': '{{range until 100000}}{{$_ := genCA "x" 1}}{{end}}',
  'many files looked for': '{{range until 100000}}{{$_ := $.Files.Glob (repeat 100000 "?")}}{{end}}',
};

const RESOURCES = times(500, (i) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${i}}\ndata: {k: v}\n`);
const LARGE = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n${times(3_000, (i) => `  k${i}: v\n`)}`;

const KUSTOMIZATIONS: Readonly<Record<string, string>> = {
  'many images': `images:\n${times(5_000, (i) => `- {name: i${i}, newTag: x}\n`)}`,
  'many patches of other resources': `patches:\n${times(5_000, () => '- {patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: c1}, data: {a: b}}"}\n')}`,
  'many JSON patches of a large resource': `patches:\n${times(1_000, () => `- {target: {name: c}, patch: '[{"op": "add", "path": "/data/x", "value": "y"}]'}\n`)}`,
  'many replacements in a large resource': `replacements:\n- source: {kind: ConfigMap, name: c1, fieldPath: data.k}\n  targets:\n  - select: {name: c}\n    fieldPaths:\n${times(1_000, () => '    - data.k1\n')}`,
};

export const HOSTILE_WORK: readonly HostileInput[] = [
  ...Object.entries(TEMPLATES).map(
    ([name, template]): HostileInput => ({
      name,
      codes: ['LimitExceeded'],
      message: /templates ran more than \d+ operations/,
      run: () => render(template),
    }),
  ),
  ...Object.entries(KUSTOMIZATIONS).map(
    ([name, kustomization]): HostileInput => ({
      name,
      codes: ['LimitExceeded'],
      message: /more than \d+ steps through resources/,
      run: () => build(kustomization),
    }),
  ),
];

function render(template: string): string {
  const files = { 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n', 'templates/x.yaml': template, 'a/b': 'x' };
  return renderChart({
    chart: loadChartFiles(Object.entries(files).map(([name, text]) => ({ name, data: utf8Encode(text) }))),
    release: { name: 'rel', namespace: 'ns' },
    environment: { now: () => 0, random: randomFrom(1) },
    limits: { ...DEFAULT_LIMITS, operations: OPERATIONS },
  }).text;
}

function build(kustomization: string): string {
  const files = {
    'kustomization.yaml': `resources: [many.yaml, large.yaml]\n${kustomization}`,
    'many.yaml': RESOURCES,
    'large.yaml': LARGE,
  };
  return buildKustomization(memoryTree(files), '', { now: () => 0, limits: { steps: STEPS } });
}

function times(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('');
}
