// Templates as they may be: by the whole grammar and all functions, with arguments that fit most of the time; and soup of its tokens.

import fc from 'fast-check';
import { FAMILIES } from './families.ts';

/** Operands by the Go type that they have in `VALUES`. */
const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  string: [
    '.Values.s',
    '.Values.m.s',
    '"a"',
    '`b\\c`',
    '"x-y_z 1.2"',
    '""',
    '"é😀"',
    '.Release.Name',
    '(print .Values.i)',
    '$v',
  ],
  int: ['1', '0', '-3', '17', "'c'", '0x1F', '1_000', '.Values.i', '(len .Values.l)', '$i'],
  float: ['2.5', '-1e3', '1e21', '.Values.f'],
  bool: ['true', 'false', '.Values.t'],
  list: [
    '.Values.l',
    '.Values.m.l',
    '(list 1 "b" nil)',
    '(tuple)',
    '(until 3)',
    '(splitList "," "c,a,b")',
    '$.Values.n',
  ],
  dict: ['.Values.m', '.Values.m.m', '(dict "k" 1 "j" .Values.l)', '(dict)', '$.Values'],
  time: ['now', '(toDate "2006-01-02" "2024-02-29")'],
  other: [
    'nil',
    '.',
    '$',
    '.Values.none',
    '.Values.none.x',
    '.Values.z',
    '2i',
    '.Files',
    '.Capabilities.KubeVersion',
    '.Chart.Name',
    '($).Values.s',
    '(.Values.m).s',
    '(dict "a" (dict "b" 1)).a.b',
  ],
  key: ['0', '1', '"s"', '"k"', '-1', '99'],
  format: ['"%v"', '"%d|%s"', '"%5.2f"', '"%+q"', '"%x"', '"%T"', '"%[2]*[1]d"', '"%!"', '"%-8v|%08v"'],
  regex: ['"a|b"', '"(x)(y)?"', '"[^0-9]+"', '"("', '"(a*)*"', '"\\\\bfoo"', '"(?i)É"'],
  date: ['"2006-01-02"', '"15:04:05 MST"', '"Jan _2 2006"', '"2024-02-29"', '"1h30m"', '"+25h"'],
  version: ['"1.2.3"', '">=1.2 <2 || ~3.1"', '"^0.2"', '"v1.0.0-rc.1+b"', '"x"'],
  yaml: [
    '"a: [1, {b: null}]"',
    '"- &x 1\\n- *x"',
    '"{"',
    '"{\\"a\\":1e400}"',
    '"[1,2]"',
    '"a = 1\\n[b]\\nc = 2024-01-01"',
    '"!!binary YQ=="',
  ],
  address: ['"http://u:p@h:1/p?q=1#f"', '"a/../b/c.txt"', '"%zz"', '"/"'],
  template: ['"t"', '"u"', '"none"'],
  text: ['"{{ .Values.s }}"', '"{{ define \\"u\\" }}x{{ end }}{{ include \\"u\\" . }}"', '"{{"', '.Values.tpl'],
  dot: ['.', '$', '.Values', '(dict "Values" .Values "Template" .Template)'],
  encoded: ['"YQ=="', '"MFRGG==="', '"%%%"', '"=?"'],
};

const SOME_STRING = ['string', 'string', 'regex', 'date', 'version', 'yaml', 'address', 'encoded', 'format'];

/** Which of them fit a parameter of a Go type. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  string: SOME_STRING,
  int: ['int'],
  uint32: ['int'],
  float64: ['float', 'int'],
  bool: ['bool'],
  '[]interface {}': ['list'],
  'map[string]interface {}': ['dict'],
  'time.Time': ['time'],
  container: ['list', 'dict', 'string'],
  key: ['key'],
  format: ['format'],
  template: ['template'],
  text: ['text'],
  dot: ['dot'],
};
const ANY_KIND = Object.keys(OPERANDS);

function operandOf(parameter: string): fc.Arbitrary<string> {
  const fitting = FITTING[parameter] ?? ['string', 'int', 'float', 'bool', 'list', 'dict', 'other'];
  const pick = (kinds: readonly string[]) => fc.constantFrom(...kinds.flatMap((kind) => OPERANDS[kind] ?? []));
  return fc.oneof({ weight: 12, arbitrary: pick(fitting) }, { weight: 1, arbitrary: pick(ANY_KIND) });
}

function argumentsOf(params: readonly string[]): fc.Arbitrary<string[]> {
  const lists = params.map((parameter) =>
    parameter.startsWith('...')
      ? fc.array(operandOf(parameter.slice(3)), { maxLength: 4 })
      : operandOf(parameter).map((operand) => [operand]),
  );
  return fc.tuple(...lists).map((parts) => parts.flat());
}

const CALLS = Object.values(FAMILIES).map((functions) =>
  fc.oneof(
    ...Object.entries(functions).map(([name, params]) =>
      argumentsOf(params).map((given) => [name, ...given].join(' ')),
    ),
  ),
);

/** A call of any function, each family as likely as another. */
const call = fc.oneof(...CALLS);

