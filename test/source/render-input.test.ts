// A render as a value: what is captured where the repositories are is rendered again from it alone, to the same objects.

import { afterAll, describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import { createRenderThread } from '../../src/node/render-thread.ts';
import { commitFiles, type FileChange } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { createSourceReaders } from '../../src/source/reader.ts';
import { renderInput, type SourceEdits } from '../../src/source/render-input.ts';
import type { RenderElsewhere } from '../../src/source/render-job.ts';
import type { RenderContext } from '../../src/source/source.ts';
import { configMapChart, createChartRepository, packChart } from '../support/chart-servers.ts';

const CONTEXT: RenderContext = {
  appName: 'app',
  appNamespace: 'argocd',
  project: 'default',
  namespace: 'shop',
  kubeVersion: 'v1.34.1',
  apiVersions: ['v1', 'apps/v1'],
  isPermittedRepository: async () => true,
};
const SECRETS = { repositories: [], templates: [], certificates: {} };
const NOW_MS = 1_700_000_000_000;
const AUTHOR = { name: 'Alice', email: 'alice@example.com' };
const GIT = 'https://git.example.com';
const CHARTS = 'https://charts.example.com/charts';
const WEB = 'https://files.example.com';
const OWN = `${GIT}/team/deploy.git`;

const configMap = (name: string, data = 'of: one') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`;
const link = (content: string): FileChange => ({ content, mode: '120000' });

const FILES: Readonly<Record<string, FileChange>> = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'of: chart\n',
  'chart/values-dev.yaml': link('../env/dev.yaml'),
  'chart/templates/a.yaml': configMap(
    '{{ .Release.Name }}',
    'of: {{ .Values.of | quote }}, more: {{ .Values.more | default "" | quote }}',
  ).replace('of: {{ .Values.of | quote }}, more', 'of: {{ .Values.of | quote }}\n  more'),
  'chart/templates/NOTES.txt': 'Done.',
  'env/dev.yaml': 'of: dev\n',
  'env/a.yaml': 'of: a\n',
  'env/b.yaml': 'of: b\n',
  'needy/Chart.yaml': `apiVersion: v2\nname: needy\nversion: 1.0.0\ndependencies:\n  - {name: part, version: ^1.0.0, repository: "${CHARTS}"}\n  - {name: web, version: 1.0.0, repository: "file://../chart"}\n`,
  'needy/values.yaml': 'part: {key: set}\n',
  'base/kustomization.yaml': 'resources: [cm.yaml]\n',
  'base/cm.yaml': configMap('base'),
  'overlay/kustomization.yaml':
    'resources: [../base, ../linked]\nnamePrefix: dev-\nconfigMapGenerator: [{name: env, files: [a.txt], envs: [.env]}]\npatches: [{path: patch.yaml}]\n',
  'overlay/a.txt': 'text',
  'overlay/.env': 'A=1\n',
  'overlay/patch.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: base}\ndata: {patched: "yes"}\n',
  linked: link('more'),
  'more/kustomization.yaml': 'resources: [cm.yaml]\n',
  'more/cm.yaml': configMap('more'),
  'remote/kustomization.yaml': `resources:\n  - ${GIT}/team/base.git//dir?ref=main\n  - ${WEB}/cm.yaml\n`,
  'inflated/kustomization.yaml': `helmCharts: [{name: part, repo: "${CHARTS}", version: 1.1.0, releaseName: inflated}]\n`,
  'plain/a.yaml': configMap('a'),
  'plain/b.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}',
  'plain/skip/c.yaml': configMap('c'),
  'plain/README.md': 'no manifest',
  'over/kustomization.yaml': 'resources: [cm.yaml]\n',
  'over/cm.yaml': configMap('over'),
  'over/.argocd-source.yaml': 'kustomize: {namePrefix: overridden-}\n',
  'big/Chart.yaml': 'apiVersion: v2\nname: big\nversion: 1.0.0\n',
  'big/values.yaml': `name: big\n# ${'x'.repeat(300_000)}\n`,
  'big/templates/a.yaml': configMap('{{ .Values.name }}'),
  'broken/Chart.yaml': 'apiVersion: v2\nname: broken\nversion: 1.0.0\n',
  'broken/values.yaml': 'a: 1\n',
  'broken/templates/a.yaml': '{{ fail "as it stands" }}',
  'huge/Chart.yaml': 'apiVersion: v2\nname: huge\nversion: 1.0.0\n',
  'huge/files/a.txt': 'y'.repeat(5 << 20),
  'huge/files/b.txt': 'z'.repeat(5 << 20),
};

