// A Worker says what it serves and what it lacks; one that is told something wrong says that, and works as soon as it is put right.

import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/node/listen.ts';
import { COMPATIBILITY_DATE } from '../../src/node/miniflare.ts';
import { bundleWorker } from '../../src/node/worker-bundle.ts';
import { parseMetrics } from '../support/metrics-parser.ts';
import { createWorkerGround, TOKEN, type WorkerGround } from './support/worker-ground.ts';

const SOON = { timeout: 20_000 };

let ground: WorkerGround;
beforeAll(async () => {
  ground = await createWorkerGround();
});
afterAll(() => ground?.close());

describe('a Worker', () => {
  it('with a wrong variable answers everything with what is wrong, and works once it is put right', async () => {
    const wrong = await ground.start({ bindings: { HAWSER_LOG_LEVEL: 'loud', HAWSER_INSECURE_WEBHOOKS: 'true' } });
    const message = 'hawser does not run yet: HAWSER_LOG_LEVEL loud is none of debug, info, warn, error';
    const answers = [await wrong.open('/healthz'), await wrong.open('/'), await wrong.post('/api/webhook', { a: 1 })];
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(await answer.json()).toEqual({ error: message, message, code: 14 });
    }
    const reason = 'HAWSER_LOG_LEVEL loud is none of debug, info, warn, error';
    expect(wrong.lines).toMatchObject([{ level: 'error', message: 'hawser cannot begin', reason }]);
    await wrong.close();
    const right = await ground.start({ bindings: { HAWSER_LOG_LEVEL: 'warn' } });
    expect((await right.open('/healthz')).status).toBe(200);
    expect(right.lines.filter(({ level }) => level === 'info')).toEqual([]);
    await right.close();
  });

  it('says at its first request what it serves, what it lacks and what it reached, and none waits for that', async () => {
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const cluster = {
      ...ground.cluster,
      fetch: async (path: string, init?: RequestInit) => {
        if (path === '/version') {
          asked.resolve();
          await held.promise;
        }
        return ground.cluster.fetch(path, init);
      },
    };
    const bindings = { HAWSER_TOKEN: '', HAWSER_LOOPBACK: 'false', HAWSER_INSECURE_WEBHOOKS: 'true', HAWSER_URL: 'x' };
    const worker = await ground.start({ cluster, bindings });
    expect((await worker.open('/healthz')).status).toBe(200);
    await asked.promise;
    expect(worker.lines).toMatchObject([
      {
        level: 'info',
        message: 'hawser serves',
        cluster: 'http://sandbox.test',
        runtime: 'workerd',
        cache: 'Cache API',
      },
      { level: 'warn', message: expect.stringContaining('without a configured secret') },
      { level: 'warn', message: 'HAWSER_URL is no variable that hawser knows' },
      { level: 'warn', message: expect.stringContaining('no web UI') },
      { level: 'warn', message: expect.stringContaining('HAWSER_TOKEN is not set') },
      { level: 'warn', message: expect.stringContaining('HAWSER_EXTERNAL_URL is not set') },
    ]);
    held.resolve();
    const reached = expect.objectContaining({
      message: 'the cluster was reached',
      version: expect.stringMatching(/^v1/),
    });
    await expect.poll(() => worker.lines, SOON).toContainEqual(reached);
    await worker.open('/healthz');
    expect(worker.lines.filter(({ message }) => message === 'hawser serves')).toHaveLength(1);
    await worker.close();
  });

  it('says why it does not reach its cluster', async () => {
    const cluster = { ...ground.cluster, fetch: async () => new Response('<html>', { status: 404 }) };
    const worker = await ground.start({ cluster });
    await worker.open('/healthz');
    await expect
      .poll(() => worker.lines, SOON)
      .toContainEqual(
        expect.objectContaining({
          level: 'warn',
          message: 'the cluster cannot be worked with',
          reason: expect.stringContaining('is no Kubernetes API server'),
          hint: expect.stringContaining('KUBE_SERVER'),
        }),
      );
    await worker.close();
  });

  it('has the metrics of its life, and of what it is', async () => {
    const beforeMs = Date.now();
    const worker = await ground.start();
    await worker.open('/healthz');
    const families = parseMetrics(await (await worker.open('/metrics')).text());
    const started = families.get('process_start_time_seconds')?.samples[0]?.value ?? 0;
    expect(started * 1_000).toBeGreaterThanOrEqual(beforeMs - 1);
    expect(started * 1_000).toBeLessThanOrEqual(Date.now());
    expect([...families.keys()]).toContain('argocd_info');
    await worker.close();
  });
});

describe('secrets of the Secrets Store', () => {
  let listening: Listening;
  let miniflare: Miniflare;
  let accepted = 'first-token';
  const refused: string[] = [];

  beforeAll(async () => {
    listening = await listen(
      async (request) => {
        const token = request.headers.get('authorization') ?? '';
        if (token !== `Bearer ${accepted}`) {
          refused.push(token);
          return Response.json({ kind: 'Status', code: 401, message: 'Unauthorized' }, { status: 401 });
        }
        const { pathname, search } = new URL(request.url);
        const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
        const body = hasBody ? { body: await request.text() } : {};
        return ground.cluster.fetch(`${pathname}${search}`, {
          method: request.method,
          headers: request.headers,
          ...body,
        });
      },
      { host: '127.0.0.1', port: 0 },
    );
    const inStore = (secret: string) => ({ store_id: 'store', secret_name: secret });
    miniflare = new Miniflare({
      modules: [{ type: 'ESModule', path: 'main-worker.js', contents: await bundleWorker() }],
      modulesRoot: '/',
      compatibilityDate: COMPATIBILITY_DATE,
      compatibilityFlags: ['nodejs_compat'],
      cf: false,
      handleRuntimeStdio: () => undefined,
      bindings: { KUBE_SERVER: listening.url },
      durableObjects: { HAWSER: { className: 'HawserObject', useSQLite: true } },
      secretsStoreSecrets: { HAWSER_TOKEN: inStore('hawser'), KUBE_TOKEN: inStore('kube') },
    });
  });
  afterAll(async () => {
    await miniflare?.dispose();
    await listening?.close();
  });

  const put = async (binding: string, value: string) => {
    const admin = (await miniflare.getSecretsStoreSecretAPI(binding))();
    await admin.create(value);
  };
  const ask = async (path: string) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await miniflare.dispatchFetch(`http://hawser.test${path}`, { headers });
    return { status: answer.status, body: await answer.text() };
  };

  it('are waited for with 503, taken once they are there, and taken anew when they were renewed', async () => {
    await put('KUBE_TOKEN', 'first-token');
    const missing = await ask('/healthz');
    expect(missing.status).toBe(503);
    expect(missing.body).toContain('the Secrets Store does not give HAWSER_TOKEN');
    await put('HAWSER_TOKEN', `${TOKEN}\n`);
    expect((await ask('/api/v1/applications')).status).toBe(200);
    accepted = 'second-token';
    await put('KUBE_TOKEN', 'second-token');
    const after = await ask('/api/v1/applications');
    expect(after.status).toBe(200);
    expect(refused).toContain('Bearer first-token');
    expect(missing.body + after.body).not.toMatch(/first-token|second-token/);
  });
});
