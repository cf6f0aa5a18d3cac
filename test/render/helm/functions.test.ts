import { describe, expect, it } from 'vitest';
import { encodeJson } from '../../../src/render/go/json.ts';
import { type GoValue, goInt, goInt64 } from '../../../src/render/go/value.ts';
import { decodeToml } from '../../../src/render/helm/functions/toml-decode.ts';
import { encodeToml } from '../../../src/render/helm/functions/toml-encode.ts';
import { helmFunctions } from '../../../src/render/helm/functions.ts';

const FUNCTIONS = helmFunctions({ now: () => 0, random: (length) => new Uint8Array(length) });

function call(name: string, ...args: GoValue[]): GoValue {
  const method = FUNCTIONS[name];
  if (!method) throw new Error(`no function ${name}`);
  return method.call(...args);
}

function dict(entries: Readonly<Record<string, GoValue>>): Map<string, GoValue> {
  return new Map(Object.entries(entries));
}

describe('the functions of Helm', () => {
  it('leave out what would read the machine', () => {
    expect(Object.keys(FUNCTIONS)).not.toEqual(expect.arrayContaining(['env']));
    expect(Object.keys(FUNCTIONS)).not.toEqual(expect.arrayContaining(['expandenv']));
  });

  it('write YAML without the last line break', () => {
    expect(call('toYaml', dict({ b: [1], a: 'x' }))).toBe('a: x\nb:\n- 1');
    expect(call('toYamlPretty', dict({ b: ['y'], a: 'x' }))).toBe('a: x\nb:\n  - "y"');
  });

  it.each([
    ['fromYaml', 'a: 1', '{"a":1}'],
    ['fromYaml', '', '{}'],
    ['fromYamlArray', '- x', '["x"]'],
    ['fromYamlArray', '', '[]'],
    ['fromJson', '{"a":1}', '{"a":1}'],
    ['fromJson', 'null', 'null'],
    [
      'fromJson',
      '{"a":1e400,"b":2}',
      '{"Error":"json: cannot unmarshal number 1e400 into Go value of type float64","a":null,"b":2}',
    ],
    ['fromJson', '[1]', '{"Error":"json: cannot unmarshal array into Go value of type map[string]interface {}"}'],
    ['fromJsonArray', '[1]', '[1]'],
    ['fromJsonArray', '{', '["unexpected end of JSON input"]'],
    ['fromToml', 'a = 1', '{"a":1}'],
    ['fromToml', 'a', '{"Error":"toml: line 1: unexpected EOF; expected key separator \'=\'"}'],
  ])('%s of %j is %s', (name, text, json) => {
    expect(encodeJson(call(name, text))).toBe(json);
  });

  it('tell in the text what TOML cannot hold, but fail for nil', () => {
    expect(call('toToml', [null])).toBe('toml: cannot encode array with nil element');
    expect(() => call('toToml', null)).toThrow('reflect: call of reflect.Value.Type on zero Value');
  });
});

describe('encodeToml', () => {
  it('writes plain keys before tables, and tables of tables', () => {
    const value = dict({
      table: dict({ 'a b': 'x\n"' }),
      tables: [dict({ n: goInt(1) }), dict({ n: goInt(2) })],
      list: [goInt(1), 'x', dict({ y: 1.5 })],
      float: 1,
      none: null,
    });
    expect(encodeToml(value)).toBe(
      'float = 1.0\n' +
        'list = [1, "x", {y = 1.5}]\n' +
        '\n[table]\n  "a b" = "x\\n\\""\n' +
        '\n[[tables]]\n  n = 1\n\n[[tables]]\n  n = 2\n',
    );
  });

  it.each<[GoValue, string]>([
    [1e21, '1e+21'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'nan'],
    [true, 'true'],
    [goInt64(-5), '-5'],
    [[[1], []], '[[1.0], []]'],
    [new Uint8Array([1, 2]), '[1, 2]'],
  ])('writes a plain value at the top (%#)', (value, text) => {
    expect(encodeToml(value)).toBe(text);
  });

  it('ends where a value holds itself', () => {
    const value = dict({});
    value.set('self', value);
    expect(() => encodeToml(value)).toThrow('nested more than');
  });
});

describe('decodeToml', () => {
  it.each([
    ['a.b = 1\na.c = 0x1F', '{"a":{"b":1,"c":31}}'],
    ['[[x]]\na=1\n[[x]]\na=2\n[x.y]\nb=3', '{"x":[{"a":1},{"a":2,"y":{"b":3}}]}'],
    ['a = {b = 1, c.d = [1, # c\n 2,]}', '{"a":{"b":1,"c":{"d":[1,2]}}}'],
    ['a = """\nx\\\n   y"""\nb = \'\'\'\nz\'\'\'', '{"a":"xy","b":"z"}'],
    ['a = "\\u00e9\\t\\x41"', '{"a":"é\\tA"}'],
    ['a = 1979-05-27 07:32:00.5Z\nb = 07:32', '{"a":"1979-05-27T07:32:00.5Z","b":"0000-01-01T07:32:00Z"}'],
    ['a = [1, 2.5, "x", true]', '{"a":[1,2.5,"x",true]}'],
    ['[a.b]\nx=1\n[a]\ny=2', '{"a":{"b":{"x":1},"y":2}}'],
    ['"a b" = 1_000 # c\n', '{"a b":1000}'],
  ])('reads %j', (text, json) => {
    expect(encodeJson(decodeToml(text))).toBe(json);
  });

  it.each([
    ['a = ', 'toml: line 1 (last key "a"): unexpected EOF; expected value'],
    ['a = 1\na = 2', 'toml: line 2 (last key "a"): Key \'a\' has already been defined.'],
    ['[a]\n[a]', "toml: line 2: Key 'a' has already been defined."],
    ['a = "x\n"', 'toml: line 1 (last key "a"): strings cannot contain newlines'],
    ['a = 01', 'toml: line 1 (last key "a"): Invalid integer "01": cannot have leading zeroes'],
    ['a = 1__0', 'toml: line 1 (last key "a"): Invalid integer "1__0": underscores must be surrounded by digits'],
    ['a = 1.', 'toml: line 1 (last key "a"): Invalid float "1.": \'.\' must be followed by one or more digits'],
    ['a = 99999999999999999999', 'toml: line 1 (last key "a"): 99999999999999999999 is out of range for int64'],
    ['a = 25:00', 'toml: line 1 (last key "a"): invalid datetime: "25:00"'],
    ['a = [1 2]', "toml: line 1 (last key \"a\"): expected a comma (',') or array terminator (']'), but got '2'"],
    ['a = "\\q"', 'toml: line 1 (last key "a"): invalid escape in string \'\\q\''],
    ['x\n\u0001', "toml: line 1: expected '.' or '=', but got '\\n' instead"],
    ['a = "\u0001"', 'toml: line 1 (last key "a"): TOML files cannot contain control characters: \'0x01\''],
    ['a = 1\n[[a]]', "toml: line 2: Key 'a' was already created and cannot be used as an array."],
    [`a = ${'['.repeat(1000)}`, 'TOML is nested more than'],
  ])('refuses %j', (text, message) => {
    expect(() => decodeToml(text)).toThrow(message);
  });
});
