// The browser's types of the API, made of the schemas that check what is sent: `npm run generate` writes src/ui/web/api/types.ts.

import * as z from 'zod';
import type { Route } from '../api/route.ts';
import { applicationAnswer } from '../api/schema/application.ts';
import { isObject } from '../base/json.ts';

type Schema = Record<string, unknown>;

/** What the core has a type of: it says more than a schema that lets unknown fields through. */
const CORE_TYPES = new Map<unknown, { readonly name: string; readonly from: string }>([
  [applicationAnswer, { name: 'Application', from: '../../../application/types.ts' }],
]);
/** How a schema says which of them it is. */
const MARK = 'x-core-type';

/** The text of the file. Routes that answer with something else than JSON have the answer `unknown`. */
export function generateTypes(routes: readonly Route[]): string {
  const entries = routes.map(entryOf).sort((a, b) => (a < b ? -1 : 1));
  const imports = [...CORE_TYPES.values()].map(({ name, from }) => `import type { ${name} } from '${from}';`);
  return `// Made of the API's schemas by \`npm run generate\`: not to be edited.

${imports.join('\n')}

export interface Routes {
${entries.join('\n')}
}
`;
}

function entryOf({ method, path, query, body, answer }: Route): string {
  const shown = path.replace(/:([A-Za-z]\w*)(\{[^}]*\})?\??/g, '{$1}').replace(/\*$/, '{rest}');
  const params = [...shown.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}: string`);
  return `  '${method} ${shown}': {
    params: ${params.length === 0 ? 'object' : `{ ${params.join('; ')} }`};
    query: ${query ? typeOf(schemaOf(query, 'input'), '    ') : 'Record<string, string>'};
    body: ${body ? typeOf(schemaOf(body, 'input'), '    ') : 'undefined'};
    answer: ${answer ? typeOf(schemaOf(answer, 'output'), '    ') : 'unknown'};
  };`;
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  return z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      const core = CORE_TYPES.get(zodSchema);
      if (core) Object.assign(jsonSchema, { [MARK]: core.name });
    },
  });
}

function typeOf(schema: unknown, indent: string): string {
  if (!isObject(schema)) return 'unknown';
  const mark = schema[MARK];
  if (typeof mark === 'string') return mark;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const options = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(options)) return [...new Set(options.map((option) => typeOf(option, indent)))].join(' | ');
  if (Array.isArray(schema.allOf)) return schema.allOf.map((part) => typeOf(part, indent)).join(' & ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `readonly (${typeOf(schema.items, indent)})[]`;
    case 'object':
      return objectType(schema, indent);
    default:
      return 'unknown';
  }
}

function objectType({ properties, required, additionalProperties }: Schema, indent: string): string {
  const needed = new Set(Array.isArray(required) ? required : []);
  const fields = Object.entries(isObject(properties) ? properties : {}).map(
    ([name, schema]) => `${indent}  ${keyOf(name)}${needed.has(name) ? '' : '?'}: ${typeOf(schema, `${indent}  `)};`,
  );
  const others = isObject(additionalProperties) ? typeOf(additionalProperties, indent) : 'unknown';
  if (fields.length === 0) return `Record<string, ${others}>`;
  // What unknown fields hold may be anything, that of the named ones included.
  if (isObject(additionalProperties)) fields.push(`${indent}  [key: string]: unknown;`);
  return `{\n${fields.join('\n')}\n${indent}}`;
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
