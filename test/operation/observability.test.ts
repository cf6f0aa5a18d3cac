// What operators see of a push: metrics under Argo CD's names, Events on the Application, log lines that belong together, and its trace.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetricsHandler } from '../../src/api/metrics-routes.ts';
import { stringAt } from '../../src/base/json.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createGround, type Ground, NAMESPACE, WEBHOOK_SECRET } from '../support/ground.ts';
import { parseMetrics } from '../support/metrics-parser.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {value: "${value}"}\n`;

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly trace: string | null;
}

let ground: Ground;
let asked: Asked[];

beforeEach(async () => {
  asked = [];
  const sandbox = connectSandbox();
  const home: ClusterTransport = {
    ...sandbox,
    fetch: (path, init) => {
      const { method = 'GET' } = init ?? {};
      asked.push({ method, path, trace: new Headers(init?.headers).get('traceparent') });
      return sandbox.fetch(path, init);
    },
  };
  ground = await createGround(home);
});
afterEach(() => ground.close());

async function deployed(more: { automated?: boolean } = { automated: true }) {
  const repository = await ground.createRepository('team/deploy', { 'app/settings.yaml': configMap('one') });
  await ground.createApplication({
    ...{ name: 'app', repository, path: 'app', destinationNamespace: 'default' },
    ...(more.automated && { automated: {} }),
  });
  await ground.refresh('app');
  return repository;
}

async function scrape(accept = '') {
  const response = createMetricsHandler(ground.hawser)(new Request('http://x/metrics', { headers: { accept } }));
  const isOpen = response.headers.get('content-type')?.startsWith('application/openmetrics-text') ?? false;
  return parseMetrics(await response.text(), isOpen ? 'openmetrics' : 'text');
}

async function events(): Promise<readonly { reason: string; message: string; type: string; user: string }[]> {
  await ground.hawser.idle();
  const { items } = await ground.client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace: NAMESPACE });
  return items
    .filter((item) => stringAt(item, 'involvedObject', 'name') === 'app')
    .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))
    .map((item) => ({
      reason: stringAt(item, 'reason') ?? '',
      message: stringAt(item, 'message') ?? '',
      type: stringAt(item, 'type') ?? '',
      user: stringAt(item, 'metadata', 'annotations', 'user') ?? '',
    }));
}

