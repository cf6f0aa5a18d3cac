// Conditions of webhooks: the part of CEL that the sandbox evaluates. Anything else is refused when the webhook is registered.
//
// Source: the CEL specification (github.com/google/cel-spec, doc/langdef.md); k8s.io/apiserver, pkg/admission/plugin/webhook/matchconditions.

import { isObject } from '../../base/json.ts';
import { equalJson } from '../../typed/equal.ts';

/** `object`, `oldObject` and `request`. */
export type Variables = Readonly<Record<string, unknown>>;

/** A condition of one webhook. Throws Error where CEL has no value, such as for a field that is not there. */
export type Condition = (variables: Variables) => unknown;

const VARIABLES = ['object', 'oldObject', 'request'];

/** Functions of a value, by name: what they are called on, and with. */
const METHODS: Readonly<Record<string, (target: string, argument: string) => boolean>> = {
  startsWith: (target, argument) => target.startsWith(argument),
  endsWith: (target, argument) => target.endsWith(argument),
  contains: (target, argument) => target.includes(argument),
};

interface Token {
  readonly type: 'name' | 'string' | 'number' | 'sign' | 'end';
  readonly text: string;
}

const TOKEN =
  /\s*(?:([A-Za-z_]\w*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+)(?![\w.])|(==|!=|<=|>=|&&|\|\||[!?:.,()[\]<>+]))/y;

/** Parses an expression. Throws Error with what the sandbox does not know in it. */
export function parseCondition(expression: string): Condition {
  const tokens = tokenize(expression);
  let position = 0;
  const peek = () => tokens[position] ?? { type: 'end', text: 'the end' };
  const next = () => {
    const token = peek();
    position++;
    return token;
  };
  const isSign = (text: string) => peek().type === 'sign' && peek().text === text;
  const take = (text: string) => {
    if (!isSign(text)) return false;
    position++;
    return true;
  };
  const expect = (text: string) => {
    if (!take(text)) throw new Error(`${peek().text} stands where ${text} is expected`);
  };

  function ternary(): Condition {
    const test = binary(either, '||');
    if (!take('?')) return test;
    const yes = ternary();
    expect(':');
    const no = ternary();
    return (variables) => (asBoolean(test(variables)) ? yes(variables) : no(variables));
  }
  function either(): Condition {
    return binary(relation, '&&');
  }
  /** Both signs take what decides from either side: an error on the other is then none. */
  function binary(operand: () => Condition, sign: '&&' | '||'): Condition {
    let left = operand();
    while (take(sign)) {
      const [first, second] = [left, operand()];
      left = (variables) => decide(sign === '||', first, second, variables);
    }
    return left;
  }
  function relation(): Condition {
    const left = sum();
    const { type, text } = peek();
    if (type === 'name' && text === 'in') {
      position++;
      const right = sum();
      return (variables) => isIn(left(variables), right(variables));
    }
    const compare = type === 'sign' && Object.hasOwn(RELATIONS, text) ? RELATIONS[text] : undefined;
    if (!compare) return left;
    position++;
    const right = sum();
    return (variables) => compare(left(variables), right(variables));
  }
  /** Of texts; numbers are not added in conditions. */
  function sum(): Condition {
    let left = unary();
    while (take('+')) {
      const [first, second] = [left, unary()];
      left = (variables) => asString(first(variables)) + asString(second(variables));
    }
    return left;
  }
  function unary(): Condition {
    if (!take('!')) return member();
    const operand = unary();
    return (variables) => !asBoolean(operand(variables));
  }
  function member(): Condition {
    let value = primary();
    for (;;) {
      const target = value;
      if (take('[')) {
        const key = ternary();
        expect(']');
        value = (variables) => select(target(variables), key(variables));
      } else if (isSign('.')) {
        const name = fieldName();
        value = take('(') ? method(target, name) : (variables) => select(target(variables), name);
      } else return value;
    }
  }
  function method(target: Condition, name: string): Condition {
    const call = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (!call) throw new Error(`no function ${name}`);
    const argument = ternary();
    expect(')');
    return (variables) => call(asString(target(variables)), asString(argument(variables)));
  }
  function primary(): Condition {
    const { type, text } = next();
    if (type === 'string') return constant(unquote(text));
    if (type === 'number') return constant(Number(text));
    if (type === 'name') return named(text);
    if (type === 'sign' && text === '(') {
      const inner = ternary();
      expect(')');
      return inner;
    }
    if (type === 'sign' && text === '[') return list();
    throw new Error(`${text} stands where a value is expected`);
  }
  function list(): Condition {
    const members: Condition[] = [];
    while (!isSign(']')) {
      members.push(ternary());
      if (!take(',')) break;
    }
    expect(']');
    return (variables) => members.map((value) => value(variables));
  }
  function named(name: string): Condition {
    if (name === 'true' || name === 'false') return constant(name === 'true');
    if (name === 'null') return constant(null);
    if (name === 'has' && take('(')) return presence();
    if (name === 'size' && take('(')) {
      const value = ternary();
      expect(')');
      return (variables) => sizeOf(value(variables));
    }
    if (!VARIABLES.includes(name)) throw new Error(`no variable or function ${name}`);
    return (variables) => variables[name] ?? null;
  }
  /** `has(a.b)`: whether `a` has a field `b`. */
  function presence(): Condition {
    let owner = primary();
    let field = fieldName();
    while (!take(')')) {
      const [parent, key] = [owner, field];
      owner = (variables) => select(parent(variables), key);
      field = fieldName();
    }
    return (variables) => {
      const value = owner(variables);
      if (!isObject(value)) throw new Error(`no such key: ${field}`);
      return Object.hasOwn(value, field);
    };
  }
  function fieldName(): string {
    expect('.');
    const { type, text } = next();
    if (type !== 'name') throw new Error(`${text} is no field`);
    return text;
  }

  const condition = ternary();
  if (peek().type !== 'end') throw new Error(`${peek().text} stands where the end is expected`);
  return condition;
}

