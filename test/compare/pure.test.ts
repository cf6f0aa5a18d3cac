import { describe, expect, it } from 'vitest';
import { findDrift } from '../../src/compare/drift.ts';
import { readIgnoreRules } from '../../src/compare/ignore.ts';
import { parsePointer, withoutPath, withPath } from '../../src/compare/json-pointer.ts';
import { maskSecrets } from '../../src/compare/mask-secret.ts';
import { comparable } from '../../src/compare/normalize.ts';
import { respectIgnored } from '../../src/compare/respect.ts';
import { prepareTargets, type Scope } from '../../src/compare/target.ts';
import { DEFAULT_TRACKING, isTrackedBy } from '../../src/compare/tracking.ts';
import type { KubeObject } from '../../src/kube/object.ts';

type Fields = Readonly<Record<string, unknown>>;

function object(apiVersion: string, kind: string, fields: Fields = {}, metadata: Fields = {}): KubeObject {
  return { apiVersion, kind, metadata: { name: 'x', namespace: 'n', ...metadata }, ...fields };
}

const configMap = (data: unknown, metadata: Fields = {}) => object('v1', 'ConfigMap', { data }, metadata);

describe('a JSON pointer', () => {
  it('unescapes slashes and tildes', () => {
    expect(parsePointer('/metadata/annotations/a.b~1c~0d')).toEqual(['metadata', 'annotations', 'a.b/c~d']);
    expect(parsePointer('no/pointer')).toBeUndefined();
  });

  it('removes what it names and nothing else', () => {
    const value = { a: [{ b: 1, c: 2 }, 3] };
    expect(withoutPath(value, ['a', '0', 'b'])).toEqual({ a: [{ c: 2 }, 3] });
    expect(withoutPath(value, ['a', 1])).toEqual({ a: [{ b: 1, c: 2 }] });
    for (const path of [
      ['a', '7'],
      ['x', 'y'],
      ['a', '0', 'b', 'z'],
      ['a', '-'],
    ])
      expect(withoutPath(value, path)).toEqual(value);
  });

  it('puts a value where there was none', () => {
    expect(withPath({}, ['a', 'b'], null)).toEqual({ a: { b: null } });
    expect(withPath({ a: [1, 2] }, ['a', 1], 3)).toEqual({ a: [1, 3] });
  });
});

