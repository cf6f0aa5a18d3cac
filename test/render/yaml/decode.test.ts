// The expected values and texts are those of sigs.k8s.io/yaml v1.6.0 on go.yaml.in/yaml/v2 v2.4.4.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHawserError, messageOf } from '../../../src/base/errors.ts';
import { encodeJson } from '../../../src/render/go/json.ts';
import {
  parseYaml,
  parseYamlExact,
  parseYamlList,
  parseYamlMap,
  parseYamlStrict,
  yamlToJson,
} from '../../../src/render/yaml/decode.ts';

function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return messageOf(error);
  }
  throw new Error('no error came');
}

describe('a YAML text', () => {
  it.each<[string, string, string]>([
    ['nothing is null', '', 'null'],
    ['a comment is null', '# a\n', 'null'],
    ['only the first document counts', 'a: 1\n---\nb: [', '{"a":1}'],
    ['an explicit empty document is null', '---\n---\n', 'null'],
    ['block collections', 'a:\n- b: 1\n  c:\n  - - x\n- y z\n', '{"a":[{"b":1,"c":[["x"]]},"y z"]}'],
    ['flow collections', '{a: [1, "b", {c: }], d}', '{"a":[1,"b",{"c":null}],"d":null}'],
    ['a pair in a flow sequence', '[a: b, c]', '[{"a":"b"},"c"]'],
    ['complex keys', '? a\n: b\n? c\n', '{"a":"b","c":null}'],
    ['plain text over lines', 'a: b\n  c\n\n  d\n', '{"a":"b c\\nd"}'],
    ['single quotes', "'it''s\n  folded\n\n  here'", '"it\'s folded\\nhere"'],
    ['double quotes', '"a\\\n  b \\x41\\u00e9\\U0001f600\\N\\L \\\n\n  c"', '"ab Aé😀\u0085\\u2028 \\nc"'],
    ['literal blocks', 'a: |\n  x\n   y\n\n\nb: |-\n  z\n\nc: |+\n  w\n\n', '{"a":"x\\n y\\n","b":"z","c":"w\\n\\n"}'],
    ['folded blocks', '>\n a\n b\n\n c\n  d\n e\n', '"a b\\nc\\n d\\ne\\n"'],
    ['indentation indicators', '|2\n   a\n', '" a\\n"'],
    ['line breaks of all kinds', 'a: 1\r\nb: 2\rc: 3\u0085d: 4\n', '{"a":1,"b":2,"c":3,"d":4}'],
    ['anchors and aliases', 'a: &x {b: 1}\nc: *x\n', '{"a":{"b":1},"c":{"b":1}}'],
    ['merges, in order', 'a: &x {k: 1, l: 1}\nb: {k: 2, <<: *x, l: 3}\n', '{"a":{"k":1,"l":1},"b":{"k":1,"l":3}}'],
    ['merges of several, earlier first', '- &a {k: 1}\n- &b {k: 2}\n- <<: [*a, *b]\n', '[{"k":1},{"k":2},{"k":1}]'],
    ['a quoted << is a key', '"<<": 1', '{"\\u003c\\u003c":1}'],
    ['YAML 1.1 booleans', '[y, No, ON, off, true, TRUE, yEs]', '[true,false,true,false,true,true,"yEs"]'],
    ['nulls', '[~, null, NULL, , nUll]', ''],
    ['integers', '[0x1F, 012, 0o7, 0b11, 1_000, -1, +1, 08]', '[31,10,7,3,1000,-1,1,8]'],
    [
      'integers become float64',
      '[123456789012345678, 18446744073709551615]',
      '[123456789012345680,18446744073709552000]',
    ],
    ['floats', '[1.5, .5, 1e3, -1E-2, 1., 0x1p4, ._5]', '[1.5,0.5,1000,-0.01,1,"0x1p4","._5"]'],
    ['no base 60 and no dates', '[1:20, 2001-01-01]', '["1:20","2001-01-01"]'],
    ['tags', '[!!str 1, !!float 1, !!int 0x2, ! 3, !x 4, !!binary aGk=]', '["1",1,2,"3","4","hi"]'],
    ['tagged collections lose the tag', '!!seq [!!map {}]', '[{}]'],
    ['%TAG', '%TAG !e! tag:yaml.org,2002:\n---\n!e!str 1\n', '"1"'],
    [
      'keys that are no strings',
      '{1: a, 1.5: b, true: c, 1e30: d, .inf: e}',
      '{".inf":"e","1":"a","1.5":"b","1e+30":"d","true":"c"}',
    ],
    ['a later key wins', 'a: 1\na: 2\n', '{"a":2}'],
    ['!!binary that is no UTF-8', '!!binary /w==', '"\ufffd"'],
    ['an empty flow collection is no key', '{}: x', '{}'],
    ['tabs between tokens', 'a:\t1 \t# c\n', '{"a":1}'],
    ['a byte order mark', '\ufeffa: 1', '{"a":1}'],
    ['characters beyond the basic plane', '😀: [😀😀, b]\n', '{"😀":["😀😀","b"]}'],
  ])('is read: %s', (_, text, json) => {
    if (json === '') expect(() => parseYaml(text)).toThrow('did not find expected node content');
    else expect(encodeJson(parseYaml(text))).toBe(json);
  });

  it('keeps integers on request', () => {
    expect(yamlToJson('b: 9007199254740993\na: [18446744073709551615, 1.0, 1e2]')).toBe(
      '{"a":[18446744073709551615,1,100],"b":9007199254740993}',
    );
    expect(parseYamlExact('1')).toMatchObject({ type: 'int', value: 1n });
    expect(parseYamlExact('18446744073709551615')).toMatchObject({ type: 'uint64', value: 18446744073709551615n });
  });
});

