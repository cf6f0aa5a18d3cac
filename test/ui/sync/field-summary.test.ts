// Fields that change, in few words.

import { describe, expect, it } from 'vitest';
import { fieldPath, summarizeFields } from '../../../src/ui/web/sync/field-summary.ts';

describe('a field', () => {
  it.each([
    ['/spec/replicas', 'spec.replicas'],
    ['/spec/template/spec/containers/0/image', 'spec.template.spec.containers[0].image'],
    ['/metadata/annotations/example.com~1owner', 'metadata.annotations["example.com/owner"]'],
    ['/data/a~0b', 'data.a~b'],
    ['', ''],
  ])('%s is written %s', (pointer, expected) => {
    expect(fieldPath(pointer)).toBe(expected);
  });

  it('is told with its values where they are short', () => {
    const changes = [
      { path: '/spec/replicas', before: 2, after: 3 },
      { path: '/data/text', before: 'a\nb', after: '' },
      { path: '/data/gone', before: 'x'.repeat(60) },
      { path: '/data/more', after: { a: 1 } },
      { path: '/data/password', before: '++++++++', after: '++++++++++++' },
    ];
    expect(summarizeFields(changes, 9)).toEqual([
      { path: 'spec.replicas', before: '2', after: '3' },
      { path: 'data.text', after: '""' },
      { path: 'data.gone', before: `${'x'.repeat(47)}…` },
      { path: 'data.more' },
      { path: 'data.password' },
    ]);
    expect(summarizeFields(changes, 2)).toHaveLength(2);
  });
});
