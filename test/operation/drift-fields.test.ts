import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/kube/object.ts';
import { touchedFields } from '../../src/operation/drift-fields.ts';

const OWNED = {
  'f:metadata': { 'f:labels': { 'f:tier': {} }, 'f:annotations': { 'f:argocd.argoproj.io/tracking-id': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } },
  },
};

const BEFORE: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    labels: { tier: 'web' },
    annotations: { 'argocd.argoproj.io/tracking-id': 'web:apps/Deployment:shop/web' },
    managedFields: [
      { manager: 'hawser', operation: 'Apply', apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1: OWNED },
    ],
  },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          { name: 'sidecar', image: 's' },
          { name: 'web', image: 'a', tty: true },
        ],
      },
    },
  },
};

type Change = (object: typeof BEFORE & { spec: Record<string, unknown> }) => unknown;

function changed(change: Change): KubeObject {
  const copy = structuredClone(BEFORE) as Parameters<Change>[0];
  change(copy);
  return copy;
}

const containers =
  (items: readonly object[]): Change =>
  (object) => {
    object.spec.template = { spec: { containers: items } };
  };
const [SIDECAR, WEB] = [
  { name: 'sidecar', image: 's' },
  { name: 'web', image: 'a', tty: true },
];

describe('what of Git a write touches', () => {
  it.each<[string, Change, readonly object[]]>([
    ['nothing', () => undefined, []],
    [
      'a field of Git',
      (object) => {
        object.spec.replicas = 3;
      },
      [{ path: '/spec/replicas', before: 1, after: 3 }],
    ],
    [
      'a field of Git in an item of a list',
      containers([SIDECAR, { ...WEB, image: 'b' }]),
      [{ path: '/spec/template/spec/containers/1/image', before: 'a', after: 'b' }],
    ],
    [
      'a field beside it',
      containers([
        { ...SIDECAR, image: 'other' },
        { ...WEB, tty: false },
      ]),
      [],
    ],
    ['another order of the items', containers([WEB, SIDECAR]), []],
    ['an item of Git taken away', containers([SIDECAR]), [{ path: '/spec/template/spec/containers/1', before: WEB }]],
    [
      'a label of Git taken away',
      (object) => {
        object.metadata.labels = { team: 'red' };
      },
      [{ path: '/metadata/labels/tier', before: 'web' }],
    ],
    [
      'the tracking id, with all annotations',
      (object) => {
        delete object.metadata.annotations;
      },
      [{ path: '/metadata/annotations', before: BEFORE.metadata.annotations }],
    ],
    [
      'a status and the versions',
      (object) => {
        object.status = { replicas: 3 };
        object.metadata.generation = 7;
        object.metadata.resourceVersion = '8';
      },
      [],
    ],
  ])('%s', (_, change, expected) => {
    expect(touchedFields(BEFORE, changed(change), true)).toEqual(expected);
  });

  it('of what was not as Git says, all of its content counts', () => {
    const object = changed((copy) => {
      copy.spec.paused = true;
      copy.status = { replicas: 1 };
    });
    expect(touchedFields(BEFORE, object, false)).toEqual([{ path: '/spec/paused', after: true }]);
  });

  it('so it is where nothing is known of what hawser has applied', () => {
    const { managedFields: _, ...metadata } = BEFORE.metadata;
    const object = changed((copy) => {
      copy.spec.paused = true;
    });
    expect(touchedFields({ ...BEFORE, metadata }, object, true)).toEqual([{ path: '/spec/paused', after: true }]);
  });

  it('what is added where nobody but Git has a say counts', () => {
    const fieldsV1 = { 'f:data': { 'f:a': {} } };
    const managedFields = [
      { manager: 'hawser', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 },
    ];
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 's', managedFields }, data: { a: 'b' } };
    const object = { ...settings, data: { a: 'c', added: 'd' } };
    expect(touchedFields(settings, object, true)).toEqual([
      { path: '/data/a', before: 'b', after: 'c' },
      { path: '/data/added', after: 'd' },
    ]);
  });
});
