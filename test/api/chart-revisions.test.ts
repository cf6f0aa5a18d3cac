// What the API tells of charts: of repositories, of registries, and of artifacts that a URL names.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import {
  type ChartServer,
  configMapChart,
  createChartRepository,
  createRegistry,
  packChart,
} from '../support/chart-servers.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const MORE = [
  'description: A web server',
  'home: https://example.com/web',
  'maintainers:',
  '- {name: Kim, email: kim@example.com}',
  '- {name: Lee}',
  '',
].join('\n');
const DETAILS = {
  description: 'A web server',
  home: 'https://example.com/web',
  maintainers: ['Kim <kim@example.com>', 'Lee'],
};
const ANNOTATIONS = {
  'org.opencontainers.image.created': '2026-01-01T00:00:00Z',
  'org.opencontainers.image.authors': 'Kim',
  'org.opencontainers.image.source': 'https://example.com/git',
  'org.opencontainers.image.documentation': 'https://example.com/docs',
  'org.opencontainers.image.version': '1.0.0',
  'org.opencontainers.image.description': 'A web server',
  'org.example.other': 'x',
};
const METADATA = {
  createdAt: '2026-01-01T00:00:00Z',
  authors: 'Kim',
  sourceUrl: 'https://example.com/git',
  docsUrl: 'https://example.com/docs',
  version: '1.0.0',
  description: 'A web server',
};

let ground: Ground;
const open: Listening[] = [];
beforeAll(async () => {
  ground = await createGround(connectSandbox());
  const charts = [packChart('web', '1.0.0', configMapChart('web'), MORE)];
  const repository = await serve(createChartRepository(charts));
  const { host } = new URL(await serve(createRegistry(charts, { annotations: ANNOTATIONS })));
  const plain = { insecureOCIForceHttp: 'true' };
  await register('repository', { type: 'helm', url: `${repository}/charts` });
  await register('registry', { type: 'helm', url: `${host}/charts`, enableOCI: 'true', ...plain });
  await register('artifact', { type: 'oci', url: `oci://${host}/charts/web`, ...plain });
  await make('repository', { repoURL: `${repository}/charts`, chart: 'web', targetRevision: '1.0.0' });
  await make('registry', { repoURL: `${host}/charts`, chart: 'web', targetRevision: '1.0.0' });
  await make('artifact', { repoURL: `oci://${host}/charts/web`, path: '.', targetRevision: '1.0.0' });
});
afterAll(async () => {
  for (const one of open) await one.close();
  await ground.close();
});

async function serve(server: ChartServer): Promise<string> {
  const listening = await listen(server.handle, { host: '127.0.0.1', port: 0 });
  open.push(listening);
  return listening.url;
}

async function register(name: string, data: Record<string, string>): Promise<void> {
  await ground.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
    stringData: { name, ...data },
  });
}

async function make(name: string, source: Source): Promise<void> {
  const destination = { server: 'https://kubernetes.default.svc', namespace: 'default' };
  const body = { metadata: { name }, spec: { project: 'default', source, destination } };
  const answer = await ground.request('POST', '/api/v1/applications', body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer));
}

describe('a chart', () => {
  it.each([
    ['repository', '1.0.0', 'chartdetails', 200, DETAILS],
    ['registry', '1.0.0', 'chartdetails', 200, DETAILS],
    ['artifact', '1.0.0', 'chartdetails', 200, DETAILS],
    ['registry', '1.0.0', 'ocimetadata', 200, METADATA],
    ['artifact', '1.0.0', 'ocimetadata', 200, METADATA],
    ['repository', '1.0.0', 'ocimetadata', 400, { message: expect.stringContaining('is no registry') }],
    ['repository', '9.9.9', 'chartdetails', 422, { message: expect.stringContaining('9.9.9') }],
    ['registry', '9.9.9', 'ocimetadata', 422, { message: expect.stringContaining('9.9.9') }],
    [
      'repository',
      '1.0.0',
      'metadata',
      400,
      { message: expect.stringContaining('is a version of a chart, and no commit') },
    ],
  ])('%s at %s: %s', async (name, version, kind, status, body) => {
    const answer = await ground.request('GET', `/api/v1/applications/${name}/revisions/${version}/${kind}`);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body).toEqual(body);
    else expect(answer.body).toMatchObject(body);
  });
});
