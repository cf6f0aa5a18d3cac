import { describe, expect, it } from 'vitest';
import { type DriftEntry, shortenFields, withEntry } from '../../src/operation/drift-record.ts';

const entry = (more: Partial<DriftEntry> = {}): DriftEntry => ({
  ...{ at: '2026-11-23T14:00:00Z', by: 'kim', manager: 'kubectl-edit', operation: 'UPDATE' },
  ...{ group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings' },
  fields: [{ path: '/data/key', before: 'a', after: 'b' }],
  ...more,
});

describe('the record of drift', () => {
  it('counts what says the same again, with the newest time and values', () => {
    const later = entry({ at: '2026-11-23T15:00:00Z', fields: [{ path: '/data/key', before: 'a', after: 'c' }] });
    expect([entry(), entry(), later].reduce(withEntry, [])).toEqual([{ ...later, times: 3 }]);
  });

  it.each<[string, Partial<DriftEntry>]>([
    ['somebody else', { by: 'lee' }],
    ['another tool', { manager: 'kubectl-patch' }],
    ['another object', { name: 'other' }],
    ['another field', { fields: [{ path: '/data/other', after: 'b' }] }],
    ['a deletion', { operation: 'DELETE', fields: [] }],
  ])('has an entry of its own for %s', (_, other) => {
    expect([entry(), entry(other)].reduce(withEntry, [])).toHaveLength(2);
  });

  it('drops the oldest', () => {
    const entries = Array.from({ length: 30 }, (_, index) => entry({ name: `c${index}` })).reduce(
      withEntry,
      [] as readonly DriftEntry[],
    );
    expect(entries.map(({ name }) => name)).toEqual(Array.from({ length: 20 }, (_, index) => `c${index + 10}`));
  });

  it('keeps so many fields of a write, and so much of a value', () => {
    const fields = Array.from({ length: 25 }, (_, index) => ({ path: `/data/${index}`, after: 'x'.repeat(1_000) }));
    const kept = shortenFields(fields);
    expect(kept.moreFields).toBe(5);
    expect(kept.fields).toHaveLength(20);
    expect(kept.fields[0]?.after).toBe(`${'x'.repeat(300)}…`);
  });
});
