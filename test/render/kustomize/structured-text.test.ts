import { describe, expect, it } from 'vitest';
import { buildObjects } from '../../../src/render/kustomize/kustomize.ts';
import { memoryTree } from '../../../src/render/tree.ts';
import { configMap } from './build.ts';

/** The text after `NEW` was put at `path` in it. */
function replaced(text: string, path: string): unknown {
  const files = {
    'kustomization.yaml': `resources: [a.yaml, b.yaml]
replacements:
- source: {kind: ConfigMap, name: source, fieldPath: data.value}
  targets:
  - select: {name: target}
    fieldPaths: ['data.text.${path}']
    options: {create: true}
`,
    'a.yaml': configMap('source', { value: 'NEW' }),
    'b.yaml': configMap('target', { text }),
  };
  const [, target] = buildObjects(memoryTree(files), '', { reorder: 'none' });
  return Object.values(target?.data ?? {})[0];
}

describe('a replacement inside a text that is a document', () => {
  it.each([
    ['writes compact JSON with its keys sorted', '{"b":1,"a":{"c":[1,"x"]}}', 'a.c.1', '{"a":{"c":[1,"NEW"]},"b":1}'],
    ['indents JSON by two where it was indented', '{\n    "a": "x"\n}', 'a', '{\n  "a": "NEW"\n}'],
    ['makes new keys', 'a: 1', 'b.c', 'a: 1\nb:\n  c: NEW'],
    ['finds elements by a field', 'list:\n- name: x\n  v: old', 'list.[name=x].v', 'list:\n- name: x\n  v: NEW'],
    ['changes several elements', '- {a: x, b: 1}\n- a: y\n', '*.a', '- {a: NEW, b: 1}\n- a: NEW'],
    [
      'keeps comments',
      '# head\n\n# of a\na: old # line\n# foot\n\nb: 2\n# end\n',
      'a',
      '# head\n\n# of a\na: NEW # line\n# foot\n\nb: 2\n# end',
    ],
    [
      'keeps styles, anchors and tags',
      `a: "1"\nb: '2'\nc: [x, {y: z}]\nd: |\n  text\ne: !t v\nf: &f 1\ng: *f`,
      'a',
      `a: "NEW"\nb: '2'\nc: [x, {y: z}]\nd: |\n  text\ne: !t v\nf: &f 1\ng: *f`,
    ],
    ['sets the indentation anew', 'a:\n      b: x\n      c:\n          - d', 'a.b', 'a:\n  b: NEW\n  c:\n  - d'],
    ['breaks lines in brackets at comments', 'a: [x, y, # two\n  z]\nb: old', 'b', 'a: [x, y, # two\n  z]\nb: NEW'],
    ['leaves a tag that no longer fits, as kustomize does', 'port: 80', 'port', 'port: !!int NEW'],
    ['leaves JSON that no longer is any, as kustomize does', '{"port":80}', 'port', '{"port":80}'],
  ])('%s', (_, text, path, expected) => {
    expect(replaced(text, path)).toBe(expected);
  });
});
