// A syntax tree as functions that evaluate it. Variables become places in frames here, and what cannot be meant is found here.
//
// A frame belongs to a program, a function or an object; the locals of expressions inside have places in it, too, since each expression is
// evaluated once a frame at most. Where go-jsonnet desugars, this compiles what that makes, with the same places in stack traces.

import { depthNow, enter, failure, isTrimmable, leave, leaveTo, NOWHERE } from './call-stack.ts';
import { type Site, StaticFailure } from './failures.ts';
import {
  Builtin,
  Closure,
  callFunction,
  type FunctionCode,
  type JsonnetFunction,
  makeFrame,
  TailCall,
} from './function.ts';
import { indexValue } from './indexing.ts';
import { formatJsonString, toText } from './manifest-json.ts';
import { FIRST_LOCAL, type FieldCode, JsonnetObject, type ObjectCode } from './object.ts';
import { bitwise, bitwiseNot, compare, divide, equals, minus, plus, times } from './operators.ts';
import type { Source } from './source.ts';
import type {
  Apply,
  Binary,
  Expression,
  Field,
  ForClause,
  FunctionLiteral,
  Member,
  ObjectAssertion,
  ObjectComprehension,
  ObjectLiteral,
  ObjectLocal,
  Program,
} from './syntax.ts';
import {
  asArray,
  asBoolean,
  asNumber,
  asString,
  type Code,
  type Frame,
  JsonnetArray,
  type Lazy,
  Thunk,
  typeOf,
  unexpected,
  type Value,
} from './value.ts';

/** What programs ask of whoever runs them. */
export interface Environment {
  /** Of the file that asks, and what it asks for. */
  importFile(as: 'code' | 'text' | 'bytes', from: Source, path: string, site: Site): Value;
  /** `std` of a file, which is the library and `thisFile`. */
  standard(source: Source): Value;
  /** A function of the library itself, whatever `std` is bound to. */
  internal(name: 'mod' | 'slice' | 'objectHasAll'): JsonnetFunction;
}

/** What is true of the place where an expression stands. */
interface Place {
  readonly scope: Scope;
  /** What stack traces call it; undefined where go-jsonnet has not looked. */
  readonly context: string | undefined;
}

/** The places of a frame; `size` grows while what belongs to it is compiled. */
interface FrameLayout {
  size: number;
  readonly kind: 'program' | 'function' | 'object';
  /** The outermost object around: what `$` is. */
  readonly isRoot: boolean;
}

class Scope {
  readonly layout: FrameLayout;
  readonly outer: Scope | undefined;
  readonly names = new Map<string, number>();

  /** Without a layout, more names in the frame of the one around it. */
  constructor(outer: Scope | undefined, layout?: FrameLayout) {
    this.outer = outer;
    this.layout = layout ?? (outer as Scope).layout;
  }

  add(name: string): number {
    const slot = this.layout.size++;
    this.names.set(name, slot);
    return slot;
  }
}

type TailCode = (frame: Frame) => Value | TailCall;

const ANONYMOUS = 'anonymous';
/** Places of object frames (object.ts). */
const SELF = 1;
const LAYER = 2;

/** Throws a `StaticFailure`. */
export function compileProgram({ source, body }: Program, environment: Environment): () => Value {
  const layout: FrameLayout = { size: 1, kind: 'program', isRoot: false };
  const scope = new Scope(undefined, layout);
  const std = scope.add('std');
  const compiler = createCompiler(source, environment);
  const code = compiler.expression(body, { scope, context: '$' }, ANONYMOUS);
  compiler.requireFaultless();
  return () => {
    const frame = makeFrame(undefined, layout.size);
    frame[std] = environment.standard(source);
    return code(frame);
  };
}

type Located = { readonly begin: number; readonly end: number };

