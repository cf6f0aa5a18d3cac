import { describe, expect, it } from 'vitest';
import { checkSourceFields, parseSource } from '../../src/source/source-fields.ts';

describe('the fields of a source', () => {
  it.each<[title: string, source: unknown]>([
    ['nothing', {}],
    ['null in every place', { helm: null, kustomize: { images: null, commonLabels: { a: null } } }],
    ['fields that are not known', { helm: { unknown: 5 }, more: [], constructor: 5 }],
    [
      'counts as numbers and as text',
      {
        kustomize: {
          replicas: [
            { name: 'a', count: 2 },
            { name: 'b', count: '3' },
          ],
        },
      },
    ],
    ['anything in an object of values', { helm: { valuesObject: { a: [1, { b: true }] } } }],
    [
      'patches',
      { kustomize: { patches: [{ path: 'a.yaml', target: { kind: 'A' }, options: { allowNameChange: true } }] } },
    ],
  ])('may be %s', (_, source) => {
    expect(() => checkSourceFields(source, 'spec.source', 'InvalidInput')).not.toThrow();
  });

  it.each<[source: unknown, message: string]>([
    [{ kustomize: { images: 'nginx:1' } }, 'kustomize.images: a list is expected, not "nginx:1"'],
    [{ kustomize: { images: [1] } }, 'kustomize.images[0]: a text is expected, not 1'],
    [{ kustomize: { commonLabels: { a: true } } }, 'kustomize.commonLabels.a: a text is expected, not true'],
    [
      { kustomize: { replicas: [{ name: 'a', count: 'x' }] } },
      'kustomize.replicas[0].count: a whole number is expected, not "x"',
    ],
    [{ helm: { parameters: [{ name: 'a', value: 5 }] } }, 'helm.parameters[0].value: a text is expected, not 5'],
    [{ helm: { parameters: { a: 'b' } } }, 'helm.parameters: a list is expected, not a mapping'],
    [{ helm: [] }, 'helm: a mapping is expected, not a list'],
    [{ directory: { recurse: 'true' } }, 'directory.recurse: true or false is expected, not "true"'],
  ])('may not be %j', (source, message) => {
    expect(() => checkSourceFields(source, 'spec.source', 'InvalidInput')).toThrow(`spec.source.${message}`);
    expect(() => checkSourceFields(source, 'a/.argocd-source.yaml', 'RenderFailed')).toThrow(
      expect.objectContaining({ message, place: { file: 'a/.argocd-source.yaml' } }),
    );
  });
});

describe('a source as it is read', () => {
  const repoURL = 'https://git.example.com/a';

  it('has no null', () => {
    const source = {
      repoURL,
      path: null,
      helm: null,
      kustomize: { images: [null], commonLabels: { a: null }, replicas: [null, { count: 2 }], namePrefix: null },
      unknown: null,
      more: { a: null },
    };
    expect(parseSource(source as never, 'spec.source')).toEqual({
      repoURL,
      kustomize: { images: [''], commonLabels: { a: '' }, replicas: [{ name: '' }, { name: '', count: 2 }] },
      more: { a: null },
    });
  });

  it('stays as it is without', () => {
    const source = {
      repoURL,
      path: 'a',
      helm: { valuesObject: { a: [null] }, parameters: [{ name: 'a' }] },
      plugin: { name: 'x' },
    };
    expect(parseSource(source, 'spec.source')).toEqual(source);
  });

  it('is refused with its field', () => {
    expect(() => parseSource({ repoURL, helm: { skipCrds: 'yes' } } as never, 'spec.sources[1]')).toThrow(
      expect.objectContaining({
        code: 'InvalidInput',
        message: 'spec.sources[1].helm.skipCrds: true or false is expected, not "yes"',
      }),
    );
  });
});
