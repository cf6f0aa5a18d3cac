// Custom resources: what a definition's schema says holds for values, defaults, ownership and tables.

import { apply, create, get, patch, remove, type Scenario, type Step, update } from '../scenario.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

function definition(group: string, schema: object, version: object = {}, spec: object = {}): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
      ...spec,
    },
  };
}

/** A scenario on a definition of its own; the group contains the namespace, so that scenarios do not meet. */
function on(
  title: string,
  schema: object,
  version: object,
  steps: (path: string, widget: (spec: object, metadata?: object) => object) => readonly Step[],
): Scenario {
  const group = '$NS.example.com';
  const path = `/apis/${group}/v1/namespaces/$NS/widgets`;
  const widget = (spec: object, metadata: object = {}) => ({
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name: 'w', ...metadata },
    ...spec,
  });
  return {
    title,
    steps: [
      create(DEFINITIONS, definition(group, schema, version), { silent: true }),
      get(path, { until: 200, silent: true }),
      // The endpoint for writes comes a moment after the one for reads.
      create(`${path}?dryRun=All`, widget({}, { name: 'warm-up' }), { silent: true }),
      ...steps(path, widget),
      remove(`${DEFINITIONS}/widgets.${group}`, undefined, { silent: true }),
    ],
  };
}

const SCHEMA = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 10 },
        color: { type: 'string', enum: ['red', 'green'], default: 'red' },
        name: { type: 'string', pattern: '^[a-z]+$', minLength: 2, maxLength: 5 },
        tags: { type: 'array', items: { type: 'string' }, maxItems: 2, minItems: 1 },
        set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        keyed: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, value: { type: 'string', default: 'v' } },
          },
        },
        plain: {
          type: 'array',
          items: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } } },
        },
        atomic: {
          type: 'object',
          'x-kubernetes-map-type': 'atomic',
          properties: { a: { type: 'string' }, b: { type: 'string' } },
        },
        map: { type: 'object', additionalProperties: { type: 'string' } },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        any: { 'x-kubernetes-preserve-unknown-fields': true },
        port: { 'x-kubernetes-int-or-string': true },
        maybe: { type: 'string', nullable: true },
        nested: {
          type: 'object',
          default: {},
          properties: { deep: { type: 'integer', default: 7 }, other: { type: 'boolean' } },
        },
        when: { type: 'string', format: 'date-time' },
        ratio: { type: 'number' },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' }, replicas: { type: 'integer' } } },
  },
};