describe('ignoreDifferences', () => {
  const subject = object('apps/v1', 'Deployment', { spec: { replicas: 3, paused: true } });

  const rules = [
    { title: 'by kind and group', rule: { group: 'apps', kind: 'Deployment' }, applies: true },
    { title: 'by globs', rule: { group: '*', kind: 'Dep*' }, applies: true },
    {
      title: 'by name and namespace',
      rule: { group: 'apps', kind: 'Deployment', name: 'x', namespace: 'n' },
      applies: true,
    },
    { title: 'not of another name', rule: { group: 'apps', kind: 'Deployment', name: 'y' }, applies: false },
    { title: 'not of another namespace', rule: { group: 'apps', kind: 'Deployment', namespace: 'm' }, applies: false },
    { title: 'not of another group: the core group is the empty one', rule: { kind: 'Deployment' }, applies: false },
  ];
  it.each(rules)('choose objects $title', ({ rule, applies }) => {
    const found = readIgnoreRules([{ ...rule, jsonPointers: ['/spec/replicas'] }]).rulesFor(subject);
    expect(found?.strip(subject, undefined).spec).toEqual(applies ? { paused: true } : undefined);
  });

  it('leave out the fields of managers, as live has them', () => {
    const { rulesFor } = readIgnoreRules([{ group: 'apps', kind: 'Deployment', managedFieldsManagers: ['hpa'] }]);
    const live = object(
      'apps/v1',
      'Deployment',
      { spec: { replicas: 3, paused: true } },
      {
        managedFields: [
          { manager: 'hpa', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
        ],
      },
    );
    expect(rulesFor(subject)?.strip(subject, live).spec).toEqual({ paused: true });
  });

  it('say which expression they cannot read', () => {
    const { conditions } = readIgnoreRules([{ kind: 'ConfigMap', jqPathExpressions: ['.data | mop(.)'] }]);
    expect(conditions).toEqual([
      {
        type: 'ComparisonError',
        message: 'ignoreDifferences: the jq expression ".data | mop(.)" cannot be read: function not defined: mop/1',
      },
    ]);
  });

  it('are respected in what is applied: live for Git, never its status', () => {
    const live = object('apps/v1', 'Deployment', { spec: { replicas: 5 }, status: { replicas: 5 } });
    const { rulesFor } = readIgnoreRules([
      { group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas', '/spec/paused', '/status'] },
    ]);
    const found = rulesFor(subject);
    expect(found && respectIgnored(subject, live, found)).toEqual({ ...subject, spec: { replicas: 5 } });
  });
});

describe('drift', () => {
  const cases: readonly { title: string; target: KubeObject; live: KubeObject; removals: unknown }[] = [
    {
      title: 'a key added to a ConfigMap',
      target: configMap({ a: '1' }),
      live: configMap({ a: '1', b: '2' }),
      removals: { data: { b: null } },
    },
    {
      title: 'a key added to a Secret',
      target: object('v1', 'Secret', { data: { a: 'MQ==' } }),
      live: object('v1', 'Secret', { data: { a: 'MQ==', b: 'Mg==' } }),
      removals: { data: { b: null } },
    },
    {
      title: 'an egress rule that Git has not',
      target: object('networking.k8s.io/v1', 'NetworkPolicy', { spec: {} }),
      live: object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { egress: [{}] } }),
      removals: { spec: { egress: null } },
    },
    {
      title: 'subjects of a binding that Git has not',
      target: object('rbac.authorization.k8s.io/v1', 'RoleBinding'),
      live: object('rbac.authorization.k8s.io/v1', 'RoleBinding', { subjects: [{}] }),
      removals: { subjects: null },
    },
    {
      title: 'a budget that Git has not',
      target: object('policy/v1', 'PodDisruptionBudget', { spec: {} }),
      live: object('policy/v1', 'PodDisruptionBudget', { spec: { maxUnavailable: 1 } }),
      removals: { spec: { maxUnavailable: null } },
    },
    {
      title: 'nothing in an empty ConfigMap, which a controller may fill',
      target: configMap(undefined),
      live: configMap({ b: '2' }),
      removals: undefined,
    },
    {
      title: 'nothing in the certificates that every namespace gets',
      target: configMap({ a: '1' }, { name: 'kube-root-ca.crt' }),
      live: configMap({ a: '1', b: '2' }, { name: 'kube-root-ca.crt' }),
      removals: undefined,
    },
    {
      title: 'nothing in a token, which a controller fills',
      target: object('v1', 'Secret', { data: { a: 'MQ==' } }),
      live: object('v1', 'Secret', { type: 'kubernetes.io/service-account-token', data: { a: 'MQ==', token: 'eA==' } }),
      removals: undefined,
    },
    {
      title: 'nothing in an aggregated ClusterRole',
      target: object('rbac.authorization.k8s.io/v1', 'ClusterRole', { aggregationRule: {} }),
      live: object('rbac.authorization.k8s.io/v1', 'ClusterRole', { rules: [{}] }),
      removals: undefined,
    },
    {
      title: 'nothing in a Service, whose fields controllers set',
      target: object('v1', 'Service', { spec: {} }),
      live: object('v1', 'Service', { spec: { clusterIP: '1.2.3.4' } }),
      removals: undefined,
    },
    {
      title: 'no labels and annotations of others',
      target: configMap({ a: '1' }),
      live: configMap({ a: '1' }, { labels: { theirs: 'x' } }),
      removals: undefined,
    },
  ];
  it.each(cases)('is $title', ({ target, live, removals }) => {
    expect(findDrift(target, live, live)?.removals).toEqual(removals);
  });

  it('is not what the dry run alone has: a webhook would add it again', () => {
    expect(findDrift(configMap({ a: '1' }), configMap({ a: '1' }), configMap({ a: '1', hooked: 'x' }))).toBeUndefined();
  });
});

describe('what is compared', () => {
  it('is neither status nor what the API server writes', () => {
    const live = object(
      'v1',
      'Pod',
      { spec: { a: 1 }, status: { phase: 'Running' } },
      {
        uid: 'u',
        resourceVersion: '1',
        generation: 3,
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [],
        labels: {},
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      },
    );
    expect(comparable(live)).toEqual(object('v1', 'Pod', { spec: { a: 1 } }));
  });
});

