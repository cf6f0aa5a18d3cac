// Notices of Applications in other namespaces: those that application.namespaces permits are looked at, others are nobody's.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { noticeConfiguration } from '../../src/application/install-notices.ts';
import { at } from '../../src/base/json.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
let repoURL: string;
beforeAll(async () => {
  ground = await createGround(connectSandbox());
  const repository = await ground.createRepository('devops/app', {
    'a.yaml': 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n',
  });
  repoURL = `${ground.gitUrl}/${repository.path}`;
  const { client } = ground;
  for (const name of ['team-a', 'elsewhere']) {
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  await client.apply({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'teams', namespace: NAMESPACE },
    spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], sourceNamespaces: ['*'] },
  });
  await client.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cmd-params-cm', namespace: NAMESPACE },
    data: { 'application.namespaces': 'team-*' },
  });
  await ground.hawser.resume();
  await ground.hawser.listApplications();
});
afterAll(() => ground.close());

it.each([
  { namespace: 'team-a', isLookedAt: true },
  { namespace: 'elsewhere', isLookedAt: false },
])('a new Application in $namespace is looked at: $isLookedAt', async ({ namespace, isLookedAt }) => {
  const object = await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace },
    spec: {
      project: 'teams',
      source: { repoURL, path: '.' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'target' },
    },
  });
  ground.hawser.notice({ operation: 'CREATE', object });
  await ground.hawser.idle();
  const live = await ground.get('argoproj.io/v1alpha1', 'Application', namespace, 'app');
  expect(at(live, 'status', 'sync', 'status')).toBe(isLookedAt ? 'OutOfSync' : undefined);
});

it('the API server is asked to tell of those that are named, and of projects and Secrets in hawser’s own namespace alone', () => {
  const selectors = (target: Parameters<typeof noticeConfiguration>[0]) => {
    const { webhooks } = noticeConfiguration(target);
    return Array.isArray(webhooks) ? webhooks.map((webhook) => at(webhook, 'namespaceSelector')) : [];
  };
  const own = { matchLabels: { 'kubernetes.io/metadata.name': 'argocd' } };
  expect(selectors({ namespace: 'argocd' })).toEqual([own, own]);
  const several = { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['argocd', 'team-a'] };
  expect(selectors({ namespace: 'argocd', applicationNamespaces: ['team-a'] })).toEqual([
    { matchExpressions: [several] },
    own,
  ]);
});
