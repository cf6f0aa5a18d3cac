import { describe, expect, it } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { compileExpression } from '../../src/expr/evaluate.ts';
import { durationOf, goFunction, goValueOf } from '../../src/expr/value.ts';
import { encodeJson } from '../../src/render/go/json.ts';
import { parseTime } from '../../src/render/go/time-parse.ts';
import { timeValue } from '../../src/render/go/time-value.ts';
import type { GoValue } from '../../src/render/go/value.ts';
import { UTC } from '../../src/render/go/zone.ts';

const ENVIRONMENT: ReadonlyMap<string, GoValue> = new Map<string, GoValue>([
  [
    'app',
    goValueOf({
      metadata: { name: 'guestbook', labels: { team: 'a' }, deletionTimestamp: null },
      spec: { sources: [{ repoURL: 'x' }, { repoURL: 'y' }] },
      status: {
        sync: { status: 'Synced' },
        health: { status: 'Healthy', lastTransitionTime: '2026-01-01T12:00:30Z' },
        operationState: {
          phase: 'Succeeded',
          startedAt: '2026-01-01T12:00:00Z',
          finishedAt: '2026-01-01T12:00:20Z',
          syncResult: { revision: 'abc' },
        },
        conditions: [
          { type: 'SyncError', message: 'no' },
          { type: 'OrphanedResourceWarning', message: 'maybe' },
        ],
      },
    }),
  ],
  ['n', goValueOf(3)],
  ['list', goValueOf([3, 1, 2])],
  [
    'time',
    new Map<string, GoValue>([
      [
        'Parse',
        goFunction(['string'], 'time.Time', (text) =>
          timeValue(parseTime('2006-01-02T15:04:05Z07:00', String(text), UTC), UTC),
        ),
      ],
      ['Minute', durationOf(60_000_000_000n)],
      ['RFC3339', '2006-01-02T15:04:05Z07:00'],
    ]),
  ],
  [
    'strings',
    new Map<string, GoValue>([['ToUpper', goFunction(['string'], 'string', (text) => String(text).toUpperCase())]]),
  ],
]);

function evaluate(text: string): string {
  return encodeJson(compileExpression(text).evaluate(ENVIRONMENT, { now: () => 1_767_268_800_000 }), {
    escapeHtml: false,
  });
}

