import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adoptionPatch, predecessorsOf, withoutPredecessors } from '../../src/kube/adoption.ts';
import {
  EMPTY,
  formatFields,
  isEmptySet,
  parseFields,
  releasedFields,
  unionFields,
  withoutFields,
} from '../../src/kube/managed-fields.ts';
import type { KubeObject } from '../../src/kube/object.ts';

describe('sets of fields', () => {
  const texts: readonly { title: string; fields: object }[] = [
    { title: 'leaves', fields: { 'f:data': { 'f:a': {}, 'f:b': {} } } },
    { title: 'inner paths that are members themselves', fields: { 'f:labels': { '.': {}, 'f:a': {} } } },
    { title: 'list items by their keys', fields: { 'f:ports': { 'k:{"port":80}': { '.': {}, 'f:name': {} } } } },
    { title: 'items by their value', fields: { 'f:finalizers': { 'v:"x/y"': {} } } },
  ];
  for (const { title, fields } of texts) {
    it(`are written as they were read: ${title}`, () => {
      expect(formatFields(parseFields(fields))).toEqual(fields);
    });
  }

  const step = fc.constantFrom('f:a', 'f:b', 'v:1', 'k:{"n":"x"}', 'i:0');
  const { set } = fc.letrec((tie) => ({
    set: fc.dictionary(step, fc.oneof({ depthSize: 'small' }, fc.constant({}), tie('set')), { maxKeys: 3 }),
  }));

  it('unite to a set that holds both, and nothing is released by what holds everything', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [left, right] = [parseFields(a), parseFields(b)];
        const both = unionFields(left, right);
        expect(formatFields(unionFields(right, left))).toEqual(formatFields(both));
        expect(isEmptySet(releasedFields(left, both))).toBe(true);
        expect(formatFields(releasedFields(left, EMPTY))).toEqual(formatFields(left));
      }),
    );
  });
});

describe('removing fields', () => {
  const cases: readonly { title: string; value: object; fields: object; left: object }[] = [
    {
      title: 'takes keys out of a map and keeps the others',
      value: { data: { a: '1', b: '2' }, kind: 'x' },
      fields: { 'f:data': { 'f:a': {} } },
      left: { data: { b: '2' }, kind: 'x' },
    },
    {
      title: 'takes a map with all that is in it when the map itself is in the set',
      value: { probe: { path: '/', timeout: 1 } },
      fields: { 'f:probe': { '.': {}, 'f:path': {} } },
      left: {},
    },
    {
      title: 'finds list items by all of their keys',
      value: {
        ports: [
          { port: 80, protocol: 'TCP' },
          { port: 80, protocol: 'UDP' },
        ],
      },
      fields: { 'f:ports': { 'k:{"port":80,"protocol":"UDP"}': { '.': {} } } },
      left: { ports: [{ port: 80, protocol: 'TCP' }] },
    },
    {
      title: 'takes one field of an item that stays',
      value: { containers: [{ name: 'c', image: 'a', tty: true }] },
      fields: { 'f:containers': { 'k:{"name":"c"}': { 'f:tty': {} } } },
      left: { containers: [{ name: 'c', image: 'a' }] },
    },
    {
      title: 'finds items of sets by their value',
      value: { finalizers: ['a', 'b'] },
      fields: { 'f:finalizers': { 'v:"a"': {} } },
      left: { finalizers: ['b'] },
    },
    { title: 'leaves alone what is not there', value: { a: 1 }, fields: { 'f:b': { 'f:c': {} } }, left: { a: 1 } },
  ];
  for (const { title, value, fields, left } of cases) {
    it(title, () => {
      expect(withoutFields(value, parseFields(fields))).toEqual(left);
    });
  }
});

function entry(manager: string, operation: string, fieldsV1: object, more: object = {}) {
  return { manager, operation, apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1, ...more };
}

function configMap(data: Record<string, string>, managedFields: ReturnType<typeof entry>[]): KubeObject {
  const managed = JSON.parse(JSON.stringify(managedFields));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', resourceVersion: '7', managedFields: managed },
    data,
  };
}

