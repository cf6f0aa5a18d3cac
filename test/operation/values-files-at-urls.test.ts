// Values files that an Application names by URL, from a server on loopback.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HelmSource } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'a: default\nb: default\nc: default\n',
  'chart/dev.yaml': 'b: dev\nc: dev\n',
  'chart/templates/cm.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  a: {{ .Values.a | quote }}\n  b: {{ .Values.b | quote }}\n  c: {{ .Values.c | quote }}\n',
};

let ground: Ground;
let repository: SandboxRepository;
let open: Listening[];
beforeEach(async () => {
  open = [];
  ground = await createGround(connectSandbox());
  repository = await ground.createRepository('devops/app', CHART);
});
afterEach(async () => {
  for (const one of open) await one.close();
  await ground.close();
});

interface Seen {
  readonly path: string;
  readonly authorization: string | null;
}

/** A server of files by path and query; a number is a status, a URL a redirect. */
async function serve(files: Record<string, string | number>) {
  const seen: Seen[] = [];
  const listening = await listen(
    (request) => {
      const { pathname, search } = new URL(request.url);
      const path = pathname + search;
      seen.push({ path, authorization: request.headers.get('authorization') });
      const file = files[path] ?? 404;
      if (typeof file === 'number') return new Response('no', { status: file });
      if (/^(https?:|\/)/.test(file)) return new Response(null, { status: 302, headers: { location: file } });
      return new Response(file);
    },
    { host: '127.0.0.1', port: 0 },
  );
  open.push(listening);
  return { url: listening.url, host: new URL(listening.url).host, seen, files };
}

async function deploy(helm: HelmSource): Promise<void> {
  await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace: NAMESPACE },
    spec: {
      project: 'default',
      source: { repoURL: `${ground.gitUrl}/${repository.path}`, path: 'chart', helm },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'app' },
      syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
    },
  });
  await ground.refresh('app');
}

const data = async () => at(await ground.get('v1', 'ConfigMap', 'app', 'web'), 'data');
const problem = async () => (await ground.application('app')).status.conditions?.[0]?.message ?? 'no condition';

async function allowSchemes(schemes: string): Promise<void> {
  await ground.client.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace: NAMESPACE },
    data: { 'helm.valuesFileSchemes': schemes },
  });
}

describe('values files at URLs', () => {
  it('count in the order of the list, beside files of the repository and as files of parameters', async () => {
    const { url } = await serve({
      '/a.yaml': 'a: first\nb: first\n',
      '/c.yaml': 'b: last\n',
      '/text': 'a text, from afar',
    });
    await deploy({
      valueFiles: [`${url}/a.yaml`, 'dev.yaml', `${url}/c.yaml`],
      fileParameters: [{ name: 'a', path: `${url}/text` }],
    });
    expect(await data()).toEqual({ a: 'a text, from afar', b: 'last', c: 'dev' });
  });

  it('are fetched once a render, and anew by the next', async () => {
    const { url, seen, files } = await serve({ '/a.yaml': 'a: one\n' });
    await deploy({ valueFiles: [`${url}/a.yaml`, `${url}/a.yaml`] });
    expect(seen.map(({ path }) => path)).toEqual(['/a.yaml']);
    files['/a.yaml'] = 'a: two\n';
    await ground.refresh('app');
    // As with everything that changes without a commit: it is seen, and syncing is the user's.
    expect((await ground.application('app')).status.sync?.status).toBe('OutOfSync');
    await ground.sync('app');
    expect(await data()).toMatchObject({ a: 'two' });
  });

  it('have the user and password of their URL, which a redirect does not take along', async () => {
    const other = await serve({ '/b.yaml': 'a: elsewhere\n' });
    const { host, seen } = await serve({ '/a.yaml': '/next.yaml', '/next.yaml': `${other.url}/b.yaml` });
    await deploy({ valueFiles: [`http://reader:pass%20word@${host}/a.yaml`] });
    expect(await data()).toMatchObject({ a: 'elsewhere' });
    const authorization = `Basic ${btoa('reader:pass word')}`;
    expect(seen).toEqual([
      { path: '/a.yaml', authorization },
      { path: '/next.yaml', authorization },
    ]);
    expect(other.seen).toEqual([{ path: '/b.yaml', authorization: null }]);
  });

  it('are told apart by what errors do not show', async () => {
    const { url } = await serve({ '/v?key=1': 'a: one\n', '/v?key=2': 'b: two\n' });
    await deploy({ valueFiles: [`${url}/v?key=1`, `${url}/v?key=2`] });
    expect(await data()).toEqual({ a: 'one', b: 'two', c: 'default' });
  });
});

describe('a values file at a URL that cannot be used', () => {
  it.each<[title: string, answer: string | number, message: string]>([
    ['is missing', 404, 'its server answered 404'],
    ['is private', 401, "no Secret's credentials are sent for values files"],
    ['is refused for now', 503, 'its server answered 503'],
    ['redirects to itself', '/secret-path.yaml?sign=hidden', 'redirects more than 5 times'],
    ['is no YAML', 'a: [1', 'did not find expected'],
  ])('since it %s says so without its secrets, and nothing is changed', async (_, answer, message) => {
    const { url, host, files } = await serve({ '/secret-path.yaml?sign=hidden': 'a: one\n' });
    await deploy({
      valueFiles: [`http://reader:word@${host}/secret-path.yaml?sign=hidden`],
      ignoreMissingValueFiles: true,
    });
    files['/secret-path.yaml?sign=hidden'] = answer;
    await ground.refresh('app');
    expect(await problem()).toContain(message);
    expect(await problem()).toContain(`${url}/secret-path.yaml`);
    expect(await data()).toMatchObject({ a: 'one' });
    const told = `${await problem()}\n${ground.logs.join('\n')}`;
    expect(told).not.toMatch(/reader:word|hidden/);
  });

  it('since its server is away is told as that', async () => {
    const { url } = await serve({});
    await open.pop()?.close();
    await deploy({ valueFiles: [`${url}/a.yaml`] });
    expect(await problem()).toMatch(/refused|closed/);
  });

  it.each([
    ['https', 'http', "the URL scheme 'http' is not allowed"],
    ['', 'http', "the URL scheme 'http' is not allowed"],
    ['secrets, s3', 's3', 'only http and https can be fetched'],
  ])('since argocd-cm allows only "%s" is refused with %s', async (schemes, scheme, message) => {
    await allowSchemes(schemes);
    const { url, seen } = await serve({ '/a.yaml': 'a: one\n' });
    await deploy({ valueFiles: [`${url.replace('http', scheme)}/a.yaml`] });
    expect(await problem()).toContain(message);
    expect(seen).toEqual([]);
  });

  it('since it is too long is refused by the limit', async () => {
    const { url } = await serve({ '/a.yaml': `a: one\n#${' '.repeat(33 << 20)}\n` });
    await deploy({ valueFiles: [`${url}/a.yaml`] });
    expect(await problem()).toMatch(/more than|longer than|larger than/);
  });
});
