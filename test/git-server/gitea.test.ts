// A real Gitea: its own webhook, sent by itself after a real push, brings a private repository's chart to the cluster.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at, isObject } from '../../src/base/json.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { DEMO_FILES } from '../../src/sandbox/demo-repository.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { type Gitea, missingGitea, startGitea } from '../support/gitea.ts';
import { createGround, type Ground, NAMESPACE, WEBHOOK_SECRET } from '../support/ground.ts';

const missing = missingGitea();
if (missing) console.warn(`SKIPPED: the real Gitea: ${missing}`);

describe.skipIf(missing)('a push to a real Gitea', () => {
  let gitea: Gitea;
  let ground: Ground;
  let handler: Listening;
  const deliveries: { status: number; body: string }[] = [];

  beforeAll(async () => {
    gitea = await startGitea();
    const sandbox = createSandbox({
      clock: { now: () => Date.now() },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    const server = 'http://sandbox.test';
    ground = await createGround({
      server,
      fetch: (path, init) => sandbox.fetch(new Request(`${server}${path}`, init)),
    });
    const app = createApp(ground.hawser, {
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      settings: { namespace: NAMESPACE, loopback: true, insecureWebhooks: false },
    });
    handler = await listen(
      async (request) => {
        const response = await app.fetch(request);
        deliveries.push({ status: response.status, body: await response.clone().text() });
        return response;
      },
      { host: '127.0.0.1', port: 0 },
    );
    await gitea.api('POST', '/user/repos', {
      name: 'ops-deploy',
      auto_init: true,
      default_branch: 'main',
      private: true,
    });
    await changeFiles(gitea, DEMO_FILES, 'create');
    await gitea.api('POST', `/repos/${gitea.user}/ops-deploy/hooks`, {
      type: 'gitea',
      active: true,
      events: ['push'],
      config: { url: `${handler.url}/api/webhook`, content_type: 'json', secret: WEBHOOK_SECRET },
    });
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'gitea', namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' } },
      data: { url: btoa(`${gitea.url}/${gitea.user}`), username: btoa(gitea.user), password: btoa(gitea.password) },
    });
    await ground.client.create(
      applicationManifest({
        name: 'dev-nginx',
        namespace: NAMESPACE,
        repoURL: `${gitea.url}/${gitea.user}/ops-deploy`,
        path: 'nginx-chart',
        valueFiles: ['values-dev.yaml'],
        destinationNamespace: 'dev-nginx',
        automated: {},
      }),
    );
    await ground.refresh('dev-nginx');
  });
  afterAll(async () => {
    await handler?.close();
    await ground?.close();
    await gitea?.stop();
  });

  it('deploys a private repository by the template with the longest matching URL', async () => {
    const app = await ground.application('dev-nginx');
    expect(app.status.conditions ?? []).toEqual([]);
    expect(app.status.sync?.status).toBe('Synced');
  });

  it("is followed by Gitea's own signed webhook, which is answered with the verdict", async () => {
    const values = (DEMO_FILES['nginx-chart/values-dev.yaml'] ?? '').replace('replicaCount: 1', 'replicaCount: 4');
    await changeFiles(gitea, { 'nginx-chart/values-dev.yaml': values }, 'update');
    await expect.poll(() => deliveries.length, { timeout: 15_000 }).toBeGreaterThan(0);
    const [delivery] = deliveries;
    expect(delivery?.status).toBe(202);
    expect(JSON.parse(delivery?.body ?? '')).toMatchObject({ applications: [{ name: 'dev-nginx', verdict: 'sync' }] });
    await ground.application('dev-nginx');
    const live = await ground.get('apps/v1', 'Deployment', 'dev-nginx', 'dev-nginx');
    expect(at(live, 'spec', 'replicas')).toBe(4);
  });

  it('refuses a webhook that was signed with another secret', async () => {
    const hook = await gitea.api('POST', `/repos/${gitea.user}/ops-deploy/hooks`, {
      type: 'gitea',
      active: true,
      events: ['push'],
      config: { url: `${handler.url}/api/webhook`, content_type: 'json', secret: 'another' },
    });
    deliveries.length = 0;
    await gitea.api('POST', `/repos/${gitea.user}/ops-deploy/hooks/${at(hook, 'id')}/tests`);
    // Gitea may announce the same commit by the other hook meanwhile.
    const refused = () =>
      deliveries.filter(({ body }) => body.includes('signature does not match')).map(({ status }) => status);
    await expect.poll(refused, { timeout: 15_000 }).toEqual([401]);
  });
});

/** One commit through Gitea's API. */
async function changeFiles(
  gitea: Gitea,
  files: Readonly<Record<string, string>>,
  operation: 'create' | 'update',
): Promise<void> {
  const existing = await gitea.api('GET', `/repos/${gitea.user}/ops-deploy/git/trees/main?recursive=true`);
  const tree = at(existing, 'tree');
  const shaOf = (path: string) =>
    Array.isArray(tree) ? tree.filter(isObject).find((entry) => entry.path === path)?.sha : undefined;
  await gitea.api('POST', `/repos/${gitea.user}/ops-deploy/contents`, {
    branch: 'main',
    message: 'Change',
    files: Object.entries(files).map(([path, content]) => {
      const sha = shaOf(path);
      return {
        path,
        content: Buffer.from(content).toString('base64'),
        operation: sha ? 'update' : operation,
        ...(sha ? { sha } : {}),
      };
    }),
  });
}
