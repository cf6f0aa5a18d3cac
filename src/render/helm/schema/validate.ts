// A value against a compiled schema (santhosh-tekuri/jsonschema v6: validator.go). Go walks maps in a random order; here it is sorted.

import { HawserError } from '../../../base/errors.ts';
import { compareBytes } from '../../go/strings.ts';
import { GoNumber, type GoValue } from '../../go/value.ts';
import { divides } from './divides.ts';
import { equalValues } from './equal-values.ts';
import { displayCount, displayNumber, displayValue, type Failure, joinQuoted, quoteSingle } from './failure.ts';
import { isSchemaList, type JsonType, type Schema } from './schema.ts';

/** What does not fit, or undefined where all does. The schema must be compiled completely. */
export function validateInstance(schema: Schema, value: GoValue): Failure | undefined {
  const scope: Scope = { schema, via: undefined, valueId: 0, parent: undefined };
  const unevaluated = unevaluatedOf(value, schema, false);
  const effort = { left: MAX_EFFORT };
  const failure = validate({
    value,
    location: [],
    schema,
    scope,
    unevaluated,
    onlyWhether: false,
    failures: [],
    effort,
  });
  if (failure === undefined) return undefined;
  const message = `jsonschema validation failed with ${quoteSingle(schema.location)}`;
  return { kind: 'root', location: [], message, causes: failure.kind === 'group' ? failure.causes : [failure] };
}

/** One schema at work on one value. */
interface Visit {
  readonly value: GoValue;
  readonly location: readonly string[];
  readonly schema: Schema;
  readonly scope: Scope;
  readonly unevaluated: Unevaluated;
  /** Nobody reads the failures, only whether there is one. */
  readonly onlyWhether: boolean;
  readonly failures: Failure[];
  /** Of the whole validation. */
  readonly effort: Effort;
}

/** What may still be done: schemas that refer to others twice each double what there is. */
interface Effort {
  /** Schemas looked at with a value, and pairs of items compared. */
  left: number;
}

/** The library has no bound. */
const MAX_EFFORT = 2_000_000;

function spend({ effort }: Visit): void {
  if (--effort.left >= 0) return;
  throw new HawserError('LimitExceeded', `validating the values takes more than ${MAX_EFFORT} steps`, {
    hint: 'look for schemas that name others more than once, which name others',
  });
}

/** The chain of schemas that led here: for dynamic references and for circles. */
interface Scope {
  readonly schema: Schema;
  readonly via: string | undefined;
  /** Schemas that look at the same value have the same number. */
  readonly valueId: number;
  readonly parent: Scope | undefined;
}

/** Properties and items that no keyword has looked at yet; undefined where nobody asks. */
interface Unevaluated {
  properties: Set<string> | undefined;
  items: Set<number> | undefined;
}

function validate(visit: Visit): Failure | undefined {
  spend(visit);
  const { schema, value, failures } = visit;
  const { keywords } = schema;
  if (schema.always !== undefined) return schema.always ? undefined : failureOf(visit, 'false schema');
  const circle = findCircle(visit.scope);
  if (circle !== undefined) return failureOf(visit, circle);
  const type = typeOf(value);
  if (type === undefined) return failureOf(visit, 'invalid jsonType');
  if (keywords.types !== undefined && !fitsType(keywords.types, type, value)) {
    return failureOf(visit, `got ${type}, want ${keywords.types.join(' or ')}`);
  }
  if (keywords.const !== undefined && !equalValues(value, keywords.const.value)) {
    const wanted = keywords.const.value;
    return failureOf(visit, isComposite(wanted) ? "'const' failed" : `value must be ${displayValue(wanted)}`);
  }
  if (keywords.enum !== undefined && !keywords.enum.some((item) => equalValues(value, item))) {
    return failureOf(visit, enumMessage(keywords.enum));
  }
  if (keywords.format !== undefined && typeof value === 'string') {
    const problem = keywords.format.check(value);
    if (problem !== undefined) {
      return failureOf(visit, `${displayValue(value)} is not valid ${keywords.format.name}: ${problem}`);
    }
  }
  if (keywords.ref !== undefined) {
    const failure = validateReference(visit, keywords.ref, '$ref');
    if (schema.draft < 2019) return failure;
    if (failure !== undefined) failures.push(failure);
  }
  if (value instanceof Map) validateObject(visit, value);
  else if (Array.isArray(value)) validateArray(visit, value);
  else if (typeof value === 'string') validateString(visit, value);
  else if (type === 'number') validateNumber(visit, numberOf(value));
  if (failures.length === 0 || !visit.onlyWhether) {
    if (schema.draft >= 2019) validateDynamicReferences(visit);
    validateConditions(visit);
    if (schema.draft >= 2019) validateUnevaluated(visit);
  }
  if (failures.length <= 1) return failures[0];
  return { kind: 'group', location: visit.location, message: 'validation failed', causes: failures };
}