const CASES: readonly (readonly [string, readonly Partial<Source>[]])[] = [
  ['a chart of the repository', [{ path: 'chart' }]],
  [
    'values files, one of them a symlink',
    [{ path: 'chart', helm: { valueFiles: ['values-dev.yaml', '/env/a.yaml'] } }],
  ],
  ['values files by a glob', [{ path: 'chart', helm: { valueFiles: ['../env/*.yaml'] } }]],
  [
    'values files that are missing',
    [{ path: 'chart', helm: { valueFiles: ['no.yaml'], ignoreMissingValueFiles: true } }],
  ],
  ['values at a URL', [{ path: 'chart', helm: { valueFiles: [`${WEB}/values.yaml`] } }]],
  [
    'inline values and parameters',
    [
      {
        path: 'chart',
        helm: { valuesObject: { of: 'inline' }, parameters: [{ name: 'more', value: '$ARGOCD_APP_NAME' }] },
      },
    ],
  ],
  ['a file as a parameter', [{ path: 'chart', helm: { fileParameters: [{ name: 'more', path: '/env/b.yaml' }] } }]],
  ['dependencies of a chart', [{ path: 'needy' }]],
  [
    'a chart of a repository of charts',
    [{ repoURL: CHARTS, chart: 'part', targetRevision: '1.1.0', helm: { valueFiles: ['values-dev.yaml'] } }],
  ],
  ['values of another source', [{ path: 'chart', helm: { valueFiles: ['$values/env/b.yaml'] } }, { ref: 'values' }]],
  ['a kustomization with bases and symlinks', [{ path: 'overlay' }]],
  ['a kustomization that is remote', [{ path: 'remote' }]],
  ['a kustomization that inflates a chart', [{ path: 'inflated' }]],
  ['a kustomize block', [{ path: 'base', kustomize: { nameSuffix: '-x', images: ['a=b'], components: [] } }]],
  ['a source with overrides', [{ path: 'over' }]],
  ['a directory', [{ path: 'plain' }]],
  ['a directory with what lies below', [{ path: 'plain', directory: { recurse: true, exclude: 'skip/*' } }]],
  ['a large chart', [{ path: 'big' }]],
];

const git = createGitServer();
const repository = git.create('team/deploy');
const { after } = commitFiles(repository, 'main', FILES, { message: 'change', author: AUTHOR, atMs: NOW_MS });
commitFiles(
  git.create('team/base'),
  'main',
  {
    'dir/kustomization.yaml': 'resources: [../shared]\nnamePrefix: far-\n',
    'shared/kustomization.yaml': 'resources: [cm.yaml]\n',
    'shared/cm.yaml': configMap('shared'),
  },
  { message: 'base', author: AUTHOR, atMs: NOW_MS },
);
const charts = createChartRepository([
  packChart('part', '1.0.0', configMapChart('part')),
  packChart('part', '1.1.0', configMapChart('part')),
]);
const WEB_FILES: Readonly<Record<string, string>> = { '/values.yaml': 'of: far away\n', '/cm.yaml': configMap('web') };

async function answer(request: Request): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  if (origin === GIT) return git.handle(request);
  if (origin === new URL(CHARTS).origin) return charts.handle(request);
  const file = WEB_FILES[pathname];
  return file === undefined ? new Response('', { status: 404 }) : new Response(file);
}