/** Ends of pipes: the last argument comes from before the bar. */
const tail = fc.oneof(
  ...Object.values(FAMILIES).map((functions) =>
    fc.oneof(
      ...Object.entries(functions).map(([name, params]) =>
        argumentsOf(params.slice(0, -1)).map((given) => [name, ...given].join(' ')),
      ),
    ),
  ),
);

const { pipe } = fc.letrec<{ pipe: string; operand: string }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 2 },
    operandOf('any'),
    tie('pipe').map((inner) => `(${inner})`),
    tie('pipe').map((inner) => `(${inner}).a.s`),
  ),
  pipe: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: call },
    { weight: 2, arbitrary: operandOf('any') },
    { weight: 2, arbitrary: fc.tuple(tie('operand'), tail).map((parts) => parts.join(' | ')) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('eq', 'and', 'or', 'default', 'list', 'dict "k"', 'ternary 1 2', 'coalesce'),
          tie('operand'),
          tie('operand'),
        )
        .map((parts) => parts.join(' ')),
    },
    { weight: 1, arbitrary: fc.tuple(tie('pipe'), tail).map((parts) => parts.join(' | ')) },
  ),
}));

const opening = fc.constantFrom('{{', '{{', '{{- ');
const closing = fc.constantFrom('}}', '}}', ' -}}');
const action = (inner: fc.Arbitrary<string>) => fc.tuple(opening, inner, closing).map((parts) => parts.join(''));

const { list } = fc.letrec<{ list: string; statement: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3 },
    { weight: 2, arbitrary: fc.constantFrom('text', ' \n  ', 'k: ', '---\n', '{{- /* c */ -}}', '# é\n') },
    { weight: 5, arbitrary: action(pipe) },
    { weight: 1, arbitrary: action(pipe.map((inner) => `$v := ${inner}`)) },
    { weight: 1, arbitrary: action(pipe.map((inner) => `$v = ${inner}`)) },
    {
      weight: 1,
      arbitrary: action(
        fc.tuple(fc.constantFrom('template "t"', 'template "none"'), pipe).map((parts) => parts.join(' ')),
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('{{template "t"}}', '{{template "u"}}') },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('if', 'with', 'range', 'range $i, $v :=', 'range $v =', 'with $v :='),
          pipe,
          tie('list'),
          tie('list'),
        )
        .map(([keyword, inner, first, second]) => `{{${keyword} ${inner}}}${first}{{else}}${second}{{end}}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('if', 'with'), pipe, tie('list'), pipe, tie('list'))
        .map(
          ([keyword, first, one, second, two]) =>
            `{{${keyword} ${first}}}${one}{{else ${keyword} ${second}}}${two}{{end}}`,
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('break', 'continue'), pipe, tie('list'))
        .map(([word, inner, body]) => `{{range .Values.l}}${body}{{if ${inner}}}{{${word}}}{{end}}{{end}}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('define "u"', 'block "u" .', 'define "t"'), tie('list'))
        .map(([keyword, body]) => `{{${keyword}}}{{$v := 1}}{{$i := 2}}${body}{{end}}`),
    },
  ),
  list: fc.array(tie('statement'), { maxLength: 4 }).map((parts) => parts.join('')),
}));

/** A template by the grammar, with the variables that its operands name. */
export const template: fc.Arbitrary<string> = list.map((body) => `{{$v := "v"}}{{$i := 3}}${body}`);

const TOKENS = [
  ...[
    '{{',
    '}}',
    '{{-',
    '-}}',
    ' ',
    '(',
    ')',
    '|',
    '"',
    '`',
    "'",
    '.',
    '$',
    ':=',
    '=',
    ',',
    '/*',
    '*/',
    '\\',
    '\n',
    '\udc80',
    'é',
    '0x',
    '1e',
    '#',
    '- ',
    ': ',
    '&a',
    '*a',
    '!!',
    '|-\n',
    '[',
    ']',
    '{',
    '}',
    '%',
    '\t',
  ],
  ...[
    'if',
    'end',
    'else',
    'range',
    'define',
    'block',
    'template',
    'with',
    'break',
    'nil',
    'true',
    'x',
    '.a.b',
    '$x',
    'include',
    'tpl',
    '9007199254740993',
  ],
];

/** No grammar at all: templates, YAML or flags that were never meant to be read. */
export const soup: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...TOKENS), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** The values that the operands name; some are of another type than their name says. */
export const VALUES = `
s: a string
i: 7
f: 1.5
t: true
z: null
l: [1, two, 3.5, null, {k: v}]
n: [c, a, b]
m: {s: inner, l: [x], m: {a: {s: deep}}, k: 1}
tpl: "{{ .Values.s | upper }}"
`;