describe('metrics', () => {
  it('tell of Applications, syncs, comparisons, and requests, with the labels of Argo CD', async () => {
    const repository = await deployed();
    await ground.push(repository, { 'app/settings.yaml': configMap('two') });
    await ground.hawser.idle();
    const families = await scrape();
    const repo = `${ground.gitUrl}/team/deploy`;
    const own = { namespace: NAMESPACE, name: 'app', project: 'default' };
    const server = 'https://kubernetes.default.svc';
    expect(families.get('argocd_app_info')?.samples).toEqual([
      {
        name: 'argocd_app_info',
        labels: {
          ...own,
          ...{ autosync_enabled: 'true', repo, dest_server: server, dest_namespace: 'default' },
          ...{ sync_status: 'Synced', health_status: 'Healthy', operation: '' },
        },
        value: 1,
      },
    ]);
    expect(families.get('argocd_app_sync_total')?.samples).toEqual([
      {
        name: 'argocd_app_sync_total',
        labels: { ...own, dest_server: server, phase: 'Succeeded', dry_run: 'false' },
        value: 2,
      },
    ]);
    expect(families.get('argocd_app_sync_duration_seconds_total')?.samples[0]?.labels).toEqual({
      ...{ ...own, dest_server: server },
    });
    const reconciled = families.get('argocd_app_reconcile')?.samples ?? [];
    expect(reconciled.map(({ labels }) => labels.le).filter((le) => le !== undefined)).toEqual([
      ...['0.25', '0.5', '1', '2', '4', '8', '16', '+Inf'],
    ]);
    const requests = families.get('argocd_app_k8s_request_total')?.samples ?? [];
    const patches = requests.filter(
      ({ labels }) => labels.verb === 'Patch' && labels.resource_kind === 'configmaps' && labels.dry_run === 'true',
    );
    expect(new Set(requests.map(({ labels }) => labels.server))).toEqual(new Set([server]));
    expect(patches.map(({ labels }) => [labels.name, labels.response_code, labels.resource_namespace])).toContainEqual([
      ...['app', '200', 'default'],
    ]);
    const git = families.get('argocd_git_request_total')?.samples ?? [];
    expect(new Set(git.map(({ labels }) => `${labels.request_type} ${labels.repo}`))).toEqual(
      new Set([`ls-remote ${repo}`, `fetch ${repo}`]),
    );
    expect(families.get('argocd_webhook_requests_total')?.samples).toMatchObject([{ labels: { repo }, value: 1 }]);
    expect(families.get('hawser_deliveries_total')?.samples).toMatchObject([
      { labels: { provider: 'gogs', verdict: 'sync' }, value: 1 },
    ]);
    expect(families.get('argocd_cluster_info')?.samples).toMatchObject([{ labels: { server, name: 'in-cluster' } }]);
    expect(families.get('argocd_cluster_connection_status')?.samples).toMatchObject([{ value: 1 }]);
    for (const name of ['argocd_info', 'process_cpu_seconds_total', 'process_start_time_seconds']) {
      expect(families.get(name)?.samples).toHaveLength(1);
    }
    expect((await scrape('application/openmetrics-text; version=1.0.0')).has('argocd_app_sync')).toBe(true);
  });

  it('tell of each of several syncs in one second, which changed nothing', async () => {
    await deployed({ automated: false });
    for (let i = 0; i < 4; i++) await ground.sync('app');
    const families = await scrape();
    expect(families.get('argocd_app_sync_total')?.samples.map(({ value }) => value)).toEqual([4]);
    const told = (await events()).filter(({ message }) => message.endsWith('succeeded'));
    expect(told).toHaveLength(4);
  });

  it('tell of a Git server that is away', async () => {
    await deployed();
    ground.gitAway(true);
    await ground.refresh('app');
    await ground.hawser.idle();
    const repo = `${ground.gitUrl}/team/deploy`;
    const [failed] = (await scrape()).get('argocd_git_lsremote_fail_total')?.samples ?? [];
    expect(failed).toMatchObject({ labels: { repo, revision: '' } });
    expect(failed?.value).toBeGreaterThan(0);
  });

  it('ask no cluster for a scrape', async () => {
    await deployed();
    await ground.hawser.idle();
    const before = asked.length;
    await scrape();
    expect(asked.length).toBe(before);
  });

  it('forget an Application that was deleted', async () => {
    await deployed();
    await ground.request('DELETE', '/api/v1/applications/app?cascade=false');
    await ground.hawser.idle();
    await ground.hawser.listApplications();
    await scrape();
    const left = [...(await scrape()).values()].flatMap(({ samples }) =>
      samples.filter(({ labels }) => labels.name === 'app'),
    );
    expect(left).toEqual([]);
  });

  it('are nowhere but at /metrics of their listener', async () => {
    const handler = createMetricsHandler(ground.hawser);
    expect(handler(new Request('http://x/api/v1/applications')).status).toBe(404);
    expect(handler(new Request('http://x/metrics', { method: 'POST' })).status).toBe(405);
  });
});

