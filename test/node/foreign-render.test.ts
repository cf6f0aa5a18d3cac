// The real helm and kustomize on the files of a source, with the arguments that Argo CD gives them: what they make of it is what hawser makes of
// it.

import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareRenderings } from '../../src/application/rendering-comparison.ts';
import type { Source } from '../../src/application/types.ts';
import { createMemoryCache } from '../../src/base/memory-cache.ts';
import { createForeignRender } from '../../src/node/foreign-render.ts';
import type { ForeignSource } from '../../src/operation/preview-application.ts';
import { memoryTree } from '../../src/render/tree.ts';
import { createSourceReaders } from '../../src/source/reader.ts';
import type { RenderContext, ResolvedSource } from '../../src/source/source.ts';
import { findPeer } from '../support/peers.ts';

const CONTEXT: RenderContext = {
  ...{ appName: 'shop', appNamespace: 'argocd', project: 'default', namespace: 'shop-dev' },
  ...{ kubeVersion: 'v1.36.3', apiVersions: ['v1', 'example.com/v1/Widget'] },
  settings: {
    kustomizeFlags: { common: '', ofVersion: {} },
    ...{ disabledTools: [], maxDirectoryBytes: 0, followSubmodules: true },
  },
};

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'chart/values.yaml': 'color: blue\nsize: 1\nnote: ""\nlist: []\n',
  'chart/prod.yaml': 'color: green\n',
  'chart/note.txt': 'from a file, with a comma\n',
  'chart/crds/widget.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: widgets.example.com\n',
  'chart/templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
data:
  values: {{ .Values | toJson | quote }}
  widgets: {{ .Capabilities.APIVersions.Has "example.com/v1/Widget" | quote }}
  version: {{ .Capabilities.KubeVersion.Version }}