function reader(thread?: RenderElsewhere) {
  return createSourceReaders(
    {
      fetch: async (url, init) => answer(new Request(url, init)),
      cache: { get: async () => undefined, put: async () => undefined },
      clock: { now: () => NOW_MS },
      random: (length) => new Uint8Array(length).fill(7),
      background: () => undefined,
    },
    thread,
  )(SECRETS);
}

const resolved = (sources: readonly Partial<Source>[]) =>
  sources.map((source) => ({
    source: { repoURL: OWN, ...source },
    revision: source.chart ? (source.targetRevision ?? '') : after,
  }));

const stand = {
  generated: { recall: () => undefined, keep: () => undefined },
  random: (length: number) => new Uint8Array(length).fill(7),
};

/** As it comes to a page. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const edit = (files: Readonly<Record<string, string>>): SourceEdits => ({
  0: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
});

describe('a render as a value', () => {
  it.each(CASES)('gives the same objects: %s', async (_, sources) => {
    const { objects } = await reader().render(resolved(sources), CONTEXT);
    expect(objects.length).toBeGreaterThan(0);
    const input = sent(await reader().capture(resolved(sources), CONTEXT));
    expect(renderInput(input, {}, stand)).toEqual(objects);
  });

  describe('of a source that is rendered in another thread', () => {
    const thread = createRenderThread();
    afterAll(() => thread.close());

    it.each(CASES.filter(([name]) => /large|bases/.test(name)))('is whole: %s', async (_, sources) => {
      const { objects } = await reader().render(resolved(sources), CONTEXT);
      const input = sent(await reader(thread).capture(resolved(sources), CONTEXT));
      expect(renderInput(input, {}, stand)).toEqual(objects);
    });
  });

  it('renders edits as the server renders them', async () => {
    const edits = edit({
      'overlay/kustomization.yaml': 'resources: [../base, new.yaml]\n',
      'overlay/new.yaml': configMap('new'),
    });
    const [source] = resolved([{ path: 'overlay' }]);
    if (!source) throw new Error('no source');
    const { objects } = await reader().render([{ ...source, edits: edits[0] ?? {} }], CONTEXT);
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['base', 'new']);
    const input = sent(await reader().capture([source], CONTEXT));
    expect(renderInput(input, edits, stand)).toEqual(objects);
  });

  it('renders the edit of a file that a symlink leads to', async () => {
    const sources = [{ path: 'chart', helm: { valueFiles: ['values-dev.yaml'] } }];
    const input = sent(await reader().capture(resolved(sources), CONTEXT));
    const [object] = renderInput(input, edit({ 'env/dev.yaml': 'of: edited\n' }), stand);
    expect(object).toMatchObject({ data: { of: 'edited' } });
  });

  it('is there for a source that cannot be rendered, so that it can be mended', async () => {
    const input = sent(await reader().capture(resolved([{ path: 'broken' }]), CONTEXT));
    expect(input.sources[0]).toMatchObject({ type: 'Helm' });
    expect(() => renderInput(input, {}, stand)).toThrow(/as it stands/);
    const [object] = renderInput(input, edit({ 'broken/templates/a.yaml': configMap('mended') }), stand);
    expect(object).toMatchObject({ metadata: { name: 'mended' } });
  });

  it('is refused where it is too large for a page, naming what is largest', async () => {
    await expect(reader().capture(resolved([{ path: 'huge' }]), CONTEXT)).rejects.toMatchObject({
      code: 'LimitExceeded',
      message: expect.stringMatching(
        /is 10\.0 MiB, more than the 8 MiB that a page renders; the largest is huge\/files\/[ab]\.txt/,
      ),
    });
  });

  it('fails as the source does where that cannot be fetched', async () => {
    const sources = resolved([{ path: 'chart', helm: { valueFiles: [`${WEB}/gone.yaml`] } }]);
    const input = await reader().capture(sources, CONTEXT);
    expect(() => renderInput(input, {}, stand)).toThrow(/gone\.yaml/);
  });
});
