import { describe, expect, it } from 'vitest';
import { buildEnvironment, substitute } from '../../src/source/build-environment.ts';

const ENVIRONMENT = { NAME: 'web', EMPTY: '', A_1: 'one' };

describe('substituting the build environment', () => {
  // Expected values are those of Go's os.Expand with Argo CD's mapping.
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are what is tested.
  it.each([
    ['$NAME', 'web'],
    ['${NAME}', 'web'],
    ['a-$NAME-b', 'a-web-b'],
    ['$NAMEx', ''],
    ['${NAME}x', 'webx'],
    ['$A_1.x', 'one.x'],
    ['$EMPTY!', '!'],
    ['$UNKNOWN', ''],
    ['$$NAME', '$NAME'],
    ['$$$NAME', '$web'],
    ['${$}', '$'],
    ['100$', '100$'],
    ['$ 5', '$ 5'],
    ['$/x', '$/x'],
    ['$1x', 'x'],
    ['${}x', 'x'],
    ['${NAME', 'NAME'],
    ['$constructor', ''],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are what is tested.
  ])('%s becomes %j', (text, expected) => {
    expect(substitute(text, ENVIRONMENT)).toBe(expected);
  });
});

describe('the build environment', () => {
  it('holds what Argo CD puts into it', () => {
    const source = { repoURL: 'https://git.example.com/a.git', path: 'chart', targetRevision: 'main' };
    const context = {
      appName: 'web',
      appNamespace: 'argocd',
      project: 'default',
      namespace: 'shop',
      kubeVersion: 'v1.34.1',
      apiVersions: ['v1', 'apps/v1'],
    };
    expect(buildEnvironment({ source, revision: '0123456789abcdef' }, context)).toEqual({
      ARGOCD_APP_NAME: 'web',
      ARGOCD_APP_NAMESPACE: 'shop',
      ARGOCD_APP_PROJECT_NAME: 'default',
      ARGOCD_APP_REVISION: '0123456789abcdef',
      ARGOCD_APP_REVISION_SHORT: '0123456',
      ARGOCD_APP_REVISION_SHORT_8: '01234567',
      ARGOCD_APP_SOURCE_PATH: 'chart',
      ARGOCD_APP_SOURCE_REPO_URL: 'https://git.example.com/a.git',
      ARGOCD_APP_SOURCE_TARGET_REVISION: 'main',
      KUBE_VERSION: '1.34.1',
      KUBE_API_VERSIONS: 'v1,apps/v1',
    });
  });
});