describe('an expression', () => {
  it.each([
    // Literals and arithmetic.
    ['42', '42'],
    ['0x2A + 0b10 + 0o10 + 1_000', '1052'],
    ['.5 + 1e2', '100.5'],
    ["'it\\'s' + \"\\u0041\\n\"", '"it\'sA\\n"'],
    ['`raw\\n`', '"raw\\\\n"'],
    ['1 + 2 * 3 - -4', '11'],
    ['7 / 2', '3.5'],
    ['7 % 4', '3'],
    ['2 ** 3 ** 2', '512'],
    ['2 ^ 3', '8'],
    ['-2 ** 2', '-4'],
    ['1 == 1.0', 'true'],
    ['9007199254740993 == 9007199254740992', 'false'],
    ['/* a */ 1 // b', '1'],
    // Words and precedence.
    ['true and not false or false', 'true'],
    ['!true || true && !false', 'true'],
    ['not (1 == 2)', 'true'],
    ['not true == false', 'true'],
    ["'a' in ['a', 'b']", 'true'],
    ["'c' not in ['a', 'b']", 'true'],
    ["'team' in app.metadata.labels", 'true'],
    ["'x' in nil", 'false'],
    ["'abc' matches '^a.c$' and 'abc' not matches 'b$'", 'true'],
    ["'abc' contains 'b' and 'abc' startsWith 'a' and not ('abc' endsWith 'b')", 'true'],
    ['1 < 2 and 2 >= 2 and "a" < "b"', 'true'],
    ['n > 2 ? "many" : "few"', '"many"'],
    ['if n > 5 { "a" } else if n > 2 { "b" } else { "c" }', '"b"'],
    ['1..3', '[1,2,3]'],
    ['3..1', '[]'],
    ['n in 1..5', 'true'],
    // Members.
    ['app.metadata.name', '"guestbook"'],
    ['app["metadata"]["na" + "me"]', '"guestbook"'],
    ['app.metadata.nothing', 'null'],
    ['app.metadata.nothing?.more.and.more', 'null'],
    ['app.status?.operationState?.syncResult?.revision', '"abc"'],
    ['app.nothing?.more ?? "none"', '"none"'],
    ['app.metadata.deletionTimestamp != nil', 'false'],
    ['app.spec.sources[0].repoURL + app.spec.sources[-1].repoURL', '"xy"'],
    ['list[1:] == [1, 2] and list[:1] == [3] and list[0:-1] == [3, 1] and list[:] == list', 'true'],
    ["'hello'[1:3]", '"el"'],
    ['$env["n"]', '3'],
    ['nobody', 'null'],
    ['{a: 1, "b c": [2], (app.metadata.name): 3}', '{"a":1,"b c":[2],"guestbook":3}'],
    // Variables, pipes.
    ['let x = 2; let y = x * 2; x + y', '6'],
    ["app.metadata.name | upper() | split('B') | last()", '"OOK"'],
    // Predicates.
    ["any(app.status.conditions, {.type == 'SyncError'})", 'true'],
    ["any(app.status.conditions, .type contains 'Error')", 'true'],
    ["all(app.status.conditions, {#.message != ''})", 'true'],
    ["none(app.status.conditions, .type == 'x') and one(app.status.conditions, .message == 'no')", 'true'],
    ['filter(list, # > 1)', '[3,2]'],
    ['map(list, # * 2 + #index)', '[6,3,6]'],
    ['count(list, # > 1)', '2'],
    ['count([true, false, true])', '2'],
    ['sum(list) + sum(list, # * 2)', '18'],
    ['find(list, # < 3)', '1'],
    ['findIndex(list, # < 3)', '1'],
    ['findLast(list, # < 3)', '2'],
    ['findLastIndex(list, # > 9)', 'null'],
    ['reduce(list, #acc + #, 10)', '16'],
    ['reduce(1..4, #acc * #)', '24'],
    ['sortBy(app.status.conditions, .type)[0].type', '"OrphanedResourceWarning"'],
    ['sortBy(list, #, "desc")', '[3,2,1]'],
    ['groupBy(list, # > 1)', '{"false":[1],"true":[3,2]}'],
    ['map(app.spec.sources, {let s = #; any([1], s.repoURL == "x")})', '[true,false]'],
    ["len(filter(app.status.conditions, {.type == 'SyncError'})) > 0", 'true'],
    // Functions.
    ["trim('  a ') + trim('__b_', '_') + trimPrefix('xa', 'x') + trimSuffix('ay', 'y')", '"abaa"'],
    ["join(['a', 'b'], '-') + replace('aXbX', 'X', '.') + repeat('z', 2)", '"a-ba.b.zz"'],
    ["split('a,b,c', ',', 2)", '["a","b,c"]'],
    ["splitAfter('a,b', ',')", '["a,","b"]'],
    [
      "indexOf('abcb', 'b') == 1 and lastIndexOf('abcb', 'b') == 3 and hasPrefix('ab', 'a') and hasSuffix('ab', 'b')",
      'true',
    ],
    [
      '[max(1, 7, 3), min([4, 2]), abs(-5), ceil(1.2), floor(1.8), round(-1.5), mean([1, 2]), median([3, 1, 2])]',
      '[7,2,5,2,1,-2,1.5,2]',
    ],
    ["[int('12'), int(3.9), float('1.5'), string(12)]", '[12,3,1.5,"12"]'],
    [
      "[type(nil), type(1), type(1.5), type('a'), type([]), type({}), type(true)]",
      '["nil","int","float","string","array","map","bool"]',
    ],
    [
      '[first(list), last(list), take(list, 2), reverse(list), sort(list), uniq([1, 2, 1]), concat([1], [2]), flatten([1, [2, [3]]])]',
      '[3,2,[3,1],[2,1,3],[1,2,3],[1,2],[1,2],[1,2,3]]',
    ],
    [
      '[keys({a: 1}), values({a: 1}), toPairs({a: 1}), fromPairs([["a", 1]]), get({a: 1}, "b"), get(list, 0)]',
      '[["a"],[1],[["a",1]],{"a":1},null,3]',
    ],
    ["toBase64('hé') + fromBase64('aGk=')", '"aMOpaGk="'.replace('aGk=', 'hi').replace('aMOp', 'aMOp')],
    ['fromJSON(\'{"a": [1]}\').a[0]', '1'],
    ['[bitand(12, 10), bitor(12, 10), bitxor(12, 10), bitnot(0), bitshl(1, 3), bitshr(8, 2)]', '[8,14,6,-1,8,2]'],
    // Times.
    ['time.Parse(app.status.operationState.startedAt).Year()', '2026'],
    [
      'time.Parse(app.status.operationState.finishedAt).Sub(time.Parse(app.status.operationState.startedAt)).Seconds()',
      '20',
    ],
    ['(1 * time.Minute).Minutes()', '1'],
    ["now() > date('2026-01-01') and now() - duration('24h') < date('2026-01-01')", 'true'],
    ["duration('1h30m').String()", '"1h30m0s"'],
    ["time.Parse('2026-01-01T00:00:00Z').Add(90 * time.Minute).Format(time.RFC3339)", '"2026-01-01T01:30:00Z"'],
    ['strings.ToUpper(app.metadata.name)', '"GUESTBOOK"'],
  ])('%s is %s', (text, value) => {
    expect(evaluate(text)).toBe(value);
  });

  it.each([
    ['of the trigger on-created', 'true', true],
    ['of the trigger on-deleted', 'app.metadata.deletionTimestamp != nil', false],
    [
      'of the trigger on-deployed',
      "app.status.operationState != nil and app.status.operationState.phase in ['Succeeded'] and app.status.health.status == 'Healthy' and (!time.Parse(app.status.health.lastTransitionTime).Add(1 * time.Minute).Before(time.Parse(app.status.operationState.finishedAt)) or time.Parse(app.status.health.lastTransitionTime).Before(time.Parse(app.status.operationState.startedAt)))",
      true,
    ],
    [
      'of the trigger on-sync-failed',
      "app.status.operationState != nil and app.status.operationState.phase in ['Error', 'Failed']",
      false,
    ],
    ['of the trigger on-sync-status-unknown', "app.status.sync.status == 'Unknown'", false],
  ])('%s holds as it does for Argo CD', (_, text, value) => {
    expect(compileExpression(text).evaluate(ENVIRONMENT)).toBe(value);
  });

  it.each([
    ['app.metadata.nothing.more', 'cannot fetch more from nil (1:21)'],
    ['list[7]', 'index out of range: 7 (array length is 3) (1:5)'],
    ['1 + "a"', 'invalid operation: int + string (1:3)'],
    ['"a" < 1', 'invalid operation: string < int'],
    ['nobody()', 'nobody is not a function'],
    ['time.Parse()', 'not enough arguments to call Parse'],
    ['1 % 0', 'integer divide by zero'],
    ["'a' matches '('", 'error parsing regexp'],
    ['any(list, {#})', 'predicate of any should return boolean (got int)'],
    ['len(1)', 'invalid argument for len (type int)'],
    ['#', 'cannot use # outside of a predicate'],
    ['1 ? 2 : 3', 'a condition must be true or false, not int'],
  ])('%s fails: %s', (text, message) => {
    expect(() => evaluate(text)).toThrow(message);
  });

  it.each([
    ['1 +', 'unexpected token end of expression (1:4)\n | 1 +\n |    ^'],
    ["app.status == 'x", 'literal not terminated (1:15)'],
    ['a = 1', 'unexpected token "="'],
    ['(1', 'unexpected end of expression, ")" was expected'],
    ['a b', 'unexpected token "b" (1:3)'],
    ['a\n  & b', 'unrecognized character: "&" (2:3)\n |   & b\n |   ^'],
    ['99999999999999999999', 'integer literal is too large'],
    [`${'('.repeat(300)}1${')'.repeat(300)}`, 'nested deeper than 250'],
  ])('%j is none: %s', (text, message) => {
    let thrown: unknown;
    try {
      compileExpression(text);
    } catch (error) {
      thrown = error;
    }
    expect(isHawserError(thrown, 'InvalidInput')).toBe(true);
    expect(String(thrown)).toContain(message);
  });

  it.each([
    'map(1..5000, map(1..5000, #))',
    'reduce(1..9000, #acc + string(#), "") + reduce(1..9000, {let a = #; count(1..9000, # > a)}, 0)',
    '1..10000000',
    "repeat('a', 100000000)",
    "let a = repeat('a', 1000000); a + a",
  ])('%s ends within bounds', (text) => {
    expect(() => evaluate(text)).toThrow(/steps|more than|budget|longer/);
  });

  it('does not fetch what a JavaScript object would have', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(evaluate(`app.${name}`)).toBe('null');
      expect(evaluate(name)).toBe('null');
      expect(() => evaluate(`${name}()`)).toThrow('is not a function');
    }
  });
});
