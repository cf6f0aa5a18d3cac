import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHawserError } from '../../../src/base/errors.ts';
import { composeWanted } from '../../../src/render/yaml/compose.ts';
import type { YamlNode } from '../../../src/render/yaml/node.ts';
import { withoutPlainSections } from '../../../src/render/yaml/plain-sections.ts';
import { Scanner } from '../../../src/render/yaml/scanner.ts';

const isWanted = (key: string) => ['kind', 'metadata'].includes(key);
const without = (...lines: string[]) => withoutPlainSections(lines.join('\n'), isWanted).split('\n');

describe('the sections that a reader of the head passes over', () => {
  it('are those under unwanted keys', () => {
    expect(without('kind: X', 'metadata:', '  name: a', 'spec:', '  a: 1', 'data:', '  b: c', '')).toEqual([
      'kind: X',
      'metadata:',
      '  name: a',
      'spec:',
      'data:',
      '',
    ]);
  });

  it.each([
    ['sequences at the column of their key', 'spec:', '- a: 1', '  b: 2', '- c', 'kind: X'],
    [
      'block scalars with empty lines',
      'spec:',
      '  a: |-',
      '    text: more',
      '',
      '      deeper # no comment',
      'kind: X',
    ],
    ['plain scalars of several lines', 'spec:', '  a: some text', '    - and more', '', '    to the end', 'kind: X'],
    ['quoted scalars of several lines', 'spec:', "  a: 'some: text", "    it''s # more'", 'kind: X'],
    ['comments and empty collections', '# c', 'spec:', '  # c', '  a: {}', '  b:', '    []', 'kind: X'],
  ])('may hold %s', (_, ...lines) => {
    const [key] = lines.filter((line) => line.startsWith('spec'));
    expect(without(...lines).filter((line) => !line.startsWith('#'))).toEqual([key, 'kind: X']);
  });

  it.each([
    ['an anchor', 'spec:', '  a: &x 1', 'kind: X'],
    ['an alias', 'spec:', '  a: *x', 'kind: X'],
    ['a tag', 'spec:', '  a: !!str 1', 'kind: X'],
    ['a merge', 'spec:', '  <<: {}', 'kind: X'],
    ['a number that JSON lacks', 'spec:', '  a: .inf', 'kind: X'],
    ['a number too large', 'spec:', '  a: 1e999', 'kind: X'],
    ['a key that is null', 'spec:', '  null: 1', 'kind: X'],
    ['two values', 'spec:', '  a: b: c', 'kind: X'],
    ['a block at a column where none is open', 'spec:', '    a:', '  b: 1', 'kind: X'],
    ['text behind a comment that ended a scalar', 'spec:', '  a: b # c', '    d', 'kind: X'],
    ['a tab', 'spec:', '  a:\tb', 'kind: X'],
    ['a second document', 'spec:', '  a: b', '---', 'kind: X'],
  ])('stay where they hold %s', (_, ...lines) => {
    expect(without(...lines)).toEqual(lines);
  });

  it('are valid YAML, and nothing else of the document changes', () => {
    const keys = fc.constantFrom(
      'a',
      'b',
      'spec',
      'kind',
      'metadata',
      '"q"',
      'x-y/z',
      'null',
      '<<',
      'data',
      '.x',
      'a b',
    );
    const values = fc.constantFrom(
      ...[
        '',
        '',
        '',
        'b',
        'some text',
        '1',
        '1e999',
        '- x',
        '.inf',
        '"q r"',
        "'it''s'",
        '|',
        '>-',
        '|2',
        '{}',
        '[a, "b"]',
      ],
      ...[
        '[.inf]',
        'a: b',
        'a #c',
        '#c',
        'a#b',
        'a:b',
        '*x',
        '&x',
        '!t',
        '{a: 1}',
        '-1',
        '~',
        '"multi',
        'x  ',
        'b: ',
        '-c',
      ],
    );
    const entry = fc
      .tuple(fc.constantFrom('', '', '', '- ', '- - ', '-   '), keys, fc.constantFrom(':', ': '), values)
      .map((parts) => parts.join(''));
    const other = fc.constantFrom('', '# c', 'text', '- y', '---', 'b: c', 'x #y', ': z', '"', '}');
    const line = fc.tuple(
      fc.constantFrom(0, 0, 0, 1, 2, 2, 2, 3, 4, 4, 6),
      fc.oneof({ weight: 4, arbitrary: entry }, other),
    );
    const document = fc
      .array(line, { minLength: 1, maxLength: 9 })
      .map((lines) => lines.map(([indentation, text]) => ' '.repeat(indentation) + text).join('\n'));
    fc.assert(
      fc.property(document, (text) => {
        const rest = withoutPlainSections(`a:\n${text}\n`, isWanted);
        if (rest !== `a:\n${text}\n`) expect(compose(rest)).toEqual(compose(`a:\n${text}\n`));
      }),
      { numRuns: 20_000 },
    );
  });
});

/** What the composer makes of a whole text, without the lines. */
function compose(text: string): unknown {
  try {
    return shapeOf(composeWanted(new Scanner(text), isWanted));
  } catch (error) {
    if (isHawserError(error)) return 'an error';
    throw error;
  }
}

function shapeOf(node: YamlNode | undefined): unknown {
  return node && [node.kind, node.tag, node.value, node.style, node.implicit, node.children.map(shapeOf)];
}
