import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { countRows, diffObjects, diffTexts, MASK, type Row } from '../../../src/ui/web/diff/diff-rows.ts';
import { textOf } from '../../../src/ui/web/diff/patch-text.ts';

const SIGNS = { same: ' ', del: '-', ins: '+', masked: '~' } as const;

/** The rows as a reader sees them; a moved item has a mark behind it. */
function shown(rows: readonly Row[]): string {
  return rows.map(({ kind, text, isMoved }) => `${SIGNS[kind]}${text}${isMoved ? ' <moved>' : ''}`).join('\n');
}

function diffYaml(before: string, after: string): string {
  return shown(diffObjects(parse(before), parse(after)));
}

describe('rows of two objects', () => {
  it('say of a changed value what it was and what it is', () => {
    expect(diffYaml('{ a: 1, b: { c: x, d: true } }', '{ a: 1, b: { c: z, d: true } }')).toBe(
      [' a: 1', ' b:', '-  c: x', '+  c: z', '   d: true'].join('\n'),
    );
  });

  it('have the order of the second, and what only the first has where it stood', () => {
    expect(diffYaml('{ a: 1, b: 2, c: 3 }', '{ c: 3, a: 1, d: 4 }')).toBe(
      [' c: 3', ' a: 1', '-b: 2', '+d: 4'].join('\n'),
    );
  });

  it('match the items of a list by its merge key, and say which moved', () => {
    const before = 'containers: [{ name: a, image: "a:1" }, { name: b, image: "b:1" }, { name: c }]';
    const after = 'containers: [{ name: c }, { name: a, image: "a:2" }, { name: b, image: "b:1" }]';
    expect(diffYaml(before, after)).toBe(
      [
        ' containers:',
        ' - name: c <moved>',
        ' - name: a',
        '-  image: a:1',
        '+  image: a:2',
        ' - name: b',
        '   image: b:1',
      ].join('\n'),
    );
  });

  it.each([
    ['ports of containers', 'ports: [{ containerPort: 80 }]', 'ports: [{ containerPort: 80, protocol: TCP }]', 1],
    ['mounts', 'volumeMounts: [{ mountPath: /a, name: x }]', 'volumeMounts: [{ mountPath: /a, name: y }]', 2],
    ['conditions', 'conditions: [{ type: A, s: 1 }]', 'conditions: [{ type: B, s: 1 }, { type: A, s: 1 }]', 2],
  ])('match %s by their own keys', (_, before, after, changed) => {
    const { added, removed } = countRows(diffObjects(parse(before), parse(after)));
    expect(added + removed).toBe(changed);
  });

  it('match items without a key by what they have in common', () => {
    const before = 'rules: [{ verbs: [get], resources: [pods] }, { verbs: [list], resources: [nodes] }]';
    const after = 'rules: [{ verbs: [list], resources: [nodes] }, { verbs: [watch], resources: [nodes] }]';
    expect(diffYaml(before, after)).toBe(
      [
        ' rules:',
        '-- verbs:',
        '-  - get',
        '-  resources:',
        '-  - pods',
        ' - verbs:',
        '   - list',
        '   resources:',
        '   - nodes',
        '+- verbs:',
        '+  - watch',
        '+  resources:',
        '+  - nodes',
      ].join('\n'),
    );
  });

  it('compare texts of several lines by their lines', () => {
    const before = JSON.stringify({ data: { 'a.conf': 'one\ntwo\nthree\n' } });
    const after = JSON.stringify({ data: { 'a.conf': 'one\n2\nthree\n' } });
    expect(diffYaml(before, after)).toBe(
      [' data:', '   a.conf: |', '     one', '-    two', '+    2', '     three'].join('\n'),
    );
  });

  it('give each side of an item its dash where the sides begin with other fields', () => {
    expect(diffYaml('[{ a: 1, b: 2 }]', '[{ b: 2 }]')).toBe(['-- a: 1', '-  b: 2', '+- b: 2'].join('\n'));
  });

  it('say of a Secret that it changed, and never what it holds', () => {
    const secret = (data: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data });
    const rows = diffObjects(secret({ kept: 'a2VwdA==', other: 'b2xk', gone: 'Z29uZQ==' }), {
      ...secret({ kept: 'a2VwdA==', other: 'bmV3', come: 'Y29tZQ==' }),
    });
    expect(shown(rows)).toBe(
      [
        ' apiVersion: v1',
        ' kind: Secret',
        ' metadata:',
        '   name: s',
        ' data:',
        `   kept: ${MASK}`,
        `~  other: ${MASK}`,
        `-  gone: ${MASK}`,
        `+  come: ${MASK}`,
      ].join('\n'),
    );
  });

  it('are all added of an object that is to be made, and all removed of one that goes', () => {
    expect(countRows(diffObjects(undefined, { a: { b: [1] } }))).toMatchObject({ added: 3, removed: 0 });
    expect(countRows(diffObjects({ a: { b: [1] } }, null))).toMatchObject({ added: 0, removed: 3 });
  });

  it('tell which field a line belongs to', () => {
    const rows = diffObjects(
      { spec: { containers: [{ name: 'web', image: 'a' }] } },
      { spec: { containers: [{ name: 'web', image: 'b' }] } },
    );
    expect(rows.at(-1)).toMatchObject({ kind: 'ins', path: 'spec.containers[web].image' });
  });

  it('hold both objects again, whatever they are', () => {
    const key = fc.oneof(
      fc.constantFrom('name', 'a', 'b', 'constructor', '__proto__', 'key: x', 'yes', '1', '- x'),
      fc.string({ minLength: 1 }),
    );
    const leaf = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'no',
        '0x1f',
        '1e3',
        ' x',
        'x: y',
        'a\nb',
        ' a\n b\n',
        'a\n\n',
        '\n',
        'a #b',
        '# a',
        '2001-01-01',
      ),
      fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', '\t') }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
        fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), v: tie('value') }), {
          selector: ({ name }) => name,
          maxLength: 4,
        }),
      ),
    }));
    fc.assert(
      fc.property(value, value, (before, after) => {
        const rows = diffObjects({ before, x: before }, { x: after, before });
        expect(parse(textOf(rows, 'del'))).toEqual({ x: after, before });
        expect(unordered(parse(textOf(rows, 'ins')))).toEqual(unordered({ before, x: before }));
      }),
      { numRuns: 500 },
    );
  });

  it('are found in ten thousand lines without looking at each pair of them', () => {
    const many = (n: number) => ({
      items: Array.from({ length: 5_000 }, (_, id) => ({ id, v: id === n ? 'x' : 'y' })),
    });
    const rows = diffObjects(many(17), many(4_711));
    expect(rows.length).toBe(10_003);
    expect(countRows(rows)).toMatchObject({ added: 2, removed: 2 });
  });
});

describe('rows of two texts', () => {
  it('are the lines of both', () => {
    expect(shown(diffTexts('a\nb\nc\n', 'a\nx\nc\nd\n'))).toBe([' a', '-b', '+x', ' c', '+d'].join('\n'));
  });

  it('hold both texts again, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '', '  d'), { maxLength: 60 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const rows = diffTexts(before, after);
        expect([textOf(rows, 'ins'), textOf(rows, 'del')]).toEqual([before, after]);
      }),
      { numRuns: 500 },
    );
  });
});

/** Items with a key may stand in another order in the rows. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(unordered).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, unordered(one)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
