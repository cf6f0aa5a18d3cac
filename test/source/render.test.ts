// One source to objects: the helm block, overrides that lie in the repository, and generated values.

import { describe, expect, it } from 'vitest';
import type { HelmSource, KustomizeSource, Source } from '../../src/application/types.ts';
import { HawserError } from '../../src/base/errors.ts';
import { at } from '../../src/base/json.ts';
import { memoryTree } from '../../src/render/tree.ts';
import { createGeneratedStore, parseGeneratedRecords } from '../../src/source/generated-store.ts';
import { renderSource } from '../../src/source/render.ts';
import type { RenderContext } from '../../src/source/source.ts';
import { packChart } from '../support/chart-servers.ts';

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'key: default\nnumber: 1\n',
  'chart/templates/cm.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
data:
  key: {{ .Values.key | quote }}
  number: {{ kindOf .Values.number | quote }}
  kube: {{ .Capabilities.KubeVersion.Version | quote }}
  api: {{ .Capabilities.APIVersions.Has "example.com/v1" | quote }}
  helms: {{ .Capabilities.APIVersions.Has "extensions/v1beta1" | quote }}
  list: {{ .Values.list | default list | toJson | quote }}
`,
  'chart/crds/crd.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: crd\n',
  'chart/templates/test.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: test\n  annotations:\n    helm.sh/hook: test\n',
  'chart/dev.yaml': 'key: dev\n',
  'message.txt': 'from, a file',
};

const CONTEXT = {
  appName: 'app',
  appNamespace: 'argocd',
  project: 'default',
  namespace: 'shop',
  kubeVersion: 'v1.34.1',
  apiVersions: ['v1'],
};
const environment = {
  now: () => 0,
  random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
};

function render(
  files: Record<string, string>,
  source: Partial<Source> = {},
  appName = 'app',
  more: Partial<RenderContext> = {},
) {
  const resolved = {
    source: { repoURL: 'https://git.example.com/a', path: 'chart', ...source },
    revision: 'abcdef0123',
  };
  return renderSource(
    memoryTree(files),
    'chart',
    resolved,
    { ...CONTEXT, appName, ...more },
    {
      environment,
      refs: new Map(),
      findFiles: () => new Map(),
      findDependency: ({ name }) => {
        throw new HawserError('RevisionNotFound', name);
      },
    },
  );
}

const dataOf = (helm: HelmSource, files: Record<string, string> = {}) =>
  at(
    render({ ...CHART, ...files }, { helm }).objects.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name !== 'crd',
    ),
    'data',
  );

describe('the helm block', () => {
  it.each<[title: string, helm: HelmSource, data: Record<string, string>]>([
    ['without anything renders the defaults', {}, { key: 'default', number: 'float64', kube: 'v1.34.1', api: 'false' }],
    ['has values files', { valueFiles: ['dev.yaml'] }, { key: 'dev' }],
    ['has values over values files', { valueFiles: ['dev.yaml'], values: 'key: inline' }, { key: 'inline' }],
    [
      'has valuesObject instead of values',
      { values: 'key: inline\nnumber: x', valuesObject: { key: 'object' } },
      { key: 'object', number: 'float64' },
    ],
    [
      'has parameters over all',
      { valuesObject: { key: 'object' }, parameters: [{ name: 'key', value: 'parameter' }] },
      { key: 'parameter' },
    ],
    [
      'counts the last parameter of a name',
      {
        parameters: [
          { name: 'key', value: 'a' },
          { name: 'key', value: 'b' },
        ],
      },
      { key: 'b' },
    ],
    ['has numbers as parameters', { parameters: [{ name: 'number', value: '5' }] }, { number: 'int64' }],
    ['has texts by force', { parameters: [{ name: 'number', value: '5', forceString: true }] }, { number: 'string' }],
    ['has parameters with commas', { parameters: [{ name: 'key', value: 'a,b' }] }, { key: 'a,b' }],
    ['has lists as parameters', { parameters: [{ name: 'list', value: '{a,b}' }] }, { list: '["a","b"]' }],
    [
      'has the build environment in parameters',
      { parameters: [{ name: 'key', value: '$ARGOCD_APP_NAME@$ARGOCD_APP_REVISION_SHORT' }] },
      { key: 'app@abcdef0' },
    ],
    ['has files as parameters', { fileParameters: [{ name: 'key', path: '/message.txt' }] }, { key: 'from, a file' }],
    ['has a Kubernetes version', { kubeVersion: '1.20.0' }, { kube: 'v1.20.0' }],
    [
      'has API versions, beside those that Helm knows',
      { apiVersions: ['example.com/v1'] },
      { api: 'true', helms: 'true' },
    ],
    ['ignores missing values files', { valueFiles: ['none.yaml'], ignoreMissingValueFiles: true }, { key: 'default' }],
  ])('%s', (_, helm, data) => {
    expect(dataOf(helm)).toMatchObject(data);
  });

  it('has a release name and a namespace', () => {
    const { objects } = render(CHART, { helm: { releaseName: 'other', namespace: 'elsewhere' } });
    expect(objects.map(({ metadata }) => [metadata.name, metadata.namespace])).toContainEqual(['other', 'elsewhere']);
  });
  it('leaves out CRDs and tests', () => {
    const names = (helm: HelmSource) => render(CHART, { helm }).objects.map(({ metadata }) => metadata.name);
    expect(names({})).toEqual(['crd', 'app', 'test']);
    expect(names({ skipCrds: true, skipTests: true })).toEqual(['app']);
  });
  it('skips the schema of values', () => {
    const files = { 'chart/values.schema.json': '{"properties": {"key": {"type": "integer"}}}' };
    expect(() => dataOf({}, files)).toThrow("values don't meet the specifications");
    expect(dataOf({ skipSchemaValidation: true }, files)).toMatchObject({ key: 'default' });
  });
  it('reads nothing outside the repository', () => {
    expect(() => dataOf({ fileParameters: [{ name: 'key', path: '../../secret' }] })).toThrow(
      expect.objectContaining({ code: 'PathEscapes' }),
    );
  });
});

describe('overrides in the repository', () => {
  const FILE = (value: string) => `helm:\n  parameters:\n  - name: key\n    value: ${value}\n`;
  const keyOf = (files: Record<string, string>, appName = 'app', source: Partial<Source> = {}) =>
    at(
      render({ ...CHART, ...files }, source, appName).objects.find(({ metadata }) => metadata.name === appName),
      'data',
      'key',
    );

  it('change the source', () => {
    expect(keyOf({ 'chart/.argocd-source.yaml': FILE('overridden') })).toBe('overridden');
  });
  it('of one Application come on top, and concern no other', () => {
    const files = { 'chart/.argocd-source.yaml': FILE('all'), 'chart/.argocd-source-app.yaml': FILE('one') };
    expect(keyOf(files)).toBe('one');
    expect(keyOf(files, 'other')).toBe('all');
  });
  it('merge with the spec, and take away what is null', () => {
    const helm = { values: 'key: spec', valueFiles: ['dev.yaml'] };
    expect(keyOf({ 'chart/.argocd-source.yaml': 'helm:\n  values: null\n' }, 'app', { helm })).toBe('dev');
  });
  it('do not move the source', () => {
    const files = {
      'chart/.argocd-source.yaml':
        'path: ../other\nrepoURL: https://evil.example.com\ntargetRevision: x\nchart: other\n',
    };
    expect(keyOf(files)).toBe('default');
  });
  it('of an Application of another namespace carry its namespace', () => {
    const files = {
      ...CHART,
      'chart/.argocd-source-team_app.yaml': FILE('theirs'),
      'chart/.argocd-source-app.yaml': FILE('x'),
    };
    const { objects } = render(files, {}, 'app', { instance: 'team_app' });
    expect(objects.find(({ metadata }) => metadata.name === 'app')).toMatchObject({ data: { key: 'theirs' } });
  });
  it('of wrong types are refused with file and field', () => {
    const files = { 'chart/.argocd-source.yaml': 'helm:\n  parameters:\n  - name: key\n    value: 5\n' };
    expect(() => keyOf(files)).toThrow(
      expect.objectContaining({
        message: 'helm.parameters[0].value: a text is expected, not 5',
        place: { file: 'chart/.argocd-source.yaml' },
        hint: 'write it in quotes',
      }),
    );
  });
  it('that are no mapping are refused by name', () => {
    expect(() => keyOf({ 'chart/.argocd-source.yaml': '- a\n' })).toThrow('.argocd-source.yaml is no mapping');
  });
});

describe('a kustomization', () => {
  const FILES = {
    'chart/kustomization.yaml': 'resources: [app.yaml, ../shared.yaml]\nlabels: [{pairs: {a: b}}]\n',
    'chart/app.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\nspec:\n  containers:\n  - name: a\n    image: app\n',
    'shared.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shared\n',
  };
  const settings = (common: string, ofVersion: Record<string, string> = {}): Partial<RenderContext> => ({
    settings: {
      kustomizeFlags: { common, ofVersion },
      followSubmodules: true,
      disabledTools: [],
      maxDirectoryBytes: 0,
    },
  });
  const NONE = '--load-restrictor LoadRestrictionsNone';
  const namesOf = (source: Partial<Source>, more: Partial<RenderContext>) =>
    render(FILES, source, 'app', more).objects.map(({ metadata }) => metadata.name);

  it('reads files outside its folder where argocd-cm allows it', () => {
    expect(namesOf({}, settings(NONE))).toEqual(['shared', 'app']);
    expect(() => namesOf({}, {})).toThrow("is not in or below 'chart'");
  });
  it('has the flags of its version', () => {
    expect(namesOf({ kustomize: { version: 'v5.0.0' } }, settings('', { 'v5.0.0': NONE }))).toEqual(['shared', 'app']);
    expect(namesOf({ kustomize: { version: 'v4.0.0' } }, settings(NONE))).toEqual(['shared', 'app']);
  });
  it('is not built with flags that cannot be read', () => {
    expect(() => namesOf({}, settings('--bogus'))).toThrow('unknown flag: --bogus');
    expect(render({ ...CHART }, {}, 'app', settings('--bogus')).sourceType).toBe('Helm');
  });
  it('has the build environment in images, labels and annotations', () => {
    const kustomize = {
      images: ['app:$ARGOCD_APP_REVISION'],
      commonLabels: { of: '$ARGOCD_APP_NAME' },
      labelWithoutSelector: true,
      commonAnnotations: { at: '$ARGOCD_APP_REVISION_SHORT' },
      commonAnnotationsEnvsubst: true,
    };
    const { objects } = render(FILES, { kustomize }, 'app', { ...settings(NONE), instance: 'team_app' });
    expect(objects[1]).toMatchObject({
      metadata: { labels: { of: 'team_app' }, annotations: { at: 'abcdef0' } },
      spec: { containers: [{ image: 'app:abcdef0123' }] },
    });
  });
  it.each<[field: string, kustomize: KustomizeSource]>([
    ['commonLabels', { commonLabels: { a: 'b' }, labelIncludeTemplates: true }],
    ['replicas[0].count', { replicas: [{ name: 'app', count: 'many' }] }],
    ['images[0]', { images: ['app'] }],
    ['components[0]', { components: ['../../x'], ignoreMissingComponents: true }],
    ['replicas', { replicas: [{ name: 'gone', count: 2 }] }],
    ['patches[1]', { patches: [{ patch: '[]', target: { kind: 'Pod' } }, { patch: 'a: [' }] }],
    ['patches[0]', { patches: [{ path: 'gone.yaml' }] }],
    ['patches[0]', { patches: [{ patch: '- {op: remove, path: /gone}', target: { kind: 'Pod' } }] }],
  ])('refuses what its block says wrongly at %s', (field, kustomize) => {
    expect(() => render(FILES, { kustomize }, 'app', settings(NONE))).toThrow(`spec.source.kustomize.${field}: `);
  });
});

describe('a directory', () => {
  const FILES = { 'chart/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n' };

  it('has as much as argocd-cmd-params-cm says', () => {
    const limited = (maxDirectoryBytes: number) =>
      render(FILES, {}, 'app', {
        settings: {
          kustomizeFlags: { common: '', ofVersion: {} },
          followSubmodules: true,
          disabledTools: [],
          maxDirectoryBytes,
        },
      });
    expect(limited(100).objects).toHaveLength(1);
    expect(() => limited(10)).toThrow('exceeded max combined manifest file size of 10 bytes');
  });
  it('is what a chart is where Helm is switched off', () => {
    const disabled = {
      settings: {
        kustomizeFlags: { common: '', ofVersion: {} },
        followSubmodules: true,
        disabledTools: ['Helm' as const],
        maxDirectoryBytes: 0,
      },
    };
    const files = { ...FILES, 'chart/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n' };
    const { objects, sourceType } = render(files, {}, 'app', disabled);
    expect(sourceType).toBe('Directory');
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['a']);
  });
});

describe('charts of a kustomization', () => {
  it('may be development versions', () => {
    const asked: unknown[] = [];
    const files = {
      'kustomization.yaml':
        'helmCharts:\n- {name: web, repo: "https://charts.example.com", devel: true}\n- {name: api, repo: "https://charts.example.com"}\n',
    };
    const resolved = { source: { repoURL: 'https://git.example.com/a', path: '' }, revision: 'abcdef0' };
    const { archive } = packChart('web', '1.2.0', { 'values.yaml': '' });
    renderSource(memoryTree(files), '', resolved, CONTEXT, {
      environment,
      refs: new Map(),
      findFiles: () => new Map(),
      findDependency: (wanted) => {
        asked.push(wanted.version);
        return archive;
      },
    });
    expect(asked).toEqual(['>0.0.0-0', '']);
  });

  it('come from their repositories, and see the versions of the cluster', () => {
    const asked: unknown[] = [];
    const { archive } = packChart('web', '1.2.0', {
      'templates/a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  kube: {{ .Capabilities.KubeVersion.Version }}\n  api: {{ .Capabilities.APIVersions.Has "example.com/v1" | quote }}\n',
      'values.yaml': '',
    });
    const files = {
      'kustomization.yaml':
        'nameSuffix: -x\nhelmCharts:\n- {name: web, repo: "https://charts.example.com", version: 1.2.0, releaseName: web}\n',
    };
    const resolved = { source: { repoURL: 'https://git.example.com/a', path: '' }, revision: 'abcdef0' };
    const context = { ...CONTEXT, apiVersions: ['v1', 'example.com/v1'] };
    const { objects, sourceType } = renderSource(memoryTree(files), '', resolved, context, {
      environment,
      refs: new Map(),
      findFiles: () => new Map(),
      findDependency: (wanted) => {
        asked.push(wanted);
        return archive;
      },
    });
    expect(sourceType).toBe('Kustomize');
    expect(objects).toEqual([
      expect.objectContaining({ metadata: { name: 'web-x' }, data: { kube: 'v1.34.1', api: 'true' } }),
    ]);
    expect(asked).toEqual([{ name: 'web', repository: 'https://charts.example.com', version: '1.2.0' }]);
  });
});

describe('values that a chart generates', () => {
  const template = (body: string) => ({
    'chart/Chart.yaml': CHART['chart/Chart.yaml'],
    'chart/templates/_x.tpl': '{{ define "password" }}{{ randAlphaNum 8 }}{{ end }}',
    'chart/templates/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n${body}`,
  });

  async function renderKept(files: Record<string, string>, kept: unknown, nowMs = 0) {
    const store = createGeneratedStore(
      () => nowMs,
      async () => parseGeneratedRecords(kept),
    );
    const source = { source: { repoURL: 'https://git.example.com/a', path: 'chart' }, revision: 'abcdef0' };
    const surroundings = {
      environment: { ...environment, now: () => nowMs },
      refs: new Map(),
      findFiles: () => new Map(),
      findDependency: () => new Uint8Array(),
      generated: store.values,
    };
    for (;;) {
      store.begin();
      try {
        const { objects } = renderSource(memoryTree(files), 'chart', source, CONTEXT, surroundings);
        return { objects, data: at(objects[0], 'data'), used: store.used() };
      } catch (error) {
        if (!store.isIncomplete()) throw error;
        await store.load();
      }
    }
  }

  it('are the same from what was kept, and new without it', async () => {
    const files = template(
      '  a: {{ randAlpha 9 }}\n  b: {{ include "password" . }}\n  c: {{ include "password" . }}\n  d: x{{ randInt 0 9999 }}\n',
    );
    const first = await renderKept(files, {});
    expect(first.used?.isNew).toBe(true);
    const again = await renderKept(files, JSON.parse(JSON.stringify(first.used?.records)));
    expect(again.data).toEqual(first.data);
    expect(again.used).toEqual({ records: first.used?.records, isNew: false });
    expect((await renderKept(files, {})).data).not.toEqual(first.data);
  });

  it('stay where other calls come and go', async () => {
    const first = await renderKept(template('  a: {{ randAlpha 9 }}\n'), {});
    const more = await renderKept(template('  b: {{ randAlpha 5 }}\n  a: {{ randAlpha 9 }}\n'), first.used?.records);
    expect(at(more.data, 'a')).toBe(at(first.data, 'a'));
    expect(Object.keys(more.used?.records ?? {})).toHaveLength(2);
  });

  it('are forgotten where nothing uses them', async () => {
    const first = await renderKept(template('  a: {{ randAlpha 9 }}\n'), {});
    const other = await renderKept(template('  a: {{ randAlpha 10 }}\n'), first.used?.records);
    expect(Object.keys(other.used?.records ?? {})).not.toEqual(Object.keys(first.used?.records ?? {}));
    expect(other.used?.isNew).toBe(true);
  });

  it('are certificates that are made anew after two thirds of their life', async () => {
    const files = template('  a: {{ (genCAWithKey "ca" 30 (genPrivateKey "ed25519")).Cert | b64enc }}\n');
    const DAY = 86_400_000;
    const first = await renderKept(files, {});
    expect((await renderKept(files, first.used?.records, 19 * DAY)).data).toEqual(first.data);
    expect((await renderKept(files, first.used?.records, 21 * DAY)).data).not.toEqual(first.data);
  });

  it('are kept for the charts of a kustomization too, each release its own', async () => {
    const files = (name: string, namespace = 'shop') => ({
      'chart/kustomization.yaml': `helmGlobals: {chartHome: ../charts}
helmCharts:
- {name: web, releaseName: ${name}, namespace: ${namespace}}
- {name: web, releaseName: two, namespace: shop}
- {name: web, nameTemplate: 'web-{{ randNumeric 4 }}', namespace: shop}
- {name: web, releaseName: two, namespace: other}
`,
      'charts/web/Chart.yaml': CHART['chart/Chart.yaml'],
      'charts/web/values.yaml': '',
      'charts/web/templates/a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  namespace: {{ .Release.Namespace }}\ndata:\n  a: {{ randAlpha 9 }}\n',
    });
    const passwords = ({ objects }: Awaited<ReturnType<typeof renderKept>>) =>
      objects.map((object) => at(object, 'data', 'a'));
    const first = await renderKept(files('one'), {});
    expect(new Set(passwords(first)).size).toBe(4);
    const again = await renderKept(files('one'), first.used?.records);
    expect(again.objects).toEqual(first.objects);
    expect(again.used?.isNew).toBe(false);
    const renamed = await renderKept(files('three'), first.used?.records);
    expect(passwords(renamed).filter((password) => passwords(first).includes(password))).toHaveLength(3);
  });

  it('have keys that tell nothing of their inputs', async () => {
    const { used } = await renderKept(template('  a: {{ htpasswd "user" "secret-word" | quote }}\n'), {});
    expect(JSON.stringify(used)).not.toContain('secret-word');
  });
});