function validateObject(visit: Visit, object: ReadonlyMap<string, GoValue>): void {
  const { minProperties, maxProperties, required } = visit.schema.keywords;
  if (minProperties !== undefined && object.size < minProperties) {
    fail(visit, `minProperties: got ${displayCount(object.size)}, want ${displayCount(minProperties)}`);
  }
  if (maxProperties !== undefined && object.size > maxProperties) {
    fail(visit, `maxProperties: got ${displayCount(object.size)}, want ${displayCount(maxProperties)}`);
  }
  const missing = (required ?? []).filter((name) => !object.has(name));
  if (missing.length > 0) {
    fail(visit, `missing ${missing.length === 1 ? 'property' : 'properties'} ${joinQuoted(missing)}`);
  }
  if (visit.onlyWhether && visit.failures.length > 0) return;
  validateDependencies(visit, object);
  validateProperties(visit, object);
  validatePropertyNames(visit, object);
  validateDependents(visit, object);
}

function validateDependencies(visit: Visit, object: ReadonlyMap<string, GoValue>): void {
  for (const [name, dependency] of visit.schema.keywords.dependencies ?? []) {
    if (!object.has(name)) continue;
    if (isNames(dependency)) requireProperties(visit, object, name, dependency);
    else add(visit, validateSelf(visit, dependency, undefined, false));
  }
}

function isNames(dependency: readonly string[] | Schema): dependency is readonly string[] {
  return Array.isArray(dependency);
}

function requireProperties(
  visit: Visit,
  object: ReadonlyMap<string, GoValue>,
  name: string,
  required: readonly string[],
): void {
  const missing = required.filter((property) => !object.has(property));
  if (missing.length > 0) fail(visit, `properties ${joinQuoted(missing)} required, if ${quoteSingle(name)} exists`);
}

function validateProperties(visit: Visit, object: ReadonlyMap<string, GoValue>): void {
  const { properties, patternProperties, additionalProperties } = visit.schema.keywords;
  if (properties === undefined && patternProperties === undefined && additionalProperties === undefined) return;
  const unexpected: string[] = [];
  for (const name of [...object.keys()].sort(compareBytes)) {
    if (visit.onlyWhether && visit.failures.length > 0) return;
    const value = object.get(name) ?? null;
    let isEvaluated = false;
    const property = properties?.get(name);
    if (property !== undefined) {
      isEvaluated = true;
      add(visit, validateChild(visit, property, value, name));
    }
    for (const { pattern, schema } of patternProperties ?? []) {
      if (!pattern.test(name)) continue;
      isEvaluated = true;
      add(visit, validateChild(visit, schema, value, name));
    }
    if (!isEvaluated && additionalProperties !== undefined) {
      isEvaluated = true;
      if (additionalProperties === false) unexpected.push(name);
      else if (additionalProperties !== true) add(visit, validateChild(visit, additionalProperties, value, name));
    }
    if (isEvaluated) visit.unevaluated.properties?.delete(name);
  }
  if (unexpected.length > 0) fail(visit, `additional properties ${joinQuoted(unexpected)} not allowed`);
}

