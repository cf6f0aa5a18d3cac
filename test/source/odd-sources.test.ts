// Whatever stands in a source, in its spec or in `.argocd-source.yaml`: it renders, or fails as an error of hawser's own.

import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import { HawserError } from '../../src/base/errors.ts';
import { memoryTree } from '../../src/render/tree.ts';
import { renderSource } from '../../src/source/render.ts';

const FILES = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'a: b\n',
  'chart/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
  'kustomize/kustomization.yaml': 'resources: [a.yaml]\n',
  'kustomize/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
  'plain/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
};

const FIELDS = {
  chart: {
    helm: [
      'valueFiles',
      'values',
      'valuesObject',
      'parameters',
      'fileParameters',
      'releaseName',
      'ignoreMissingValueFiles',
      'skipCrds',
      'skipTests',
      'namespace',
      'kubeVersion',
      'apiVersions',
    ],
  },
  kustomize: {
    kustomize: [
      'namePrefix',
      'nameSuffix',
      'images',
      'replicas',
      'namespace',
      'commonLabels',
      'commonAnnotations',
      'labelWithoutSelector',
      'patches',
      'components',
      'ignoreMissingComponents',
      'version',
      'kubeVersion',
      'apiVersions',
    ],
  },
  plain: { directory: ['recurse', 'include', 'exclude', 'disableExtensionFilter', 'jsonnet'] },
} as const;

const ODD: readonly unknown[] = [
  null,
  5,
  true,
  '',
  'x',
  '../../..',
  '/',
  '{{',
  '$',
  '[',
  'a\0b',
  [],
  [null],
  [''],
  ['x'],
  ['../../..'],
  ['https://git.example.com/a//b?ref=x'],
  [5],
  [[]],
  [{}],
  [{ name: null }],
  [{ name: 'a', value: null, path: null, count: null }],
  [{ name: 'a', value: '{', path: '../../..', count: '1e9' }],
  [{ name: '', value: 'x', path: '', count: -1 }],
  [{ patch: '[]', target: {} }],
  [{ patch: 'x', path: 'y' }],
  [{ target: null, options: null, patch: '- 5' }],
  {},
  { a: null },
  { a: 'b' },
  { '': '' },
  { a: { b: [] } },
  { __proto__: 'x', constructor: 'y' },
];

/** undefined for a render, or the error; anything that is no HawserError is thrown on. */
function errorOf(files: Record<string, string>, path: string, source: object): HawserError | undefined {
  try {
    renderSource(
      memoryTree(files),
      path,
      { source: { repoURL: 'https://git.example.com/a', path, ...source } as Source, revision: 'abcdef0' },
      {
        appName: 'app',
        appNamespace: 'argocd',
        project: 'default',
        namespace: 'shop',
        kubeVersion: 'v1.34.1',
        apiVersions: ['v1'],
      },
      {
        environment: { now: () => 0, random: (length) => new Uint8Array(length) },
        refs: new Map(),
        findFiles: () => new Map(),
        findDependency: ({ name }) => {
          throw new HawserError('RevisionNotFound', name);
        },
      },
    );
    return undefined;
  } catch (error) {
    if (error instanceof HawserError && error.code !== 'Internal') return error;
    throw error;
  }
}

describe.each(Object.entries(FIELDS))('a source in %s', (path, blocks) => {
  const fields = Object.entries(blocks).flatMap(([block, names]: [string, readonly string[]]) =>
    names.map((name) => [block, name] as const),
  );

  it.each(fields)('may have anything in %s.%s', (block, name) => {
    for (const odd of ODD) {
      expect(() => errorOf(FILES, path, { [block]: { [name]: odd } }), JSON.stringify(odd)).not.toThrow();
    }
  });

  it.each(fields)('may have anything in %s.%s of .argocd-source.yaml', (block, name) => {
    for (const odd of ODD) {
      const files = { ...FILES, [`${path}/.argocd-source.yaml`]: JSON.stringify({ [block]: { [name]: odd } }) };
      expect(() => errorOf(files, path, {}), JSON.stringify(odd)).not.toThrow();
    }
  });

  it('may have anything as .argocd-source.yaml', () => {
    for (const odd of [
      '',
      '\0',
      '- 5',
      '5',
      '{',
      'a: &a [*a]',
      'helm: 5',
      'path: 5',
      '---\na: b\n---\nb: c\n',
      'null',
    ]) {
      expect(() => errorOf({ ...FILES, [`${path}/.argocd-source.yaml`]: odd }, path, {}), odd).not.toThrow();
    }
  });
});
