import { describe, expect, it } from 'vitest';
import { build, failureOf } from './build.ts';

const OBJECT = 'apiVersion: v1\nkind: Thing\nmetadata: {name: x}\n';

/** The output's lines for the fields `text` of an object. */
function written(text: string): string {
  const output = build({ 'kustomization.yaml': 'resources: [x.yaml]\n', 'x.yaml': `${OBJECT}${text}\n` });
  return output.replace('apiVersion: v1\n', '').replace('kind: Thing\nmetadata:\n  name: x\n', '').replace(/\n$/, '');
}

/** The annotation that an object gets from a kustomization where it is written as `text`. */
function annotation(text: string): string {
  const files = { 'kustomization.yaml': `resources: [x.yaml]\ncommonAnnotations:\n  a: ${text}\n`, 'x.yaml': OBJECT };
  return /^ {4}a: (.*)$/m.exec(build(files))?.[1] ?? '';
}

describe('resources are read as YAML 1.2, almost', () => {
  it.each([
    ['words of YAML 1.1 are strings', 'a: yes', 'a: "yes"'],
    ['octal numbers come in both notations', 'a: [0o17, 017]', 'a:\n- 15\n- 15'],
    ['a date becomes a point in time', 'a: 2001-01-01', 'a: "2001-01-01T00:00:00Z"'],
    ['a date in quotes stays', 'a: "2001-01-01"', 'a: "2001-01-01"'],
    ['floats keep their value and not their writing', 'a: [1.50, 1e3]', 'a:\n- 1.5\n- 1000'],
    ['integers are exact', 'a: 18446744073709551615', 'a: 18446744073709551615'],
    ['binary values are decoded', 'a: !!binary aGk=', 'a: hi'],
    ['anchors and merges are expanded', 'a: &a {b: 1}\nc: {<<: *a, d: 2}', 'a:\n  b: 1\nc:\n  b: 1\n  d: 2'],
    ['nothing in brackets is an empty text', 'a: {b: }', 'a:\n  b: ""'],
    ['nothing elsewhere is null', 'a:\n  b:', 'a:\n  b: null'],
    ['tabs may stand before a comment that follows another', '# one\n\t# two\na: 1', 'a: 1'],
  ])('%s', (_, text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it.each([
    [
      'a folded text with indented lines gains breaks',
      'a: >-\n  one\n   two\n  three',
      'a: |-\n  one\n\n   two\n  three',
    ],
    [
      'a text that keeps its breaks gains one above a comment that closes a mapping',
      'a:\n  b: |+\n    one\n\n  # comment',
      'a:\n  b: |+\n    one\n\n',
    ],
  ])('%s, since kustomize writes and reads it once', (_, text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it.each([
    ['a key that is no string', 'a: {1: b}', 'put the key into quotes'],
    ['the same key twice', 'a: 1\na: 2', "'a'"],
    ['a tab as indentation', 'a:\n\tb: 1', 'x.yaml:5'],
    ['an unknown anchor', 'a: *b', 'unknown anchor'],
  ])('refuses %s', (_, text, said) => {
    const files = { 'kustomization.yaml': 'resources: [x.yaml]\n', 'x.yaml': `${OBJECT}${text}\n` };
    expect(failureOf(files)).toContain(said);
  });
});

describe('a kustomization is read as YAML 1.1', () => {
  it.each([
    ['"yes"', '"yes"'],
    ['2001-01-01', '"2001-01-01"'],
    ['!!binary aGk=', 'hi'],
    ['1:30', '"1:30"'],
  ])('%s', (text, expected) => {
    expect(annotation(text)).toBe(expected);
  });

  it.each(['yes', '1', '1.5', '017'])('so that %s is no text', (text) => {
    const files = { 'kustomization.yaml': `commonAnnotations:\n  a: ${text}\n` };
    expect(failureOf(files)).toContain("'commonAnnotations.a' must be a string");
  });

  it('finds its fields whatever their case, the last one in order counting', () => {
    const files = {
      'kustomization.yaml': 'Resources: [a.yaml]\nresources: [x.yaml]\nNAMEPREFIX: p-\n',
      'x.yaml': OBJECT,
    };
    expect(build(files)).toContain('name: p-x\n');
  });
});
