// Whatever the text and the data: an output or a HawserError, always the same, and in the time that the budget allows.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HawserError } from '../../../src/base/errors.ts';
import { type GoValue, goInt } from '../../../src/render/go/value.ts';
import { createBudget, createTemplateSet } from '../../../src/render/gotemplate/gotemplate.ts';

const numRuns = Number(process.env.HAWSER_FUZZ_RUNS ?? 300);

const KEYS = ['a', 'b', 'c'];
const leaf: fc.Arbitrary<GoValue> = fc.oneof(
  fc.constantFrom<GoValue>(null, true, false, '', 'text', 'é😀', 0, -1.5, 1e21, Number.NaN),
  fc.integer({ min: -300, max: 300 }).map((value) => goInt(value)),
);
const { value } = fc.letrec<{ value: GoValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 3 })
      .map((entries) => new Map(Object.entries(entries))),
  ),
}));

const operand = fc.constantFrom(
  '.',
  '.a',
  '.a.b',
  '$',
  '$x',
  '$.c',
  '1',
  '-2.5',
  '"s"',
  "'c'",
  'nil',
  'true',
  '2i',
  '`r`',
);
const { pipe } = fc.letrec<{ pipe: string; operand: string }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 3 },
    operand,
    tie('pipe').map((inner) => `(${inner})`),
  ),
  pipe: fc.oneof(
    { maxDepth: 3 },
    operand,
    fc
      .tuple(fc.constantFrom('print', 'not', 'len', 'html', 'js', 'printf "%v %5.1f"'), tie('operand'))
      .map((parts) => parts.join(' ')),
    fc
      .tuple(fc.constantFrom('eq', 'lt', 'and', 'or', 'index', 'slice', 'printf'), tie('operand'), tie('operand'))
      .map((parts) => parts.join(' ')),
    fc
      .tuple(tie('pipe'), fc.constantFrom('print', 'len', 'not', 'eq 1', 'index .', 'printf "%q"'))
      .map((parts) => parts.join(' | ')),
  ),
}));

const { list } = fc.letrec<{ list: string; statement: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('text', ' \n', '{{- /* c */ -}}', '{{break}}', '{{template "t" .}}'),
    pipe.map((inner) => `{{${inner}}}`),
    pipe.map((inner) => `{{$x := ${inner}}}`),
    fc
      .tuple(fc.constantFrom('if', 'with', 'range', 'range $i, $x :='), pipe, tie('list'), tie('list'))
      .map(([keyword, inner, first, second]) => `{{${keyword} ${inner}}}${first}{{else}}${second}{{end}}`),
  ),
  list: fc.array(tie('statement'), { maxLength: 4 }).map((parts) => parts.join('')),
}));

const soup = fc
  .array(
    fc.constantFrom(
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
      ',',
      '/*',
      '*/',
      '\\',
      '\n',
      '\udc80',
      'é',
      '0x',
      '1e',
      'if',
      'end',
      'else',
      'range',
      'define',
      'x',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** The output or the error's text; anything but a HawserError is thrown on. */
function outcome(text: string, data: GoValue): string {
  try {
    const set = createTemplateSet({ functions: {} });
    set.parse('m', `{{define "t"}}{{if .a}}{{template "t" .a}}{{end}}{{end}}{{$x := 0}}${text}`);
    const budget = createBudget({ maxOutput: 1_000_000, maxOperations: 100_000 });
    return `output ${set.execute('m', data, { budget })}`;
  } catch (error) {
    if (error instanceof HawserError) return `${error.code} ${error.message}`;
    throw error;
  }
}

describe('any template', () => {
  it('of the grammar gives an output or an error of its own, the same each time', () => {
    fc.assert(
      fc.property(list, value, (text, data) => {
        const first = outcome(text, data);
        expect(outcome(text, data)).toBe(first);
        expect(first).not.toMatch(/^Internal|undefined|\[object/);
      }),
      { numRuns },
    );
  });

  it('of no grammar at all does too', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary' })), (text) => {
        expect(outcome(text, null)).toMatch(/^(output|RenderFailed template: m:)/);
      }),
      { numRuns },
    );
  });

  it('is its own output where it holds no delimiter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('{{'));
        const set = createTemplateSet({ functions: {} });
        set.parse('m', text);
        expect(set.execute('m', null)).toBe(text);
      }),
      { numRuns },
    );
  });
});
