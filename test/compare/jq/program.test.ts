// What jq's manual says that a program gives.

import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { compileJq, runJq } from '../../../src/compare/jq/run.ts';

type Row = readonly [program: string, input: Json, outputs: readonly Json[]];

const GROUPS: Readonly<Record<string, readonly Row[]>> = {
  'paths and slices': [
    ['.', 'a', ['a']],
    ['.foo', { foo: 42 }, [42]],
    ['.foo.bar', { foo: { bar: 1 } }, [1]],
    ['.["foo"]', { foo: 42 }, [42]],
    ['."odd key"', { 'odd key': 1 }, [1]],
    ['.a."b c".d', { a: { 'b c': { d: 1 } } }, [1]],
    ['.foo', {}, [null]],
    ['[.[]|.name?]', [1, { name: 2 }], [[2]]],
    ['.[0]', [1, 2], [1]],
    ['.[-2]', [1, 2, 3], [2]],
    ['.[2:4]', ['a', 'b', 'c', 'd', 'e'], [['c', 'd']]],
    ['.[2:4]', 'abcdefghi', ['cd']],
    ['.[:3]', ['a', 'b', 'c', 'd', 'e'], [['a', 'b', 'c']]],
    ['.[-2:]', ['a', 'b', 'c', 'd', 'e'], [['d', 'e']]],
    ['.[]', { b: 2, a: 1 }, [1, 2]],
    ['..|.a?', [[{ a: 1 }]], [1]],
    ['.foo, .bar', { foo: 42, bar: 'x' }, [42, 'x']],
    ['.[] | .name', [{ name: 'a' }, { name: 'b' }], ['a', 'b']],
    ['(. + 2) * 5', 1, [15]],
    ['.a as $x | .b + $x', { a: 1, b: 2 }, [3]],
    ['. as [$a, $b, {c: $c}] | $a + $b + $c', [2, 3, { c: 4 }], [9]],
    ['.[] as [$a] ?// $a | $a', [[1], 2], [1, 2]],
    ['. as {$a, b: [$c]} | [$a, $c]', { a: 1, b: [2] }, [[1, 2]]],
  ],
  'values that are made': [
    [
      '{user, title: .titles[]}',
      { user: 's', titles: ['a', 'b'] },
      [
        { user: 's', title: 'a' },
        { user: 's', title: 'b' },
      ],
    ],
    ['{(.user): .titles}', { user: 's', titles: ['a'] }, [{ s: ['a'] }]],
    ['[.[] | . * 2]', [1, 2], [[2, 4]]],
    ['"a \\(.b) c \\(1 + 2)"', { b: 'x' }, ['a x c 3']],
    ['@base64 "<\\(.)>"', 'hi', ['<aGk=>']],
    ['"\\u00e9\\n\\"\\(1)\\""', null, ['é\n"1"']],
  ],
  operators: [
    ['.a + 1', { a: 7 }, [8]],
    ['.a + .b', { a: [1], b: [2] }, [[1, 2]]],
    ['{a: 1} + {b: 2} + {a: 42}', null, [{ a: 42, b: 2 }]],
    ['.a + null', { a: 1 }, [1]],
    ['. - ["xml"]', ['xml', 'yaml'], [['yaml']]],
    ['. / ", "', 'a, b', [['a', 'b']]],
    ['{"k": {"a": 1, "b": 2}} * {"k": {"a": 0, "c": 3}}', null, [{ k: { a: 0, b: 2, c: 3 } }]],
    ['10 / . * 3', 5, [6]],
    ['. % 3', -5, [-2]],
    ['[.[] == 1]', [1, 1, '1'], [[true, true, false]]],
    ['. < 5, . >= 2, . != 2', 2, [true, true, false]],
    ['42 and "a string"', null, [true]],
    ['(true, true) and (true, false)', null, [true, false, true, false]],
    ['[true, false | (true, false) or .]', null, [[true, true, true, false]]],
    ['[.[] | not]', [true, null], [[false, true]]],
    ['.foo // 42', {}, [42]],
    ['(false, null, 1) // 42', null, [1]],
    ['empty // 42', null, [42]],
    ['error("x") // 1', null, [1]],
    ['1 as $x | 2 as $y | [$x, $y, -$x]', null, [[1, 2, -1]]],
    ['1, 2 | . * 10', null, [10, 20]],
    ['2 + 3 * 4 - 1', null, [13]],
  ],
  'conditions and loops': [
    ['if . == 0 then "zero" elif . == 1 then "one" else "many" end', 1, ['one']],
    ['if . then 1 end', false, [false]],
    ['try error("x") catch .', null, ['x']],
    ['[.[] | try if . > 2 then error("big") else . end catch "no"]', [1, 3], [[1, 'no']]],
    ['[.[] | tonumber?]', ['1', 'x', '2'], [[1, 2]]],
    ['reduce .[] as $item (0; . + $item)', [1, 2, 3], [6]],
    ['[foreach .[] as $item (0; . + $item)]', [1, 2, 3], [[1, 3, 6]]],
    ['[foreach range(5) as $i (0; . + $i; [$i, .])] | last', null, [[4, 10]]],
    ['[limit(3; .[])]', [0, 1, 2, 3], [[0, 1, 2]]],
    ['[first(range(.)), first(empty)]', 10, [[0]]],
    ['[.[] | select(. >= 2)]', [1, 5, 3], [[5, 3]]],
    [
      '[range(0; 10; 3)], [range(3)]',
      null,
      [
        [0, 3, 6, 9],
        [0, 1, 2],
      ],
    ],
    ['[while(. < 100; . * 2)]', 1, [[1, 2, 4, 8, 16, 32, 64]]],
    ['[.[] | until(. > 100; . * 2)]', [3, 60], [[192, 120]]],
    ['[recurse(if . < 3 then . + 1 else empty end)]', 0, [[0, 1, 2, 3]]],
    ['label $out | .[] | if . > 2 then break $out else . end', [1, 2, 3, 1], [1, 2]],
    ['def f(x): x * 2; f(.[])', [1, 2], [2, 4]],
    ['def f($a; $b): $a + $b; f(1; 2)', null, [3]],
    ['def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; fac', 5, [120]],
  ],
  functions: [
    ['length', [1, 2], [2]],
    ['[.[] | length]', [null, 'é', { a: 1 }, -5], [[0, 1, 1, 5]]],
    ['keys', { abc: 1, Foo: 2 }, [['Foo', 'abc']]],
    ['map(has("a"))', [{ a: 1 }, {}], [[true, false]]],
    ['map(in([0, 1]))', [2, 0], [[false, true]]],
    ['map(. + 1), (. | map_values(. + 1))', [1], [[2], [2]]],
    ['map_values(empty)', { a: 1 }, [{}]],
    ['[paths]', { a: [1] }, [[['a'], ['a', 0]]]],
    ['[paths(type == "number")]', { a: [1] }, [[['a', 0]]]],
    ['add', ['a', 'b'], ['ab']],
    ['any, all', [true, false], [true, false]],
    ['any(.[]; . > 1), all(. > 0)', [1, 2], [true, true]],
    [
      'flatten, flatten(1)',
      [1, [2, [3]]],
      [
        [1, 2, 3],
        [1, 2, [3]],
      ],
    ],
    ['floor, sqrt, pow(.; 2)', 4, [4, 2, 16]],
    ['tostring, tonumber', '1', ['1', 1]],
    ['[.[] | type]', [0, false, [], {}, null, 'x'], [['number', 'boolean', 'array', 'object', 'null', 'string']]],
    [
      'sort, sort_by(-.)',
      [3, 1, 2],
      [
        [1, 2, 3],
        [3, 2, 1],
      ],
    ],
    ['group_by(.a)', [{ a: 1 }, { a: 2 }, { a: 1 }], [[[{ a: 1 }, { a: 1 }], [{ a: 2 }]]]],
    ['min, max, min_by(-.)', [4, 2, 1], [1, 4, 4]],
    [
      'unique, unique_by(length)',
      ['b', 'aa', 'b'],
      [
        ['aa', 'b'],
        ['b', 'aa'],
      ],
    ],
    ['reverse', [1, 2], [[2, 1]]],
    ['contains("bar"), contains("x")', 'foobar', [true, false]],
    ['contains({a: ["x"]})', { a: ['xy', 'z'], b: 1 }, [true]],
    ['inside("foobar")', 'bar', [true]],
    ['[startswith("foo"), endswith("foo"), ltrimstr("foo"), rtrimstr("d")]', 'food', [[true, false, 'd', 'foo']]],
    ['explode | implode', 'aé', ['aé']],
    ['split(", ") | join("-")', 'a, b', ['a-b']],
    ['ascii_downcase, ascii_upcase', 'aB', ['ab', 'AB']],
    ['to_entries', { a: 1 }, [[{ key: 'a', value: 1 }]]],
    [
      'from_entries',
      [
        { name: 'a', value: 1 },
        { key: 'b', value: 2 },
      ],
      [{ a: 1, b: 2 }],
    ],
    ['with_entries(.key |= "k_" + .)', { a: 1 }, [{ k_a: 1 }]],
    ['with_entries(select(.value > 1))', { a: 1, b: 2 }, [{ b: 2 }]],
    ['walk(if type == "array" then sort else . end)', { a: [3, 1] }, [{ a: [1, 3] }]],
    [
      'transpose',
      [[1], [2, 3]],
      [
        [
          [1, 2],
          [null, 3],
        ],
      ],
    ],
    ['[.[] | tojson | fromjson]', [1, 'a', [2]], [[1, 'a', [2]]]],
    ['indices(", "), index(","), rindex(",")', 'a, b, c', [[1, 4], 1, 4]],
    ['[splits(", *")]', 'ab, cd,e', [['ab', 'cd', 'e']]],
    ['test("foo"), test("FOO"; "i")', 'a foo', [true, true]],
    ['match("(?<x>o+)").captures[0].string', 'foo', ['oo']],
    ['capture("(?<a>[a-z]+)-(?<n>[0-9]+)")', 'xyz-14', [{ a: 'xyz', n: '14' }]],
    ['[scan("[a-z]+")]', '1ab2c', [['ab', 'c']]],
    ['sub("(?<x>[a-z])"; "\\(.x)!"), gsub("[0-9]"; "")', 'a1b2', ['a!1b2', 'ab']],
    ['getpath(["a", "b"])', { a: { b: 1 } }, [1]],
    ['setpath(["a", 0]; 1)', null, [{ a: [1] }]],
    ['delpaths([["a"], ["b", 0]])', { a: 1, b: [2, 3] }, [{ b: [3] }]],
    ['path(.a[0].b?)', null, [['a', 0, 'b']]],
    ['[path(..)]', [[1]], [[[], [0], [0, 0]]]],
    ['del(.foo), del(.[("foo", "x")])', { foo: 1, x: 2 }, [{ x: 2 }, {}]],
    ['del(.[1, 2])', ['foo', 'bar', 'baz'], [['foo']]],
    ['del(.[0:2])', [1, 2, 3], [[3]]],
    ['to_entries | map(.key) | IN(["a"])', { a: 1 }, [true]],
    ['INDEX(.id) | keys', [{ id: 1 }, { id: 'b' }], [['1', 'b']]],
    ['pick(.a.b)', { a: { b: 1, c: 2 } }, [{ a: { b: 1 } }]],
    [
      '[combinations]',
      [[1, 2], [3]],
      [
        [
          [1, 3],
          [2, 3],
        ],
      ],
    ],
    ['tostream', { a: [1] }, [[['a', 0], 1], [['a', 0]], [['a']]]],
    ['fromstream(tostream)', { a: [1, { b: 2 }] }, [{ a: [1, { b: 2 }] }]],
    ['@json, @csv', [1, 'a"b'], ['[1,"a\\"b"]', '1,"a""b"']],
    ['@html, @uri, @sh', "<a b='1'>", ['&lt;a b=&apos;1&apos;&gt;', '%3Ca%20b%3D%271%27%3E', "'<a b='\\''1'\\''>'"]],
    ['@base64d', 'aGk=', ['hi']],
    ['todate, (todate | fromdate)', 1425599621, ['2015-03-05T23:53:41Z', 1425599621]],
    ['env, $ENV', null, [{}, {}]],
    ['ltrimstr("a") | trim', 'a b ', ['b']],
    ['[limit(3; repeat(1, 2))]', null, [[1, 2, 1]]],
    ['isempty(empty), isempty(1, error("x"))', null, [true, false]],
    ['splits("a")?', 1, []],
  ],
  updates: [
    ['.a = 1', { a: 0 }, [{ a: 1 }]],
    ['.a |= .b', { a: { b: 2 } }, [{ a: 2 }]],
    ['.a = .b', { a: { b: 1 }, b: 3 }, [{ a: 3, b: 3 }]],
    ['.[] += 1', [1, 2], [[2, 3]]],
    ['.a //= 5', {}, [{ a: 5 }]],
    ['(.[] | select(. >= 2)) |= empty', [1, 5, 3, 0, 7], [[1, 0]]],
    ['.posts[0].title = "x"', { posts: [{ title: 'a' }] }, [{ posts: [{ title: 'x' }] }]],
    ['.[2:4] = ["x"]', [0, 1, 2, 3, 4], [[0, 1, 'x', 4]]],
    [
      '(.a, .b) = (1, 2)',
      {},
      [
        { a: 1, b: 1 },
        { a: 2, b: 2 },
      ],
    ],
    ['.["__proto__"] = 1 | keys', {}, [['__proto__']]],
  ],
};

