// Schema documents into compiled schemas (santhosh-tekuri/jsonschema v6: compiler.go, objcompiler.go).

import { HawserError, messageOf } from '../../../base/errors.ts';
import { quote } from '../../go/quote.ts';
import { compileRegexp, matchesRegexp } from '../../go/regexp.ts';
import { GoNumber, type GoValue } from '../../go/value.ts';
import { type Draft, draftOf, LATEST_DRAFT } from './draft.ts';
import { escapeToken, formatFailure } from './failure.ts';
import { FORMATS } from './format.ts';
import { metaschemaAt } from './metaschemas.ts';
import {
  locationOf,
  openDocument,
  openSubschema,
  resolveFragment,
  resolveReference,
  resourceAt,
  type SchemaDocument,
  schemaError,
  valueAt,
} from './resources.ts';
import type { JsonType, Keywords, Pattern, Schema } from './schema.ts';
import { isJsonType, validateInstance } from './validate.ts';

/** The JSON document at an absolute URL, parsed; throws with the reason where it cannot be had. */
export type LoadSchema = (url: string) => GoValue;

/**
 * Compiles the schema document `content`, which stands at `url`. `load` is asked for documents that it refers to, but for the
 * metaschemas, which are known. Throws `RenderFailed` with the library's text for a schema that is none.
 */
export function compileSchema(url: string, content: GoValue, load: LoadSchema): Schema {
  return createCompiler(load, false).compile(url, content);
}

interface Compiler {
  compile(url: string, content: GoValue): Schema;
  reference(url: string): Schema;
}

function createCompiler(load: LoadSchema, isMeta: boolean): Compiler {
  const documents = new Map<string, SchemaDocument>();
  const schemas = new Map<string, Schema>();
  const queue: Schema[] = [];

  const open = (url: string, content: GoValue): SchemaDocument => {
    const document = openDocument(url, content, LATEST_DRAFT, (schemaUrl) => draftBehind(schemaUrl, load, new Set()));
    if (!isMetaUrl(url)) checkAgainstMetaschema(document, '');
    documents.set(url, document);
    return document;
  };
  const documentAt = (url: string): SchemaDocument =>
    documents.get(url) ?? open(url, metaschemaAt(url) ?? loadOther(url, load));
  const enqueue = (url: string, pointer: string): Schema => {
    const location = locationOf(url, pointer);
    const present = schemas.get(location);
    if (present !== undefined) return present;
    const schema: Schema = {
      url,
      pointer,
      location,
      draft: 0,
      resource: undefined,
      dynamicAnchors: new Map(),
      always: undefined,
      keywords: {},
    };
    schemas.set(location, schema);
    queue.push(schema);
    return schema;
  };
  /** A `$ref`: inside the document (by pointer, anchor or id), or in another one. */
  const resolve = (document: SchemaDocument, pointer: string, reference: string): Schema => {
    const target = resolveReference(resourceAt(document, pointer).id, reference);
    const inside =
      target.url === document.url
        ? document.resources.get('')
        : [...document.resources.values()].find(({ id }) => id === target.url);
    if (inside !== undefined) return enqueue(document.url, resolveFragment(document, inside, target.fragment));
    const other = documentAt(target.url);
    return enqueue(other.url, resolveFragment(other, resourceAt(other, ''), target.fragment));
  };
  const drain = () => {
    for (let schema = queue.shift(); schema !== undefined; schema = queue.shift()) {
      const document = documentAt(schema.url);
      if (openSubschema(document, schema.pointer) && !isMetaUrl(document.url)) {
        checkAgainstMetaschema(document, schema.pointer);
      }
      fill(schema, document, { enqueue, resolve: (pointer, ref) => resolve(document, pointer, ref), isMeta });
    }
  };
  return {
    compile(url, content) {
      open(url, content);
      const schema = enqueue(url, '');
      drain();
      return schema;
    },
    reference(url) {
      const schema = enqueue(documentAt(url).url, '');
      drain();
      return schema;
    },
  };
}

function isMetaUrl(url: string): boolean {
  return /^https?:\/\/json-schema\.org\//.test(url);
}

/** The draft that a `$schema` names, or that the metaschema there is written in. */
function draftBehind(schemaUrl: string, load: LoadSchema, seen: Set<string>): Draft {
  const draft = draftOf(schemaUrl);
  if (draft !== undefined) return draft;
  const url = schemaUrl.split('#', 1)[0] ?? '';
  if (seen.has(url)) throw schemaError(`cycle in resolving $schema in ${quote(url)}`);
  seen.add(url);
  const meta = loadOther(url, load);
  const next = meta instanceof Map ? meta.get('$schema') : undefined;
  return typeof next === 'string' ? draftBehind(next, load, seen) : LATEST_DRAFT;
}

