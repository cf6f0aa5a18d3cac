import { describe, expect, it } from 'vitest';
import type { KustomizeSource } from '../../src/application/types.ts';
import { expandKustomizeBlock } from '../../src/source/kustomize-block.ts';

const ENVIRONMENT = { ARGOCD_APP_NAME: 'web', ARGOCD_APP_REVISION: '0123abc' };

const expand = (block: KustomizeSource, path = 'overlays/dev') =>
  expandKustomizeBlock(block, ENVIRONMENT, path, 'spec.source.kustomize');

describe("an Application's kustomize block", () => {
  // Argo CD: util/kustomize/kustomize.go, Build.
  it.each<[title: string, block: KustomizeSource, expanded: KustomizeSource]>([
    ['images', { images: ['app:$ARGOCD_APP_REVISION'] }, { images: ['app:0123abc'] }],
    ['common labels', { commonLabels: { a: '$ARGOCD_APP_NAME-x' } }, { commonLabels: { a: 'web-x' } }],
    [
      'common annotations that ask for it',
      { commonAnnotations: { a: '$ARGOCD_APP_NAME', b: '$$x' }, commonAnnotationsEnvsubst: true },
      { commonAnnotations: { a: 'web', b: '$x' } },
    ],
  ])('knows the build environment in %s', (_, block, expanded) => {
    expect(expand(block)).toMatchObject(expanded);
  });

  it.each<[title: string, block: KustomizeSource]>([
    ['common annotations', { commonAnnotations: { a: '$ARGOCD_APP_NAME' } }],
    ['the prefix', { namePrefix: '$ARGOCD_APP_NAME-' }],
    ['the namespace', { namespace: '$ARGOCD_APP_NAME' }],
    ['patches', { patches: [{ patch: '$ARGOCD_APP_NAME' }] }],
  ])('leaves %s as they are', (_, block) => {
    expect(expand(block)).toMatchObject(block);
  });

  it.each<[title: string, block: KustomizeSource, error: object]>([
    [
      'an image without anything new',
      { images: ['a:1', 'nginx'] },
      {
        code: 'RenderFailed',
        message: expect.stringMatching(/^spec\.source\.kustomize\.images\[1\]: the image 'nginx' /),
      },
    ],
    [
      'an image of which nothing is left',
      { images: ['nginx$UNKNOWN'] },
      { code: 'RenderFailed', message: expect.stringContaining("from 'nginx$UNKNOWN'") },
    ],
    [
      'a component outside the repository',
      { components: ['../more', '../../../x'] },
      { code: 'PathEscapes', message: expect.stringContaining('spec.source.kustomize.components[1]: ../../../x') },
    ],
    [
      'a component outside the repository, also where missing ones are ignored',
      { components: ['../../../x'], ignoreMissingComponents: true },
      { code: 'PathEscapes' },
    ],
  ])('refuses %s', (_, block, error) => {
    expect(() => expand(block)).toThrow(expect.objectContaining(error));
  });

  it('lets components of other repositories pass', () => {
    const components = ['https://github.com/org/repo//more?ref=v1', 'github.com/org/repo'];
    expect(expand({ components }, '').components).toEqual(components);
  });
});
