import { describe, expect, it } from 'vitest';
import { maskLocalManifests } from '../../src/compare/mask-manifests.ts';

const secret = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { key: 'aGlkZGVu' } });
const plain = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, data: { key: 'shown' } });
const sync = { revision: 'x', manifests: [secret, plain, 'kind: Secret\ndata: {key: aGlkZGVu}'] };
const application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'app' },
  operation: { sync },
  status: { operationState: { phase: 'Running', operation: { sync } } },
};

describe('an Application with manifests of its own', () => {
  it('is shown without the values of their Secrets, and otherwise as it is', () => {
    const before = structuredClone(application);
    const shown = maskLocalManifests(application);
    expect(application).toEqual(before);
    expect(JSON.stringify(shown)).not.toContain('aGlkZGVu');
    for (const place of [shown.operation.sync, shown.status.operationState.operation.sync]) {
      expect(place.revision).toBe('x');
      expect(JSON.parse(place.manifests[0] ?? '')).toMatchObject({ kind: 'Secret', data: { key: '++++++++' } });
      expect(place.manifests.slice(1)).toEqual([plain, '{}']);
    }
  });

  it.each([
    ['without any', { ...application, operation: { sync: {} }, status: {} }],
    ['of another group', { ...application, apiVersion: 'example.com/v1' }],
  ])('%s is itself', (_, object) => {
    expect(maskLocalManifests(object)).toBe(object);
  });
});
