import { describe, expect, it } from 'vitest';
import { buildObjects } from '../../../../src/render/kustomize/kustomize.ts';
import { memoryTree } from '../../../../src/render/tree.ts';
import { type Files, failureOf } from '../build.ts';

const SOURCES: Files = {
  'a.txt': 'text\n',
  'bytes.bin': new Uint8Array([0xff, 0xfe]),
  '.env': '# comment\n\nA=1\n  B=two words\nC=\nD="quoted"\n',
  'marked.env': '\ufeffA=1\n',
  'windows.env': 'A=1\r\nB=2\r\n',
  'broken.env': new Uint8Array([0x41, 0x3d, 0x31, 0x0a, 0xff, 0x3d, 0x31]),
};

function files(generator: Record<string, unknown>): Files {
  const kustomization = { configMapGenerator: [{ name: 'g', ...generator }] };
  return { ...SOURCES, 'kustomization.yaml': JSON.stringify(kustomization) };
}

/** The data of the ConfigMap that `generator` makes. */
function generated(generator: Record<string, unknown>) {
  const [object] = buildObjects(memoryTree(files(generator)), '');
  return Object.fromEntries([object?.data, object?.binaryData].flatMap((data) => Object.entries(data ?? {})));
}

describe('the entries of a generated ConfigMap', () => {
  it.each([
    ['literals', { literals: ['a=b', 'c=d=e', 'f='] }, { a: 'b', c: 'd=e', f: '' }],
    ['literals in quotes', { literals: [`a="b"`, `c='d'`, `e="f'`] }, { a: 'b', c: 'd', e: `"f'` }],
    ['files', { files: ['a.txt', 'key=a.txt'] }, { 'a.txt': 'text\n', key: 'text\n' }],
    ['files that are no text', { files: ['bytes.bin'] }, { 'bytes.bin': '//4=' }],
    ['an env file', { envs: ['.env'] }, { A: '1', B: 'two words', C: '', D: '"quoted"' }],
    ['an env file by its old name', { env: '.env' }, { A: '1', B: 'two words', C: '', D: '"quoted"' }],
    ['an env file with a byte order mark', { envs: ['marked.env'] }, { A: '1' }],
    ['an env file with the line ends of Windows', { envs: ['windows.env'] }, { A: '1', B: '2' }],
    [
      'all of them',
      { literals: ['x=y'], files: ['a.txt'], envs: ['marked.env'] },
      { x: 'y', 'a.txt': 'text\n', A: '1' },
    ],
  ])('come from %s', (_, generator, expected) => {
    expect(generated(generator)).toEqual(expected);
  });

  it.each([
    ['a literal without a value', { literals: ['a'] }, 'key=value'],
    ['a literal without a key', { literals: ['=a'] }, 'key=value'],
    ['a key twice', { literals: ['a=b', 'a=c'] }, "'a' twice"],
    ['a file that is not there', { files: ['nothing.txt'] }, 'nothing.txt'],
    ['a file source with two keys', { files: ['a=b=a.txt'] }, "more than one '='"],
    ['a key that no ConfigMap may have', { literals: ['a b=c'] }, 'a b'],
    ['an env file with a line that is no UTF-8', { envs: ['broken.env'] }, 'broken.env:2'],
  ])('refuse %s', (_, generator, said) => {
    expect(failureOf(files(generator))).toContain(said);
  });
});