function validatePropertyNames(visit: Visit, object: ReadonlyMap<string, GoValue>): void {
  const { propertyNames } = visit.schema.keywords;
  if (propertyNames === undefined) return;
  for (const name of [...object.keys()].sort(compareBytes)) {
    const failure = validateInstance(propertyNames, name);
    if (failure === undefined) continue;
    const message = `invalid propertyName ${quoteSingle(name)}`;
    visit.failures.push({ ...failure, kind: 'plain', location: visit.location, message });
  }
}

function validateDependents(visit: Visit, object: ReadonlyMap<string, GoValue>): void {
  const { dependentSchemas, dependentRequired } = visit.schema.keywords;
  for (const [name, schema] of dependentSchemas ?? []) {
    if (object.has(name)) add(visit, validateSelf(visit, schema, undefined, false));
  }
  for (const [name, required] of dependentRequired ?? []) {
    if (object.has(name)) requireProperties(visit, object, name, required);
  }
}

function validateArray(visit: Visit, array: readonly GoValue[]): void {
  const { minItems, maxItems, uniqueItems } = visit.schema.keywords;
  if (minItems !== undefined && array.length < minItems) {
    fail(visit, `minItems: got ${displayCount(array.length)}, want ${displayCount(minItems)}`);
  }
  if (maxItems !== undefined && array.length > maxItems) {
    fail(visit, `maxItems: got ${displayCount(array.length)}, want ${displayCount(maxItems)}`);
  }
  if (uniqueItems === true) {
    const twins = findTwins(visit, array);
    if (twins !== undefined) fail(visit, `items at ${displayCount(twins[0])} and ${displayCount(twins[1])} are equal`);
  }
  if (visit.schema.draft < 2020) validateItems(visit, array);
  else validateItems2020(visit, array);
  validateContains(visit, array);
}

function validateItems(visit: Visit, array: readonly GoValue[]): void {
  const { items, additionalItems } = visit.schema.keywords;
  if (items === undefined) return;
  if (!isSchemaList(items)) {
    for (const [index, item] of array.entries()) add(visit, validateChild(visit, items, item, String(index)));
    return;
  }
  for (const [index, schema] of items.slice(0, array.length).entries()) {
    add(visit, validateChild(visit, schema, array[index] ?? null, String(index)));
  }
  const rest = array.slice(items.length);
  if (additionalItems === false && rest.length > 0) {
    fail(visit, `last ${displayCount(rest.length)} additionalItem(s) not allowed`);
  } else if (typeof additionalItems === 'object') {
    for (const [index, item] of rest.entries()) {
      add(visit, validateChild(visit, additionalItems, item, String(items.length + index)));
    }
  }
}

function validateItems2020(visit: Visit, array: readonly GoValue[]): void {
  const { prefixItems = [], items2020 } = visit.schema.keywords;
  for (const [index, item] of array.entries()) {
    const schema = prefixItems[index] ?? items2020;
    if (schema !== undefined) add(visit, validateChild(visit, schema, item, String(index)));
  }
}

function validateContains(visit: Visit, array: readonly GoValue[]): void {
  const { contains, minContains, maxContains } = visit.schema.keywords;
  if (contains === undefined) return;
  const causes: Failure[] = [];
  const matched: number[] = [];
  for (const [index, item] of array.entries()) {
    const failure = validateChild(visit, contains, item, String(index));
    if (failure !== undefined) causes.push(failure);
    else {
      matched.push(index);
      if (visit.schema.draft >= 2020) visit.unevaluated.items?.delete(index);
    }
  }
  const matches = `but matched ${displayCount(matched.length)} items at ${matched.join(' ')}`;
  if (minContains !== undefined && matched.length < minContains) {
    const found = matched.length === 0 ? 'but none matched' : matches;
    fail(visit, `min ${displayCount(minContains)} items required to match contains schema, ${found}`, causes);
  } else if (minContains === undefined && matched.length === 0) {
    fail(visit, 'no items match contains schema', causes);
  }
  if (maxContains !== undefined && matched.length > maxContains) {
    fail(visit, `max ${displayCount(maxContains)} items required to match contains schema, ${matches}`);
  }
}

