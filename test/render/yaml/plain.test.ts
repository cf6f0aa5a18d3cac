import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHawserError } from '../../../src/base/errors.ts';
import type { Json } from '../../../src/base/json.ts';
import { splitDocuments } from '../../../src/render/yaml/documents.ts';
import { dumpYaml, parseDocument, parseDocuments, readDocuments } from '../../../src/render/yaml/plain.ts';

describe('a stream of documents', () => {
  it.each<[string, string, { text: string; line: number }[]]>([
    ['nothing', '', []],
    ['one', 'a: 1\n', [{ text: 'a: 1\n', line: 1 }]],
    ['a marker first', '---\na: 1\n', [{ text: 'a: 1\n', line: 2 }]],
    [
      'two',
      'a: 1\n---\nb: 2\n',
      [
        { text: 'a: 1\n', line: 1 },
        { text: 'b: 2\n', line: 3 },
      ],
    ],
    [
      'a marker with a comment and CRLF',
      'a\r\n--- # c\r\nb',
      [
        { text: 'a\r\n', line: 1 },
        { text: 'b', line: 3 },
      ],
    ],
    ['a marker in the middle of a line is none', 'a: ---\nb: --- \n', [{ text: 'a: ---\nb: --- \n', line: 1 }]],
  ])('is cut at its markers: %s', (_, stream, documents) => {
    expect(splitDocuments(stream)).toEqual(documents);
  });

  it('may have nothing but a comment behind a marker', () => {
    expect(() => splitDocuments('a: 1\n--- b: 2\n')).toThrow('invalid Yaml document separator: b: 2');
    expect(() => splitDocuments('----\n')).toThrow('invalid Yaml document separator: -');
  });

  it('loses its empty documents', () => {
    expect(parseDocuments('---\n# c\n---\na: 1\n---\n\n---\nnull\n---\nb: [2, 3.5]\n')).toEqual([
      { a: 1 },
      { b: [2, 3.5] },
    ]);
  });

  it.each<[string, Json[]]>([
    ['{"a": "}{\\""}\n{"b": 1}', [{ a: '}{"' }, { b: 1 }]],
    ['  {"a": 1}  ', [{ a: 1 }]],
    ['{a: 1}\n---\n{"b": 1}', [{ a: 1 }, { b: 1 }]],
  ])('may be JSON: %s', (stream, documents) => {
    expect(parseDocuments(stream)).toEqual(documents);
  });

  it('tells the line of an error in the whole stream, and gives the documents before it', () => {
    const documents = readDocuments('a: 1\n---\nb: 1\nc: d: e\n');
    expect(documents.next().value).toEqual({ value: { a: 1 }, line: 1 });
    try {
      documents.next();
      expect.unreachable();
    } catch (error) {
      expect(isHawserError(error, 'RenderFailed') && [error.data.line, error.message]).toEqual([
        4,
        'error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context',
      ]);
    }
  });

  it('keeps a key that JavaScript gives a meaning', () => {
    const value = parseDocument('__proto__: {a: 1}\nconstructor: 2\n');
    expect(JSON.stringify(value)).toBe('{"__proto__":{"a":1},"constructor":2}');
    expect(dumpYaml(value)).toBe('__proto__:\n  a: 1\nconstructor: 2\n');
  });
});

describe('a manifest', () => {
  it('is written as kubectl and Helm write it', () => {
    const value = {
      spec: { ports: [{ port: 80, name: 'on' }], replicas: 3 },
      kind: 'Service',
      data: { b: 'x\ny\n', a10: '1', a9: '' },
    };
    expect(dumpYaml(value)).toBe(
      'data:\n  a9: ""\n  a10: "1"\n  b: |\n    x\n    y\nkind: Service\nspec:\n  ports:\n  - name: "on"\n    port: 80\n  replicas: 3\n',
    );
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (given) => {
        const text = JSON.stringify(given);
        fc.pre(!/[\x7f-\x9f\ufeff\ufffe\uffff]|\\u|"<<":|__proto__/.test(text));
        expect(JSON.stringify(sorted(parseDocument(dumpYaml(JSON.parse(text)))))).toBe(
          JSON.stringify(sorted(JSON.parse(text))),
        );
      }),
    );
  });
});

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value === 0 ? 0 : value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}
