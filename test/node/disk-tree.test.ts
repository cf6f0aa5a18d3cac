import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskTree } from '../../src/node/disk-tree.ts';
import { readText } from '../../src/render/tree.ts';

describe('a folder of this machine as a tree', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hawser-tree-'));
    mkdirSync(join(folder, 'root/sub'), { recursive: true });
    writeFileSync(join(folder, 'root/sub/a.txt'), 'a');
    writeFileSync(join(folder, 'root/B.txt'), 'B');
    writeFileSync(join(folder, 'secret'), 'secret');
    symlinkSync('sub', join(folder, 'root/inside'));
    symlinkSync('../secret', join(folder, 'root/outside'));
    symlinkSync('nowhere', join(folder, 'root/dangling'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lists what is there, sorted bytewise', () => {
    expect(diskTree(join(folder, 'root')).list('')).toEqual([
      { name: 'B.txt', kind: 'file' },
      { name: 'dangling', kind: 'symlink' },
      { name: 'inside', kind: 'symlink' },
      { name: 'outside', kind: 'symlink' },
      { name: 'sub', kind: 'directory' },
    ]);
  });

  it('follows symlinks inside the folder', () => {
    const tree = diskTree(join(folder, 'root'));
    expect(readText(tree, 'inside/a.txt')).toBe('a');
    expect(tree.list('inside')).toEqual([{ name: 'a.txt', kind: 'file' }]);
  });

  it('refuses symlinks that lead out of it', () => {
    const tree = diskTree(join(folder, 'root'));
    const escapes = expect.objectContaining({ code: 'PathEscapes' });
    expect(() => tree.readFile('outside')).toThrow(escapes);
    expect(() => tree.list('outside')).toThrow(escapes);
  });

  it('has nothing where there is nothing, or something of the other kind', () => {
    const tree = diskTree(join(folder, 'root'));
    expect([tree.readFile('none'), tree.readFile('sub'), tree.readFile('B.txt/x'), tree.readFile('dangling')]).toEqual(
      Array(4).fill(undefined),
    );
    expect([tree.list('none'), tree.list('B.txt')]).toEqual([undefined, undefined]);
  });
});