function validateString(visit: Visit, text: string): void {
  const { minLength, maxLength, pattern } = visit.schema.keywords;
  const length = minLength === undefined && maxLength === undefined ? 0 : [...text].length;
  if (minLength !== undefined && length < minLength) {
    fail(visit, `minLength: got ${displayCount(length)}, want ${displayCount(minLength)}`);
  }
  if (maxLength !== undefined && length > maxLength) {
    fail(visit, `maxLength: got ${displayCount(length)}, want ${displayCount(maxLength)}`);
  }
  if (pattern !== undefined && !pattern.test(text)) {
    fail(visit, `${quoteSingle(text)} does not match pattern ${quoteSingle(pattern.source)}`);
  }
}

function validateNumber(visit: Visit, value: number): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = visit.schema.keywords;
  const complain = (keyword: string, want: number) =>
    fail(visit, `${keyword}: got ${displayNumber(value)}, want ${displayNumber(want)}`);
  if (minimum !== undefined && value < minimum) complain('minimum', minimum);
  if (maximum !== undefined && value > maximum) complain('maximum', maximum);
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) complain('exclusiveMinimum', exclusiveMinimum);
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) complain('exclusiveMaximum', exclusiveMaximum);
  if (multipleOf !== undefined && !divides(multipleOf, value)) complain('multipleOf', multipleOf);
}

function validateConditions(visit: Visit): void {
  const { keywords } = visit.schema;
  if (keywords.not !== undefined && validateSelf(visit, keywords.not, undefined, true) === undefined) {
    fail(visit, "'not' failed");
  }
  const allOf: Failure[] = [];
  for (const schema of keywords.allOf ?? []) {
    const failure = validateSelf(visit, schema, undefined, false);
    if (failure === undefined) continue;
    allOf.push(failure);
    if (visit.onlyWhether) break;
  }
  if (allOf.length > 0) fail(visit, "'allOf' failed", allOf);
  if (keywords.anyOf !== undefined && keywords.anyOf.length > 0) validateAnyOf(visit, keywords.anyOf);
  if (keywords.oneOf !== undefined && keywords.oneOf.length > 0) validateOneOf(visit, keywords.oneOf);
  if (keywords.if !== undefined) {
    const isMet = validateSelf(visit, keywords.if, undefined, true) === undefined;
    const branch = isMet ? keywords.then : keywords.else;
    if (branch !== undefined) add(visit, validateSelf(visit, branch, undefined, false));
  }
}

function validateAnyOf(visit: Visit, schemas: readonly Schema[]): void {
  let hasMatched = false;
  const causes: Failure[] = [];
  for (const schema of schemas) {
    const failure = validateSelf(visit, schema, undefined, false);
    if (failure !== undefined) causes.push(failure);
    else {
      hasMatched = true;
      // Unevaluated properties and items need the verdict of every schema.
      if (isAllEvaluated(visit.unevaluated)) break;
    }
  }
  if (!hasMatched) fail(visit, "'anyOf' failed", causes);
}

function validateOneOf(visit: Visit, schemas: readonly Schema[]): void {
  let matched: number | undefined;
  const causes: Failure[] = [];
  for (const [index, schema] of schemas.entries()) {
    const failure = validateSelf(visit, schema, undefined, matched !== undefined);
    if (failure !== undefined) {
      if (matched === undefined) causes.push(failure);
    } else if (matched === undefined) matched = index;
    else {
      fail(visit, `'oneOf' failed, subschemas ${displayCount(matched)}, ${displayCount(index)} matched`);
      break;
    }
  }
  if (matched === undefined) fail(visit, "'oneOf' failed, none matched", causes);
}

