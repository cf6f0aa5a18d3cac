import { describe, expect, it } from 'vitest';
import { decodeMap } from '../../../src/render/helm/decode.ts';
import { addFileDependencies } from '../../../src/render/helm/file-dependencies.ts';
import { DEFAULT_LIMITS } from '../../../src/render/helm/limits.ts';
import { loadChart } from '../../../src/render/helm/load.ts';
import { type RenderOptions, renderChart, warningsOf } from '../../../src/render/helm/render-chart.ts';
import { memoryTree } from '../../../src/render/tree.ts';

const CHART_YAML = 'apiVersion: v2\nname: demo\nversion: 0.1.0\n';
const ENVIRONMENT = { now: () => 0, random: (length: number) => new Uint8Array(length) };

type Rest = Partial<Omit<RenderOptions, 'chart' | 'values'>> & { readonly values?: string };

function render(files: Record<string, string>, { values, ...rest }: Rest = {}) {
  return renderChart({
    chart: loadChart(memoryTree({ 'Chart.yaml': CHART_YAML, ...files }), ''),
    release: { name: 'rel', namespace: 'ns' },
    environment: ENVIRONMENT,
    ...(values === undefined ? {} : { values: decodeMap(values) }),
    ...rest,
  });
}

const CONFIG_MAP = 'kind: ConfigMap\nmetadata: {name: a}';

