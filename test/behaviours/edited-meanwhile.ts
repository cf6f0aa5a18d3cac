// While hawser works on an Application people edit it, others push, and rights are taken away: nothing that was asked for is lost.

import { expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround } from '../support/ground.ts';
import { finishJob } from '../support/jobs.ts';
import { HOOK, job } from '../support/objects.ts';

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';
const PRE_SYNC = `${JSON.stringify(job('pre', { [HOOK]: 'PreSync' }))}\n`;

const behaviour: Behaviour = (cluster) => {
  it('an operation is taken up although somebody annotates the Application between reading and recording', async () => {
    let edit: (() => Promise<unknown>) | undefined;
    const { transport } = cluster;
    /** Edits at the first dry run: the Application has been read, and its operation not yet taken up. */
    const gate: ClusterTransport = {
      ...transport,
      fetch: async (path, init) => {
        const due = /dryRun=All/.test(path) ? edit : undefined;
        if (due) edit = undefined;
        await due?.();
        return transport.fetch(path, init);
      },
    };
    const ground = await createGround(gate, { namespace: cluster.freshNamespace('argocd') });
    try {
      const namespace = cluster.freshNamespace('edited');
      const repository = await ground.createRepository('devops/edited', { 'm/a.yaml': MAP });
      await ground.createApplication({ name: 'edited', repository, path: 'm', destinationNamespace: namespace });
      await ground.refresh('edited');
      edit = () =>
        ground.client.patch(
          {
            apiVersion: 'argoproj.io/v1alpha1',
            kind: 'Application',
            namespace: ground.namespace,
            name: 'edited',
          },
          { metadata: { annotations: { 'team.example.com/note': 'edited' } } },
          { type: 'merge' },
        );
      const { status, operation, metadata } = await ground.sync('edited');
      expect(metadata.annotations).toMatchObject({ 'team.example.com/note': 'edited' });
      expect(operation).toBeUndefined();
      expect(status.operationState).toMatchObject({ phase: 'Succeeded' });
      expect(status.sync?.status).toBe('Synced');
      expect(status.conditions ?? []).toEqual([]);
    } finally {
      await ground.close();
    }
  });

  it('a push that waits for its turn is not lost to a later one of another branch', async () => {
    const ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
    try {
      const namespace = cluster.freshNamespace('turn');
      const files = { 'm/a.yaml': MAP, 'm/pre.yaml': PRE_SYNC };
      const repository = await ground.createRepository('devops/turn', files);
      await ground.createApplication({
        name: 'turn',
        repository,
        path: 'm',
        targetRevision: 'main',
        destinationNamespace: namespace,
        automated: {},
      });
      const refreshed = ground.refresh('turn');
      const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: 'pre' };
      await expect.poll(() => ground.client.get(ref), { timeout: 20_000 }).toBeDefined();
      expect(
        (await ground.push(repository, { 'm/a.yaml': MAP.replace('one', 'two'), 'm/pre.yaml': null })).applications,
      ).toHaveLength(1);
      await ground.push(repository, { 'm/a.yaml': MAP.replace('one', 'three') }, 'other');
      await finishJob(ground.client, namespace, 'pre');
      await refreshed;
      const { status } = await ground.application('turn');
      expect(status.sync?.status).toBe('Synced');
      const settings = await ground.get('v1', 'ConfigMap', namespace, 'settings');
      expect(settings).toMatchObject({ data: { key: 'two' } });
    } finally {
      await ground.close();
    }
  });

  it('an operation whose hook may no longer be read still names it', async () => {
    let isForbidden = false;
    const { transport } = cluster;
    const gate: ClusterTransport = {
      ...transport,
      fetch: async (path, init) => {
        const isRead = (init?.method ?? 'GET') === 'GET' && path.includes('/jobs');
        if (!isForbidden || !isRead) return transport.fetch(path, init);
        return Response.json({ kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403 }, { status: 403 });
      },
    };
    const ground = await createGround(gate, { namespace: cluster.freshNamespace('argocd'), waitMs: 200 });
    try {
      const namespace = cluster.freshNamespace('forbidden');
      const hook = { ...job('', {}), metadata: { generateName: 'pre-', annotations: { [HOOK]: 'PreSync' } } };
      const files = { 'm/a.yaml': MAP, 'm/pre.yaml': `${JSON.stringify(hook)}\n` };
      const repository = await ground.createRepository('devops/forbidden', files);
      await ground.createApplication({ name: 'forbidden', repository, path: 'm', destinationNamespace: namespace });
      await ground.refresh('forbidden');
      expect((await ground.request('POST', '/api/v1/applications/forbidden/sync', {})).status).toBe(200);
      const state = async () => (await ground.hawser.getApplication('forbidden')).status.operationState;
      await expect
        .poll(async () => (await state())?.message, { timeout: 20_000, interval: 20 })
        .toMatch(/^waiting for completion of hook/);
      isForbidden = true;
      await expect.poll(async () => (await state())?.phase, { timeout: 20_000 }).toBe('Error');
      const resources = (await state())?.syncResult?.resources ?? [];
      expect(resources.filter(({ kind }) => kind === 'Job')).toMatchObject([{ hookType: 'PreSync' }]);
    } finally {
      await ground.close();
    }
  });

  it('a deletion is taken although somebody annotates the Application at the same moment', async () => {
    let edit: (() => Promise<unknown>) | undefined;
    const { transport } = cluster;
    const gate: ClusterTransport = {
      ...transport,
      fetch: async (path, init) => {
        const due = init?.method === 'PATCH' && String(init.body).includes('"finalizers"') ? edit : undefined;
        if (due) edit = undefined;
        await due?.();
        return transport.fetch(path, init);
      },
    };
    const ground = await createGround(gate, { namespace: cluster.freshNamespace('argocd') });
    try {
      const namespace = cluster.freshNamespace('deleted');
      const repository = await ground.createRepository('devops/deleted', { 'm/a.yaml': MAP });
      await ground.createApplication({ name: 'deleted', repository, path: 'm', destinationNamespace: namespace });
      await ground.refresh('deleted');
      await ground.sync('deleted');
      const ref = {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        namespace: ground.namespace,
        name: 'deleted',
      };
      const note = { metadata: { annotations: { 'team.example.com/note': 'edited' } } };
      edit = () => ground.client.patch(ref, note, { type: 'merge' });
      expect((await ground.request('DELETE', '/api/v1/applications/deleted')).status).toBe(200);
      await ground.hawser.idle();
      expect(await ground.get('v1', 'ConfigMap', namespace, 'settings')).toBeUndefined();
      expect(await ground.client.get(ref)).toBeUndefined();
    } finally {
      await ground.close();
    }
  });

  it('a refresh with a revision compares with it, and deploys nothing that the Application does not follow', async () => {
    const ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
    try {
      const namespace = cluster.freshNamespace('looked');
      const repository = await ground.createRepository('devops/looked', { 'm/a.yaml': MAP });
      await ground.commit(repository, { 'm/a.yaml': MAP.replace('one', 'other') }, 'other');
      const app = { name: 'looked', repository, path: 'm', targetRevision: 'main', destinationNamespace: namespace };
      await ground.createApplication({ ...app, automated: {} });
      await ground.refresh('looked');
      const value = async () => at(await ground.get('v1', 'ConfigMap', namespace, 'settings'), 'data', 'key');
      expect(await value()).toBe('one');
      await ground.request('POST', '/api/refresh', { application: 'looked', revision: 'other' });
      expect((await ground.application('looked')).status.sync?.status).toBe('OutOfSync');
      expect(await value()).toBe('one');
    } finally {
      await ground.close();
    }
  });
};

export default behaviour;
