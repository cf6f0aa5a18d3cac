// Renders beside the event loop: the same objects, read sets and errors as here.

import { afterEach, describe, expect, it } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { createRenderThread, type RenderThread } from '../../src/node/render-thread.ts';
import { commitFiles } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { createSourceReaders } from '../../src/source/reader.ts';
import type { RenderElsewhere } from '../../src/source/render-job.ts';
import type { FailedRender, RenderContext } from '../../src/source/source.ts';

const CONTEXT: RenderContext = {
  appName: 'app',
  appNamespace: 'argocd',
  project: 'default',
  namespace: 'shop',
  kubeVersion: 'v1.34.1',
  apiVersions: ['v1'],
};
const SECRETS = { repositories: [], templates: [], certificates: {} };
const NOW_MS = 1_700_000_000_000;
const AUTHOR = { name: 'Alice', email: 'alice@example.com' };
const ORIGIN = 'https://git.example.com';

/** More than is rendered here where nothing is known of a source. */
const BALLAST = `# ${'x'.repeat(300_000)}\n`;

const configMap = (name: string, data = 'of: one') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`;

const CHART = {
  'app/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'app/values.yaml': `name: web\n${BALLAST}`,
  'app/.helmignore': 'ignored/\n',
  'app/ignored/a.yaml': 'no: chart',
  'app/templates/_helpers.tpl': '{{ define "name" }}{{ .Values.name }}{{ end }}',
  'app/templates/a.yaml': configMap('{{ include "name" . }}', 'of: {{ .Values.of | default "one" | quote }}'),
  'beside.yaml': 'of: elsewhere',
};

const threads: RenderThread[] = [];
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.close()));
});

function startThread(options: Parameters<typeof createRenderThread>[0] = {}) {
  const thread = createRenderThread(options);
  threads.push(thread);
  let jobs = 0;
  const counting: RenderElsewhere = {
    render: (...args) => {
      jobs++;
      return thread.render(...args);
    },
  };
  return { thread, counting, jobs: () => jobs };
}

function ground(files: Readonly<Record<string, string>>) {
  const git = createGitServer();
  const repository = git.create('team/deploy');
  const { after } = commitFiles(repository, 'main', files, { message: 'change', author: AUTHOR, atMs: NOW_MS });
  const read = (elsewhere?: RenderElsewhere) =>
    createSourceReaders(
      {
        fetch: async (url, init) => git.handle(new Request(url, init)),
        cache: { get: async () => undefined, put: async () => undefined },
        clock: { now: () => NOW_MS },
        random: (length) => new Uint8Array(length).fill(7),
        background: () => undefined,
      },
      elsewhere,
    )(SECRETS);
  const render = (elsewhere?: RenderElsewhere, more: Partial<RenderContext> = {}, signal?: AbortSignal) =>
    read(elsewhere).render(
      [{ revision: after, source: { repoURL: `${ORIGIN}/team/deploy.git`, path: 'app' } }],
      { ...CONTEXT, ...more },
      [],
      signal,
    );
  return { render, read, after };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable('it succeeded'),
    (error: unknown) => error,
  );
}

const CASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a chart': CHART,
  'a chart that generates values and asks what time it is': {
    ...CHART,
    'app/templates/b.yaml': configMap('b', 'of: {{ randAlphaNum 12 }}-{{ now | date "2006" }}'),
  },
  'a chart that looks for an object': {
    ...CHART,
    'app/templates/b.yaml': configMap('b', 'of: {{ (lookup "v1" "Secret" "shop" "known").data.key | quote }}'),
  },
  'a kustomization with bases elsewhere in the repository': {
    'app/kustomization.yaml': 'resources: [../base, a.yaml]\nnamePrefix: x-\n',
    'app/a.yaml': configMap('a'),
    'base/kustomization.yaml': 'resources: [deep/b.yaml]\nconfigMapGenerator: [{name: made, files: [big.txt]}]\n',
    'base/big.txt': BALLAST,
    'base/deep/b.yaml': configMap('b'),
    'base/deep/unread.yaml': configMap('c'),
  },
  'a folder of manifests': { 'app/a.yaml': configMap('a') + BALLAST, 'app/b.json': '{}', 'app/readme.md': 'no' },
};

describe('a render in another thread', () => {
  it.each(Object.entries(CASES))('gives what it gives here, and notes the same reads: %s', async (_, files) => {
    const askCluster = async () => ({ data: { key: 'found' } });
    const { counting, jobs } = startThread();
    const { render } = ground(files);
    const more = { askCluster, readGenerated: async () => ({}) };
    const there = await render(counting, more);
    expect(jobs()).toBeGreaterThan(0);
    expect(there).toEqual(await render(undefined, more));
  });

  it('tells of a fault as it is told of here, with the reads until then', async () => {
    const { render } = ground({
      ...CHART,
      'app/templates/z.yaml': 'a: {{ fail "no way" }}\n',
    });
    const told: FailedRender[] = [];
    const onFailure = (failed: FailedRender) => told.push(failed);
    const { counting } = startThread();
    const there = await failureOf(render(counting, { onFailure }));
    const here = await failureOf(render(undefined, { onFailure }));
    expect(isHawserError(there, 'RenderFailed')).toBe(true);
    expect(there).toEqual(here);
    expect(there).toMatchObject({ message: expect.stringContaining('no way') });
    expect(told[0]).toEqual(told[1]);
  });

  it('is not needed for what is small', async () => {
    const { counting, jobs, thread } = startThread();
    await ground({ ...CHART, 'app/values.yaml': 'name: web\n' }).render(counting);
    expect(jobs()).toBe(0);
    expect(thread.isRunning()).toBe(false);
  });

  it('lets the event loop turn meanwhile', async () => {
    const { render } = ground({
      ...CHART,
      'app/templates/b.yaml': `{{ range until 300000 }}{{ $x := printf "%d" . }}{{ end }}\n${configMap('b')}`,
    });
    const { counting } = startThread();
    let turns = 0;
    const turn = setInterval(() => turns++, 1);
    await render(counting);
    clearInterval(turn);
    expect(turns).toBeGreaterThan(20);
  });

  it('ends where it is no longer wanted, and the next one is rendered', async () => {
    const endless = '{{ range until 900000 }}{{ range until 900000 }}{{ end }}{{ end }}';
    const { counting } = startThread();
    const abort = new AbortController();
    const rendering = failureOf(
      ground({ ...CHART, 'app/templates/b.yaml': endless }).render(counting, {}, abort.signal),
    );
    const next = ground(CHART).render(counting, { appName: 'next' });
    setTimeout(() => abort.abort(new Error('not wanted')), 100);
    expect(await rendering).toMatchObject({ message: 'not wanted' });
    expect((await next).objects).toHaveLength(1);
  });

  it('that needs too much memory takes nothing down with it', async () => {
    const { counting, thread } = startThread({ maxMegabytes: 48 });
    const hungry =
      '{{ $all := list }}{{ range until 200 }}{{ $all = append $all (repeat 1000000 "x" | upper) }}{{ end }}';
    const failed = await failureOf(ground({ ...CHART, 'app/templates/b.yaml': hungry }).render(counting));
    expect(failed).toMatchObject({ code: 'LimitExceeded', message: expect.stringContaining('48 MB') });
    expect((await ground(CHART).render(counting)).objects).toHaveLength(1);
    expect(thread.isRunning()).toBe(true);
  });

  it('that takes too long is ended', async () => {
    const endless = '{{ range until 900000 }}{{ range until 900000 }}{{ end }}{{ end }}';
    const { counting, thread } = startThread({ maxMs: 300 });
    const failed = await failureOf(ground({ ...CHART, 'app/templates/b.yaml': endless }).render(counting));
    expect(failed).toMatchObject({ code: 'LimitExceeded', message: 'the source took longer than 0.3 s to render' });
    expect(thread.isRunning()).toBe(false);
  });

  it('leaves no thread behind when nothing was rendered for a while', async () => {
    const { counting, thread } = startThread({ keepMs: 10 });
    await ground(CHART).render(counting);
    await expect.poll(() => thread.isRunning()).toBe(false);
  });
});
