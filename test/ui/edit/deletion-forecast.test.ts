import { expect, it } from 'vitest';
import type { Application } from '../../../src/application/types.ts';
import { forecastDeletion } from '../../../src/ui/web/edit/deletion-forecast.ts';

const resource = (kind: string, name: string, more: object = {}) => ({
  version: 'v1',
  kind,
  namespace: 'web',
  name,
  ...more,
});
const node = (kind: string, name: string, more: object = {}) => ({ kind, namespace: 'web', name, ...more });

function appWith(resources: readonly object[], syncOptions: readonly string[] = []): Application {
  return {
    metadata: { name: 'a' },
    spec: { syncPolicy: { syncOptions } },
    status: { resources },
  } as unknown as Application;
}

const annotated = (kind: string, name: string, annotations: Record<string, string>) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, annotations },
});

it('tells what goes, what that has made, and what stays and why', () => {
  const app = appWith([
    resource('ConfigMap', 'a'),
    resource('ConfigMap', 'b'),
    resource('Secret', 'kept'),
    resource('Service', 'helm'),
    resource('CustomResourceDefinition', 'crd', { group: 'apiextensions.k8s.io' }),
    resource('Job', 'hook', { hook: true }),
    resource('Service', 'ask', { requiresDeletionConfirmation: true }),
    resource('Service', 'missing'),
  ]);
  const nodes = [
    ...['a', 'b'].map((name) => node('ConfigMap', name)),
    ...['helm', 'ask'].map((name) => node('Service', name)),
    node('Secret', 'kept'),
    node('CustomResourceDefinition', 'crd', { group: 'apiextensions.k8s.io' }),
    node('EndpointSlice', 'ask-1', { parentRefs: [{}] }),
  ];
  const manifests = [
    annotated('Secret', 'kept', { 'argocd.argoproj.io/sync-options': 'Prune=true, Delete=false' }),
    annotated('Service', 'helm', { 'helm.sh/resource-policy': 'keep' }),
  ];
  expect(forecastDeletion(app, nodes, manifests)).toEqual({
    goes: [
      { kind: 'ConfigMap', count: 2 },
      { kind: 'Service', count: 1 },
    ],
    follows: [{ kind: 'EndpointSlice', count: 1 }],
    stays: [
      { kind: 'Secret', name: 'kept', why: 'option' },
      { kind: 'Service', name: 'helm', why: 'helm' },
      { kind: 'CustomResourceDefinition', name: 'crd', why: 'crd' },
    ],
    asking: ['Service ask'],
  });
});

it('keeps everything where the Application says so, but what says otherwise itself', () => {
  const app = appWith([resource('ConfigMap', 'a'), resource('Secret', 'b')], ['Delete=false']);
  const manifests = [annotated('Secret', 'b', { 'argocd.argoproj.io/sync-options': 'Delete=true' })];
  const { goes, stays } = forecastDeletion(app, [], manifests);
  expect([goes, stays.map(({ name }) => name)]).toEqual([[{ kind: 'Secret', count: 1 }], ['a']]);
});