export const CUSTOM: readonly Scenario[] = [
  on('values are pruned, defaulted and checked', SCHEMA, {}, (path, widget) => [
    create(
      `${path}?dryRun=All`,
      widget({
        spec: {
          size: 3,
          unknown: 1,
          keyed: [{ name: 'a', x: 1 }],
          free: { a: { b: 1 } },
          any: [1, 'x', { y: null }],
          map: { a: 'b' },
          plain: [{ a: 'x', c: 1 }],
        },
      }),
    ),
    create(
      `${path}?dryRun=All&fieldValidation=Strict`,
      widget({ spec: { size: 3, unknown: 1, nested: { deeper: 1 }, plain: [{ c: 1 }] }, extra: 1 }),
    ),
    create(`${path}?dryRun=All`, widget({})),
    create(`${path}?dryRun=All`, widget({ spec: {} })),
    create(`${path}?dryRun=All`, widget({ spec: { size: 'x' } })),
    create(`${path}?dryRun=All`, widget({ spec: { size: 0, color: 'blue', name: 'A' } })),
    create(`${path}?dryRun=All`, widget({ spec: { size: 11, name: 'toolong', tags: [] } })),
    create(`${path}?dryRun=All`, widget({ spec: { size: 1, tags: ['a', 'b', 'c'], map: { a: 1 } } })),
    create(
      `${path}?dryRun=All`,
      widget({ spec: { size: 1, set: ['a', 'a'], keyed: [{ name: 'a' }, { name: 'a' }, {}] } }),
    ),
    create(
      `${path}?dryRun=All`,
      widget({ spec: { size: 1, port: 'http', maybe: null, color: null, ratio: 1.5, when: '2024-01-01T00:00:00Z' } }),
    ),
    create(`${path}?dryRun=All`, widget({ spec: { size: 1.5, port: true, when: 'yesterday', free: 'text' } })),
    create(`${path}?dryRun=All`, widget({ spec: { size: 1 } }, { labels: { 'a b': 'c' }, name: 'Bad_Name' })),
    create(`${path}?dryRun=All`, widget({ spec: { size: 1 } }, { labels: { a: 1 } })),
    create(`${path}?dryRun=All`, widget({ spec: { size: 1 } }, { unheard: 1 })),
    create(`${path}?dryRun=All`, widget({ spec: 5 })),
    create(`${path}?dryRun=All`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'w' } }),
  ]),
  on('ownership by the schema', SCHEMA, {}, (path, widget) => [
    apply(
      `${path}/w`,
      widget({
        spec: {
          size: 1,
          set: ['a', 'b'],
          keyed: [{ name: 'x', value: '1' }],
          plain: [{ a: '1' }],
          atomic: { a: '1' },
          map: { k: 'v' },
          free: { a: { b: 1 }, l: [1, 2] },
          any: { q: [1] },
        },
      }),
      'one',
    ),
    apply(
      `${path}/w`,
      widget({ spec: { set: ['c'], keyed: [{ name: 'y' }], map: { l: 'w' }, free: { a: { c: 2 } } } }),
      'two',
    ),
    apply(`${path}/w`, widget({ spec: { plain: [{ a: '2' }], atomic: { b: '2' }, free: { l: [3] } } }), 'two'),
    apply(
      `${path}/w`,
      widget({ spec: { plain: [{ a: '2' }], atomic: { b: '2' }, free: { l: [3] } } }),
      'two',
      'force=true',
    ),
    apply(`${path}/w`, widget({ spec: { size: 1 } }), 'one'),
    patch('merge', `${path}/w`, { spec: { nested: { deep: 8, other: true }, color: 'green' } }),
    patch('json', `${path}/w`, [{ op: 'add', path: '/spec/set/-', value: 'd' }]),
    patch('strategic-merge', `${path}/w`, { spec: {} }),
    apply(`${path}/w`, widget({ spec: { size: 'x' } }), 'one'),
    apply(`${path}/w`, widget({ spec: { size: 1, unknown: 2 } }), 'one'),
    update(`${path}/w`, widget({ spec: { size: 2 } })),
    get(`${path}/w`),
  ]),
  on(
    'status has an endpoint of its own',
    SCHEMA,
    { subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' } } },
    (path, widget) => [
      create(path, widget({ spec: { size: 2 }, status: { phase: 'Ready' } })),
      patch('merge', `${path}/w/status`, {
        status: { phase: 'Ready', replicas: 2 },
        spec: { size: 5 },
        metadata: { labels: { a: 'b' } },
      }),
      patch('merge', `${path}/w`, { status: { phase: 'Lost' }, spec: { size: 3 } }),
      apply(`${path}/w/status`, widget({ status: { phase: 'Applied' } }), 'two', 'force=true'),
      get(`${path}/w/scale`),
      patch('merge', `${path}/w/scale`, { spec: { replicas: 7 } }),
      get(`${path}/w`),
    ],
  ),
  on('without a status endpoint status is a field like others', SCHEMA, {}, (path, widget) => [
    create(path, widget({ spec: { size: 2 }, status: { phase: 'Ready' } })),
    patch('merge', `${path}/w`, { status: { phase: 'Other' } }),
    get(`${path}/w/status`),
  ]),
  on(
    'columns',
    SCHEMA,
    {
      additionalPrinterColumns: [
        { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
        { name: 'Tags', type: 'string', jsonPath: '.spec.tags', priority: 1 },
        { name: 'First', type: 'string', jsonPath: '.spec.keyed[0].name' },
        { name: 'X', type: 'string', jsonPath: '.spec.keyed[?(@.name=="x")].value' },
      ],
    },
    (path, widget) => [
      create(path, widget({ spec: { size: 2, tags: ['a', 'b'], keyed: [{ name: 'x', value: '9' }] } }), {
        silent: true,
      }),
      get(`${path}?includeObject=None`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }),
      get(path),
    ],
  ),
  on(
    'a schema that keeps everything',
    {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } },
    },
    {},
    (path, widget) => [
      create(path, widget({ spec: { a: 'x', b: 1 }, more: { c: [1] } })),
      apply(`${path}/w`, widget({ spec: { a: 'x', b: 1 }, more: { c: [1, 2], d: { e: 'f' } } }), 'one', 'force=true'),
      apply(`${path}/w`, widget({ spec: { a: 'x' } }), 'one'),
    ],
  ),
  {
    title: 'definitions that are none',
    steps: [
      create(`${DEFINITIONS}?dryRun=All`, {
        ...definition('$NS.example.com', { type: 'object' }),
        metadata: { name: 'wrong.name' },
      }),
      create(
        `${DEFINITIONS}?dryRun=All`,
        definition('$NS.example.com', { type: 'object' }, {}, { scope: 'Everywhere' }),
      ),
      create(`${DEFINITIONS}?dryRun=All`, definition('$NS.example.com', { type: 'object' }, { storage: false })),
      create(
        `${DEFINITIONS}?dryRun=All`,
        definition('$NS.example.com', { type: 'object', properties: { spec: { properties: { a: {} } } } }),
      ),
      create(`${DEFINITIONS}?dryRun=All`, definition('$NS.example.com', { type: 'object' }, { schema: undefined })),
      create(`${DEFINITIONS}?dryRun=All`, definition('$NS.example.com', { type: 'object' })),
      get(`${DEFINITIONS}/nope`),
    ],
  },
];