function createCompiler(source: Source, environment: Environment) {
  /** `$` outside of objects is found before anything else that is wrong. */
  let dollarFault: StaticFailure | undefined;
  let fault: StaticFailure | undefined;

  const faultAt = (message: string, { begin, end }: Located) => new StaticFailure(message, { source, begin, end });
  const siteOf = ({ begin, end }: Located, context?: string): Site =>
    begin < 0
      ? { begin, end, ...(context !== undefined && { context }) }
      : { source, begin, end, ...(context !== undefined && { context }) };

  function requireFaultless(): void {
    const found = dollarFault ?? fault;
    if (found) throw found;
  }

  /** What is evaluated only when somebody asks. */
  const deferred = ({ context, scope }: Place): Place => ({
    scope,
    context: context === undefined ? undefined : `thunk from <${context}>`,
  });

  /** `name`: what it is bound to, for stack traces. */
  function expression(node: Expression, place: Place, name = ANONYMOUS): Code {
    return compile(node, place, name, false) as Code;
  }

  /** In the last place of a function: a call there may take the function's frame over. */
  function compile(node: Expression, place: Place, name: string, isTail: boolean): TailCode {
    switch (node.type) {
      case 'apply':
        return apply(node, place, isTail);
      case 'apply-brace': {
        const { left, right, begin, end } = node;
        return binary({ type: 'binary', operator: '+', left, right, begin, end }, place, isTail);
      }
      case 'array': {
        const inner = deferred(place);
        const elements = node.elements.map((element) => lazy(element, inner));
        return (frame) => new JsonnetArray(elements.map((element) => element(frame)));
      }
      case 'array-comprehension': {
        const gather = comprehension(node, place, (scope) => lazy(node.body, deferred({ ...place, scope })));
        return (frame) => {
          if (isTail) trim();
          const elements: Lazy[] = [];
          gather(frame, (inner, element) => elements.push(element(inner)));
          return new JsonnetArray(elements);
        };
      }
      case 'assert': {
        const condition = expression(node.condition, place);
        const message = node.message ? expression(node.message, place) : () => 'Assertion failed';
        const rest = compile(node.rest, place, ANONYMOUS, isTail);
        const site = siteOf(node);
        return (frame) => {
          if (asBoolean(condition(frame), NOWHERE)) return rest(frame);
          throw failure(toText(message(frame), site), site);
        };
      }
      case 'binary':
        return binary(node, place, isTail);
      case 'if': {
        const condition = expression(node.condition, place);
        const yes = compile(node.yes, place, ANONYMOUS, isTail);
        const no = node.no ? compile(node.no, place, ANONYMOUS, isTail) : () => null;
        const site = siteOf(node, place.context);
        return (frame) => {
          const chosen = condition(frame);
          if (chosen === true) return yes(frame);
          if (chosen === false) return no(frame);
          throw unexpected(chosen, 'boolean', site);
        };
      }
      case '$':
        return dollar(node, place);
      case 'error': {
        const message = expression(node.message, place);
        const site = siteOf(node, place.context);
        return (frame) => {
          throw failure(toText(message(frame), site), site);
        };
      }
      case 'function': {
        const code = functionCode(node, place, name);
        return (frame) => new Closure(code, frame);
      }
      case 'import': {
        const site = siteOf(node, place.context);
        const { as, path } = node;
        return () => environment.importFile(as, source, path.value, site);
      }
      case 'index':
        return index(node, place);
      case 'in-super': {
        const self = selfOf(node, place, 'super');
        const key = expression(node.name, place);
        const site = siteOf(node, place.context);
        return (frame) => {
          const wanted = asString(key(frame), site);
          const here = self(frame);
          return (here[SELF] as JsonnetObject).has(wanted, (here[LAYER] as number) + 1);
        };
      }
      case 'literal': {
        const { value } = node;
        return () => value;
      }
      case 'local': {
        const scope = new Scope(place.scope);
        const inner = { ...place, scope };
        const bind = bindings(node.bindings, inner);
        const body = compile(node.body, inner, name, isTail);
        return (frame) => {
          bind(frame);
          return body(frame);
        };
      }
      case 'number': {
        const value = Number(node.text);
        const site = siteOf(node, place.context);
        if (Number.isFinite(value)) return () => value;
        return () => {
          throw failure('overflow', site);
        };
      }
      case 'object':
        return object(node, place, name);
      case 'object-comprehension':
        return objectComprehension(node, place, name);
      case 'parentheses':
        return compile(node.inner, place, ANONYMOUS, isTail);
      case 'self': {
        const self = selfOf(node, place, 'self');
        return (frame) => self(frame)[SELF] as JsonnetObject;
      }
      case 'slice': {
        const target = lazy(node.target, place);
        const parts = [node.from, node.to, node.step].map((part) => (part ? lazy(part, place) : () => null));
        const site = siteOf(node);
        return (frame) => {
          if (isTail) trim();
          const given = [target, ...parts].map((part) => part(frame));
          return callFunction(environment.internal('slice'), given, site);
        };
      }
      case 'string': {
        const { value } = node;
        return () => value;
      }
      case 'super-index': {
        const self = selfOf(node, place, 'super');
        const { name: field } = node;
        const key = node.index ? expression(node.index, place) : () => field as string;
        const site = siteOf(node, place.context);
        return (frame) => {
          const wanted = asString(key(frame), site);
          const here = self(frame);
          return (here[SELF] as JsonnetObject).superIndex((here[LAYER] as number) + 1, wanted, site);
        };
      }
      case 'unary':
        return unary(node, place);
      case 'variable':
        return variable(node, place);
    }
  }

  function lazy(node: Expression, place: Place, name = ANONYMOUS): (frame: Frame) => Lazy {
    if (node.type === 'parentheses') return lazy(node.inner, place);
    return lazyOf(node, expression(node, place, name));
  }

  /** As `lazy`, of what is compiled already. */
  function lazyOf(node: Expression, code: Code): (frame: Frame) => Lazy {
    const isThere = ['literal', 'string', 'function'].includes(node.type);
    if (isThere || (node.type === 'number' && Number.isFinite(Number(node.text)))) return code;
    return (frame) => new Thunk(code, frame);
  }

  /** The frame that has a name, and where; undefined when there is none. */
  function find(name: string, from: Scope): { readonly hops: number; readonly slot: number } | undefined {
    let hops = 0;
    for (let scope: Scope | undefined = from; scope; scope = scope.outer) {
      const slot = scope.names.get(name);
      if (slot !== undefined) return { hops, slot };
      if (scope.outer && scope.outer.layout !== scope.layout) hops++;
    }
    return undefined;
  }

  function variable(node: { readonly name: string } & Located, { scope, context }: Place): Code {
    const found = find(node.name, scope);
    if (!found) {
      fault ??= faultAt(`Unknown variable: ${node.name}`, node);
      return () => null;
    }
    const { hops, slot } = found;
    const site = siteOf(node, context);
    const valueIn = (frame: Frame): Value => {
      const known = frame[slot] as Lazy;
      return known instanceof Thunk ? known.force(site) : known;
    };
    if (hops === 0) return valueIn;
    if (hops === 1) return (frame) => valueIn(frame[0] as Frame);
    if (hops === 2) return (frame) => valueIn((frame[0] as Frame)[0] as Frame);
    const up = climb(hops);
    return (frame) => valueIn(up(frame));
  }

  /** The frame of the nearest object for which `is` holds. */
  function objectFrame(from: Scope, is: (layout: FrameLayout) => boolean): ((frame: Frame) => Frame) | undefined {
    let hops = 0;
    for (let scope: Scope | undefined = from; scope; scope = scope.outer) {
      if (scope.layout.kind === 'object' && is(scope.layout)) return climb(hops);
      if (scope.outer && scope.outer.layout !== scope.layout) hops++;
    }
    return undefined;
  }

  function selfOf(node: Located, { scope }: Place, word: 'self' | 'super'): (frame: Frame) => Frame {
    const found = objectFrame(scope, () => true);
    if (found) return found;
    fault ??= faultAt(`Can't use ${word} outside of an object.`, node);
    return (frame) => frame;
  }

  function dollar(node: Located, { scope }: Place): Code {
    const found = objectFrame(scope, ({ isRoot }) => isRoot);
    if (found) return (frame) => found(frame)[SELF] as JsonnetObject;
    dollarFault ??= faultAt('No top-level object found.', node);
    return () => null;
  }

  /** Puts what names are bound to into the frame; they see each other. */
  function bindings(
    list: readonly { readonly name: string; readonly value: Expression; readonly isFunction: boolean }[],
    place: Place,
  ): (frame: Frame) => void {
    const slots = list.map(({ name }) => place.scope.add(name));
    const values = list.map(({ name, value }) => {
      const { scope, context } = place;
      const own = context === undefined ? undefined : `thunk <${name}> from <${context}>`;
      return lazy(value, { scope, context: own }, name);
    });
    return fill(slots, values);
  }

  function functionCode({ parameters, body }: FunctionLiteral, { scope, context }: Place, name: string): FunctionCode {
    const layout: FrameLayout = { size: 1, kind: 'function', isRoot: false };
    const own = new Scope(scope, layout);
    for (const parameter of parameters) own.add(parameter.name);
    const inner = { scope: own, context: context === undefined ? undefined : `function <${name}>` };
    const fallbacks = parameters.map(({ fallback }) => (fallback ? expression(fallback, inner) : undefined));
    const code: FunctionCode = {
      parameters: parameters.map(({ name: its, fallback }) => ({ name: its, isOptional: fallback !== undefined })),
      fallbacks,
      body: compile(body, inner, ANONYMOUS, true),
      size: 0,
    };
    code.size = layout.size;
    return code;
  }

  function apply(node: Apply, place: Place, isTail: boolean): TailCode {
    const target = expression(node.target, place);
    const inner = deferred(place);
    const codes = node.positional.map((one) => expression(one, inner));
    const lazies = node.positional.map((one, at) => lazyOf(one, codes[at] as Code));
    const named = node.named.map(({ name, value }) => ({ name, value: lazy(value, inner) }));
    const { isTailStrict } = node;
    const site = siteOf(node, place.context);
    const count = codes.length;
    return (frame) => {
      const called = target(frame);
      const takesOver = isTail && isTrimmable();
      if (called instanceof Closure) {
        const { code } = called;
        if (!takesOver && !isTailStrict && named.length === 0 && code.parameters.length === count) {
          const own = makeFrame(called.frame, code.size);
          for (let at = 0; at < count; at++) own[at + 1] = (lazies[at] as (frame: Frame) => Lazy)(frame);
          const before = depthNow();
          enter(site);
          const value = code.body(own) as Value;
          leaveTo(before);
          return value;
        }
      } else if (called instanceof Builtin) {
        if (!called.isLazy && named.length === 0 && called.parameters.length === count) {
          const args: Value[] = [];
          const before = depthNow();
          for (let at = 0; at < count; at++) {
            enter(site);
            args.push((codes[at] as Code)(frame));
            leaveTo(before);
          }
          return called.run(args, site);
        }
      } else throw unexpected(called, 'function', site);
      const given = lazies.map((one) => one(frame));
      const givenNamed = named.map(({ name, value }) => ({ name, value: value(frame) }));
      if (takesOver) return new TailCall(called, given, givenNamed, isTailStrict, site);
      return callFunction(called, given, site, givenNamed, isTailStrict);
    };
  }

  function unary(node: { readonly operator: string; readonly operand: Expression } & Located, place: Place): Code {
    const operand = expression(node.operand, place);
    const site = siteOf(node, place.context);
    switch (node.operator) {
      case '!':
        return (frame) => !asBoolean(operand(frame), site);
      case '-':
        return (frame) => -asNumber(operand(frame), site);
      case '+':
        return (frame) => asNumber(operand(frame), site);
      default:
        return (frame) => bitwiseNot(operand(frame), site);
    }
  }

  function binary(node: Binary, place: Place, isTail: boolean): Code {
    const { operator } = node;
    if (operator === 'in' || operator === '%') return internalCall(node, place, isTail);
    const left = expression(node.left, place);
    const right = expression(node.right, place);
    const site = siteOf(node, place.context);
    switch (operator) {
      case '&&':
        return (frame) => asBoolean(left(frame), site) && asBoolean(right(frame), site);
      case '||':
        return (frame) => asBoolean(left(frame), site) || asBoolean(right(frame), site);
      case '+':
        return (frame) => plus(left(frame), right(frame), site);
      case '-':
        return (frame) => minus(left(frame), right(frame), site);
      case '*':
        return (frame) => times(left(frame), right(frame), site);
      case '/':
        return (frame) => divide(left(frame), right(frame), site);
      case '==':
        return (frame) => equals(left(frame), right(frame), site);
      case '!=':
        return (frame) => !equals(left(frame), right(frame), site);
      case '<':
        return (frame) => compare(left(frame), right(frame), site) < 0;
      case '<=':
        return (frame) => compare(left(frame), right(frame), site) <= 0;
      case '>':
        return (frame) => compare(left(frame), right(frame), site) > 0;
      case '>=':
        return (frame) => compare(left(frame), right(frame), site) >= 0;
      default:
        return (frame) => bitwise(operator, left(frame), right(frame), site);
    }
  }

  /** Operators that go-jsonnet has as functions of its library: their operands are arguments. */
  function internalCall({ operator, left, right, ...node }: Binary, place: Place, isTail: boolean): Code {
    const [first, second] = operator === 'in' ? [right, left] : [left, right];
    const [x, y] = [lazy(first, place), lazy(second, place)];
    const site = siteOf(node);
    const name = operator === 'in' ? 'objectHasAll' : 'mod';
    return (frame) => {
      if (isTail) trim();
      return callFunction(environment.internal(name), [x(frame), y(frame)], site);
    };
  }

  function index(node: Expression & { readonly type: 'index' }, place: Place): Code {
    // go-jsonnet looks into what is before a dot, too, but gives it no name.
    const target = expression(node.target, node.index ? place : { ...place, context: undefined });
    const site = siteOf(node, place.context);
    const { name } = node;
    if (name !== undefined) {
      return (frame) => {
        const owner = target(frame);
        return owner instanceof JsonnetObject ? owner.index(name, site) : indexValue(owner, name, site);
      };
    }
    const key = expression(node.index as Expression, place);
    return (frame) => {
      const owner = target(frame);
      return indexValue(owner, key(frame), site);
    };
  }

  /**
   * Runs through the clauses, and gives each turn's frame, in which `make` was compiled, to whoever gathers. Each turn is a call, and what is
   * run through an argument.
   */
  function comprehension<T>(
    { clauses, ...node }: { readonly clauses: readonly ForClause[] } & Located,
    place: Place,
    make: (scope: Scope) => T,
  ): (frame: Frame, gather: (frame: Frame, made: T) => void) => void {
    const site = siteOf(node);
    const layouts: FrameLayout[] = [];
    let { scope } = place;
    const steps = clauses.map((clause) => {
      const list = expression(clause.list, { ...place, scope });
      const layout: FrameLayout = { size: 1, kind: 'function', isRoot: false };
      layouts.push(layout);
      scope = new Scope(scope, layout);
      scope.add(clause.variable);
      const here = scope;
      const conditions = clause.conditions.map((one) => expression(one, { ...place, scope: here }));
      return { list, layout, conditions };
    });
    const made = make(scope);
    const run = (frame: Frame, at: number, gather: (frame: Frame, made: T) => void): void => {
      const step = steps[at];
      if (!step) {
        gather(frame, made);
        return;
      }
      const { list, layout, conditions } = step;
      const before = depthNow();
      enter(site);
      const found = list(frame);
      leaveTo(before);
      for (const element of asArray(found, site).elements) {
        const own = makeFrame(frame, layout.size);
        own[1] = element;
        enter(site);
        if (conditions.every((condition) => asBoolean(condition(own), NOWHERE))) run(own, at + 1, gather);
        leaveTo(before);
      }
    };
    return (frame, gather) => run(frame, 0, gather);
  }

  /** Within objects there is one outermost, and that is `$`. */
  const isRootIn = (scope: Scope): boolean => objectFrame(scope, () => true) === undefined;

  function objectScope(scope: Scope): { readonly own: Scope; readonly layout: FrameLayout } {
    const layout: FrameLayout = { size: FIRST_LOCAL, kind: 'object', isRoot: isRootIn(scope) };
    return { own: new Scope(scope, layout), layout };
  }

  function object(node: ObjectLiteral, place: Place, name: string): Code {
    const { own, layout } = objectScope(place.scope);
    const inner: Place = { scope: own, context: place.context === undefined ? undefined : `object <${name}>` };
    const members = partsOf(node.members);
    const bind = objectLocals(members.locals, inner);
    const fields = members.fields.map((field) => ({ field, code: fieldCode(field, inner) }));
    const asserts = members.asserts.map((assert) => objectAssertion(assert, inner));
    const code: ObjectCode = { ...(bind && { bind }), asserts, size: 0 };
    const names = fields.map(({ field }) => fieldName(field, place));
    const site = siteOf(node, place.context);
    code.size = layout.size;
    if (members.fields.every(({ name: its }) => !('computed' in its))) {
      const table = new Map(fields.map(({ code: one }, at) => [(names[at] as { fixed: string }).fixed, one]));
      return (frame) => new JsonnetObject({ fields: table, code, frame });
    }
    return (frame) => {
      const table = new Map<string, FieldCode>();
      for (let at = 0; at < fields.length; at++) {
        const its = names[at];
        const found = its && 'fixed' in its ? its.fixed : nameOf((its as { code: Code }).code(frame), site);
        if (found === null) continue;
        if (table.has(found)) throw duplicateField(found, site);
        table.set(found, fields[at]?.code as FieldCode);
      }
      return new JsonnetObject({ fields: table, code, frame });
    };
  }

  function objectComprehension(node: ObjectComprehension, place: Place, name: string): Code {
    const { fields, locals } = partsOf(node.members);
    const [field] = fields as [Field];
    const site = siteOf(node, place.context);
    const mergeSite = siteOf(node);
    const code: ObjectCode = { asserts: [], size: 0 };
    let made: { key: Code; value: FieldCode; bind?: ObjectCode['bind'] } | undefined;
    const gather = comprehension(node, place, (scope) => {
      const { own, layout } = objectScope(scope);
      const inner: Place = { scope: own, context: place.context === undefined ? undefined : `object <${name}>` };
      const bind = objectLocals(locals, inner);
      const value = fieldCode(field, inner);
      const { computed } = field.name as { readonly computed: Expression };
      const key = expression(computed, { ...place, scope });
      code.size = layout.size;
      made = { key, value, ...(bind && { bind }) };
      return made;
    });
    const whole: ObjectCode = { ...code, ...(made?.bind && { bind: made.bind }) };
    return (frame) => {
      const turns: Frame[] = [];
      const before = depthNow();
      enter(mergeSite);
      gather(frame, (inner) => turns.push(inner));
      leaveTo(before);
      const table = new Map<string, FieldCode>();
      for (const turn of turns) {
        enter(mergeSite);
        const found = nameOf((made as { key: Code }).key(turn), site);
        leaveTo(before);
        if (found === null) continue;
        if (table.has(found)) throw duplicateField(found, mergeSite);
        table.set(found, { ...(made as { value: FieldCode }).value, frame: turn });
      }
      return new JsonnetObject({ fields: table, code: whole, frame });
    };
  }

  function objectLocals(locals: readonly ObjectLocal[], inner: Place): ((frame: Frame) => void) | undefined {
    if (locals.length === 0) return undefined;
    const slots = locals.map(({ name }) => inner.scope.add(name));
    return fill(
      slots,
      locals.map(({ value }) => lazy(value, inner)),
    );
  }

  function fieldCode({ value, visibility, isPlus }: Field, inner: Place): FieldCode {
    const code = expression(value, inner);
    return { code, visibility, ...(isPlus && { plus: plusSite(value) }) };
  }

  /** go-jsonnet has no place for what it makes of an assertion. */
  function plusSite(value: Expression): Site {
    if (value.type === 'parentheses') return plusSite(value.inner);
    return siteOf(value.type === 'assert' ? NOWHERE : value, '+:');
  }

  function fieldName({ name }: Field, place: Place): { readonly fixed: string } | { readonly code: Code } {
    if ('id' in name) return { fixed: name.id };
    if ('string' in name) return { fixed: name.string.value };
    return { code: expression(name.computed, place) };
  }

  function objectAssertion({ condition, message, ...node }: ObjectAssertion, inner: Place): Code {
    const holds = expression(condition, inner);
    const text = message ? expression(message, inner) : () => 'Object assertion failed.';
    const site = siteOf(node);
    return (frame) => {
      if (asBoolean(holds(frame), site)) return true;
      throw failure(toText(text(frame), site), site);
    };
  }

  return { expression, requireFaultless };
}

