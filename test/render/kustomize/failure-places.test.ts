// Where an error says that something is wrong: the file and line of what asks for it.

import { describe, expect, it } from 'vitest';
import { configMap, failureOf } from './build.ts';

const HEAD = '# a comment\nresources:\n- c.yaml\n';

describe('the place of an error', () => {
  it.each([
    ['a resource that is not there', '- nowhere.yaml\n', 'kustomization.yaml:4'],
    ['a component that is not there', 'components:\n- c.yaml\n- nowhere\n', 'kustomization.yaml:5'],
    ['an unknown field', 'namePrefix: a-\nresource: []\n', 'kustomization.yaml:5'],
    ['a wrong type', 'images:\n- name: a\n- name: b\n  newTag: 1.3\n', 'kustomization.yaml:7'],
    ['a generator', 'configMapGenerator:\n- name: a\n- name: b\n  literals: [c]\n', 'kustomization.yaml:6'],
    ['a patch', 'patches:\n- {target: {kind: None}, patch: "[]"}\n- path: nowhere.yaml\n', 'kustomization.yaml:6'],
    [
      'a JSON patch that fails',
      'patches:\n- target: {kind: ConfigMap}\n  patch: |\n    - {op: remove, path: /x}\n',
      'kustomization.yaml:5',
    ],
    ['replicas of nothing', 'replicas:\n- {name: a, count: 1}\n', 'kustomization.yaml:5'],
    ['a replacement', 'replacements:\n- source: {kind: None}\n  targets: []\n', 'kustomization.yaml:4'],
    ['a var', 'vars:\n- {name: A, objref: {apiVersion: v1, kind: None, name: x}}\n', 'kustomization.yaml:4'],
    ['an order', 'sortOptions: {order: any}\n', 'kustomization.yaml:4'],
    ['a schema', 'openapi: {path: nowhere.json}\n', 'kustomization.yaml:4'],
    ['a plugin', 'transformers:\n- "{apiVersion: x/v1, kind: X, metadata: {name: x}}"\n', 'kustomization.yaml:4'],
    ['a file of configurations', 'configurations: [config.yaml]\n', 'config.yaml:2'],
    ['YAML that is none', 'namePrefix: "\n', 'kustomization.yaml:5'],
  ])('is that of %s', (_, fields, place) => {
    const files = {
      'kustomization.yaml': HEAD + fields,
      'c.yaml': configMap('c'),
      'config.yaml': 'namePrefix: []\nnames: []\n',
    };
    expect(failureOf(files)).toMatch(new RegExp(`^${place}: `));
  });

  it('is in the file where it is, however deep', () => {
    const files = {
      'kustomization.yaml': 'resources: [base]\n',
      'base/kustomization.yaml': 'resources:\n- c.yaml\n',
      'base/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n',
    };
    expect(failureOf(files)).toMatch(/^base\/c\.yaml:1: /);
    expect(failureOf({ ...files, 'base/kustomization.yaml': 'resources:\n- d.yaml\n' })).toMatch(
      /^base\/kustomization\.yaml:2: /,
    );
  });

  it.each([
    ['resource', 'resources'],
    ['namespaces', 'namespace'],
    ['patchs', 'patches'],
    ['configMapGenerators', 'configMapGenerator'],
  ])('comes with the field that was meant: %s', (given, meant) => {
    expect(failureOf({ 'kustomization.yaml': `${given}: []\n` })).toContain(`did you mean '${meant}'?`);
  });
});
