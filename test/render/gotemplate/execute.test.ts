// What templates print, and how they fail: the texts are those of Go's text/template.

import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../src/base/errors.ts';
import {
  GoMap,
  type GoMethod,
  GoNumber,
  GoOpaque,
  GoSlice,
  GoStruct,
  type GoValue,
  goInt,
} from '../../../src/render/go/value.ts';
import {
  createTemplateSet,
  type ExecuteOptions,
  outputBeforeError,
} from '../../../src/render/gotemplate/gotemplate.ts';

const map = (entries: Record<string, GoValue>) => new Map(Object.entries(entries));
const method = (params: string[], result: string, call: GoMethod['call']): GoMethod => ({ params, result, call });
const ANY = 'interface {}';

const functions: Record<string, GoMethod> = {
  text: method(['string'], 'string', (text) => `<${text}>`),
  next: method(['int'], 'int', (number) => (number instanceof GoNumber ? goInt(BigInt(number.value) + 1n) : null)),
  half: method(['float64'], 'float64', (number) => Number(number) / 2),
  any: method([ANY], ANY, (value) => value ?? null),
  none: method([], ANY, () => null),
  size: method(['map[string]interface {}'], 'int', (dict) => goInt(dict instanceof Map ? dict.size : -1)),
  put: method(['map[string]interface {}'], 'string', (dict) => (dict instanceof Map ? dict.set('a', 1) && '' : '')),
  strings: method(['[]string'], 'int', (list) => goInt(list instanceof GoSlice ? list.items.length : -1)),
  many: method(['string', '...int'], 'int', (_text, ...numbers) => goInt(numbers.length)),
  broken: method([], 'string', () => {
    throw new Error('out of order');
  }),
};

const chart = new GoStruct(
  'chart.Chart',
  map({
    Name: 'web',
    Metadata: new GoStruct('chart.Metadata', map({ Version: '1.0', hidden: 1 }), {
      Upper: method([], 'string', () => 'UP'),
    }),
  }),
  {
    Join: method(['string', 'string'], 'string', (a, b) => `${a}-${b}`),
    Fail: functions.broken ?? method([], '', () => ''),
  },
  false,
  { Metadata: { embedded: true } },
);

const data = map({
  name: 'web',
  zero: goInt(0),
  one: goInt(1),
  ratio: 2.5,
  nothing: null,
  yes: true,
  list: [goInt(1), 'two', null],
  empty: [],
  table: map({ b: 'B', a: map({ deep: 'D' }) }),
  labels: new GoMap('map[string]string', map({ app: 'x' })),
  words: new GoSlice('[]string', ['x', 'y']),
  bytes: Uint8Array.from([104, 105]),
  chart,
  values: new GoMap('chartutil.Values', map({ port: 80 }), { YAML: method([], 'string', () => 'port: 80') }),
  func: new GoOpaque('func(string) string', functions.text, '0x1'),
  number: new GoNumber('json.Number', '12'),
});

function run(text: string, options: ExecuteOptions = {}): string {
  const set = createTemplateSet({ functions });
  set.parse('t', text);
  return set.execute('t', data, options);
}

function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return messageOf(error);
  }
  throw new Error('nothing was thrown');
}

function checkOutputs(rows: [text: string, output: string][]): void {
  expect(rows.map(([text]) => [text, run(text)])).toEqual(rows);
}

function checkErrors(rows: [text: string, message: string][]): void {
  expect(rows.map(([text]) => [text, errorOf(() => run(text))])).toEqual(rows);
}

describe('an action', () => {
  it('prints values as fmt does, and what is missing as <no value>', () => {
    checkOutputs([
      ['{{.name}} {{.one}} {{.ratio}} {{.yes}} {{.list}}', 'web 1 2.5 true [1 two <nil>]'],
      ['{{.nothing}} {{.gone}} {{.gone.deeper}}', '<no value> <no value> <no value>'],
      ['{{"a\\n"}}{{`b`}}{{\'c\'}} {{0x10}} {{1e3}} {{2i}} {{1_000}}', 'a\nb99 16 1000 (0+2i) 1000'],
      ['{{.chart}} {{.bytes}} {{.labels}}', '{web {1.0 1}} [104 105] map[app:x]'],
    ]);
  });

  it('trims white space at its markers and drops comments', () => {
    checkOutputs([
      ['a \n{{- "b" -}}\n c', 'abc'],
      ['a {{/* x */}} b{{- /* y\n */ -}} c', 'a  bc'],
      ['{{-3}} {{- 3}}', '-33'],
    ]);
  });

  it('refuses to print a func', () => {
    checkErrors([
      [
        '{{.func}}',
        'template: t:1:2: executing "t" at <{{.func}}>: can\'t print {{.func}} of type func(string) string',
      ],
    ]);
  });
});