function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  const end = expression.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(expression);
    if (!match) throw new Error(`cannot read ${JSON.stringify(expression.slice(from).trim())}`);
    const [, name, string, number, sign] = match;
    if (name !== undefined) tokens.push({ type: 'name', text: name });
    else if (string !== undefined) tokens.push({ type: 'string', text: string });
    else if (number !== undefined) tokens.push({ type: 'number', text: number });
    else tokens.push({ type: 'sign', text: sign ?? '' });
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (whole, char: string) => {
    const plain = ESCAPES[char];
    if (plain === undefined) throw new Error(`no escape ${whole}`);
    return plain;
  });
}

function constant(value: unknown): Condition {
  return () => value;
}

const RELATIONS: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  '==': (left, right) => equalJson(left, right),
  '!=': (left, right) => !equalJson(left, right),
  '<': (left, right) => isLess(left, right),
  '<=': (left, right) => !isLess(right, left),
  '>': (left, right) => isLess(right, left),
  '>=': (left, right) => !isLess(left, right),
};

function isLess(left: unknown, right: unknown): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeof left === 'string' && typeof right === 'string') return left < right;
  throw new Error('no such overload');
}

function decide(decisive: boolean, first: Condition, second: Condition, variables: Variables): boolean {
  let failure: unknown;
  try {
    if (asBoolean(first(variables)) === decisive) return decisive;
  } catch (error) {
    failure = error;
  }
  const other = asBoolean(second(variables));
  if (other === decisive || failure === undefined) return other;
  throw failure;
}

function isIn(key: unknown, container: unknown): boolean {
  if (Array.isArray(container)) return container.some((member) => equalJson(member, key));
  if (isObject(container)) return typeof key === 'string' && Object.hasOwn(container, key);
  throw new Error('no such overload');
}

function select(target: unknown, key: unknown): unknown {
  if (Array.isArray(target) && typeof key === 'number' && key < target.length) return target[key];
  if (isObject(target) && typeof key === 'string' && Object.hasOwn(target, key)) return target[key];
  throw new Error(`no such key: ${String(key)}`);
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  throw new Error('no such overload');
}

function asBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Error('no such overload');
  return value;
}

function asString(value: unknown): string {
  if (typeof value !== 'string') throw new Error('no such overload');
  return value;
}