function validateUnevaluated(visit: Visit): void {
  const { unevaluatedProperties, unevaluatedItems } = visit.schema.keywords;
  const { value, unevaluated } = visit;
  if (value instanceof Map && unevaluatedProperties !== undefined) {
    for (const name of [...(unevaluated.properties ?? [])].sort(compareBytes)) {
      const item = value.get(name);
      if (item !== undefined) add(visit, validateChild(visit, unevaluatedProperties, item, name));
    }
    unevaluated.properties = undefined;
  }
  if (Array.isArray(value) && unevaluatedItems !== undefined) {
    for (const index of unevaluated.items ?? []) {
      add(visit, validateChild(visit, unevaluatedItems, value[index] ?? null, String(index)));
    }
    unevaluated.items = undefined;
  }
}

function validateReference(visit: Visit, schema: Schema, keyword: string): Failure | undefined {
  const failure = validateSelf(visit, schema, keyword, false);
  if (failure === undefined) return undefined;
  const causes = failure.kind === 'group' ? failure.causes : [failure];
  return { kind: 'reference', location: visit.location, message: 'validation failed', causes };
}

function validateDynamicReferences(visit: Visit): void {
  const { recursiveRef, dynamicRef } = visit.schema.keywords;
  if (recursiveRef !== undefined) {
    const target =
      recursiveRef.keywords.recursiveAnchor === true
        ? outermost(visit.scope, recursiveRef, ({ schema }) =>
            schema.resource?.keywords.recursiveAnchor === true ? schema : undefined,
          )
        : recursiveRef;
    add(visit, validateReference(visit, target, '$recursiveRef'));
  }
  if (dynamicRef !== undefined) {
    const { schema, anchor } = dynamicRef;
    const target =
      anchor !== '' && schema.keywords.dynamicAnchor === anchor
        ? outermost(visit.scope, schema, (scope) => scope.schema.resource?.dynamicAnchors.get(anchor))
        : schema;
    add(visit, validateReference(visit, target, '$dynamicRef'));
  }
}

/** What the outermost scope gives that gives anything. */
function outermost(inner: Scope, fallback: Schema, pick: (scope: Scope) => Schema | undefined): Schema {
  let found = fallback;
  for (let scope: Scope | undefined = inner; scope !== undefined; scope = scope.parent) found = pick(scope) ?? found;
  return found;
}

/** Another schema on the same value. */
function validateSelf(
  visit: Visit,
  schema: Schema,
  via: string | undefined,
  onlyWhether: boolean,
): Failure | undefined {
  const unevaluated = unevaluatedOf(visit.value, schema, !isAllEvaluated(visit.unevaluated));
  const failure = validate({
    value: visit.value,
    location: visit.location,
    schema,
    scope: { schema, via, valueId: visit.scope.valueId, parent: visit.scope },
    unevaluated,
    onlyWhether: visit.onlyWhether || onlyWhether,
    failures: [],
    effort: visit.effort,
  });
  if (failure === undefined) {
    keepOnly(visit.unevaluated.properties, unevaluated.properties);
    keepOnly(visit.unevaluated.items, unevaluated.items);
  }
  return failure;
}

/** A schema on a property or item of the value. */
function validateChild(visit: Visit, schema: Schema, value: GoValue, token: string): Failure | undefined {
  return validate({
    value,
    location: [...visit.location, token],
    schema,
    scope: { schema, via: undefined, valueId: visit.scope.valueId + 1, parent: visit.scope },
    unevaluated: unevaluatedOf(value, schema, false),
    onlyWhether: visit.onlyWhether,
    failures: [],
    effort: visit.effort,
  });
}