describe('a field', () => {
  it('is a key, a struct field, one of an embedded struct, or a method', () => {
    checkOutputs([
      ['{{.table.a.deep}} {{.labels.app}} {{.labels.none}}|', 'D x <no value>|'],
      ['{{.chart.Name}} {{.chart.Version}} {{.chart.Metadata.Version}}', 'web 1.0 1.0'],
      ['{{.chart.Join "a" "b"}} {{"b" | .chart.Join "a"}} {{.chart.Upper}}', 'a-b a-b UP'],
      ['{{.values.port}} {{.values.YAML}} {{(.values).port}}', '80 port: 80 80'],
      ['{{(index .list 1)}} {{(.table).a.deep}} {{$.name}}', 'two D web'],
    ]);
  });

  it('fails where there is none, with the column of the chain', () => {
    checkErrors([
      ['{{.name.x}}', 'template: t:1:7: executing "t" at <.name.x>: can\'t evaluate field x in type interface {}'],
      ['{{$n := .name}}{{$n.x}}', 'template: t:1:19: executing "t" at <$n.x>: can\'t evaluate field x in type string'],
      ['{{.nothing.x}}', 'template: t:1:10: executing "t" at <.nothing.x>: nil pointer evaluating interface {}.x'],
      [
        '{{.chart.Nope}}',
        'template: t:1:8: executing "t" at <.chart.Nope>: can\'t evaluate field Nope in type interface {}',
      ],
      [
        '{{.chart.hidden}}',
        'template: t:1:8: executing "t" at <.chart.hidden>: hidden is an unexported field of struct type interface {}',
      ],
      [
        '{{.chart.Name 1}}',
        'template: t:1:8: executing "t" at <.chart.Name>: Name has arguments but cannot be invoked as function',
      ],
      ['{{.table.b 1}}', 'template: t:1:8: executing "t" at <.table.b>: b is not a method but has arguments'],
      [
        '{{.chart.Join "a"}}',
        'template: t:1:8: executing "t" at <.chart.Join>: wrong number of args for Join: want 2 got 1',
      ],
      ['{{.chart.Fail}}', 'template: t:1:8: executing "t" at <.chart.Fail>: error calling Fail: out of order'],
      ['{{nil.x}}', 'template: t:1: unexpected . after term "nil"'],
    ]);
  });

  it('follows the option missingkey', () => {
    const text = '{{.gone}}|{{.labels.gone}}';
    expect(run(text, { missingKey: 'default' })).toBe('<no value>|<no value>');
    expect(run(text, { missingKey: 'zero' })).toBe('<no value>|');
    expect(errorOf(() => run(text, { missingKey: 'error' }))).toBe(
      'template: t:1:2: executing "t" at <.gone>: map has no entry for key "gone"',
    );
    expect(errorOf(() => run('{{.gone.x}}', { missingKey: 'zero' }))).toBe(
      'template: t:1:7: executing "t" at <.gone.x>: nil pointer evaluating interface {}.x',
    );
  });

  it('does not find what every JavaScript object has', () => {
    checkOutputs([['{{.constructor}} {{.table.toString}} {{.__proto__}}', '<no value> <no value> <no value>']]);
    checkErrors([
      [
        '{{.values.hasOwnProperty}}{{.chart.constructor}}',
        'template: t:1:34: executing "t" at <.chart.constructor>: can\'t evaluate field constructor in type interface {}',
      ],
    ]);
  });
});

describe('a variable', () => {
  it('lives until the end of its block, and an assignment reaches outwards', () => {
    checkOutputs([
      ['{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}', '21'],
      ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
      ['{{$x := 1}}{{range .words}}{{$x = .}}{{end}}{{$x}}', 'y'],
      ['{{with $x := .name}}{{$x}}{{end}}{{$x := 3}}{{$x}}', 'web3'],
      ['{{range $i, $w := .words}}{{$i}}{{$w}}{{end}}{{range $w := .words}}{{$w}}{{end}}', '0x1yxy'],
    ]);
  });

  it('declared in an argument that was skipped is the one outside, or none', () => {
    checkOutputs([['{{$x := 0}}{{or 1 ($x := 5)}}{{$x}}{{or 0 ($x := 6)}}{{$x}}', '1066']]);
    checkErrors([
      ['{{or 1 ($y := 5)}}{{$y}}', 'template: t:1:20: executing "t" at <$y>: undefined variable: $y'],
      [
        '{{if .zero}}{{$y := 1}}{{else}}{{$y}}{{end}}',
        'template: t:1:33: executing "t" at <$y>: undefined variable: $y',
      ],
    ]);
  });
});

