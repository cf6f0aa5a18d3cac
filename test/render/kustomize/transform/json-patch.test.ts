import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/base/json.ts';
import { applyJsonPatch, parseJsonPatch } from '../../../../src/render/kustomize/transform/json-patch.ts';

const DOCUMENT = '{"a": {"b": [1, 2, 3]}, "x/y": {"~": 1}}';

function patched(...operations: Record<string, Json>[]): Json {
  return applyJsonPatch(JSON.parse(DOCUMENT), parseJsonPatch(JSON.stringify(operations)), () => undefined);
}

describe('a JSON patch', () => {
  it.each<[string, Record<string, Json>, Json]>([
    ['adds to a mapping', { op: 'add', path: '/a/c', value: 1 }, { b: [1, 2, 3], c: 1 }],
    ['adds before an element', { op: 'add', path: '/a/b/1', value: 9 }, { b: [1, 9, 2, 3] }],
    ['adds at the end', { op: 'add', path: '/a/b/-', value: 9 }, { b: [1, 2, 3, 9] }],
    ['counts from the end', { op: 'add', path: '/a/b/-1', value: 9 }, { b: [1, 2, 3, 9] }],
    ['removes an element', { op: 'remove', path: '/a/b/0' }, { b: [2, 3] }],
    ['removes the last element', { op: 'remove', path: '/a/b/-1' }, { b: [1, 2] }],
    ['replaces', { op: 'replace', path: '/a/b', value: 'z' }, { b: 'z' }],
    ['replaces what is not there', { op: 'replace', path: '/a/c', value: 'z' }, { b: [1, 2, 3], c: 'z' }],
    ['moves', { op: 'move', from: '/a/b/0', path: '/a/c' }, { b: [2, 3], c: 1 }],
    ['copies', { op: 'copy', from: '/a/b', path: '/a/c' }, { b: [1, 2, 3], c: [1, 2, 3] }],
    ['goes on after a test that holds', { op: 'test', path: '/a/b/1', value: 2 }, { b: [1, 2, 3] }],
    ['takes a missing value as null', { op: 'add', path: '/a/c' }, { b: [1, 2, 3], c: null }],
  ])('%s', (_, operation, expected) => {
    expect(patched(operation)).toMatchObject({ a: expected });
  });

  it('copies by value', () => {
    const result = patched({ op: 'copy', from: '/a/b', path: '/a/c' }, { op: 'add', path: '/a/c/-', value: 4 });
    expect(result).toMatchObject({ a: { b: [1, 2, 3], c: [1, 2, 3, 4] } });
  });

  it('reads escapes in paths', () => {
    expect(patched({ op: 'replace', path: '/x~1y/~0', value: 2 })).toMatchObject({ 'x/y': { '~': 2 } });
  });

  it.each<[string, Record<string, Json>]>([
    ['an unknown operation', { op: 'merge', path: '/a' }],
    ['no path', { op: 'add', value: 1 }],
    ['a parent that is not there', { op: 'add', path: '/q/r', value: 1 }],
    ['an index beyond the list', { op: 'add', path: '/a/b/4', value: 1 }],
    ['an index before the list', { op: 'remove', path: '/a/b/-4' }],
    ['an index that is no number', { op: 'replace', path: '/a/b/x', value: 1 }],
    ['removing what is not there', { op: 'remove', path: '/a/c' }],
    ['a test that fails', { op: 'test', path: '/a/b/0', value: 2 }],
    ['no source of a move', { op: 'move', path: '/a/c' }],
  ])('refuses %s', (_, operation) => {
    expect(() => patched(operation)).toThrow();
  });

  it('may be YAML', () => {
    expect(parseJsonPatch('- op: add\n  path: /a\n  value: yes\n')).toEqual([{ op: 'add', path: '/a', value: true }]);
  });

  it.each([
    ['an empty text', ''],
    ['a mapping', 'op: add'],
    ['JSON that is broken', '[{op: add}]'],
    ['a list of texts', '- add'],
  ])('is not %s', (_, text) => {
    expect(() => parseJsonPatch(text)).toThrow();
  });
});