describe.each(Object.entries(GROUPS))('jq: %s', (_, rows) => {
  it.each(rows)('%s of %j', (program, input, outputs) => {
    expect(runJq(compileJq(program), input)).toEqual(outputs);
  });
});

describe('jq: what fails', () => {
  it.each<readonly [string, Json, string]>([
    ['.a', [1], 'expected an object but got: array ([1])'],
    ['.[0]', { a: 1 }, 'expected an array but got: object ({"a":1})'],
    ['.[]', 1, 'cannot iterate over: number (1)'],
    ['. + 1', 'a', 'cannot add: string ("a") and number (1)'],
    ['1 / 0', null, 'cannot divide number (1) by: number (0)'],
    ['error("own")', null, 'own'],
    ['error({a: 1})', null, '{"a":1}'],
    ['path(1 + 1)', null, 'invalid path against: number (2)'],
    ['{(1): 2}', null, 'expected a string for object key but got: number (1)'],
    ['test("(")', 'x', 'invalid regular expression "(": error parsing regexp: missing closing ): `(`'],
    ['.[1048576] = 1', [], 'array index too large: 1048576'],
    ['"x" * 100000000', null, 'repeat string result too large'],
  ])('%s of %j', (program, input, message) => {
    expect(() => runJq(compileJq(program), input)).toThrow(message);
  });

  it.each([
    ['.a |', 'unexpected EOF'],
    ['.a b', 'unexpected token "b"'],
    ['foo', 'function not defined: foo/0'],
    ['map(.a; .b)', 'function not defined: map/2'],
    ['$x', 'variable not defined: $x'],
    ['. as [$a] | $b', 'variable not defined: $b'],
    ['break $out', 'label not defined: $out'],
    ['@nothing', 'format not defined: @nothing'],
    ['"abc', 'unterminated string literal'],
    ['"\\x"', 'invalid escape sequence "\\x" in string literal'],
    ['', 'missing query (try ".")'],
    ['.a = .b = .c', 'unexpected token "="'],
    ['input', 'input/0 is not allowed'],
    ['now', 'now/0 is not allowed'],
    ['import "a" as $a; .', 'unexpected token "import"'],
    ['['.repeat(5000), 'the query is nested too deeply'],
    ['.a'.repeat(50_000), 'the query is nested too deeply'],
    [`1${' + 1'.repeat(50_000)}`, 'the query is nested too deeply'],
  ])('%s cannot be read', (program, message) => {
    expect(() => runJq(compileJq(program), null)).toThrow(message);
  });

  it.each(['[range(1e9)]', 'last(repeat(1))', 'def f: f; f', '[limit(1e9; repeat("a"))] | add', 'until(false; .)'])(
    '%s ends',
    (program) => {
      expect(() => runJq(compileJq(program), null)).toThrow();
    },
  );
});