describe('rendering a chart', () => {
  it('prints crds first where they are asked for, then manifests by kind, then hooks', () => {
    const files = {
      'crds/b.yaml': 'kind: CustomResourceDefinition\n',
      'templates/a.yaml': `kind: Service\n---\n${CONFIG_MAP}`,
      'templates/hook.yaml':
        'kind: Job\nmetadata: {annotations: {helm.sh/hook: "pre-install,test", helm.sh/hook-weight: "-5"}}',
      'templates/NOTES.txt': 'See {{ .Release.Name }}.',
    };
    const rendered = render(files, { includeCrds: true });
    expect(rendered.text.match(/^# Source: .*$/gm)).toEqual([
      '# Source: demo/crds/b.yaml',
      '# Source: demo/templates/a.yaml',
      '# Source: demo/templates/a.yaml',
      '# Source: demo/templates/hook.yaml',
    ]);
    expect(rendered.manifests.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Service']);
    expect(rendered.hooks.map(({ events, weight }) => ({ events, weight }))).toEqual([
      { events: ['pre-install', 'test'], weight: -5 },
    ]);
    expect(rendered.notes).toBe('See rel.');
    expect(render(files, { skipTests: true }).text).not.toContain('hook.yaml');
    expect(render(files, { noHooks: true }).text).not.toContain('hook.yaml');
  });

  it('gives the same answer again, whatever other values were rendered in between', () => {
    const chart = loadChart(
      memoryTree({
        'Chart.yaml': `${CHART_YAML}dependencies: [{name: sub, version: 1.x, alias: other, condition: other.enabled}]`,
        'templates/a.yaml': 'v: {{ set .Values "changed" (add1 (.Values.changed | default 0)) | toJson }}',
        'charts/sub/Chart.yaml': 'name: sub\nversion: 1.0.0',
        'charts/sub/templates/b.yaml': 'name: {{ .Chart.Name }}',
      }),
      '',
    );
    const texts = ['{}', 'other: {enabled: false}', '{}'].map(
      (values) =>
        renderChart({
          chart,
          values: decodeMap(values),
          release: { name: 'rel', namespace: 'ns' },
          environment: ENVIRONMENT,
        }).text,
    );
    expect(texts[0]).toContain('demo/charts/other/templates/b.yaml\nname: other');
    expect(texts[1]).not.toContain('charts/other');
    expect(texts[2]).toBe(texts[0]);
  });

  it('does not change the values that it is given', () => {
    const values = decodeMap('a: {b: 1}');
    renderChart({
      chart: loadChart(
        memoryTree({ 'Chart.yaml': CHART_YAML, 'templates/a.yaml': '{{ $_ := set .Values.a "b" 2 }}' }),
        '',
      ),
      values,
      release: { name: 'rel', namespace: 'ns' },
      environment: ENVIRONMENT,
    });
    expect(values).toEqual(decodeMap('a: {b: 1}'));
  });

  it('lets templates look objects up', () => {
    const files = { 'templates/a.yaml': 'found: {{ (lookup "v1" "Secret" "ns" "x").data.key }}' };
    const lookup = (...asked: string[]) => new Map([['data', new Map([['key', asked.join('/')]])]]);
    expect(render(files, { lookup }).text).toContain('found: v1/Secret/ns/x');
    expect(render({ 'templates/a.yaml': 'n: {{ lookup "v1" "Secret" "ns" "x" | len }}' }).text).toContain('n: 0');
  });

  it('gives the manifests to a post-renderer, but not the hooks', () => {
    const files = {
      'templates/a.yaml': CONFIG_MAP,
      'templates/b.yaml': 'kind: Pod\nmetadata: {annotations: {helm.sh/hook: test}}',
    };
    const { text } = render(files, { postRender: (manifests) => manifests.replace('name: a', 'name: changed') });
    expect(text).toContain('name: changed');
    expect(text).toContain('demo/templates/b.yaml');
  });

  it('keeps the digits of large whole numbers in the parsed manifests', () => {
    const [manifest] = render({ 'templates/a.yaml': 'kind: A\nbig: 9007199254740993' }).manifests;
    expect(JSON.stringify(manifest?.object instanceof Map && String(manifest.object.get('big')))).not.toContain('992');
  });
});

describe('what Helm refuses', () => {
  const cases: [title: string, files: Record<string, string>, rest: Rest, message: string][] = [
    ['a library chart', { 'Chart.yaml': `${CHART_YAML}type: library` }, {}, 'library charts are not installable'],
    [
      'a bad release name',
      {},
      { release: { name: 'Bad_Name', namespace: 'ns' } },
      'release name "Bad_Name": invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53',
    ],
    ['no release name', {}, { release: { name: '', namespace: 'ns' } }, 'release name "": no name provided'],
    [
      'a missing dependency',
      { 'Chart.yaml': `${CHART_YAML}dependencies: [{name: x, version: 1.x, repository: https://example.com}]` },
      {},
      'An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: x',
    ],
    [
      'a Kubernetes that is too old',
      { 'Chart.yaml': `${CHART_YAML}kubeVersion: ">=1.30.0-0"` },
      {},
      'chart requires kubeVersion: >=1.30.0-0 which is incompatible with Kubernetes v1.20.0',
    ],
    [
      'fail',
      {
        'templates/a.yaml': '{{ include "x" . }}',
        'templates/_h.tpl': '{{ define "x" }}{{ fail "no: this" }}{{ end }}',
      },
      {},
      'execution error at (demo/templates/a.yaml:1:3): no: this',
    ],
    [
      'a missing required value',
      { 'templates/a.yaml': '{{ required "give a" .Values.a }}' },
      {},
      'execution error at (demo/templates/a.yaml:1:3): give a',
    ],
    [
      'a template that does not parse',
      { 'templates/a.yaml': 'x\n{{ if }}' },
      {},
      'parse error at (demo/templates/a.yaml:2): missing value for if',
    ],
    [
      'output that is no YAML',
      { 'templates/a.yaml': 'a: [' },
      {},
      'YAML parse error on demo/templates/a.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content',
    ],
    [
      'tpl of what does not parse',
      { 'templates/a.yaml': '{{ tpl "{{ .x" . }}' },
      {},
      'template: demo/templates/a.yaml:1:3: executing "demo/templates/a.yaml" at <tpl "{{ .x" .>: error calling tpl: cannot parse template "{{ .x": template: gotpl:1: unclosed action',
    ],
  ];
  it.each(cases)('%s', (_, files, rest, message) => {
    expect(() => render(files, rest)).toThrow(expect.objectContaining({ message }));
  });

  it('tells the warnings that came before the error', () => {
    const files = { 'values.yaml': 'a: 1', 'templates/a.yaml': '{{ fail "stop" }}' };
    try {
      render(files, { values: 'a: {b: 1}' });
      expect.unreachable();
    } catch (error) {
      expect(warningsOf(error)).toEqual(['coalesce.go:237: warning: skipped value for demo.a: Not a table.']);
    }
  });
});

describe('tpl', () => {
  it.each([
    ['{{ tpl "a{{ .Values.x }}" . }}', 'aone'],
    // A text of nothing but blanks inside another tpl must not run the outer one again.
    ['[{{ tpl "x{{ tpl \\" \\" . }}y" . }}]', '[x y]'],
    ['{{ tpl "{{ define \\"d\\" }}in{{ end }}{{ include \\"d\\" . }}" . }}', 'in'],
    ['{{ tpl "{{ tpl .Values.inner . }}" . }}', 'one!'],
    ['{{ tpl "{{ .Values.none }}|<no value>" . }}', '|'],
  ])('%s gives %s', (template, expected) => {
    const { text } = render({ 'templates/a.yaml': `v: ${template}` }, { values: 'x: one\ninner: "{{ .Values.x }}!"' });
    expect(text).toContain(`v: ${expected}\n`);
  });

  it('forgets what it defined', () => {
    const template = '{{ tpl "{{ define \\"d\\" }}{{ end }}" . }}{{ include "d" . }}';
    expect(() => render({ 'templates/a.yaml': template })).toThrow('no template "d" associated with template "gotpl"');
  });
});

describe('limits of a render', () => {
  it('ends output that grows without bound', () => {
    const limits = { ...DEFAULT_LIMITS, outputBytes: 10_000 };
    const files = { 'templates/a.yaml': '{{ range untilStep 0 100000 1 }}xxxxxxxxxx{{ end }}' };
    expect(() => render(files, { limits })).toThrow(expect.objectContaining({ code: 'LimitExceeded' }));
  });

  it('ends templates that do too much', () => {
    const limits = { ...DEFAULT_LIMITS, operations: 100_000 };
    const files = {
      'templates/a.yaml': '{{ range until 1000 }}{{ range until 1000 }}{{ end }}{{ end }}',
    };
    expect(() => render(files, { limits })).toThrow(
      expect.objectContaining({
        code: 'LimitExceeded',
        message: expect.stringContaining('more than 100000 operations'),
      }),
    );
  });

  it('ends a render that takes too long', () => {
    let now = 0;
    const environment = {
      ...ENVIRONMENT,
      now: () => {
        now += 1000;
        return now;
      },
    };
    const files = {
      'templates/a.yaml': '{{ range untilStep 0 900000 1 }}{{ range untilStep 0 900000 1 }}{{ end }}{{ end }}',
    };
    expect(() => render(files, { environment, limits: { ...DEFAULT_LIMITS, renderMs: 5000 } })).toThrow(
      expect.objectContaining({ code: 'LimitExceeded' }),
    );
  });
});

describe('dependencies in folders of the same repository', () => {
  const files = {
    'apps/shop/Chart.yaml': `${CHART_YAML}dependencies: [{name: common, version: ~1.2, repository: file://../../lib/common}]`,
    'apps/shop/values.yaml': 'common: {from: parent}',
    'lib/common/Chart.yaml': 'apiVersion: v2\nname: common\nversion: 1.2.3',
    'lib/common/templates/a.yaml': 'kind: A\nfrom: {{ .Values.from }}',
  };
  const load = (changed: Record<string, string> = {}) => {
    const tree = memoryTree({ ...files, ...changed });
    return addFileDependencies(tree, 'apps/shop', loadChart(tree, 'apps/shop'));
  };

  it('are loaded from where they lie', () => {
    const { text } = renderChart({ chart: load(), release: { name: 'r', namespace: 'n' }, environment: ENVIRONMENT });
    expect(text).toBe('---\n# Source: demo/charts/common/templates/a.yaml\nkind: A\nfrom: parent\n');
  });

  it('must be of the version that Chart.yaml wants', () => {
    expect(() => load({ 'lib/common/Chart.yaml': 'name: common\nversion: 2.0.0' })).toThrow('~1.2 is wanted');
  });

  it('must lie in the repository', () => {
    const Chart = `${CHART_YAML}dependencies: [{name: common, version: 1.x, repository: file://../../../common}]`;
    expect(() => load({ 'apps/shop/Chart.yaml': Chart })).toThrow(expect.objectContaining({ code: 'PathEscapes' }));
  });
});
