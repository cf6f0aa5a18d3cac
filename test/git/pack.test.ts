import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GitObject, hashObject, type ObjectType } from '../../src/git/object.ts';
import { readPack, writePack } from '../../src/git/pack.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';

const LIMITS = { maxBytes: 2 ** 24 };
const object = fc.record({
  type: fc.constantFrom<ObjectType>('blob', 'tree', 'commit', 'tag'),
  content: fc.uint8Array({ maxLength: 300 }),
});

describe('packs', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.array(object), fc.constantFrom(0 as const, 1 as const, 6 as const), (objects, level) => {
        const read = readPack(writePack(objects, level), LIMITS);
        const expected = new Map(objects.map((one) => [hashObject(one.type, one.content), one]));
        expect([...read.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [id, { type, content }] of read) {
          expect({ type, bytes: [...content] }).toEqual({
            type: expected.get(id)?.type,
            bytes: [...(expected.get(id)?.content ?? [])],
          });
        }
      }),
    );
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('this is no pack at all, but it is long enough')],
    ['a pack that is cut off', writePack([{ type: 'blob', content: new Uint8Array(100) }]).subarray(0, 30)],
  ])('refuses %s', (_, bytes) => {
    expect(() => readPack(bytes, LIMITS)).toThrow(expect.objectContaining({ code: 'GitFailed' }));
  });

  it('refuses more bytes than it may hold', () => {
    const pack = writePack([{ type: 'blob', content: new Uint8Array(2000) }]);
    expect(() => readPack(pack, { maxBytes: 1000 })).toThrow(expect.objectContaining({ code: 'LimitExceeded' }));
  });
});

describe.skipIf(!hasGit())('packs of the real git', () => {
  const lines = Array.from({ length: 400 }, (_, index) => `line ${index}: ${(index * 7919) % 1000}`);
  const versions = [0, 1, 2, 3].map((version) =>
    lines.map((line, index) => (index % 50 === version ? `${line} changed` : line)).join('\n'),
  );

  async function repository(work: (path: string) => Promise<void>): Promise<void> {
    const { path, remove } = temporaryFolder();
    try {
      await git(path, 'init', '-q');
      for (const [index, text] of versions.entries()) {
        writeFileSync(join(path, 'big.txt'), text);
        await git(path, 'add', '.');
        await git(path, 'commit', '-q', '-m', `version ${index}`);
      }
      await git(path, 'tag', '-a', 'v1', '-m', 'one');
      await work(path);
    } finally {
      remove();
    }
  }

  const packOf = (path: string, input: string, ...args: string[]) =>
    new Uint8Array(execFileSync('git', ['pack-objects', '--stdout', '-q', ...args], { cwd: path, input }));

  it.each([
    ['deltas by offset', ['--revs', '--all', '--delta-base-offset']],
    ['deltas by id', ['--revs', '--all']],
    ['no deltas', ['--revs', '--all', '--window=0', '--no-reuse-delta']],
  ])('are read with %s', (_, args) =>
    repository(async (path) => {
      const objects = readPack(packOf(path, '', ...args), LIMITS);
      const ids = await git(path, 'rev-list', '--objects', '--no-object-names', '--all');
      expect([...objects.keys()].sort()).toEqual(ids.split('\n').sort());
      const newest = [...objects.values()]
        .filter(({ type }) => type === 'blob')
        .map(({ content }) => new TextDecoder().decode(content));
      expect(newest.sort()).toEqual([...versions].sort());
    }),
  );

  it('are read where they stand on objects that are here already', () =>
    repository(async (path) => {
      const before = readPack(packOf(path, 'HEAD~1\n', '--revs'), LIMITS);
      const thin = packOf(path, 'HEAD\n^HEAD~1\n', '--revs', '--thin', '--delta-base-offset');
      expect(() => readPack(thin, LIMITS)).toThrow(expect.objectContaining({ code: 'GitFailed' }));
      const after = readPack(thin, LIMITS, (id) => before.get(id));
      const texts = [...after.values()]
        .filter(({ type }) => type === 'blob')
        .map(({ content }) => new TextDecoder().decode(content));
      expect(texts).toEqual([versions[3]]);
    }));

  it('read what is written here', () =>
    repository(async (path) => {
      const blob: GitObject = { type: 'blob', content: new TextEncoder().encode('from outside\n') };
      execFileSync('git', ['unpack-objects', '-q', '--strict'], { cwd: path, input: writePack([blob]) });
      expect(await git(path, 'cat-file', 'blob', hashObject(blob.type, blob.content))).toBe('from outside');
    }));
});
