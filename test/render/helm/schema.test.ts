import { describe, expect, it } from 'vitest';
import { utf8Encode } from '../../../src/render/go/strings.ts';
import type { Chart } from '../../../src/render/helm/chart.ts';
import { decodeMap } from '../../../src/render/helm/decode.ts';
import { loadChartFiles } from '../../../src/render/helm/load.ts';
import { validateValues } from '../../../src/render/helm/values-schema.ts';

function chartWith(schema: unknown): Chart {
  return loadChartFiles([
    { name: 'Chart.yaml', data: utf8Encode('name: c\nversion: 1.0.0') },
    { name: 'values.schema.json', data: utf8Encode(typeof schema === 'string' ? schema : JSON.stringify(schema)) },
  ]);
}

/** Helm's lines about the values, without the heading; undefined where they fit. */
function problems(schema: unknown, values: string): string | undefined {
  const heading = "values don't meet the specifications of the schema(s) in the following chart(s):\nc:\n";
  try {
    validateValues(chartWith(schema), decodeMap(values), { warn: () => {} });
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return message.startsWith(heading) ? message.slice(heading.length) : `?? ${message}`;
  }
}

const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';

// The expected texts are those of `helm template` v3.22.0 for the same schema and values.
const META = `"file:///values.schema.json#" is not valid against metaschema: jsonschema validation failed with 'https://json-schema.org/draft/2020-12/schema#'
- at '': 'allOf' failed
  - `;

const CASES: [schema: unknown, values: string, expected: string | undefined][] = [
  [{ type: 'object', required: ['a', 'b'] }, 'c: 1', "- at '': missing properties 'a', 'b'\n"],
  [
    { properties: { a: { $ref: '#/$defs/x' } }, $defs: { x: { type: ['string', 'null'] } } },
    'a: 1',
    "- at '/a': got number, want null or string\n",
  ],
  [
    { properties: { a: { anyOf: [{ type: 'string' }, { type: 'object', required: ['x'] }] } } },
    'a: {}',
    "- at '/a': 'anyOf' failed\n  - at '/a': got object, want string\n  - at '/a': missing property 'x'\n",
  ],
  [
    { properties: { a: { oneOf: [{ type: 'number' }, { minimum: 3 }] } } },
    'a: 5',
    "- at '/a': 'oneOf' failed, subschemas 0, 1 matched\n",
  ],
  [
    { properties: { a: { maximum: 65535, multipleOf: 0.1 } } },
    'a: 70000.05',
    "- at '/a': maximum: got 70,000.05, want 65,535\n- at '/a': multipleOf: got 70,000.05, want 0.1\n",
  ],
  [{ properties: { a: { enum: ['x', 2, null] } } }, 'a: z', "- at '/a': value must be one of 'x', 2, <nil>\n"],
  [
    { properties: { a: { pattern: '^[a-z]+$', minLength: 3 } } },
    'a: A1',
    "- at '/a': minLength: got 2, want 3\n- at '/a': 'A1' does not match pattern '^[a-z]+$'\n",
  ],
  [
    { $schema: DRAFT_7, properties: { a: { format: 'ipv4' } } },
    'a: 1.2.3',
    "- at '/a': '1.2.3' is not valid ipv4: expected four decimals\n",
  ],
  [{ properties: { a: { format: 'ipv4' } } }, 'a: 1.2.3', undefined],
  [
    { properties: { a: { items: { type: 'integer' }, uniqueItems: true } } },
    'a: [1, x, 1]',
    "- at '/a': items at 0 and 2 are equal\n- at '/a/1': got string, want integer\n",
  ],
  [
    { properties: { a: true }, additionalProperties: false },
    'b: 1',
    "- at '': additional properties 'b' not allowed\n",
  ],
  [{ allOf: [{ properties: { a: true } }], unevaluatedProperties: false }, 'a: 1\nb: 2', "- at '/b': false schema\n"],
  [
    '{"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}',
    'a: 1',
    "- at '': missing property 'b'\n",
  ],
  [{ $schema: DRAFT_7, dependencies: { a: ['b'] } }, 'a: 1', "- at '': properties 'b' required, if 'a' exists\n"],
  [
    { propertyNames: { pattern: '^[a-z]$' } },
    'AB: 1',
    "- at '': invalid propertyName 'AB'\n  - at '': 'AB' does not match pattern '^[a-z]$'\n",
  ],
  [{ not: { required: ['a'] } }, 'a: 1', "- at '': 'not' failed\n"],
  [
    { properties: { a: { contains: { const: 1 } } } },
    'a: [2]',
    "- at '/a': no items match contains schema\n  - at '/a/0': value must be 1\n",
  ],
  [
    { type: 'strng' },
    'a: 1',
    `${META}at '/type': 'anyOf' failed\n    - at '/type': value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'\n    - at '/type': got string, want array`,
  ],
  [
    { $ref: '#/definitions/missing' },
    'a: 1',
    'json-pointer in "file:///values.schema.json#/definitions/missing" not found',
  ],
  [
    { pattern: '(' },
    'a: 1',
    `${META}at '/pattern': '(' is not valid regex: error parsing regexp: missing closing ): \`(\``,
  ],
  [{ minimum: '1' }, 'a: 1', `${META}at '/minimum': got string, want number`],
  [{ properties: { "it's": { type: 'string' } } }, '"it\'s": 1', "- at '/it\\'s': got number, want string\n"],
  [
    { $schema: 'http://example.com/none' },
    'a: 1',
    'failing loading "http://example.com/none": schemas of other servers are not fetched here',
  ],
  ['{"type": "object"} x', 'a: 1', 'invalid character after top-level value'],
  ['', 'a: 1', 'EOF'],
];

describe('values.schema.json', () => {
  it.each(CASES)('%j on %j', (schema, values, expected) => {
    expect(problems(schema, values)).toBe(expected);
  });

  it('compiles the schema of a chart once', () => {
    const chart = chartWith({ type: 'object', properties: { a: { type: 'integer' } } });
    for (const values of ['a: x', 'a: z']) {
      expect(() => validateValues(chart, decodeMap(values), { warn: () => {} })).toThrow(
        "- at '/a': got string, want integer",
      );
    }
  });

  it('asks for documents of other servers, and fails where nobody gives them', () => {
    const chart = () => chartWith({ properties: { a: { $ref: 'https://example.com/a.json#/definitions/a' } } });
    const loadSchema = () => decodeMap('definitions: {a: {type: integer}}');
    const values = decodeMap('a: x');
    expect(() => validateValues(chart(), values, { warn: () => {}, loadSchema })).toThrow(
      "- at '/a': got string, want integer",
    );
    expect(() => validateValues(chart(), values, { warn: () => {} })).toThrow(
      'failing loading "https://example.com/a.json"',
    );
  });
});
