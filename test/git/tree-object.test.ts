import { describe, expect, it } from 'vitest';
import { hashObject } from '../../src/git/object.ts';
import { formatTreeObject, parseTreeObject, type TreeObjectEntry } from '../../src/git/tree-object.ts';

const ID = '95d09f2b10159347eece71399a7e2e907ea3df4f';

describe('tree objects', () => {
  it('are sorted as Git sorts, a directory as if its name ended in a slash', () => {
    const entries = new Map<string, TreeObjectEntry>([
      ['a', { mode: '40000', id: ID }],
      ['a.yaml', { mode: '100644', id: ID }],
      ['a0', { mode: '100755', id: ID }],
      ['ä', { mode: '120000', id: ID }],
      ['Z', { mode: '160000', id: ID }],
    ]);
    const bytes = formatTreeObject(entries);
    expect([...parseTreeObject(bytes).keys()]).toEqual(['Z', 'a.yaml', 'a', 'a0', 'ä']);
    expect(Object.fromEntries(parseTreeObject(bytes))).toEqual(Object.fromEntries(entries));
  });

  it('have the ids that Git gives them', () => {
    expect(hashObject('tree', new Uint8Array(0))).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
    expect(hashObject('blob', new TextEncoder().encode('hello world'))).toBe(ID);
  });

  it('are refused where they are cut off', () => {
    const bytes = formatTreeObject(new Map([['file', { mode: '100644', id: ID }]]));
    for (const cut of [1, 8, bytes.length - 1]) {
      expect(() => parseTreeObject(bytes.subarray(0, cut))).toThrow(expect.objectContaining({ code: 'GitFailed' }));
    }
  });

  it.each(['', '.', '..', '.git', 'a/b', '../x'])('are refused where an entry is called %j', (name) => {
    const bytes = formatTreeObject(new Map([[name, { mode: '100644', id: ID }]]));
    expect(() => parseTreeObject(bytes)).toThrow(expect.objectContaining({ code: 'GitFailed' }));
  });

  it('read group-writable files of old repositories as plain files', () => {
    const old = new TextEncoder().encode('100664 file\0');
    const bytes = new Uint8Array([...old, ...new Uint8Array(20)]);
    expect(parseTreeObject(bytes).get('file')?.mode).toBe('100644');
  });
});
