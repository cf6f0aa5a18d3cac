// From a push to the cluster, as users see it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { DEMO_FILES } from '../../src/sandbox/demo-repository.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createRuntimeGround, type RuntimeGround } from './support/ground.ts';

describe('hawser', () => {
  let ground: RuntimeGround;
  let repository: SandboxRepository;

  beforeAll(async () => {
    ground = await createRuntimeGround();
    repository = await ground.createRepository('devops/ops-deploy', DEMO_FILES);
    const place = { repository, path: 'nginx-chart', destinationNamespace: 'dev-nginx' };
    await ground.createApplication({ ...place, name: 'dev-nginx', valueFiles: ['values-dev.yaml'], automated: {} });
  });
  afterAll(() => ground?.close());

  it('brings what is in Git to the cluster at a refresh', async () => {
    const { status } = await ground.request('POST', '/api/refresh', { application: 'dev-nginx' });
    expect(status).toBe(202);
    await ground.until('dev-nginx', { status: { sync: { status: 'Synced' } } });
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'dev-nginx', name: 'dev-nginx-html' };
    expect(at(await ground.client.get(ref), 'data', 'index.html')).toContain('Hello from DEV');
  });

  it('follows the signed webhook of a push', async () => {
    const values = (DEMO_FILES['nginx-chart/values-dev.yaml'] ?? '').replace('replicaCount: 1', 'replicaCount: 2');
    const { applications } = await ground.push(repository, { 'nginx-chart/values-dev.yaml': values });
    expect(applications).toMatchObject([{ name: 'dev-nginx', verdict: 'sync' }]);
    const revision = repository.refs.get('refs/heads/main');
    await ground.until('dev-nginx', { status: { sync: { status: 'Synced', revision } } });
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'dev-nginx', name: 'dev-nginx' };
    expect(at(await ground.client.get(ref), 'spec', 'replicas')).toBe(2);
  });

  it('goes on with what it left when it is started again', async () => {
    await ground.restart('kill');
    const { status } = await ground.request('GET', '/api/v1/applications/dev-nginx');
    expect(status).toBe(200);
  });
});
