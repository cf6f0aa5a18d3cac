import { describe, expect, it } from 'vitest';
import { isBuiltIn, isPerson } from '../../src/operation/writer.ts';

describe('who writes', () => {
  it.each([
    ['kim', 'a person'],
    ['kubernetes-admin', 'a person'],
    ['oidc:kim@example.com', 'a person'],
    ['system:admin', 'a person'],
    ['system:serviceaccount:ci:deployer', 'a program'],
    ['system:serviceaccount:argocd:hawser', 'a program'],
    ['system:anonymous', 'a program'],
    ['system:serviceaccount:kube-system:namespace-controller', 'Kubernetes'],
    ['system:serviceaccount:kube-system:generic-garbage-collector', 'Kubernetes'],
    ['system:kube-controller-manager', 'Kubernetes'],
    ['system:kube-scheduler', 'Kubernetes'],
    ['system:node:worker-1', 'Kubernetes'],
    ['system:apiserver', 'Kubernetes'],
  ])('%s is %s', (username, expected) => {
    const found = isPerson({ username }) ? 'a person' : isBuiltIn({ username }) ? 'Kubernetes' : 'a program';
    expect(found).toBe(expected);
  });
});