describe('Events', () => {
  it('tell of an automated sync and what came of it, in the words of Argo CD', async () => {
    await deployed();
    const [revision] = [(await ground.application('app')).status.sync?.revision ?? ''];
    const told = await events();
    expect(told.map(({ reason, message }) => `${reason}: ${message}`)).toEqual(
      expect.arrayContaining([
        `OperationStarted: Initiated automated sync to '${revision}'`,
        `OperationCompleted: Sync operation to ${revision} succeeded`,
        'ResourceUpdated: Updated sync status: OutOfSync -> Synced',
      ]),
    );
    expect(told.every(({ type }) => type === 'Normal')).toBe(true);
  });

  it('tell who asked for a sync', async () => {
    await deployed({ automated: false });
    await ground.sync('app');
    const started = (await events()).filter(({ reason }) => reason === 'OperationStarted');
    expect(started).toHaveLength(1);
    expect(started[0]?.message).toMatch(/^\S+ initiated sync to HEAD$/);
    expect(started[0]?.user).toBe(started[0]?.message.split(' ')[0]);
  });

  it('tell what people do by the API', async () => {
    await deployed();
    const { body } = await ground.request('GET', '/api/v1/applications/app');
    const app = body as Record<string, Record<string, unknown>>;
    await ground.request('PUT', '/api/v1/applications/app/spec', { ...app.spec, revisionHistoryLimit: 3 });
    await ground.request('DELETE', '/api/v1/applications/app?cascade=false');
    const messages = (await events()).map(({ reason, message }) => `${reason}: ${message}`);
    expect(messages).toContain('ResourceUpdated: hawser updated application spec');
    expect(messages).toContain('ResourceDeleted: hawser deleted application');
  });

  it('warn of a sync that failed', async () => {
    const repository = await deployed();
    // The dry run of a comparison does not look at what is to be there only after the sync.
    const missing = 'apiVersion: example.com/v1\nkind: Nothing\nmetadata: {name: x}\n';
    await ground.commit(repository, { 'app/nothing.yaml': missing });
    await ground.sync('app', { syncOptions: { items: ['SkipDryRunOnMissingResource=true'] } });
    const warned = (await events()).filter(({ type }) => type === 'Warning');
    expect(warned.map(({ reason }) => reason)).toContain('OperationCompleted');
    expect(warned[0]?.message).toContain('failed: ');
  });
});

describe('a trace', () => {
  it('goes with a push to the API server, the log and the operation', async () => {
    const repository = await deployed();
    const git: (string | null)[] = [];
    ground.answerGit(async ({ headers }) => {
      git.push(headers.get('traceparent'));
      return undefined;
    });
    const answer = await pushTraced(repository);
    await ground.hawser.idle();
    const traced = asked.filter(({ trace }) => trace?.includes(TRACE));
    expect(traced.some(({ method, path }) => method === 'PATCH' && path.includes('/configmaps/settings'))).toBe(true);
    // Whoever called us is not whoever calls the API server.
    expect(traced.every(({ trace }) => trace !== TRACEPARENT)).toBe(true);
    expect(git.some((trace) => trace?.includes(TRACE))).toBe(true);
    const lines = ground.logs.filter((line) => line.includes(TRACE));
    expect(lines.some((line) => line.includes(`"delivery":"${answer}"`) && line.includes('"operation":"'))).toBe(true);
    const { operationState } = (await ground.application('app')).status;
    expect(operationState?.operation.info?.map(({ name, value }) => [name, value.split('-')[1]])).toEqual([
      ['hawser.dev/traceparent', TRACE],
    ]);
  });

  it('goes on in the next process, where the first one could not do the work', async () => {
    const repository = await deployed();
    ground.gitAway(true);
    await pushTraced(repository);
    await ground.hawser.idle();
    ground.gitAway(false);
    asked = [];
    await ground.restart();
    await ground.hawser.idle();
    const traced = asked.filter(({ trace }) => trace?.includes(TRACE));
    expect(traced.some(({ method, path }) => method === 'PATCH' && path.includes('/configmaps/settings'))).toBe(true);
  });

  it('that is not of its form goes nowhere', async () => {
    const repository = await deployed();
    await pushTraced(repository, TRACEPARENT.toUpperCase());
    await ground.hawser.idle();
    expect(asked.filter(({ trace }) => trace !== null)).toEqual([]);
  });

  async function pushTraced(repository: Awaited<ReturnType<typeof deployed>>, traceparent = TRACEPARENT) {
    await ground.commit(repository, { 'app/settings.yaml': configMap('three') });
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: repository.refs.get('refs/heads/main') ?? '',
      repository: {
        default_branch: 'main',
        html_url: `${ground.gitUrl}/team/deploy`,
        clone_url: `${ground.gitUrl}/team/deploy.git`,
      },
    });
    const id = crypto.randomUUID();
    const signature = await sign(body);
    const headers = { 'x-gogs-event': 'push', 'x-gogs-delivery': id, 'x-gogs-signature': signature, traceparent };
    const response = await ground.webhook({ ...headers, 'content-type': 'application/json' }, body);
    expect(response.status).toBe(202);
    return id;
  }
});

async function sign(body: string): Promise<string> {
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes.encode(WEBHOOK_SECRET), algorithm, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign('HMAC', key, bytes.encode(body))).toString('hex');
}