/** What go-jsonnet makes a call of takes over the frame of a call with `tailstrict`, too. */
function trim(): void {
  if (isTrimmable()) leave();
}

/** Puts values into a frame. One at a time is what most programs bind. */
function fill(slots: readonly number[], values: readonly ((frame: Frame) => Lazy)[]): (frame: Frame) => void {
  const [slot = 0] = slots;
  const [only] = values;
  if (slots.length === 1 && only) {
    return (frame) => {
      frame[slot] = only(frame);
    };
  }
  return (frame) => {
    for (let at = 0; at < slots.length; at++) frame[slots[at] as number] = values[at]?.(frame);
  };
}

function climb(hops: number): (frame: Frame) => Frame {
  return (frame) => {
    let found = frame;
    for (let count = 0; count < hops; count++) found = found[0] as Frame;
    return found;
  };
}

function partsOf(members: readonly Member[]) {
  return {
    fields: members.filter((member) => member.type === 'field'),
    locals: members.filter((member) => member.type === 'object-local'),
    asserts: members.filter((member) => member.type === 'object-assert'),
  };
}

/** null: the field is left out. */
function nameOf(value: Value, site: Site): string | null {
  if (typeof value === 'string' || value === null) return value;
  throw failure(`Field name must be string, got ${typeOf(value)}`, site);
}

function duplicateField(name: string, site: Site): Error {
  return failure(`Duplicate field name: ${formatJsonString(name)}`, site);
}
