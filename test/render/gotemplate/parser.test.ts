// Texts that are no template, and the errors that Go tells of them.

import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../src/base/errors.ts';
import { createTemplateSet, type TemplateSetOptions } from '../../../src/render/gotemplate/gotemplate.ts';

function parse(text: string, options: Partial<TemplateSetOptions> = {}) {
  const set = createTemplateSet({ functions: {}, ...options });
  set.parse('dir/a.yaml', text);
  return set;
}

function errorOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    return messageOf(error).replace('template: dir/a.yaml:', '');
  }
  throw new Error(`parsed: ${text}`);
}

const mistakes: Record<string, [text: string, error: string][]> = {
  'an action that does not end': [
    ['{{', '1: unclosed action'],
    ['a\n{{\n\n', '4: unclosed action started at dir/a.yaml:2'],
    ['{{"a', '1: unterminated quoted string'],
    ['{{`a\n', '1: unterminated raw quoted string'],
    ["{{'a", '1: unterminated character constant'],
    ['{{/* a', '1: unclosed comment'],
    ['{{/* a */ }}', '1: comment ends before closing delimiter'],
    ['{{(1}}', '1: unclosed left paren'],
  ],
  'a character out of place': [
    ['{{1)}}', '1: unexpected right paren'],
    ['{{@}}', '1: unexpected "@" in command'],
    ['{{é€}}', "1: bad character U+20AC '€'"],
    ['{{\u0001}}', '1: unrecognized character in action: U+0001'],
    ['{{$:1}}', '1: expected :='],
    ['{{.a+1}}', "1: bad character U+002B '+'"],
    ['{{3foo}}', '1: bad number syntax: "3f"'],
  ],
  'a number that is none': [
    ['{{08}}', '1: integer overflow: "08"'],
    ['{{1_}}', '1: illegal number syntax: "1_"'],
    ['{{0x}}', '1: illegal number syntax: "0x"'],
    ["{{''}}", '1: invalid syntax'],
    ["{{'ab'}}", "1: malformed character constant: 'ab'"],
    ['{{"\\q"}}', '1: invalid syntax'],
  ],
  'a control structure that is not whole': [
    ['{{if}}{{end}}', '1: missing value for if'],
    ['{{if 1}}', '1: unexpected EOF'],
    ['{{end}}', '1: unexpected {{end}}'],
    ['{{else}}', '1: unexpected {{else}}'],
    ['{{if 1}}{{else}}{{else}}{{end}}', '1: expected end; found {{else}}'],
    ['{{range .}}{{else if 1}}{{end}}', '1: unexpected <if> in input'],
    ['{{break}}', '1: {{break}} outside {{range}}'],
    ['{{define "a"}}{{define "b"}}{{end}}{{end}}', '1: unexpected <define> in command'],
    ['{{define a}}{{end}}', '1: unexpected "a" in define clause'],
    ['{{template x}}', '1: unexpected "x" in template clause'],
    ['{{define "a"}}1{{end}}\n{{define "a"}}2{{end}}', '2: template: multiple definition of template "a"'],
  ],
  'a pipeline that makes no sense': [
    ['{{nosuch}}', '1: function "nosuch" not defined'],
    ['{{$x}}', '1: undefined variable "$x"'],
    ['{{1 | 2}}', '1: non executable command in pipeline stage 2'],
    ['{{| 1}}', '1: unexpected "|" in command'],
    ['{{1.x}}', '1: bad number syntax: "1.x"'],
    ['{{true.x}}', '1: unexpected . after term "true"'],
    ['{{true.x \n}}', '1: unexpected . after term "true"'],
    ['{{true.x\n-}}', '2: unexpected . after term "true"'],
    ['{{$x, $y := 1}}', '1: too many declarations in command'],
    ['{{range $x, 1 := .}}{{end}}', '1: range can only initialize variables'],
    ['{{..}}', '1: unexpected <.> in operand'],
    ['{{print "a long string"x}}', '1: unexpected "x" in operand'],
  ],
};

describe('parse', () => {
  for (const [title, rows] of Object.entries(mistakes)) {
    it(`tells of ${title} as Go does`, () => {
      expect(rows.map(([text]) => [text, errorOf(text)])).toEqual(rows);
    });
  }

  it('says where the error is and that parsing failed', () => {
    expect(() => parse('\n\n{{if}}')).toThrow(
      expect.objectContaining({
        code: 'RenderFailed',
        place: { file: 'dir/a.yaml', line: 3 },
        data: { stage: 'parse' },
      }),
    );
  });

  it('takes other delimiters', () => {
    const set = parse('{{a}} <<1>> <<- /* c */ ->> <<"x">>', { leftDelimiter: '<<', rightDelimiter: '>>' });
    expect(set.execute('dir/a.yaml', null)).toBe('{{a}} 1x');
  });

  it('ends nested parentheses and blocks with an error, not with the stack', () => {
    expect(errorOf(`{{${'('.repeat(20_000)}1`)).toBe('1: max expression depth exceeded');
    expect(errorOf('{{if 1}}'.repeat(20_000))).toBe('1: max block depth exceeded');
    expect(errorOf(`{{if 1}}${'{{else if 1}}'.repeat(20_000)}`)).toBe('1: max block depth exceeded');
  });

  it('lets a function take the place of a keyword', () => {
    const functions = { break: { params: [], result: 'string', call: () => 'B' } };
    expect(parse('{{range 2}}{{break}}{{end}}', { functions }).execute('dir/a.yaml', null)).toBe('BB');
  });
});