describe('masking', () => {
  it('gives equal values equal signs over all states, and hides what is no map', () => {
    const states = [
      object('v1', 'Secret', { stringData: { a: 'one' } }),
      object('v1', 'Secret', { data: { a: 'b25l', b: 'dHdv' } }),
      object('v1', 'Secret', { data: 'c2VjcmV0' }),
    ];
    expect(maskSecrets(states).map((state) => state?.data)).toEqual([
      { a: '++++++++' },
      { a: '++++++++', b: '++++++++' },
      '++++++++',
    ]);
    expect(JSON.stringify(maskSecrets(states))).not.toMatch(/one|b25l|dHdv|c2VjcmV0/);
  });

  it('hides a last-applied configuration that cannot be read', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"p":"c2VjcmV0"' };
    const [masked] = maskSecrets([object('v1', 'Secret', {}, { annotations })]);
    expect(JSON.stringify(masked)).not.toContain('c2VjcmV0');
  });
});

describe('target states', () => {
  const namespaced: Scope = { resource: undefined, namespaced: true, comesWithTargets: false };
  const scopeOf = ({ kind }: KubeObject): Scope =>
    kind === 'ClusterRole' ? { ...namespaced, namespaced: false } : namespaced;
  const settings = { instance: 'app', destinationNamespace: 'dest', tracking: DEFAULT_TRACKING };
  const prepare = (...objects: KubeObject[]) => prepareTargets(objects, scopeOf, settings);
  const trackingOf = ({ metadata }: KubeObject) => metadata.annotations?.['argocd.argoproj.io/tracking-id'];
  const only = (prepared: ReturnType<typeof prepare>) => prepared.targets[0]?.target ?? object('', '');

  it('get the destination namespace when they name none', () => {
    const { namespace: _, ...metadata } = configMap({}).metadata;
    const target = only(prepare({ ...configMap({}), metadata }));
    expect(target.metadata.namespace).toBe('dest');
    expect(trackingOf(target)).toBe('app:/ConfigMap:dest/x');
  });

  it('lose a namespace that their kind does not have', () => {
    const target = only(prepare(object('rbac.authorization.k8s.io/v1', 'ClusterRole')));
    expect(target.metadata).not.toHaveProperty('namespace');
    expect(trackingOf(target)).toBe('app:rbac.authorization.k8s.io/ClusterRole:dest/x');
  });

  it('leave CRDs untracked', () => {
    expect(trackingOf(only(prepare(object('apiextensions.k8s.io/v1', 'CustomResourceDefinition'))))).toBeUndefined();
  });

  it('count once when Git has them twice, the last one, with a warning', () => {
    const { targets, conditions } = prepare(configMap({ a: '1' }), configMap({ a: '2' }));
    expect(targets.map(({ target }) => target.data)).toEqual([{ a: '2' }]);
    expect(conditions).toEqual([
      {
        type: 'RepeatedResourceWarning',
        message: 'Resource /ConfigMap/n/x appeared 2 times among application resources.',
      },
    ]);
  });

  it('keep all objects with a generated name', () => {
    const { name: _, ...metadata } = configMap({}, { generateName: 'g-' }).metadata;
    const hook = { ...configMap({}), metadata };
    expect(prepare(hook, hook).targets).toHaveLength(2);
  });

  it('have their stringData as data, whose fields can be taken away again', () => {
    expect(only(prepare(object('v1', 'Secret', { stringData: { a: 'one' } })))).toMatchObject({ data: { a: 'b25l' } });
  });

  it('lose managedFields, with which the API server refuses an apply', () => {
    expect(only(prepare(configMap({}, { managedFields: [{}] }))).metadata).not.toHaveProperty('managedFields');
  });

  it('are known again by their tracking id, and copies of them are not', () => {
    const target = only(prepare(configMap({})));
    expect(isTrackedBy(target, 'app')).toBe(true);
    expect(isTrackedBy(target, 'other')).toBe(false);
    expect(isTrackedBy({ ...target, metadata: { ...target.metadata, name: 'copy' } }, 'app')).toBe(false);
  });
});
