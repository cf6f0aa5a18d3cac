// values.schema.json of a chart and its subcharts against their values (Helm: pkg/chartutil/jsonschema.go).

import { HawserError, isHawserError } from '../../base/errors.ts';
import { utf8Decode } from '../go/strings.ts';
import { typeName } from '../go/type-name.ts';
import type { GoValue } from '../go/value.ts';
import type { Chart, Values } from './chart.ts';
import { decodeJsonPrefix } from './json-prefix.ts';
import { compileSchema, type LoadSchema } from './schema/compile.ts';
import { formatFailure } from './schema/failure.ts';
import type { Schema } from './schema/schema.ts';
import { validateInstance } from './schema/validate.ts';

export interface SchemaOptions {
  readonly warn: (message: string) => void;
  /** Gives a schema document at an http(s) URL that a chart's schema refers to. Nothing is fetched without it. */
  readonly loadSchema?: LoadSchema;
}

const SCHEMA_URL = 'file:///values.schema.json';

/** Compiled schemas live as long as the chart that they came with. */
const compiled = new WeakMap<Uint8Array, Schema>();

/** Throws `RenderFailed` with Helm's list of everything that does not fit. */
export function validateValues(chart: Chart, values: Values, options: SchemaOptions): void {
  const problems = listProblems(chart, values, options);
  if (problems === '') return;
  const message = `values don't meet the specifications of the schema(s) in the following chart(s):\n${problems}`;
  throw new HawserError('RenderFailed', message);
}

function listProblems(chart: Chart, values: Values, options: SchemaOptions): string {
  let problems = '';
  if (chart.schema !== undefined) {
    const own = validateOne(chart.schema, values, options);
    if (own !== undefined) problems += `${chart.metadata.name}:\n${own}`;
  }
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const below = values.get(name) ?? null;
    if (below === null) continue;
    if (below instanceof Map) problems += listProblems(subchart, below, options);
    else problems += `${name}:\ninvalid type for values: expected object (map), got ${typeName(below)}\n`;
  }
  return problems;
}

function validateOne(source: Uint8Array, values: Values, options: SchemaOptions): string | undefined {
  try {
    const failure = validateInstance(schemaOf(source, options), values);
    if (failure === undefined) return undefined;
    return `${formatFailure(failure).replace(`jsonschema validation failed with '${SCHEMA_URL}#'\n`, '')}\n`;
  } catch (error) {
    if (!isHawserError(error, 'RenderFailed') && !isHawserError(error, 'InvalidInput')) throw error;
    return error.message;
  }
}

function schemaOf(source: Uint8Array, options: SchemaOptions): Schema {
  const present = compiled.get(source);
  if (present !== undefined) return present;
  const schema = compileSchema(SCHEMA_URL, parseSchema(utf8Decode(source)), (url) => loadReferred(url, options));
  compiled.set(source, schema);
  return schema;
}

function parseSchema(text: string): GoValue {
  const { value, length } = decodeJsonPrefix(text);
  if (!/^[ \t\r\n]*$/.test(text.slice(length))) {
    throw new HawserError('RenderFailed', 'invalid character after top-level value');
  }
  return value;
}

function loadReferred(url: string, options: SchemaOptions): GoValue {
  const scheme = /^[^:]*/.exec(url)?.[0] ?? '';
  if (scheme === 'urn') {
    options.warn(`jsonschema.go:192: WARNING: unresolved URN reference ignored; using permissive schema: ${url}`);
    return true;
  }
  if (scheme === 'file') {
    const path = decodeURIComponent(new URL(url).pathname);
    throw new HawserError('RenderFailed', `open ${path}: no such file or directory`);
  }
  if (scheme !== 'http' && scheme !== 'https') {
    throw new HawserError('RenderFailed', `no URLLoader registered for "${url}"`);
  }
  if (options.loadSchema === undefined) {
    throw new HawserError('RenderFailed', 'schemas of other servers are not fetched here');
  }
  return options.loadSchema(url);
}
