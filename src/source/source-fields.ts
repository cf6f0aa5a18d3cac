// The types of what a source says. The CRD's schema checks them in a cluster; files (`.argocd-source.yaml`, `--apps`) come unchecked.

import type { Source } from '../application/types.ts';
import { type ErrorCode, HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';

type Shape =
  | 'text'
  /** A text that a list's entry always has, empty where it is not given. */
  | 'name'
  | 'flag'
  | 'count'
  | 'any'
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> };

const TEXTS: Shape = { list: 'text' };
const TEXT_MAP: Shape = { map: 'text' };
const VARIABLES: Shape = { list: { fields: { name: 'name', value: 'text', code: 'flag' } } };

/** ApplicationSource of Argo CD's v1alpha1, as far as it is read here. */
const SOURCE: Shape = {
  fields: {
    repoURL: 'text',
    path: 'text',
    targetRevision: 'text',
    chart: 'text',
    ref: 'text',
    name: 'text',
    tagPrefix: 'text',
    helm: {
      fields: {
        valueFiles: TEXTS,
        values: 'text',
        valuesObject: { map: 'any' },
        parameters: { list: { fields: { name: 'name', value: 'text', forceString: 'flag' } } },
        fileParameters: { list: { fields: { name: 'name', path: 'name' } } },
        releaseName: 'text',
        version: 'text',
        ignoreMissingValueFiles: 'flag',
        skipCrds: 'flag',
        skipTests: 'flag',
        skipSchemaValidation: 'flag',
        passCredentials: 'flag',
        namespace: 'text',
        kubeVersion: 'text',
        apiVersions: TEXTS,
      },
    },
    kustomize: {
      fields: {
        namePrefix: 'text',
        nameSuffix: 'text',
        images: TEXTS,
        replicas: { list: { fields: { name: 'name', count: 'count' } } },
        namespace: 'text',
        commonLabels: TEXT_MAP,
        commonAnnotations: TEXT_MAP,
        forceCommonLabels: 'flag',
        forceCommonAnnotations: 'flag',
        commonAnnotationsEnvsubst: 'flag',
        labelWithoutSelector: 'flag',
        labelIncludeTemplates: 'flag',
        patches: {
          list: { fields: { path: 'text', patch: 'text', target: TEXT_MAP, options: { map: 'flag' } } },
        },
        components: TEXTS,
        ignoreMissingComponents: 'flag',
        version: 'text',
        kubeVersion: 'text',
        apiVersions: TEXTS,
      },
    },
    directory: {
      fields: {
        recurse: 'flag',
        include: 'text',
        exclude: 'text',
        disableExtensionFilter: 'flag',
        jsonnet: { fields: { extVars: VARIABLES, tlas: VARIABLES, libs: TEXTS } },
      },
    },
  },
};

const EMPTY = { text: '', name: '', flag: false, count: 0 } as const;

const EXPECTED = {
  text: 'a text',
  name: 'a text',
  flag: 'true or false',
  count: 'a whole number',
  list: 'a list',
  map: 'a mapping',
} as const;

/**
 * Throws where a field of a source is of another type than Argo CD's Application has it, with the field's path below `place`
 * (`spec.source`, a file). Unknown fields pass, as they do there, and null is no value.
 */
export function checkSourceFields(source: unknown, place: string, code: ErrorCode): void {
  check(source, SOURCE, '', (field, expected, value) => {
    const isFile = code === 'RenderFailed';
    const hint = expected === EXPECTED.text && typeof value !== 'object' ? 'write it in quotes' : undefined;
    return new HawserError(
      code,
      `${isFile ? field : `${place}.${field}`}: ${expected} is expected, not ${shown(value)}`,
      {
        ...(isFile && { place: { file: place } }),
        ...(hint !== undefined && { hint }),
      },
    );
  });
}

/**
 * A source as Go's decoder has it: null is no value, or the empty one where there must be some. Throws `InvalidInput` with the field
 * where one is of another type; `place` is the source's name.
 */
export function parseSource(source: Source, place: string): Source {
  checkSourceFields(source, place, 'InvalidInput');
  const filled = fill(source, SOURCE);
  return isSource(filled) ? filled : source;
}

function isSource(value: unknown): value is Source {
  return isObject(value) && typeof value.repoURL === 'string';
}

function fill(value: unknown, shape: Shape): unknown {
  if (shape === 'any') return value;
  if (typeof shape === 'string') return value ?? EMPTY[shape];
  if ('list' in shape) return Array.isArray(value) ? value.map((item) => fill(item, shape.list)) : [];
  const given = Object.entries(isObject(value) ? value : {});
  if ('map' in shape) return Object.fromEntries(given.map(([key, item]) => [key, fill(item, shape.map)]));
  const required = Object.entries(shape.fields).flatMap(([key, below]) =>
    below === 'name' ? [[key, ''] as const] : [],
  );
  const fields = given.flatMap(([key, item]) => {
    const below = Object.hasOwn(shape.fields, key) ? shape.fields[key] : 'any';
    return item === null || item === undefined || below === undefined ? [] : [[key, fill(item, below)] as const];
  });
  return Object.fromEntries([...required, ...fields]);
}

type Refuse = (field: string, expected: string, value: unknown) => HawserError;

function check(value: unknown, shape: Shape, field: string, refuse: Refuse): void {
  if (value === null || value === undefined || shape === 'any') return;
  if (typeof shape === 'string') {
    if (!isScalar(value, shape)) throw refuse(field, EXPECTED[shape], value);
  } else if ('list' in shape) {
    if (!Array.isArray(value)) throw refuse(field, EXPECTED.list, value);
    for (const [index, item] of value.entries()) check(item, shape.list, `${field}[${index}]`, refuse);
  } else {
    if (!isObject(value)) throw refuse(field, EXPECTED.map, value);
    for (const [key, item] of Object.entries(value)) {
      const below = 'map' in shape ? shape.map : Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
      if (below !== undefined) check(item, below, field === '' ? key : `${field}.${key}`, refuse);
    }
  }
}

function isScalar(value: unknown, shape: 'text' | 'name' | 'flag' | 'count'): boolean {
  if (shape === 'text' || shape === 'name') return typeof value === 'string';
  if (shape === 'flag') return typeof value === 'boolean';
  return Number.isInteger(typeof value === 'string' && value.trim() !== '' ? Number(value) : value);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'a mapping' : JSON.stringify(value);
}
