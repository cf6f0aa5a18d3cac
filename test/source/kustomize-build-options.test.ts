import { describe, expect, it } from 'vitest';
import { parseKustomizeBuildOptions } from '../../src/source/kustomize-build-options.ts';

describe('kustomize.buildOptions', () => {
  it.each([
    ['', {}],
    ['   ', {}],
    ['--load-restrictor LoadRestrictionsNone', { loadRestrictor: 'none' }],
    ['--load-restrictor=LoadRestrictionsNone', { loadRestrictor: 'none' }],
    ['--load-restrictor LoadRestrictionsRootOnly', {}],
    ['--load-restrictor LoadRestrictionsNone --load-restrictor LoadRestrictionsRootOnly', {}],
    ['--enable-helm --load-restrictor  LoadRestrictionsNone\n', { loadRestrictor: 'none' }],
    ['--enable-alpha-plugins --enable-exec=true --as-current-user --network --stack-trace', {}],
    ['-e A=b --env=B=c --mount type=bind --network-name x --helm-command /x/helm --helm-debug', {}],
    ['--reorder none', { reorder: 'none' }],
    ['--reorder=legacy', { reorder: 'legacy' }],
    ['--enable-managedby-label', { managedByLabel: true }],
    ['--enable-managedby-label=false', {}],
    ['--helm-api-versions a/v1 --helm-api-versions=b/v1', { helmApiVersions: ['a/v1', 'b/v1'] }],
    ['--helm-kube-version 1.30', { helmKubeVersion: '1.30' }],
  ])('reads %j', (text, options) => {
    expect(parseKustomizeBuildOptions(text)).toEqual(options);
  });

  it.each([
    ['--bogus', 'unknown flag: --bogus'],
    ['--constructor', 'unknown flag: --constructor'],
    ['-v 6', 'unknown flag: -v'],
    ['overlay', "'overlay' is no flag"],
    ['--enable-helm true', "'true' is no flag"],
    ['--load-restrictor', 'flag needs an argument: --load-restrictor'],
    ['--load-restrictor none', 'illegal flag value --load-restrictor none'],
    ['--reorder x', 'illegal flag value --reorder x'],
    ['--enable-helm=maybe', 'invalid argument "maybe" for "--enable-helm" flag'],
    ['--output /tmp', '--output would leave nothing to deploy'],
    ['-o/tmp', '-o/tmp would leave nothing to deploy'],
  ])('refuses %j', (text, message) => {
    expect(() => parseKustomizeBuildOptions(text)).toThrow(
      expect.objectContaining({
        code: 'InvalidInput',
        message: expect.stringContaining(`argocd-cm: kustomize.buildOptions: ${message}`),
        data: { condition: 'ComparisonError' },
      }),
    );
  });
});