describe('adoption', () => {
  const predecessors: readonly [string, string, boolean][] = [
    ['kubectl-client-side-apply', 'Update', true],
    ['argocd-controller', 'Apply', true],
    ['argocd-controller', 'Update', true],
    ['kubectl-edit', 'Update', false],
    ['kubectl-client-side-apply', 'Apply', false],
    ['hawser', 'Apply', false],
    ['helm', 'Update', false],
  ];
  for (const [manager, operation, adopts] of predecessors) {
    it(`${adopts ? 'takes over' : 'leaves'} what ${manager} owns by ${operation}`, () => {
      const live = configMap({ a: '1' }, [entry(manager, operation, { 'f:data': { 'f:a': {} } })]);
      expect(predecessorsOf(live)).toEqual(adopts ? [manager] : []);
    });
  }

  it("does not take over a subresource, which is a controller's", () => {
    const live = configMap({}, [entry('argocd-controller', 'Update', { 'f:status': {} }, { subresource: 'status' })]);
    expect(predecessorsOf(live)).toEqual([]);
  });

  it('foresees that a field goes which only a predecessor has, and no other', () => {
    const predicted = configMap({ git: '1', old: '2', edited: '3' }, [
      entry('hawser', 'Apply', { 'f:data': { 'f:git': {} } }),
      entry('kubectl-client-side-apply', 'Update', { 'f:data': { '.': {}, 'f:git': {}, 'f:old': {}, 'f:edited': {} } }),
      entry('kubectl-edit', 'Update', { 'f:data': { 'f:edited': {} } }),
    ]);
    expect(withoutPredecessors(predicted).data).toEqual({ git: '1', edited: '3' });
  });

  it('takes defaults that a predecessor owns for no wish of its', () => {
    const predicted = configMap({ git: '1', asked: '2', defaulted: '3' }, [
      entry('hawser', 'Apply', { 'f:data': { 'f:git': {} } }),
      entry('kubectl-client-side-apply', 'Update', {
        'f:data': { '.': {}, 'f:git': {}, 'f:asked': {}, 'f:defaulted': {} },
      }),
    ]);
    const lastApplied = JSON.stringify({ data: { git: '0', asked: '2' } });
    predicted.metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': lastApplied };
    expect(withoutPredecessors(predicted).data).toEqual({ git: '1', defaulted: '3' });
  });

  it('foresees that a struct goes whole when nothing in it is applied any more', () => {
    const fields = {
      'f:spec': { 'f:containers': { 'k:{"name":"c"}': { 'f:probe': { 'f:http': { 'f:path': {} } } } } },
    };
    const spec = {
      containers: [{ name: 'c', image: 'i', probe: { http: { path: '/', scheme: 'HTTP' }, period: 10 } }],
    };
    const ours = { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:name': {}, 'f:image': {} } } } };
    const predicted = {
      ...configMap({}, [entry('hawser', 'Apply', ours), entry('argocd-controller', 'Apply', fields)]),
      spec,
    };
    expect(withoutPredecessors(predicted).spec).toEqual({ containers: [{ name: 'c', image: 'i' }] });
  });

  it('finds the item of a list that kubectl applied without its defaulted keys', () => {
    const fields = {
      'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:protocol': {} } } },
    };
    const spec = { ports: [{ port: 80, protocol: 'TCP' }, { port: 443 }] };
    const predicted = {
      ...configMap({}, [
        entry('hawser', 'Apply', { 'f:spec': { 'f:ports': { 'k:{"port":443}': {} } } }),
        entry('kubectl-client-side-apply', 'Update', fields),
      ]),
      spec,
    };
    predicted.metadata.annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{"ports":[{"port":80}]}}',
    };
    expect(withoutPredecessors(predicted).spec).toEqual({ ports: [{ port: 443 }] });
  });

  it('moves the fields to our entry, guarded by the version that was read', () => {
    const live = configMap({ a: '1', b: '2' }, [
      entry('kubectl-client-side-apply', 'Update', { 'f:data': { 'f:a': {} } }),
      entry('hawser', 'Apply', { 'f:data': { 'f:b': {} } }),
      entry('kubectl-edit', 'Update', { 'f:data': { 'f:c': {} } }),
    ]);
    expect(adoptionPatch(live, 'hawser')).toEqual([
      {
        op: 'replace',
        path: '/metadata/managedFields',
        value: [
          entry('hawser', 'Apply', { 'f:data': { 'f:a': {}, 'f:b': {} } }),
          entry('kubectl-edit', 'Update', { 'f:data': { 'f:c': {} } }),
        ],
      },
      { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
    ]);
  });

  it('has nothing to do for an object of ours', () => {
    expect(adoptionPatch(configMap({}, [entry('hawser', 'Apply', {})]), 'hawser')).toBeUndefined();
  });
});
