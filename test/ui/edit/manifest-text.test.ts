import { describe, expect, it } from 'vitest';
import { changeManifest, manifestTextOf, readManifest } from '../../../src/ui/web/edit/manifest-text.ts';

const editable = {
  metadata: { labels: { team: 'a' }, finalizers: ['f'] },
  spec: { project: 'default', syncPolicy: { automated: { prune: true } } },
};

describe('the manifest as a text', () => {
  it('holds what it was written of', () => {
    const text = manifestTextOf(editable, { name: 'web', namespace: 'argocd' });
    expect(text).toContain('kind: Application');
    expect(readManifest(text)).toEqual({ editable });
  });

  it('keeps comments where a switch changes one field, and takes away what is left empty', () => {
    const text = 'metadata:\n  name: web # ours\nspec:\n  project: default\n  syncPolicy:\n    automated: {}\n';
    const without = 'metadata:\n  name: web # ours\nspec:\n  project: default\n';
    expect(changeManifest(text, ['spec', 'syncPolicy', 'automated'], undefined)).toBe(without);
    expect(changeManifest(without, ['spec', 'syncPolicy', 'automated'], {})).toBe(text);
    expect(changeManifest(text, ['spec', 'syncPolicy', 'retry', 'limit'], 3)).toContain('retry:\n      limit: 3');
  });

  it('takes numbers among labels for texts', () => {
    expect(readManifest('metadata: { labels: { a: 1 } }\nspec: {}\n')).toMatchObject({
      editable: { metadata: { labels: { a: '1' } } },
    });
  });

  it.each([
    ['kind: Application\nspec: 3\n', 2],
    ['kind: Application\n', 1],
  ])('%j has no spec, and says where', (text, line) => {
    expect(readManifest(text)).toMatchObject({ problem: { line } });
  });

  it('leaves what is no YAML to the editor, and as it is', () => {
    expect(readManifest('a: [')).toEqual({ problem: undefined });
    expect(changeManifest('a: [', ['spec'], 1)).toBe('a: [');
  });
});
