// The draft of a change: what counts as changed, what somebody else has changed meanwhile, and which files a render sees.

import { describe, expect, it } from 'vitest';
import type { ChangeableSource, ChangeInput } from '../../../src/operation/application-changes.ts';
import {
  editsOf,
  filesOf,
  keyOf,
  overtaken,
  parseDraft,
  parseKey,
  withoutCommitted,
  withText,
} from '../../../src/ui/web/try/draft.ts';
import { locateProblem } from '../../../src/ui/web/try/locate-problem.ts';

function source(texts: Readonly<Record<string, string>>, more: Partial<ChangeableSource> = {}): ChangeableSource {
  return {
    source: { repoURL: 'https://git.test/a' },
    revision: 'a'.repeat(40),
    path: 'app',
    field: 'spec.source',
    type: 'Helm',
    tree: { texts, binaries: {}, noFiles: [], folders: {}, links: {}, hasLinks: true },
    charts: [],
    urls: [],
    remoteFiles: [],
    remoteTrees: [],
    editable: Object.keys(texts),
    isWritable: true,
    ...more,
  };
}

function input(...sources: readonly ChangeableSource[]): ChangeInput {
  const context = {
    appName: 'app',
    appNamespace: 'argocd',
    project: 'default',
    namespace: '',
    kubeVersion: 'v1.34.1',
    apiVersions: [],
  };
  return { context, nowMs: 0, lookups: [], generates: false, sources };
}

const VALUES = { source: 0, path: 'app/values.yaml' };
const ONE = input(source({ 'app/values.yaml': 'a: 1\n', 'app/other.yaml': 'b: 1\n' }));

describe('a draft', () => {
  it('holds what differs from the revision, and lets go of what was taken back', () => {
    const draft = withText({}, ONE, VALUES, 'a: 2\n');
    expect(draft).toEqual({ '0:app/values.yaml': { text: 'a: 2\n', before: 'a: 1\n' } });
    expect(withText(draft, ONE, VALUES, 'a: 1\n')).toEqual({});
  });

  it('is over when Git has it, and tells when Git has something else', () => {
    const draft = withText({}, ONE, VALUES, 'a: 2\n');
    expect(withoutCommitted(draft, input(source({ 'app/values.yaml': 'a: 2\n' })))).toEqual({});
    const moved = input(source({ 'app/values.yaml': 'a: 3\n' }));
    expect(withoutCommitted(draft, moved)).toEqual(draft);
    expect(overtaken(draft, moved)).toEqual([VALUES]);
    expect(overtaken(draft, ONE)).toEqual([]);
  });

  it('is seen by every source that reads the same commit, and committed by its own', () => {
    const other = { source: { repoURL: 'https://git.test/a', ref: 'values' } };
    const elsewhere = { source: { repoURL: 'https://git.test/b' } };
    const three = input(source({ 'app/values.yaml': '' }), source({}, other), source({}, elsewhere));
    const draft = withText({}, three, VALUES, 'a: 2\n');
    const files = { 'app/values.yaml': 'a: 2\n' };
    expect(editsOf(draft, three)).toEqual({ 0: files, 1: files });
    expect(filesOf(draft, 0)).toEqual(files);
    expect(filesOf(draft, 1)).toEqual({});
  });

  it.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['a list', '[1]'],
    ['files without a source', '{"values.yaml":{"text":"a","before":"b"}}'],
    ['files without a text', '{"0:a":{"before":"b"}}'],
  ])('that was kept as %s is empty', (_, text) => {
    expect(parseDraft(text)).toEqual({});
  });

  it('comes back as it was kept', () => {
    const draft = withText({}, ONE, VALUES, 'a: 2\n');
    expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
  });

  it.each(['0:a/b.yaml', '12:a:b.yaml'])('names a file as the address has it: %s', (key) => {
    const file = parseKey(key);
    expect(file && keyOf(file)).toBe(key);
  });

  it.each(['a.yaml', ':a', '0:', '-1:a'])('knows that %s names no file', (key) => {
    expect(parseKey(key)).toBeUndefined();
  });
});

describe('the place of a problem', () => {
  const chart = source({ 'app/templates/a.yaml': '', 'app/values.yaml': '', 'env/dev.yaml': '' });
  it.each([
    ['a path in the repository', 'env/dev.yaml', { source: 0, path: 'env/dev.yaml' }],
    ['a path in a chart of another name', 'web/templates/a.yaml', { source: 0, path: 'app/templates/a.yaml' }],
    ['a file that may not be edited', 'web/charts/b/templates/a.yaml', undefined],
    ['nothing', undefined, undefined],
  ])('is found for %s', (_, file, found) => {
    expect(locateProblem(input(chart), file)).toEqual(found);
  });

  it('is nowhere where it could be in two places', () => {
    expect(locateProblem(input(chart, chart), 'web/templates/a.yaml')).toBeUndefined();
  });
});