function loadOther(url: string, load: LoadSchema): GoValue {
  try {
    return load(url);
  } catch (error) {
    if (error instanceof HawserError && error.code !== 'RenderFailed' && error.code !== 'NotFound') throw error;
    throw schemaError(`failing loading ${quote(url)}: ${messageOf(error)}`, error);
  }
}

function compileMetaschema(draft: Draft): Schema {
  const noOther = (url: string): never => {
    throw new HawserError('Internal', `metaschema ${url} is missing`);
  };
  return createCompiler(noOther, true).reference(draft.url);
}

function checkAgainstMetaschema(document: SchemaDocument, pointer: string): void {
  const meta = compileMetaschema(resourceAt(document, pointer).draft);
  const failure = validateInstance(meta, valueAt(document, pointer));
  if (failure === undefined) return;
  const location = locationOf(document.url, pointer);
  throw schemaError(`${quote(location)} is not valid against metaschema: ${formatFailure(failure)}`);
}

interface Context {
  enqueue(url: string, pointer: string): Schema;
  resolve(pointer: string, reference: string): Schema;
  /** Metaschemas assert formats whatever their draft says. */
  readonly isMeta: boolean;
}

function fill(schema: Schema, document: SchemaDocument, context: Context): void {
  const resource = resourceAt(document, schema.pointer);
  schema.draft = resource.draft.version;
  schema.resource = context.enqueue(schema.url, resource.pointer);
  if (schema.draft >= 2020 && schema.pointer === resource.pointer) {
    schema.dynamicAnchors = new Map(
      [...resource.dynamicAnchors].map((anchor) => [
        anchor,
        context.enqueue(schema.url, resource.anchors.get(anchor) ?? ''),
      ]),
    );
  }
  const value = valueAt(document, schema.pointer);
  if (typeof value === 'boolean') schema.always = value;
  else if (value instanceof Map) {
    if (value.size === 0) schema.always = true;
    else schema.keywords = compileKeywords(value, schema, context);
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type SchemaObject = ReadonlyMap<string, GoValue>;

function compileKeywords(object: SchemaObject, schema: Schema, context: Context): Keywords {
  const keywords: Writable<Keywords> = {};
  const { draft } = schema;
  const below = (...tokens: string[]): Schema =>
    context.enqueue(schema.url, schema.pointer + tokens.map((token) => `/${escapeToken(token)}`).join(''));
  const reference = text(object, '$ref');
  if (reference !== undefined) keywords.ref = context.resolve(schema.pointer, reference);
  // Before 2019 everything beside a `$ref` is ignored.
  if (keywords.ref !== undefined && draft < 2019) return keywords;
  compileApplicators(object, draft, below, keywords);
  compileAssertions(object, schema, keywords);
  if (draft < 2019 || context.isMeta) {
    const format = FORMATS.get(text(object, 'format') ?? '');
    if (format !== undefined) keywords.format = format;
  }
  if (draft >= 2019) compileNewer(object, schema, context, keywords);
  return keywords;
}

function compileApplicators(
  object: SchemaObject,
  draft: number,
  below: (...tokens: string[]) => Schema,
  keywords: Writable<Keywords>,
): void {
  const list = (keyword: string): Schema[] | undefined => {
    const value = object.get(keyword);
    return Array.isArray(value) ? value.map((_, index) => below(keyword, String(index))) : undefined;
  };
  const map = (keyword: string): Map<string, Schema> | undefined => {
    const value = object.get(keyword);
    return value instanceof Map ? new Map([...value.keys()].map((key) => [key, below(keyword, key)])) : undefined;
  };
  const one = (keyword: string): Schema | undefined => (object.has(keyword) ? below(keyword) : undefined);
  const additional = (keyword: string): boolean | Schema | undefined => {
    const value = object.get(keyword);
    return typeof value === 'boolean' ? value : one(keyword);
  };
  assign(keywords, 'allOf', list('allOf'));
  assign(keywords, 'anyOf', list('anyOf'));
  assign(keywords, 'oneOf', list('oneOf'));
  assign(keywords, 'not', one('not'));
  if (draft < 2020) {
    assign(keywords, 'items', list('items') ?? one('items'));
    if (Array.isArray(object.get('items'))) assign(keywords, 'additionalItems', additional('additionalItems'));
  } else {
    assign(keywords, 'prefixItems', list('prefixItems'));
    assign(keywords, 'items2020', one('items'));
  }
  assign(keywords, 'properties', map('properties'));
  const patterns = map('patternProperties');
  if (patterns !== undefined) {
    keywords.patternProperties = [...patterns].map(([source, schema]) => ({
      pattern: compilePattern(source, schema.location.slice(0, schema.location.lastIndexOf('/'))),
      schema,
    }));
  }
  assign(keywords, 'additionalProperties', additional('additionalProperties'));
  const dependencies = object.get('dependencies');
  if (dependencies instanceof Map) {
    keywords.dependencies = new Map(
      [...dependencies].map(([key, value]) => [
        key,
        Array.isArray(value) ? strings(value) : below('dependencies', key),
      ]),
    );
  }
  if (draft >= 6) {
    assign(keywords, 'contains', one('contains'));
    assign(keywords, 'propertyNames', one('propertyNames'));
  }
  if (draft >= 7 && object.has('if')) {
    const condition = object.get('if');
    assign(keywords, 'if', one('if'));
    if (condition !== false) assign(keywords, 'then', one('then'));
    if (condition !== true) assign(keywords, 'else', one('else'));
  }
  if (draft >= 2019) {
    assign(keywords, 'dependentSchemas', map('dependentSchemas'));
    assign(keywords, 'unevaluatedItems', one('unevaluatedItems'));
    assign(keywords, 'unevaluatedProperties', one('unevaluatedProperties'));
  }
}

const COUNTS = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const satisfies readonly (keyof Keywords)[];

function compileAssertions(object: SchemaObject, schema: Schema, keywords: Writable<Keywords>): void {
  const type = object.get('type');
  const types = (Array.isArray(type) ? type : [type]).filter(isJsonType);
  if (types.length > 0) keywords.types = TYPE_ORDER.filter((candidate) => types.includes(candidate));
  const values = object.get('enum');
  if (Array.isArray(values)) keywords.enum = values;
  const constant = object.get('const');
  if (schema.draft >= 6 && constant !== undefined) keywords.const = { value: constant };
  assign(keywords, 'multipleOf', number(object, 'multipleOf'));
  compileBound(object, 'maximum', 'exclusiveMaximum', keywords);
  compileBound(object, 'minimum', 'exclusiveMinimum', keywords);
  for (const keyword of COUNTS) assign(keywords, keyword, count(object, keyword));
  const pattern = text(object, 'pattern');
  if (pattern !== undefined) keywords.pattern = compilePattern(pattern, `${schema.location}/pattern`);
  if (object.get('uniqueItems') === true) keywords.uniqueItems = true;
  const required = object.get('required');
  if (Array.isArray(required)) keywords.required = strings(required);
}

const TYPE_ORDER: readonly JsonType[] = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];

/** In draft 4 the exclusive form is a flag beside the bound. */
function compileBound(
  object: SchemaObject,
  bound: 'minimum' | 'maximum',
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum',
  keywords: Writable<Keywords>,
): void {
  if (object.get(exclusive) === true) assign(keywords, exclusive, number(object, bound));
  else {
    assign(keywords, bound, number(object, bound));
    assign(keywords, exclusive, number(object, exclusive));
  }
}

function compileNewer(object: SchemaObject, schema: Schema, context: Context, keywords: Writable<Keywords>): void {
  const recursive = text(object, '$recursiveRef');
  if (recursive !== undefined) keywords.recursiveRef = context.resolve(schema.pointer, recursive);
  if (object.get('$recursiveAnchor') === true) keywords.recursiveAnchor = true;
  if (keywords.contains !== undefined) {
    assign(keywords, 'minContains', count(object, 'minContains'));
    assign(keywords, 'maxContains', count(object, 'maxContains'));
  }
  const required = object.get('dependentRequired');
  if (required instanceof Map) {
    keywords.dependentRequired = new Map(
      [...required].flatMap(([key, value]) => (Array.isArray(value) ? [[key, strings(value)] as const] : [])),
    );
  }
  if (schema.draft < 2020) return;
  const dynamic = text(object, '$dynamicRef');
  if (dynamic !== undefined) {
    const fragment = dynamic.split('#')[1] ?? '';
    const anchor = fragment.startsWith('/') ? '' : fragment;
    keywords.dynamicRef = { schema: context.resolve(schema.pointer, dynamic), anchor };
  }
  assign(keywords, 'dynamicAnchor', text(object, '$dynamicAnchor'));
}

function assign<K extends keyof Keywords>(
  keywords: Writable<Keywords>,
  key: K,
  value: Writable<Keywords>[K] | undefined,
): void {
  if (value !== undefined) keywords[key] = value;
}

function compilePattern(source: string, location: string): Pattern {
  try {
    const compiled = compileRegexp(source);
    return { source, test: (text) => matchesRegexp(compiled, text) };
  } catch (error) {
    throw schemaError(`invalid regex ${quote(source)} at ${quote(location)}: ${messageOf(error)}`, error);
  }
}

function text(object: SchemaObject, key: string): string | undefined {
  const value = object.get(key);
  return typeof value === 'string' ? value : undefined;
}

function number(object: SchemaObject, key: string): number | undefined {
  const value = object.get(key);
  if (value instanceof GoNumber) return Number(value.value);
  return typeof value === 'number' ? value : undefined;
}

function count(object: SchemaObject, key: string): number | undefined {
  const value = number(object, key);
  return value !== undefined && Number.isInteger(value) ? value : undefined;
}

function strings(values: readonly GoValue[]): string[] {
  return values.filter((value) => typeof value === 'string');
}
