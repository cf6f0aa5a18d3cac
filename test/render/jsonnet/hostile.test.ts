// Programs that would run for ever or take all memory end with an error that names what they ran into.

import { describe, expect, it } from 'vitest';
import { evaluateProgram } from '../../../src/render/jsonnet/evaluate.ts';
import { RuntimeFailure, StaticFailure } from '../../../src/render/jsonnet/failures.ts';

const STACK = /max stack frames exceeded/;
const LIMIT = /more than .* (?:steps|ms|elements|characters)/;
const DEEP = /max stack frames exceeded|depth|nest|deep/i;

const HOSTILE: readonly (readonly [title: string, program: string, message: RegExp])[] = [
  ['a function that calls itself', 'local f(x) = f(x + 1) + 1; f(0)', STACK],
  ['two functions that call each other', 'local f(x) = g(x) + 1, g(x) = f(x) + 1; f(0)', STACK],
  ['a tail call without an end', 'local f(x) = f(x + 1) tailstrict; f(0)', LIMIT],
  ['a variable of itself', 'local a = a + 1; a', STACK],
  ['a field of itself', '{ a: self.a }', STACK],
  ['a field of what is over it', '{ a: super.a } + { a+: $.a }', /super|stack/],
  ['an array in itself', 'local a = [a]; a', STACK],
  ['an object in itself', 'local o = { a: o }; o', STACK],
  ['an array that is compared with itself', 'local a = [a]; a == a', STACK],
  ['an assertion that asks for itself', '{ assert self.a == 1, a: $.b, b: $.a }', STACK],
  ['a map of itself', 'local f(x) = std.map(f, [x]); f(1)', STACK],
  ['a fold that never ends', 'local f(a, b) = std.foldl(f, [1], a); f(1, 2)', STACK],
  ['a default argument of itself', '(function(x=x) x)()', STACK],
  ['a string that doubles', 'std.length(std.foldl(function(a, b) a + a, std.range(1, 60), "ab"))', LIMIT],
  ['an array that doubles', 'std.length(std.foldl(function(a, b) a + a, std.range(1, 60), [1]))', LIMIT],
  ['a graph of 2^40 elements', 'std.foldl(function(a, b) [a, a], std.range(1, 40), 1)', LIMIT],
  ['a graph as text', 'std.toString(std.foldl(function(a, b) [a, a], std.range(1, 40), 1))', LIMIT],
  ['a graph as YAML', 'std.manifestYamlDoc(std.foldl(function(a, b) { a: a, b: a }, std.range(1, 40), 1))', LIMIT],
  ['a comparison of two graphs', 'local g = std.foldl(function(a, b) [a, a], std.range(1, 40), 1); g == g', LIMIT],
  ['an order of two graphs', 'local g = std.foldl(function(a, b) [a, a], std.range(1, 40), 1); g < g', LIMIT],
  ['a range of thousands of millions', 'std.range(1, 2147483646)', LIMIT],
  ['an array of thousands of millions', 'std.makeArray(2147483647, function(i) i)', LIMIT],
  ['a string of thousands of millions', 'std.repeat("ab", 2147483647)', LIMIT],
  ['a huge width', '"%2000000000d" % 1', STACK],
  ['a huge precision', '"%.2000000000f" % 1', /Overflow|stack/],
  [
    'a comprehension of comprehensions',
    'local r = std.range(1, 3000); std.length([1 for a in r for b in r for c in r])',
    LIMIT,
  ],
];

describe.each([
  ['with a clock', { timeMs: 1_500, now: () => performance.now() }],
  ['without a clock', { maxSteps: 3_000_000 }],
])('a hostile program %s', (_, bounds) => {
  it.each(HOSTILE)('ends: %s', (_title, text, message) => {
    const { json } = evaluateProgram({ name: 'p', path: '', text }, { bounds });
    expect(json).toThrow(RuntimeFailure);
    expect(json).toThrow(message);
  });
});

describe('a program that is nested too deeply', () => {
  it.each([
    ['parentheses', `${'('.repeat(100_000)}1${')'.repeat(100_000)}`],
    ['arrays', '['.repeat(100_000)],
    ['objects', '{a:'.repeat(100_000)],
    ['signs', `${'-'.repeat(1)}${' -'.repeat(100_000)}1`],
    ['sums', `1${' + 1'.repeat(100_000)}`],
    ['functions', `${'function() '.repeat(100_000)}1`],
    ['conditions', `${'if true then '.repeat(100_000)}1`],
  ])('ends with an error or a value: %s', (_title, text) => {
    let outcome = 'value';
    try {
      evaluateProgram({ name: 'p', path: '', text }).json();
    } catch (error) {
      if (!(error instanceof RuntimeFailure || error instanceof StaticFailure)) throw error;
      outcome = error.message;
    }
    expect(outcome).toMatch(/value|stack|deep|nest|Unexpected|end of file/i);
  });
});

it('an import of itself ends', () => {
  const content = new TextEncoder().encode('(import "a.libsonnet") + 1');
  const importer = () => ({ path: 'a.libsonnet', content });
  const { json } = evaluateProgram({ name: 'p', path: '', text: 'import "a.libsonnet"' }, { importer });
  expect(json).toThrow(DEEP);
});