describe('an error of the reader', () => {
  it.each([
    ['a: [1, 2', "yaml: line 1: did not find expected ',' or ']'"],
    ['a: b: c', 'yaml: mapping values are not allowed in this context'],
    ['x: 1\na: b: c', 'yaml: line 2: mapping values are not allowed in this context'],
    ['a: 1\n- b', 'yaml: line 1: did not find expected key'],
    ['a: 1\nb', "yaml: line 3: could not find expected ':'"],
    ['a: "x', 'yaml: found unexpected end of stream'],
    ['a: "\\q"', 'yaml: found unknown escape character'],
    ['\ta: 1', 'yaml: found character that cannot start any token'],
    ['a: |\n\t x', 'yaml: line 2: found a tab character where an indentation space is expected'],
    ['a: @x', 'yaml: found character that cannot start any token'],
    ['a: *x', "yaml: unknown anchor 'x' referenced"],
    ['a: &x [*x]', "yaml: anchor 'x' value contains itself"],
    ['<<: 5', 'yaml: map merge requires map or sequence of maps as the value'],
    ['a: !!int x', 'yaml: cannot decode !!str `x` as a !!int'],
    ['a: !y!z x', 'yaml: found undefined tag handle'],
    ['%YAML 1.2\n---\n', 'yaml: found incompatible YAML document'],
    ['[a, b]: c', 'yaml: invalid map key: []interface {}{"a", "b"}'],
    [
      '{a: 1, b: [~]}: c',
      'yaml: invalid map key: map[interface {}]interface {}{"a":1, "b":[]interface {}{interface {}(nil)}}',
    ],
    ['~: x', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: "x"'],
    [
      '18446744073709551615: [1]',
      'unsupported map key of type: uint64, key: 0xffffffffffffffff, value: []interface {}{1}',
    ],
    ['b: .nan\na: -.inf', 'json: unsupported value: -Inf'],
    ['a: \x07', 'yaml: control characters are not allowed'],
    ['a: \udcff', 'yaml: invalid leading UTF-8 octet'],
    ['a: \udce2b', 'yaml: incomplete UTF-8 octet sequence'],
    ['a: \udce2b  ', 'yaml: invalid trailing UTF-8 octet'],
  ])("for %j is Go's: %s", (text, message) => {
    expect(errorOf(() => parseYaml(text))).toBe(`error converting YAML to JSON: ${message}`);
  });

  it('for a bad character that was replaced is none', () => {
    expect(encodeJson(parseYaml('a: .nan\na: 1'))).toBe('{"a":1}');
  });

  it('tells the true line as data', () => {
    const error = (() => {
      try {
        return parseYaml('a: 1\nb: [\n');
      } catch (caught) {
        return caught;
      }
    })();
    expect(isHawserError(error, 'RenderFailed') && error.data).toEqual({ line: 3 });
  });

  it('comes for duplicate keys in strict reading only', () => {
    const text = 'a: 1\nb: {x: 1, x: 2}\na: 3\n1: a\n"1": b\n';
    expect(encodeJson(parseYaml('a: 1\na: 3\n'))).toBe('{"a":3}');
    expect(errorOf(() => parseYamlStrict(text))).toBe(
      'error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key "x" already set in map\n  line 3: key "a" already set in map',
    );
  });

  it.each([
    ['true', 'bool'],
    ['5', 'number'],
    ['x', 'string'],
    ['[]', 'array'],
  ])('for a map from %s names its kind', (text, kind) => {
    expect(errorOf(() => parseYamlMap(text))).toBe(
      `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
    );
  });

  it('for a list from a map names its kind, and nothing is nil for both', () => {
    expect(errorOf(() => parseYamlList('a: 1'))).toContain(
      'cannot unmarshal object into Go value of type []interface {}',
    );
    expect([parseYamlMap('# a'), parseYamlList('')]).toEqual([null, null]);
  });
});

describe('the limits of the reader', () => {
  it('stop aliases that expand to much', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) =>
        `${'abcdefghi'[level]}: &${'abcdefghi'[level]} [${Array(9)
          .fill(level === 0 ? 'x' : `*${'abcdefghi'[level - 1]}`)
          .join(', ')}]`,
    );
    expect(errorOf(() => parseYaml(levels.join('\n')))).toBe(
      'error converting YAML to JSON: yaml: document contains excessive aliasing',
    );
  });

  it('allow aliases in small documents', () => {
    const text = `a: &a [${Array(50).fill('x').join(', ')}]\nb: [${Array(15).fill('*a').join(', ')}]`;
    expect(encodeJson(parseYaml(text)).length).toBeGreaterThan(3000);
  });

  it.each(['['.repeat(1500), '- '.repeat(1500), '{a: '.repeat(1500)])('stop deep nesting', (text) => {
    expect(errorOf(() => parseYaml(text))).toMatch(/nested deeper than 1000|max depth|did not find/);
  });

  it('bear long lines, many keys and many emoji without becoming slow', () => {
    const text = `a: "${'😀'.repeat(50_000)}"\nb: {${Array.from({ length: 5000 }, (_, i) => `k${i}: 😀`).join(', ')}}\n`;
    expect(parseYamlMap(text)?.size).toBe(2);
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      'b: ',
      '- ',
      '? ',
      ': ',
      '\n',
      '\n  ',
      ' ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '#',
      '&x ',
      '*x',
      '!!str ',
      '|',
      '>',
      "'",
      '"',
    ],
    ...['\\', '%', '---', '...', '<<: ', '\t', '\r', '\ufeff', '😀', '\udcff', '\0', '1', '~', '.inf'],
  );

  it('is read or refused, never more', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        try {
          encodeJson(parseYaml(parts.join('')));
        } catch (error) {
          expect(isHawserError(error)).toBe(true);
        }
      }),
      { numRuns: Number(process.env.HAWSER_FUZZ_RUNS ?? 500) },
    );
  });
});
