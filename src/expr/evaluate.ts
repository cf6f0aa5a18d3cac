// Evaluating expressions of expr-lang, the language of notification triggers (`when`, `oncePer`): no eval, and a bound on the steps.

import { HawserError, messageOf } from '../base/errors.ts';
import { formatValue } from '../render/go/fmt.ts';
import { type GoMethod, type GoValue, goInt } from '../render/go/value.ts';
import { BUILTINS } from './builtins.ts';
import { expressionError } from './error.ts';
import { applyBinary, applyUnary } from './operators.ts';
import { parseExpression } from './parse.ts';
import { applyPredicate, isPredicateBuiltin, type Predicate } from './predicates.ts';
import type { Node } from './syntax.ts';
import { entriesIn, integerIn, itemsIn, memberOf, methodIn, typeOf } from './value.ts';

/** A parsed expression, which can be evaluated many times. */
export interface Expression {
  readonly text: string;
  /** Throws `InvalidInput` with the reason and the place, and `LimitExceeded`. */
  evaluate(environment: ReadonlyMap<string, GoValue>, options?: EvaluateOptions): GoValue;
}

export interface EvaluateOptions {
  /** What `now()` gives: milliseconds since the epoch. */
  readonly now?: () => number;
  /** Default: 100,000. */
  readonly maxSteps?: number;
}

const MAX_STEPS = 100_000;

/** Throws `InvalidInput` with the place of what is wrong. */
export function compileExpression(text: string): Expression {
  const tree = parseExpression(text, (name) => Object.hasOwn(BUILTINS, name) || isPredicateBuiltin(name));
  return {
    text,
    evaluate: (environment, { now = Date.now, maxSteps = MAX_STEPS } = {}) => {
      const run: Run = { text, environment, now, left: maxSteps, maxSteps };
      return evaluateNode(run, tree, EMPTY);
    },
  };
}

interface Run {
  readonly text: string;
  readonly environment: ReadonlyMap<string, GoValue>;
  readonly now: () => number;
  left: number;
  readonly maxSteps: number;
}

/** Names that `let` has given, and the element that a predicate is asked about. */
interface Scope {
  readonly names: ReadonlyMap<string, GoValue>;
  readonly element?: { readonly value: GoValue; readonly index: number; readonly accumulated?: GoValue };
}

const EMPTY: Scope = { names: new Map() };

/** Thrown where `?.` found nothing, caught by its chain. */
const NOTHING = Symbol('nothing');

function evaluateNode(run: Run, node: Node, scope: Scope): GoValue {
  spend(run, 1);
  switch (node.kind) {
    case 'value':
      return node.value;
    case 'name':
      return nameOf(run, node.name, scope);
    case 'pointer':
      return pointerOf(run, node, scope);
    case 'unary':
      return at(run, node.at, () => applyUnary(node.operator, evaluateNode(run, node.operand, scope)));
    case 'binary':
      return binaryOf(run, node, scope);
    case 'chain':
      return chainOf(run, node.inner, scope);
    case 'member':
      return at(run, node.at, () => memberOfNode(run, node, scope));
    case 'slice':
      return at(run, node.at, () => sliceOf(run, node, scope));
    case 'call':
      return at(run, node.at, () => callOf(run, node, scope));
    case 'builtin':
      return at(run, node.at, () => builtinOf(run, node, scope));
    case 'conditional':
      return evaluateNode(
        run,
        truth(evaluateNode(run, node.condition, scope)) ? node.consequence : node.otherwise,
        scope,
      );
    case 'let': {
      const names = new Map(scope.names).set(node.name, evaluateNode(run, node.value, scope));
      return evaluateNode(run, node.body, { ...scope, names });
    }
    case 'sequence':
      evaluateNode(run, node.first, scope);
      return evaluateNode(run, node.rest, scope);
    case 'array':
      return node.items.map((item) => evaluateNode(run, item, scope));
    case 'map':
      return new Map(
        node.entries.map(({ key, value }) => [
          formatValue(evaluateNode(run, key, scope)),
          evaluateNode(run, value, scope),
        ]),
      );
    case 'predicate':
      return evaluateNode(run, node.body, scope);
  }
}

function spend(run: Run, steps: number): void {
  run.left -= steps;
  if (run.left < 0) {
    throw new HawserError(
      'LimitExceeded',
      `the expression takes more than ${run.maxSteps} steps: ${run.text.slice(0, 200)}`,
    );
  }
}

/** Says where something went wrong. */
function at<T>(run: Run, place: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error === NOTHING || error instanceof HawserError) throw error;
    throw expressionError(run.text, place, messageOf(error));
  }
}

/** A name that nobody has given is nil, as where expressions are compiled without knowing their environment. */
function nameOf({ environment }: Run, name: string, { names }: Scope): GoValue {
  if (name === '$env') return new Map(environment);
  return names.get(name) ?? environment.get(name) ?? null;
}

function pointerOf(run: Run, { name, at: place }: Node & { readonly kind: 'pointer' }, { element }: Scope): GoValue {
  if (!element) throw expressionError(run.text, place, 'cannot use # outside of a predicate');
  if (name === '') return element.value;
  if (name === 'index') return goInt(element.index);
  if (name === 'acc' && element.accumulated !== undefined) return element.accumulated;
  throw expressionError(run.text, place, `unknown pointer #${name}`);
}