`,
  'more/values.yaml': 'size: 7\n',
};

const BASE = {
  'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'base/deployment.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n      - name: web\n        image: nginx:1.27\n',
  'overlay/kustomization.yaml': 'resources: [../base]\npatches: []\n',
  'part/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {part: "yes"}\n',
};

async function renderBothWays(sources: readonly Partial<Source>[], files: Record<string, string>) {
  const tree = memoryTree(files);
  const resolved = sources.map((source): ResolvedSource => {
    const whole = { repoURL: 'https://git.example.com/shop.git', targetRevision: 'main', ...source };
    return { source: whole, revision: '0123456789abcdef0123456789abcdef01234567', local: tree };
  });
  const reader = createSourceReaders({
    ...{ fetch: () => Promise.reject(new Error('no network')), cache: createMemoryCache() },
    ...{ clock: { now: () => 0 }, random: (length: number) => new Uint8Array(length), background: () => undefined },
  })({ repositories: [], templates: [], certificates: {} });
  const ours = await reader.render(resolved, CONTEXT);
  const encoded = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  const foreign = resolved.map(
    (one, index): ForeignSource => ({
      resolved: one,
      sourceType: ours.sourceTypes[index] ?? '',
      readFiles: async () => Object.fromEntries(encoded),
    }),
  );
  const PATH = [...new Set(['helm', 'kustomize'].flatMap((name) => findPeer(name) ?? []).map(dirname))].join(':');
  const theirs = await createForeignRender({ PATH: `${PATH}:/usr/bin:/bin` })(foreign, CONTEXT);
  return { ...theirs, compared: compareRenderings(ours.objects, theirs.objects) };
}

describe.skipIf(!findPeer('helm'))('helm', () => {
  const path = 'chart';
  const rows: readonly (readonly [string, readonly Partial<Source>[]])[] = [
    ['a chart as it is', [{ path }]],
    [
      'values files, one from the root of the repository',
      [{ path, helm: { valueFiles: ['prod.yaml', '/more/values.yaml'] } }],
    ],
    ['values that a glob finds', [{ path, helm: { valueFiles: ['/more/*.yaml'] } }]],
    [
      'missing files that do not matter',
      [{ path, helm: { valueFiles: ['none.yaml'], ignoreMissingValueFiles: true } }],
    ],
    ['values in the Application', [{ path, helm: { values: 'color: red\n', valuesObject: { color: 'white' } } }]],
    [
      'parameters, of which the last counts',
      [
        {
          path,
          helm: {
            parameters: [
              { name: 'size', value: '3' },
              { name: 'size', value: '4' },
              { name: 'color', value: '5', forceString: true },
              { name: 'note', value: 'a,b $ARGOCD_APP_NAME' },
              { name: 'list', value: '{x,y}' },
            ],
          },
        },
      ],
    ],
    ['a file for a value', [{ path, helm: { fileParameters: [{ name: 'note', path: 'note.txt' }] } }]],
    [
      'another name, namespace and version',
      [{ path, helm: { releaseName: 'web', namespace: 'other', kubeVersion: '1.30.0' } }],
    ],
    ['no CRDs', [{ path, helm: { skipCrds: true, skipTests: true, skipSchemaValidation: true } }]],
    ['a values file of another source', [{ path, helm: { valueFiles: ['$more/more/values.yaml'] } }, { ref: 'more' }]],
  ];
  it.each(rows)('renders %s as hawser does', async (_, sources) => {
    const { tool, compared } = await renderBothWays(sources, CHART);
    expect(tool).toMatch(/^helm v\d/);
    expect(compared.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
    expect(compared.length).toBeGreaterThan(0);
  });

  it('tells what it says when it fails', async () => {
    const files = { ...CHART, 'chart/templates/all.yaml': '{{ fail "not today" }}' };
    const foreign = createForeignRender({ PATH: `${dirname(findPeer('helm') ?? '')}:/usr/bin:/bin` });
    const encoded = Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)] as const);
    const source = { repoURL: 'https://git.example.com/shop.git', path };
    const one: ForeignSource = {
      resolved: { source, revision: 'a' },
      sourceType: 'Helm',
      readFiles: async () => Object.fromEntries(encoded),
    };
    await expect(foreign([one], CONTEXT)).rejects.toThrow(/^helm: .*not today/s);
  });
});

describe.skipIf(!findPeer('kustomize'))('kustomize', () => {
  const rows: readonly (readonly [string, NonNullable<Source['kustomize']>])[] = [
    ['a kustomization as it is', {}],
    ['prefix and suffix', { namePrefix: 'a-', nameSuffix: '-b', namespace: 'other' }],
    [
      'images and replicas',
      { images: ['nginx:1.28', 'nginx=nginx:$ARGOCD_APP_NAME'], replicas: [{ name: 'web', count: 3 }] },
    ],
    [
      'labels and annotations',
      { commonLabels: { team: 'shop', app2: '$ARGOCD_APP_NAME' }, commonAnnotations: { note: 'x' } },
    ],
    [
      'labels outside of selectors',
      { commonLabels: { team: 'shop' }, labelWithoutSelector: true, labelIncludeTemplates: true },
    ],
    ['forced labels', { commonLabels: { team: 'shop' }, forceCommonLabels: true, forceCommonAnnotations: true }],
    [
      'patches',
      { patches: [{ target: { kind: 'Deployment' }, patch: '- op: replace\n  path: /spec/replicas\n  value: 9\n' }] },
    ],
    ['components, of which one is missing', { components: ['../part', '../none'], ignoreMissingComponents: true }],
  ];
  it.each(rows)('builds %s as hawser does', async (_, kustomize) => {
    const { tool, compared } = await renderBothWays([{ path: 'overlay', kustomize }], BASE);
    expect(tool).toMatch(/^kustomize v5/);
    expect(compared.map(({ verdict }) => verdict)).toEqual(['equal']);
  });

  it('runs no programs that build options name', async () => {
    const settings = {
      ...CONTEXT.settings,
      kustomizeFlags: { common: '--enable-exec --enable-alpha-plugins', ofVersion: {} },
    };
    const foreign = createForeignRender({ PATH: `${dirname(findPeer('kustomize') ?? '')}:/usr/bin:/bin` });
    const one: ForeignSource = {
      resolved: { source: { repoURL: 'https://git.example.com/a.git', path: 'base' }, revision: 'a' },
      sourceType: 'Kustomize',
      readFiles: async () => ({}),
    };
    const context = { ...CONTEXT, settings } as RenderContext;
    await expect(foreign([one], context)).rejects.toThrow('--enable-exec, which runs programs');
  });
});

describe('what no other tool renders', () => {
  it('is told', async () => {
    const one: ForeignSource = {
      resolved: { source: { repoURL: 'https://git.example.com/a.git', path: 'm' }, revision: 'a' },
      sourceType: 'Directory',
      readFiles: async () => ({}),
    };
    await expect(createForeignRender({})([one], CONTEXT)).rejects.toThrow(
      'plain manifests are rendered by no other tool',
    );
  });
});
