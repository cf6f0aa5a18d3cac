import { describe, expect, it } from 'vitest';
import { kubernetesRequestOf } from '../../src/operation/kubernetes-request.ts';
import { gitRequestOf, registryRequestOf } from '../../src/operation/request-kinds.ts';

describe('a request to an API server', () => {
  it.each([
    ['GET', '/api/v1/namespaces/a/pods/p', ['Get', 'pods', 'a', false]],
    ['GET', '/api/v1/namespaces/a/pods', ['List', 'pods', 'a', false]],
    ['GET', '/apis/apps/v1/deployments?watch=true&x=1', ['Watch', 'deployments', '', false]],
    ['GET', '/api/v1/namespaces/a', ['Get', 'namespaces', '', false]],
    ['POST', '/apis/apps/v1/namespaces/a/deployments?dryRun=All', ['Create', 'deployments', 'a', true]],
    ['PATCH', '/apis/apps/v1/namespaces/a/deployments/d/scale', ['Patch', 'deployments', 'a', false]],
    ['PUT', '/apis/argoproj.io/v1alpha1/namespaces/a/applications/x', ['Update', 'applications', 'a', false]],
    ['DELETE', '/api/v1/nodes/n', ['Delete', 'nodes', '', false]],
    ['DELETE', '/api/v1/namespaces/a/secrets', ['DeleteCollection', 'secrets', 'a', false]],
    ['GET', '/version', ['Unknown', '', '', false]],
    ['GET', '/apis/apps/v1', ['Unknown', '', '', false]],
  ] as const)('%s %s is %j', (method, path, [verb, kind, namespace, isDryRun]) => {
    expect(kubernetesRequestOf(path, { method })).toEqual({ verb, kind, namespace, isDryRun });
  });
});

describe('a request to a Git server', () => {
  const URL = 'https://bot:secret@Git.example.com/team/deploy.git';
  it.each([
    ['a discovery', `${URL}/info/refs?service=git-upload-pack`, undefined, 'ls-remote', ''],
    ['a listing', `${URL}/git-upload-pack`, '0014command=ls-refs\n', 'ls-remote', ''],
    ['a fetch', `${URL}/git-upload-pack`, `0011command=fetch00010032want ${'a'.repeat(40)}\n`, 'fetch', 'a'.repeat(40)],
  ] as const)('is %s, of a repository without its password', (_, url, body, type, revision) => {
    const asked = gitRequestOf(url, body === undefined ? {} : { body });
    expect(asked).toEqual({ repo: 'https://git.example.com/team/deploy', type, revision });
  });

  it('is nothing else', () => {
    expect(gitRequestOf('https://git.example.com/api/v1/repos', {})).toBeUndefined();
    expect(registryRequestOf('https://charts.example.com/index.yaml')).toBeUndefined();
    expect(registryRequestOf('https://ghcr.io/v2/team/chart/manifests/1.0.0')).toEqual({
      ...{ repo: 'oci://ghcr.io/team/chart', type: 'resolve-revision' },
    });
  });
});
