import { describe, expect, it } from 'vitest';
import { isApplicationNamespace } from '../../src/application/application-namespaces.ts';

describe('isApplicationNamespace', () => {
  it.each<[namespace: string, patterns: readonly string[], expected: boolean]>([
    ['argocd', [], true],
    ['team-a', [], false],
    ['team-a', ['team-*'], true],
    ['kube-system', ['team-*', 'ops'], false],
    ['ops-1', ['/^ops-[0-9]+$/'], true],
    ['ops-x', ['/^ops-[0-9]+$/'], false],
    ['my-ops-1', ['/ops/'], true],
    ['ops', ['/(/'], false],
  ])('%s with %j: %s', (namespace, patterns, expected) => {
    expect(isApplicationNamespace(namespace, 'argocd', patterns)).toBe(expected);
  });
});
