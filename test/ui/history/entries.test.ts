import { expect, it } from 'vitest';
import type { Application, RevisionHistory } from '../../../src/application/types.ts';
import { entriesOf, isOfSameSources, specOf } from '../../../src/ui/web/history/entries.ts';

const source = { repoURL: 'r', path: 'p', targetRevision: 'main' };
const entry = (id: number, more: Partial<RevisionHistory> = {}): RevisionHistory => ({
  ...{ id, revision: `rev${id}`, source, deployedAt: '2026-01-01T00:00:10Z', deployStartedAt: '2026-01-01T00:00:00Z' },
  ...more,
});
const appWith = (history: readonly RevisionHistory[], spec: object = { project: 'default', source }) =>
  ({ spec, status: { history } }) as unknown as Application;

it('lists the newest first, each with the one before it and how long it took', () => {
  const { deployStartedAt: _, ...unknownStart } = entry(4);
  const shown = entriesOf(appWith([entry(3), unknownStart]));
  expect(shown.map(({ entry: { id }, isCurrent, before, tookS }) => [id, isCurrent, before?.id, tookS])).toEqual([
    [4, true, 3, undefined],
    [3, false, undefined, 10],
  ]);
});

it('knows the spec of then: its source at its revision, and everything else as it is now', () => {
  expect(specOf(appWith([]), entry(1))).toEqual({ project: 'default', source: { ...source, targetRevision: 'rev1' } });
  const several = entry(2, { sources: [source, { repoURL: 's', ref: 'v' }], revisions: ['a', 'b'] });
  expect(specOf(appWith([]), several)).toEqual({
    project: 'default',
    sources: [
      { ...source, targetRevision: 'a' },
      { repoURL: 's', ref: 'v', targetRevision: 'b' },
    ],
  });
});

it('takes another revision of the same source for the same source', () => {
  const app = appWith([], { source: { targetRevision: 'v2', path: 'p', repoURL: 'r' } });
  expect(isOfSameSources(app, entry(1))).toBe(true);
  expect(isOfSameSources(app, entry(1, { source: { ...source, helm: { values: 'a: 1' } } }))).toBe(false);
});