describe('a branch', () => {
  it('takes what is not zero', () => {
    checkOutputs([
      ['{{if .zero}}T{{else}}F{{end}}{{if .empty}}T{{else if .one}}1{{else}}F{{end}}', 'F1'],
      ['{{with .gone}}T{{else with .name}}{{.}}{{end}}{{with .table}}{{.b}}{{end}}', 'webB'],
      [
        '{{if .ratio}}T{{end}}{{if .chart}}T{{end}}{{if .bytes}}T{{end}}{{if .number}}T{{end}}{{if 0i}}T{{end}}',
        'TTTT',
      ],
    ]);
  });
});

describe('range', () => {
  it('goes over lists, maps in the order of their keys, and integers', () => {
    checkOutputs([
      ['{{range .list}}[{{.}}]{{end}}{{range .bytes}}{{.}},{{end}}', '[1][two][<no value>]104,105,'],
      ['{{range $k, $v := .table}}{{$k}}{{end}}{{range .labels}}{{.}}{{end}}', 'abx'],
      ['{{range 3}}{{.}}{{end}}{{range $i := .one}}{{$i}}{{end}}{{range -1}}x{{else}}none{{end}}', '0120none'],
      ['{{range .empty}}x{{else}}empty{{end}}{{range .gone}}x{{else}}gone{{end}}', 'emptygone'],
    ]);
  });

  it('breaks and continues', () => {
    checkOutputs([
      ['{{range 5}}{{if eq . 1}}{{continue}}{{end}}{{if eq . 3}}{{break}}{{end}}{{.}}{{end}}', '02'],
      ['{{range 2}}{{range $.words}}{{if true}}{{break}}{{end}}x{{end}}{{.}}{{end}}', '01'],
      ['{{range 2}}{{range $.empty}}{{else}}{{break}}{{end}}{{.}}{{end}}', '01'],
      ['{{range 2}}{{range $.empty}}{{else}}{{continue}}{{end}}{{.}}{{end}}', ''],
    ]);
  });

  it('fails on what has no elements', () => {
    checkErrors([
      ['{{range .ratio}}{{end}}', 'template: t:1:8: executing "t" at <.ratio>: range can\'t iterate over 2.5'],
      [
        '{{range .chart}}{{end}}',
        'template: t:1:8: executing "t" at <.chart>: range can\'t iterate over {web {1.0 1}}',
      ],
      [
        '{{range $i, $n := 3}}{{end}}',
        'template: t:1:18: executing "t" at <3>: can\'t use 3 to iterate over more than one variable',
      ],
    ]);
  });
});

describe('a call', () => {
  it('gives literals the type of the parameter', () => {
    checkOutputs([
      [
        "{{next 1}} {{next 'a'}} {{next 1.0}} {{half 3}} {{text `x`}} {{any 1}} {{any nil}}",
        '2 98 2 1.5 <x> 1 <no value>',
      ],
      ['{{many "a"}} {{many "a" 1 2}} {{3 | many "a" 1}} {{size .values}} {{size nil}} {{strings nil}}', '0 2 2 1 0 0'],
    ]);
  });

  it('refuses arguments of another type as reflection does', () => {
    const at = (column: number, node: string, message: string) =>
      `template: t:1:${column}: executing "t" at <${node}>: ${message}`;
    checkErrors([
      ['{{next .ratio}}', at(7, '.ratio', 'wrong type for value; expected int; got float64')],
      ['{{text .nothing}}', at(7, '.nothing', 'wrong type for value; expected string; got interface {}')],
      ['{{text .gone}}', at(7, '.gone', 'invalid value; expected string')],
      ['{{.ratio | next}}', at(11, 'next', 'wrong type for value; expected int; got float64')],
      ['{{next 1.5}}', at(7, '1.5', 'expected integer; found 1.5')],
      ['{{text 1}}', at(7, '1', 'expected string; found 1')],
      ['{{next nil}}', at(7, 'nil', 'cannot assign nil to int')],
      ['{{size "x"}}', at(7, '"x"', 'can\'t handle "x" for arg of type map[string]interface {}')],
      [
        '{{size .labels}}',
        at(7, '.labels', 'wrong type for value; expected map[string]interface {}; got map[string]string'),
      ],
      ['{{next}}', at(2, 'next', 'wrong number of args for next: want 1 got 0')],
      ['{{many}}', at(2, 'many', 'wrong number of args for many: want at least 1 got 0')],
      ['{{any 9223372036854775808}}', at(6, '9223372036854775808', '9223372036854775808 overflows int')],
    ]);
  });

  it('wraps what a function throws', () => {
    checkErrors([
      ['{{broken}}', 'template: t:1:2: executing "t" at <broken>: error calling broken: out of order'],
      ['{{broken | text}}', 'template: t:1:2: executing "t" at <broken>: error calling broken: out of order'],
      ['{{put nil}}', 'template: t:1:2: executing "t" at <put nil>: error calling put: assignment to entry in nil map'],
    ]);
  });
});

