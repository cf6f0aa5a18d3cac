import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { yamlProblem } from '../../src/cli/yaml-problem.ts';

describe('what is wrong with a YAML text', () => {
  it.each([
    ['foo: [\n', /^Flow sequence in .* at line 2, column 1$/],
    ['a: b: c\n', /^Nested mappings are not allowed .* at line 1, column 4$/],
    ['a: 1\na: 2\n', /^Map keys must be unique at line 2, column 1$/],
  ])('%j is told in one line', (text, told) => {
    const [problem] = parseDocument(text).errors;
    expect(problem && yamlProblem(problem)).toMatch(told);
  });
});
