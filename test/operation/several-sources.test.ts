// Applications with several sources of their own: what they tell about them, in one cluster and with one push.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
beforeEach(async () => {
  ground = await createGround(connectSandbox());
});
afterEach(() => ground.close());

const configMap = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  of: ${value}\n`;

async function createApplication(sources: readonly Source[], namespace = NAMESPACE): Promise<void> {
  await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace },
    spec: {
      project: 'default',
      sources,
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
    },
  });
}

async function statusOf() {
  await ground.refresh('app');
  return (await ground.application('app')).status;
}

describe('several sources', () => {
  it('that have an object in common: the last one wins, a condition tells, and goes when they have it no more', async () => {
    const first = await ground.createRepository('devops/first', {
      'base/a.yaml': configMap('shared', 'first'),
      'base/b.yaml': configMap('own', 'first'),
    });
    const second = await ground.createRepository('devops/second', {
      'kustomization.yaml': 'resources: [a.yaml]\n',
      'a.yaml': configMap('shared', 'second'),
    });
    const repoURL = (path: string) => `${ground.gitUrl}/${path}`;
    await createApplication([
      { repoURL: repoURL(first.path), path: 'base', targetRevision: 'main' },
      { repoURL: repoURL(second.path), path: '.', targetRevision: 'main', name: 'overlay' },
    ]);
    const { conditions, sync, sourceTypes } = await statusOf();
    expect(sync?.status).toBe('Synced');
    expect(sync?.revisions).toHaveLength(2);
    expect(sourceTypes).toEqual(['Directory', 'Kustomize']);
    expect(conditions).toMatchObject([
      {
        type: 'RepeatedResourceWarning',
        message: 'Resource /ConfigMap/shop/shared appeared 2 times among application resources.',
      },
    ]);
    expect(at(await ground.get('v1', 'ConfigMap', 'shop', 'shared'), 'data', 'of')).toBe('second');

    const answer = await ground.push(second, { 'a.yaml': configMap('other', 'second') });
    expect(answer.applications).toMatchObject([{ verdict: 'sync', paths: ['overlay: a.yaml'] }]);
    const after = await ground.application('app');
    expect(after.status.conditions ?? []).toEqual([]);
    expect(at(await ground.get('v1', 'ConfigMap', 'shop', 'shared'), 'data', 'of')).toBe('first');
    expect(await ground.get('v1', 'ConfigMap', 'shop', 'other')).toBeDefined();
  });

  it('name the one that is at fault', async () => {
    const repository = await ground.createRepository('devops/one', {
      'a/a.yaml': configMap('a', 'one'),
      'b/kustomization.yaml': 'resources: [b.yaml]\n',
      'b/b.yaml': configMap('b', 'one'),
    });
    const repoURL = `${ground.gitUrl}/${repository.path}`;
    await createApplication([
      { repoURL, path: 'a', targetRevision: 'main' },
      { repoURL, path: 'b', targetRevision: 'main', kustomize: { images: ['nginx'] } },
    ]);
    const { conditions, sync } = await statusOf();
    expect(sync?.status).toBe('Unknown');
    expect(conditions?.[0]?.type).toBe('ComparisonError');
    expect(conditions?.[0]?.message).toContain("spec.sources[1].kustomize.images[0]: the image 'nginx'");
    expect(await ground.get('v1', 'ConfigMap', 'shop', 'a')).toBeUndefined();
  });

  it('of one repository are concerned each by its own folder', async () => {
    const repository = await ground.createRepository('devops/one', {
      'a/a.yaml': configMap('a', 'one'),
      'b/kustomization.yaml': 'resources: [b.yaml]\n',
      'b/b.yaml': configMap('b', 'one'),
      'c/c.yaml': configMap('c', 'one'),
    });
    const repoURL = `${ground.gitUrl}/${repository.path}`;
    await createApplication([
      { repoURL, path: 'a', targetRevision: 'main' },
      { repoURL, path: 'b', targetRevision: 'main' },
    ]);
    expect((await statusOf()).sync?.status).toBe('Synced');
    const elsewhere = await ground.push(repository, { 'c/c.yaml': configMap('c', 'two') });
    expect(elsewhere.applications).toMatchObject([{ verdict: 'unaffected' }]);
    const beside = await ground.push(repository, { 'b/README.md': 'text', 'b/more/a.yaml': 'text' });
    expect(beside.applications).toMatchObject([{ verdict: 'unaffected' }]);
    const answer = await ground.push(repository, { 'b/b.yaml': configMap('b', 'two') });
    expect(answer.applications).toMatchObject([{ verdict: 'sync', paths: ['sources[1]: b/b.yaml'] }]);
  });
});
