import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from '../../../src/base/json-patch.ts';
import { type Editable, isOvertaken, isSame, patchOf } from '../../../src/ui/web/edit/spec-patch.ts';

const base: Editable = { metadata: { labels: { team: 'a' } }, spec: { project: 'default', source: { path: 'x' } } };
const objectOf = (editable: Editable, status: unknown = {}) => ({ ...structuredClone(editable), status });

describe('the patch of an edited Application', () => {
  it.each<[string, Editable]>([
    ['another spec', { ...base, spec: { ...base.spec, project: 'other' } }],
    ['another label', { ...base, metadata: { labels: { team: 'b' } } }],
    ['no labels any more', { ...base, metadata: {} }],
    ['its first annotation', { ...base, metadata: { ...base.metadata, annotations: { a: 'b' } } }],
    ['finalizers', { ...base, metadata: { ...base.metadata, finalizers: ['f'] } }],
  ])('makes %s of what was there, whatever the status has become', (_, wanted) => {
    const patched = applyJsonPatch(objectOf(base, { health: 'other' }), patchOf(base, wanted));
    expect(patched).toEqual(objectOf(wanted, { health: 'other' }));
  });

  it('is empty where nothing differs, in whatever order', () => {
    const same = {
      metadata: { labels: { team: 'a' }, annotations: {} },
      spec: { source: { path: 'x' }, project: 'default' },
    };
    expect(patchOf(base, same)).toEqual([]);
  });

  it('does not fit where somebody else has changed the same part', () => {
    const wanted = { ...base, spec: { project: 'mine' } };
    const theirs = { ...base, spec: { project: 'theirs' } };
    expect(() => applyJsonPatch(objectOf(theirs), patchOf(base, wanted))).toThrow('does not fit');
    expect(isOvertaken(base, theirs, wanted)).toBe(true);
  });

  it('fits where somebody else has changed another part', () => {
    const wanted = { ...base, metadata: { labels: { team: 'mine' } } };
    const theirs = { ...base, spec: { project: 'theirs' } };
    expect(applyJsonPatch(objectOf(theirs), patchOf(base, wanted))).toMatchObject({
      metadata: { labels: { team: 'mine' } },
      spec: { project: 'theirs' },
    });
    expect(isOvertaken(base, theirs, wanted)).toBe(false);
  });

  it('takes a first annotation that somebody else has made meanwhile for a conflict', () => {
    const mine = { ...base, metadata: { ...base.metadata, annotations: { a: 'mine' } } };
    const theirs = { ...base, metadata: { ...base.metadata, annotations: { b: 'theirs' } } };
    expect(isOvertaken(base, theirs, mine)).toBe(true);
  });
});

it('what is undefined is not there', () => {
  expect(isSame({ a: undefined, b: [1] }, { b: [1] })).toBe(true);
  expect(isSame({ b: [1, 2] }, { b: [2, 1] })).toBe(false);
});
