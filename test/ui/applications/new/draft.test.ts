import { describe, expect, it } from 'vitest';
import { cutDraft, editAll, editDraft, parseDraft } from '../../../../src/ui/web/applications/new/draft.ts';
import { firstDraft, prefillOf } from '../../../../src/ui/web/applications/new/prefill.ts';

function given(values: Readonly<Record<string, string>>) {
  return (key: string) => values[key];
}

const EMPTY = firstDraft(given({}), 'argocd');

describe('the draft of an Application', () => {
  it('keeps comments and what the form does not know when a field is changed', () => {
    const text = '# ours\nspec:\n  source:\n    repoURL: https://a.example.com/x # the one\n    unknown: 1\n';
    expect(editDraft(text, ['spec', 'source', 'repoURL'], 'https://b.example.com/x')).toBe(
      '# ours\nspec:\n  source:\n    repoURL: https://b.example.com/x # the one\n    unknown: 1\n',
    );
  });

  it('takes out what is left empty around a value that goes, and leaves what is to be filled in', () => {
    const on = editAll(EMPTY, [
      [['spec', 'source', 'helm', 'releaseName'], 'web'],
      [['spec', 'syncPolicy', 'automated'], {}],
      [['spec', 'syncPolicy', 'automated', 'prune'], true],
    ]);
    const off = editAll(on, [
      [['spec', 'source', 'helm', 'releaseName'], ''],
      [['spec', 'syncPolicy', 'automated', 'prune'], false],
      [['metadata', 'name'], ''],
    ]);
    const { value } = parseDraft(off);
    expect(value).toMatchObject({ metadata: { name: '' }, spec: { syncPolicy: { automated: {} } } });
    expect(off).not.toContain('helm');
    expect(cutDraft(off, ['spec', 'syncPolicy', 'automated'])).toBe(EMPTY);
  });

  it('makes a map of what has no value yet', () => {
    const text = 'spec:\n  source:\n    helm:\n';
    expect(editDraft(text, ['spec', 'source', 'helm', 'valueFiles'], ['a.yaml'])).toBe(
      'spec:\n  source:\n    helm:\n      valueFiles:\n        - a.yaml\n',
    );
  });

  it('writes what is filled in as people write it', () => {
    const text = editAll(EMPTY, [
      [['metadata', 'name'], 'web'],
      [['spec', 'syncPolicy', 'automated'], {}],
      [['spec', 'syncPolicy', 'automated', 'prune'], true],
      [['spec', 'destination', 'namespace'], 'true'],
    ]);
    expect(text).toContain('  name: web\n');
    expect(text).toContain('    automated:\n      prune: true\n');
    expect(text).toContain('    namespace: "true"\n');
  });

  it('writes several lines as several lines', () => {
    expect(editDraft('spec:\n  a: 1\n', ['spec', 'values'], 'a: 1\nb: 2\n')).toContain('values: |');
  });

  it.each([
    ['a: [1', 1],
    ['spec:\n  a: 1\n   b: 2\n', 2],
    ['- a\n', 1],
  ])('says where %j cannot be read', (text, line) => {
    const { value, problems } = parseDraft(text);
    expect(value).toBeUndefined();
    expect(problems[0]?.line).toBe(line);
    expect(problems[0]?.message).not.toContain('\n');
  });
});

describe('what a new Application begins as', () => {
  it('is what a link says', () => {
    const link = given({ new: '1', name: 'web', repoURL: 'https://g.example.com/a/b', path: 'x', destination: 'web' });
    expect(prefillOf(link)).toContain('https://g.example.com/a/b');
    expect(parseDraft(firstDraft(link, 'argocd')).value).toMatchObject({
      metadata: { name: 'web', namespace: 'argocd' },
      spec: {
        source: { repoURL: 'https://g.example.com/a/b', path: 'x', targetRevision: 'HEAD' },
        destination: { namespace: 'web' },
      },
    });
  });

  it('is a chart where the link names one', () => {
    const { value } = parseDraft(
      firstDraft(given({ chart: 'nginx', targetRevision: '1.2.3', cluster: 'prd' }), 'argocd'),
    );
    expect(value).toMatchObject({
      spec: { source: { chart: 'nginx', targetRevision: '1.2.3' }, destination: { name: 'prd' } },
    });
    expect(value).not.toHaveProperty('spec.source.path');
    expect(value).not.toHaveProperty('spec.destination.server');
  });

  it('is the Application of a link of Argo CD’s', () => {
    const json = JSON.stringify({
      metadata: { name: 'web' },
      spec: { sources: [{ repoURL: 'a' }], destination: { name: 'prd' } },
    });
    const { value } = parseDraft(firstDraft(given({ new: json }), 'argocd'));
    expect(value).toMatchObject({ metadata: { name: 'web', namespace: 'argocd' }, spec: { project: 'default' } });
    expect(value).toHaveProperty('spec.sources', [{ repoURL: 'a' }]);
    expect(value).not.toHaveProperty('spec.source');
    expect(value).toHaveProperty('spec.destination', { name: 'prd' });
  });

  it('is empty where the link is no JSON', () => {
    expect(firstDraft(given({ new: '{"a' }), 'argocd')).toBe(EMPTY);
    expect(prefillOf(given({ new: '1' }))).toBe('');
  });
});