function truth(value: GoValue): boolean {
  if (typeof value === 'boolean') return value;
  throw new HawserError('InvalidInput', `a condition must be true or false, not ${typeOf(value)}`);
}

function binaryOf(
  run: Run,
  { operator, left, right, at: place }: Node & { readonly kind: 'binary' },
  scope: Scope,
): GoValue {
  const first = evaluateNode(run, left, scope);
  if (operator === '??') return first ?? evaluateNode(run, right, scope);
  return at(run, place, () => {
    if (operator === 'and' || operator === '&&') return truth(first) && truth(evaluateNode(run, right, scope));
    if (operator === 'or' || operator === '||') return truth(first) || truth(evaluateNode(run, right, scope));
    const result = applyBinary(operator, first, evaluateNode(run, right, scope));
    spend(run, weightOf(result));
    return result;
  });
}

/** What is large costs more than a step. */
function weightOf(value: GoValue): number {
  if (typeof value === 'string') return value.length >> 6;
  return itemsIn(value)?.length ?? 0;
}

function chainOf(run: Run, inner: Node, scope: Scope): GoValue {
  try {
    return evaluateNode(run, inner, scope);
  } catch (error) {
    if (error !== NOTHING) throw error;
    return null;
  }
}

function memberOfNode(run: Run, node: Node & { readonly kind: 'member' }, scope: Scope): GoValue {
  const object = evaluateNode(run, node.object, scope);
  if (object === null && node.optional) throw NOTHING;
  return fetchMember(object, evaluateNode(run, node.property, scope));
}

/** Of a map, what it does not have is nil; nil itself has nothing to be asked for. */
function fetchMember(object: GoValue, property: GoValue): GoValue {
  if (typeof property === 'string') {
    const member = memberOf(object, property);
    if (member !== undefined) return member;
  }
  const entries = entriesIn(object);
  if (entries) return entries.get(formatValue(property)) ?? null;
  const items = typeof object === 'string' ? [...object] : itemsIn(object);
  const index = integerIn(property);
  if (!items || index === undefined) throw new Error(`cannot fetch ${formatValue(property)} from ${typeOf(object)}`);
  const place = Number(index < 0n ? BigInt(items.length) + index : index);
  const found = items[place];
  if (found === undefined) throw new Error(`index out of range: ${place} (array length is ${items.length})`);
  return found;
}

function sliceOf(run: Run, node: Node & { readonly kind: 'slice' }, scope: Scope): GoValue {
  const object = evaluateNode(run, node.object, scope);
  const items = typeof object === 'string' ? object : itemsIn(object);
  if (items === undefined) throw new Error(`cannot slice ${typeOf(object)}`);
  const bound = (part: Node | undefined, otherwise: number) => {
    if (!part) return otherwise;
    const value = integerIn(evaluateNode(run, part, scope));
    if (value === undefined) throw new Error('a bound of a slice must be a whole number');
    return Math.min(Math.max(Number(value < 0n ? BigInt(items.length) + value : value), 0), items.length);
  };
  const to = bound(node.to, items.length);
  return items.slice(Math.min(bound(node.from, 0), to), to) as GoValue;
}

function callOf(run: Run, { callee, args }: Node & { readonly kind: 'call' }, scope: Scope): GoValue {
  const found = evaluateNode(run, callee, scope);
  const method = methodIn(found);
  if (!method) throw new Error(`${describe(callee)} is not a function`);
  const values = args.map((arg) => evaluateNode(run, arg, scope));
  requireArguments(describe(callee), method, values.length);
  const result = method.call(...values);
  spend(run, weightOf(result));
  return result;
}

function requireArguments(name: string, { params }: GoMethod, given: number): void {
  const isVariadic = params.at(-1)?.startsWith('...') === true;
  const least = isVariadic ? params.length - 1 : params.length;
  if (given < least) throw new Error(`not enough arguments to call ${name}`);
  if (given > least && !isVariadic) throw new Error(`too many arguments to call ${name}`);
}

function builtinOf(run: Run, { name, args }: Node & { readonly kind: 'builtin' }, scope: Scope): GoValue {
  if (isPredicateBuiltin(name)) return predicateOf(run, name, args, scope);
  const builtin = BUILTINS[name];
  if (!builtin) throw new Error(`unknown function ${name}`);
  const values = args.map((arg) => evaluateNode(run, arg, scope));
  const [least, most] = builtin.arguments;
  if (values.length < least || values.length > most) throw new Error(`wrong number of arguments to call ${name}`);
  const result = builtin.call(values, run.now);
  spend(run, weightOf(result));
  return result;
}

function predicateOf(run: Run, name: string, args: readonly Node[], scope: Scope): GoValue {
  const [list, body, ...rest] = args;
  const value = list ? evaluateNode(run, list, scope) : null;
  const items = itemsIn(value);
  if (!items) throw new Error(`builtin ${name} takes only array (got ${typeOf(value)})`);
  spend(run, items.length);
  const ask: Predicate | undefined =
    body &&
    ((item, index, accumulated) => {
      const element = { value: item, index, ...(accumulated !== undefined && { accumulated }) };
      return evaluateNode(run, body, { ...scope, element });
    });
  return applyPredicate(
    name,
    items,
    ask,
    rest.map((more) => evaluateNode(run, more, scope)),
  );
}

function describe(node: Node): string {
  if (node.kind === 'name') return node.name;
  if (node.kind === 'member' && node.property.kind === 'value') return formatValue(node.property.value);
  return 'the expression';
}
