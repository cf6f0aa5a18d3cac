// Fields of sources that change nothing: each is named, with why.

import { describe, expect, it } from 'vitest';
import { ineffectiveFields } from '../../src/application/ineffective-fields.ts';
import type { Source } from '../../src/application/types.ts';

const GIT = { repoURL: 'https://git.example.com/ops.git', path: 'web' };

const fieldsOf = (...args: Parameters<typeof ineffectiveFields>) =>
  ineffectiveFields(...args).map(({ field }) => field);

describe('a field without an effect', () => {
  it.each<[Partial<Source>, string[]]>([
    [{}, []],
    [{ helm: { valueFiles: ['a.yaml'] } }, []],
    [{ helm: { version: 'v3' } }, ['spec.source.helm.version']],
    [{ kustomize: { version: 'v4.4.0', namePrefix: 'a-' } }, ['spec.source.kustomize.version']],
    [{ directory: { recurse: true, jsonnet: { tlas: [{ name: 'a', value: 'b' }], libs: ['lib'] } } }, []],
    [{ tagPrefix: 'web/', targetRevision: '1.*' }, []],
  ])('of the source %j is %j', (source, expected) => {
    expect(fieldsOf({ source: { ...GIT, ...source } })).toEqual(expected);
  });

  it('is a tag’s prefix of a chart, named by its place in the list', () => {
    const chart = { repoURL: 'https://charts.example.com', chart: 'web', targetRevision: '1.0.0', tagPrefix: 'a' };
    expect(fieldsOf({ sources: [GIT, chart] })).toEqual(['spec.sources[1].tagPrefix']);
  });

  it('is every block of a source that only lends its files', () => {
    const lent: Source = { repoURL: GIT.repoURL, ref: 'values', helm: { valueFiles: ['a.yaml'] }, kustomize: {} };
    expect(fieldsOf({ sources: [GIT, lent] })).toEqual(['spec.sources[1].helm', 'spec.sources[1].kustomize']);
  });

  it('is one that no source has, with its path', () => {
    const source = {
      ...GIT,
      helm: { valueFile: 'a.yaml', valuesObject: { any: { thing: 1 } }, parameters: [{ name: 'a', val: 'b' }] },
      kustomize: { patches: [{ target: { kind: 'A' }, patchs: 'x' }], commonLabels: { any: 'label' } },
      directory: { jsonnet: {}, include: '*' },
      plugins: null,
    };
    expect(ineffectiveFields({ source: JSON.parse(JSON.stringify(source)) })).toEqual(
      ['helm.valueFile', 'helm.parameters[0].val', 'kustomize.patches[0].patchs', 'plugins'].map((field) => ({
        field: `spec.source.${field}`,
        reason: 'sources of Applications have no such field',
      })),
    );
  });

  it('is the block of a tool that argocd-cm switches off, with the setting’s name', () => {
    const source: Source = { ...GIT, kustomize: { namePrefix: 'a-' } };
    expect(ineffectiveFields({ source }, ['Helm'])).toEqual([]);
    const [found] = ineffectiveFields({ source }, ['Kustomize']);
    expect(found).toMatchObject({
      field: 'spec.source.kustomize',
      reason: expect.stringContaining('kustomize.enable of argocd-cm'),
    });
  });
});
