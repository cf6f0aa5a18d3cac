import { describe, expect, it } from 'vitest';
import { createApplyMemory } from '../../src/kube/apply-memory.ts';
import type { KubeObject } from '../../src/kube/object.ts';

function configMap(name: string, data: Record<string, string>, resourceVersion?: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'n', ...(resourceVersion ? { resourceVersion, uid: 'u' } : {}) },
    data,
  };
}

describe('the memory of applies', () => {
  const target = configMap('a', { k: '1' });

  it('knows the version that an apply of the same has left', () => {
    const memory = createApplyMemory();
    expect(memory.knows(target)).toBe(false);
    memory.remember(target, configMap('a', {}, '7'), 'Strict');
    expect(memory.knows(target)).toBe(true);
    expect(memory.isUnchanged(target, configMap('a', {}, '7'), 'Strict')).toBe(true);
  });

  it.each([
    { title: 'another version', asked: target, version: '8', validation: 'Strict' },
    { title: 'another target', asked: configMap('a', { k: '2' }), version: '7', validation: 'Strict' },
    { title: 'another validation', asked: target, version: '7', validation: 'Ignore' },
    { title: 'another object', asked: configMap('b', { k: '1' }), version: '7', validation: 'Strict' },
  ] as const)('says nothing of $title', ({ asked, version, validation }) => {
    const memory = createApplyMemory();
    memory.remember(target, configMap('a', {}, '7'), 'Strict');
    expect(memory.isUnchanged(asked, configMap('a', {}, version), validation)).toBe(false);
  });

  it('forgets what the server contradicts', () => {
    const memory = createApplyMemory();
    memory.remember(target, configMap('a', {}, '7'), 'Strict');
    memory.forget(target);
    expect(memory.isUnchanged(target, configMap('a', {}, '7'), 'Strict')).toBe(false);
  });

  it('forgets the oldest first, and all when schemas change', () => {
    const memory = createApplyMemory(2);
    for (const name of ['a', 'b', 'a', 'c']) memory.remember(configMap(name, {}), configMap(name, {}, '1'), 'Strict');
    expect(['a', 'b', 'c'].filter((name) => memory.knows(configMap(name, {})))).toEqual(['a', 'c']);
    memory.clear();
    expect(memory.knows(target)).toBe(false);
  });
});
