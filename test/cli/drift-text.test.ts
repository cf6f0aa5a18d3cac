import { describe, expect, it } from 'vitest';
import { formatDrift } from '../../src/cli/drift-text.ts';
import { type DriftEntry, parseEntries } from '../../src/operation/drift-record.ts';

const ENTRY: DriftEntry = {
  ...{ at: '2026-11-23T14:00:00Z', by: 'kim', manager: 'kubectl-edit', operation: 'UPDATE' },
  ...{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' },
  fields: [{ path: '/spec/replicas', before: 1, after: 3 }],
};

describe('what hawser app drift prints', () => {
  it.each([
    ['a change', {}, 'kim  kubectl-edit  apps/Deployment shop/web  /spec/replicas: 1 → 3'],
    ['one that was made again', { times: 4 }, '/spec/replicas: 1 → 3 (4 times)'],
    ['a deletion', { operation: 'DELETE', fields: [] }, 'apps/Deployment shop/web  deleted'],
    ['what was added', { fields: [{ path: '/data/a', after: 'b' }] }, '/data/a: nothing → b'],
    ['more fields than are kept', { moreFields: 5 }, '/spec/replicas: 1 → 3, 5 more'],
  ] as const)('%s', (_, change, expected) => {
    expect(formatDrift([{ ...ENTRY, ...change }])).toContain(expected);
  });

  it('that there is nothing, and how there would be something', () => {
    expect(formatDrift([])).toMatch(/nobody .*hawser install --drift/);
  });

  it('passes over what is no entry', () => {
    expect(parseEntries([ENTRY, 'nonsense', { fields: 1 }, null])).toEqual([ENTRY]);
    expect(parseEntries('nonsense')).toEqual([]);
  });
});
