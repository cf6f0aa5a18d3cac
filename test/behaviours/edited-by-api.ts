// Applications that are made, changed, synced from what a client brings, and deleted by the API alone.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${value}\n`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  it('go from their making to their end', async () => {
    const namespace = cluster.freshNamespace('api');
    const repository = await ground.createRepository('devops/api', {
      'm/a.yaml': configMap('one'),
      'n/a.yaml': configMap('two'),
    });
    const request = (method: string, path: string, body?: unknown) =>
      ground.request(method, `/api/v1/applications${path}`, body);
    const value = async () => at(await ground.get('v1', 'ConfigMap', namespace, 'settings'), 'data', 'key');
    const app = (path: string) => ({
      metadata: { name: 'api', labels: { a: '1' }, annotations: { b: '2' } },
      spec: {
        project: 'default',
        source: { repoURL: `${ground.gitUrl}/${repository.path}`, path, targetRevision: 'main' },
        destination: { server: 'https://kubernetes.default.svc', namespace },
        syncPolicy: { syncOptions: ['CreateNamespace=true'] },
      },
    });

    const { status, body: made } = await request('POST', '', app('m'));
    expect([status, stringAt(made, 'metadata', 'uid')]).toEqual([200, expect.any(String)]);
    expect((await request('POST', '', app('m'))).status).toBe(200);
    expect(await request('POST', '', app('n'))).toMatchObject({ status: 400, body: { code: 3 } });
    await ground.sync('api');
    expect(await value()).toBe('one');

    // The version that the client has seen is older by now.
    const changed = { ...app('n'), metadata: { name: 'api', labels: { c: '3' }, resourceVersion: '1' } };
    expect(await request('PUT', '/api', changed)).toMatchObject({
      status: 200,
      body: { metadata: { labels: { c: '3' } } },
    });
    const { metadata } = await ground.application('api');
    expect([metadata.labels, metadata.annotations?.b]).toEqual([{ c: '3' }, undefined]);
    await ground.sync('api');
    expect(await value()).toBe('two');

    const patch = JSON.stringify([
      { op: 'remove', path: '/metadata/labels' },
      { op: 'replace', path: '/spec/source/path', value: 'm' },
    ]);
    expect((await request('PATCH', '/api', { patch })).status).toBe(200);
    expect((await ground.application('api')).metadata.labels).toBeUndefined();

    const manifests = [
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { key: 'mine' } }),
    ];
    const local = await ground.sync('api', { manifests });
    expect(local.status).toMatchObject({ operationState: { phase: 'Succeeded' }, sync: { status: 'OutOfSync' } });
    expect(local.status.history).toHaveLength(2);
    expect(await value()).toBe('mine');
    await ground.sync('api');
    expect(await value()).toBe('one');

    expect(await request('DELETE', '/api?propagationPolicy=Foreground')).toEqual({ status: 200, body: {} });
    await ground.hawser.idle();
    await expect.poll(value, { timeout: 20_000 }).toBeUndefined();
    await expect.poll(async () => (await request('GET', '/api')).status, { timeout: 20_000 }).toBe(404);
  });
};

export default behaviour;