function unevaluatedOf(value: GoValue, schema: Schema, isAsked: boolean): Unevaluated {
  const { keywords } = schema;
  const unevaluated: Unevaluated = { properties: undefined, items: undefined };
  if (value instanceof Map) {
    const isWanted = isAsked || keywords.unevaluatedProperties !== undefined;
    if (isWanted && keywords.additionalProperties === undefined) unevaluated.properties = new Set(value.keys());
  } else if (Array.isArray(value) && (isAsked || keywords.unevaluatedItems !== undefined)) {
    const { items, additionalItems, prefixItems, items2020 } = keywords;
    const isComplete = items2020 !== undefined || additionalItems !== undefined || (items && !isSchemaList(items));
    const done = (items && isSchemaList(items) ? items : (prefixItems ?? [])).length;
    if (isComplete !== true && done < value.length) {
      unevaluated.items = new Set(value.map((_, index) => index).slice(done));
    }
  }
  return unevaluated;
}

function keepOnly<T>(mine: Set<T> | undefined, theirs: ReadonlySet<T> | undefined): void {
  for (const item of mine ?? []) if (theirs?.has(item) !== true) mine?.delete(item);
}

function isAllEvaluated({ properties, items }: Unevaluated): boolean {
  return (properties?.size ?? 0) === 0 && (items?.size ?? 0) === 0;
}

/** The message of a schema that refers to itself without taking a step into the value. */
function findCircle(scope: Scope): string | undefined {
  for (let outer = scope.parent; outer !== undefined && outer.valueId === scope.valueId; outer = outer.parent) {
    if (outer.schema === scope.schema) {
      const [inner, first] = [keywordLocation(scope), keywordLocation(outer)];
      return `both ${inner} and ${first} resolve to "${scope.schema.location}" causing reference cycle`;
    }
  }
  return undefined;
}

function keywordLocation(scope: Scope): string {
  let location = '';
  for (let inner = scope; inner.parent !== undefined; inner = inner.parent) {
    const step =
      inner.via === undefined
        ? inner.schema.location.slice(inner.parent.schema.location.length)
        : `/${inner.via.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    location = step + location;
  }
  return location;
}

function add(visit: Visit, failure: Failure | undefined): void {
  if (failure !== undefined) visit.failures.push(failure);
}

function fail(visit: Visit, message: string, causes: readonly Failure[] = []): void {
  visit.failures.push({ kind: 'plain', location: visit.location, message, causes });
}

function failureOf(visit: Visit, message: string): Failure {
  return { kind: 'plain', location: visit.location, message, causes: [] };
}

function enumMessage(wanted: readonly GoValue[]): string {
  if (wanted.some(isComposite)) return "'enum' failed";
  const shown = wanted.map(displayValue);
  return shown.length === 1 ? `value must be ${shown[0]}` : `value must be one of ${shown.join(', ')}`;
}

function findTwins(visit: Visit, array: readonly GoValue[]): [number, number] | undefined {
  for (let later = 1; later < array.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      spend(visit);
      if (equalValues(array[later] ?? null, array[earlier] ?? null)) return [earlier, later];
    }
  }
  return undefined;
}

function isComposite(value: GoValue): boolean {
  return Array.isArray(value) || value instanceof Map;
}

function typeOf(value: GoValue): Exclude<JsonType, 'integer'> | undefined {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'string') return typeof value === 'string' ? 'string' : 'boolean';
  if (typeof value === 'number' || value instanceof GoNumber) return 'number';
  if (Array.isArray(value)) return 'array';
  return value instanceof Map ? 'object' : undefined;
}

function fitsType(wanted: readonly JsonType[], type: JsonType, value: GoValue): boolean {
  return (
    wanted.includes(type) || (type === 'number' && wanted.includes('integer') && Number.isInteger(numberOf(value)))
  );
}

function numberOf(value: GoValue): number {
  return value instanceof GoNumber ? Number(value.value) : typeof value === 'number' ? value : Number.NaN;
}

const TYPES: readonly JsonType[] = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];

export function isJsonType(value: GoValue | undefined): value is JsonType {
  return TYPES.some((type) => type === value);
}