describe('the built-in functions', () => {
  it('compare', () => {
    checkOutputs([
      [
        '{{eq 1 1}} {{eq .name "a" "web"}} {{ne 1 2}} {{lt "a" "b"}} {{le 2 2}} {{gt 1.5 1.0}} {{ge 1 2}}',
        'true true true true true true false',
      ],
      ['{{eq .nothing nil}} {{eq .gone 1}} {{eq .one 1}}', 'true false true'],
    ]);
    checkErrors([
      [
        '{{eq .ratio 1}}',
        'template: t:1:2: executing "t" at <eq .ratio 1>: error calling eq: incompatible types for comparison: float64 and int',
      ],
      [
        '{{lt true false}}',
        'template: t:1:2: executing "t" at <lt true false>: error calling lt: invalid type for comparison',
      ],
      [
        '{{eq .empty .empty}}',
        'template: t:1:2: executing "t" at <eq .empty .empty>: error calling eq: non-comparable type []: []interface {}',
      ],
    ]);
  });

  it('stop at the first argument that decides', () => {
    checkOutputs([
      ['{{and 1 0 broken}} {{or 0 2 broken}} {{and 1 "x"}} {{or 0 ""}}| {{not .zero}}', '0 2 x | true'],
      ['{{1 | and 0}} {{1 | and 2}} {{0 | or ""}}', '0 1 0'],
    ]);
  });

  it('index, slice and measure', () => {
    checkOutputs([
      ['{{index .list 1}} {{index .table "a" "deep"}} {{index .labels "none"}}| {{index .words 1}}', 'two D | y'],
      ['{{slice .words 1}} {{slice "héllo" 1 3}} {{len "héllo"}} {{len .table}}', '[y] é 6 2'],
    ]);
    checkErrors([
      [
        '{{index .list 3}}',
        'template: t:1:2: executing "t" at <index .list 3>: error calling index: reflect: slice index out of range',
      ],
      [
        '{{index .list 9}}',
        'template: t:1:2: executing "t" at <index .list 9>: error calling index: index out of range: 9',
      ],
      [
        '{{index .table 1}}',
        'template: t:1:2: executing "t" at <index .table 1>: error calling index: value has type int; should be string',
      ],
      ['{{len 1}}', 'template: t:1:2: executing "t" at <len 1>: error calling len: len of type int'],
    ]);
  });

  it('escape', () => {
    checkOutputs([
      [
        '{{html "<a b=\'c\'>"}} {{js "a\'\\n"}} {{urlquery "a b&é"}}',
        "&lt;a b=&#39;c&#39;&gt; a\\'\\u000A a+b%26%C3%A9",
      ],
    ]);
  });

  it('print, and call a func', () => {
    checkOutputs([
      ['{{print 1 2 "a"}} {{printf "%s-%03d" "x" 7}} {{println "a"}}', '1 2a x-007 a\n'],
      ['{{call .func "x"}} {{"x" | call .func}}', '<x> <x>'],
    ]);
    checkErrors([
      [
        '{{call .func 1}}',
        'template: t:1:2: executing "t" at <call .func 1>: error calling call: arg 0: value has type int; should be string',
      ],
      [
        '{{call .name}}',
        'template: t:1:2: executing "t" at <call .name>: error calling call: non-function .name of type string',
      ],
    ]);
  });
});

describe('template, define and block', () => {
  it('run a template with a dot and variables of its own', () => {
    checkOutputs([
      ['{{define "a"}}[{{.}}{{$}}]{{end}}{{template "a" .name}}{{template "a"}}', '[webweb][<no value><no value>]'],
      ['{{block "b" 1}}B{{.}}{{end}}{{template "b" 2}}', 'B1B2'],
    ]);
  });

  it('tell the file of the define and the name of the template', () => {
    checkErrors([
      [
        '\n{{define "a"}}\n {{.name.x}}{{end}}{{template "a" .}}',
        'template: t:3:8: executing "a" at <.name.x>: can\'t evaluate field x in type interface {}',
      ],
      ['{{template "no"}}', 'template: t:1:11: executing "t" at <{{template "no"}}>: template "no" not defined'],
    ]);
  });

  it('keep what was written before the error, outside the error’s own data', () => {
    try {
      run('before {{broken}} after');
      expect.unreachable();
    } catch (error) {
      expect(outputBeforeError(error)).toBe('before ');
      expect(error).toMatchObject({
        code: 'RenderFailed',
        place: { file: 't', line: 1, column: 10 },
        data: { stage: 'exec' },
      });
    }
  });
});
