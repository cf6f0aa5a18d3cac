// Words become a tree, by the precedences of expr-lang (parser/operator).

import { expressionError } from './error.ts';
import { lexExpression, type Token } from './lex.ts';
import type { Node } from './syntax.ts';

/** A larger number binds tighter. */
const BINARY: Readonly<Record<string, number>> = {
  ...{ '|': 0, or: 10, '||': 10, and: 15, '&&': 15 },
  ...{ '==': 20, '!=': 20, '<': 20, '>': 20, '>=': 20, '<=': 20 },
  ...{ in: 20, matches: 20, contains: 20, startsWith: 20, endsWith: 20 },
  ...{ '..': 25, '+': 30, '-': 30, '*': 60, '/': 60, '%': 60, '**': 100, '^': 100, '??': 500 },
};
const RIGHT: ReadonlySet<string> = new Set(['**', '^']);
const NEGATABLE: ReadonlySet<string> = new Set(['in', 'matches', 'contains', 'startsWith', 'endsWith']);
const UNARY: Readonly<Record<string, number>> = { not: 50, '!': 50, '-': 90, '+': 90 };

/** Those whose last argument is a predicate about each element. */
export const PREDICATE_BUILTINS: ReadonlySet<string> = new Set([
  ...['all', 'none', 'any', 'one', 'filter', 'map', 'count', 'sum', 'find', 'findIndex', 'findLast', 'findLastIndex'],
  ...['groupBy', 'sortBy', 'reduce'],
]);

const MAX_LENGTH = 64 << 10;
const MAX_DEPTH = 250;

/** Throws `InvalidInput` with the place. `isBuiltin`: names that are functions of the language where they are called. */
export function parseExpression(text: string, isBuiltin: (name: string) => boolean): Node {
  if (text.length > MAX_LENGTH) throw expressionError('', 0, `an expression is longer than ${MAX_LENGTH} characters`);
  const tokens = lexExpression(text);
  let next = 0;
  let depth = 0;
  /** Inside of a predicate `.x` is a member of the element. */
  let predicates = 0;

  const end: Token = { kind: 'end', at: text.length };
  const peek = (ahead = 0): Token => tokens[next + ahead] ?? end;
  const fail = (token: Token, message: string) => expressionError(text, token.at, message);
  const shown = (token: Token) =>
    'text' in token ? `"${token.text}"` : token.kind === 'end' ? 'end of expression' : 'a value';
  const is = (kind: Token['kind'], word: string, token = peek()) =>
    token.kind === kind && 'text' in token && token.text === word;
  const take = (kind: Token['kind'], word: string): boolean => {
    if (!is(kind, word)) return false;
    next++;
    return true;
  };
  const expect = (kind: Token['kind'], word: string): void => {
    if (!take(kind, word)) throw fail(peek(), `unexpected ${shown(peek())}, "${word}" was expected`);
  };

  function sequence(): Node {
    if (take('operator', 'let')) return letIn();
    const first = expression(0);
    if (!take('operator', ';')) return first;
    if (peek().kind === 'end' || is('bracket', ')') || is('bracket', '}')) return first;
    return { kind: 'sequence', first, rest: sequence() };
  }

  function letIn(): Node {
    const token = peek();
    if (token.kind !== 'name') throw fail(token, 'a name was expected after let');
    next++;
    expect('operator', '=');
    const value = expression(0);
    expect('operator', ';');
    return { kind: 'let', name: token.text, value, body: sequence() };
  }

  function expression(least: number): Node {
    if (++depth > MAX_DEPTH) throw fail(peek(), `an expression is nested deeper than ${MAX_DEPTH}`);
    try {
      if (least === 0 && is('operator', 'if')) return ifElse();
      let left = unary();
      for (;;) {
        const token = peek();
        if (token.kind !== 'operator') break;
        const isNegated = token.text === 'not' && NEGATABLE.has(textOf(peek(1)));
        const operator = isNegated ? textOf(peek(1)) : token.text;
        const precedence = Object.hasOwn(BINARY, operator) ? BINARY[operator] : undefined;
        if (precedence === undefined || precedence < least) break;
        next += isNegated ? 2 : 1;
        left = operator === '|' ? pipe(left) : binary(left, operator, precedence, token.at);
        if (isNegated) left = { kind: 'unary', operator: 'not', operand: left, at: token.at };
      }
      return least === 0 ? conditional(left) : left;
    } finally {
      depth--;
    }
  }

  function binary(left: Node, operator: string, precedence: number, at: number): Node {
    const right = expression(RIGHT.has(operator) ? precedence : precedence + 1);
    return { kind: 'binary', operator, left, right, at };
  }

  /** `a | f(b)` is `f(a, b)`. */
  function pipe(left: Node): Node {
    const token = peek();
    if (token.kind !== 'name') throw fail(token, 'a function was expected after |');
    next++;
    return postfix(call(token.text, token.at, [left]));
  }

  function ifElse(): Node {
    expect('operator', 'if');
    const condition = expression(0);
    expect('bracket', '{');
    const consequence = sequence();
    expect('bracket', '}');
    expect('operator', 'else');
    if (is('operator', 'if')) return { kind: 'conditional', condition, consequence, otherwise: ifElse() };
    expect('bracket', '{');
    const otherwise = sequence();
    expect('bracket', '}');
    return { kind: 'conditional', condition, consequence, otherwise };
  }

  function conditional(condition: Node): Node {
    if (take('operator', '?:'))
      return { kind: 'conditional', condition, consequence: condition, otherwise: expression(0) };
    if (!take('operator', '?')) return condition;
    const consequence = expression(0);
    expect('operator', ':');
    return { kind: 'conditional', condition, consequence, otherwise: expression(0) };
  }

  function unary(): Node {
    const token = peek();
    if (token.kind === 'operator' && Object.hasOwn(UNARY, token.text)) {
      next++;
      const operand = expression(UNARY[token.text] ?? 0);
      return postfix({ kind: 'unary', operator: token.text === '!' ? 'not' : token.text, operand, at: token.at });
    }
    return postfix(primary());
  }

  function primary(): Node {
    const token = peek();
    if (token.kind === 'value') {
      next++;
      return { kind: 'value', value: token.value };
    }
    if (token.kind === 'pointer' || (predicates > 0 && is('operator', '.'))) {
      if (token.kind === 'pointer') next++;
      return { kind: 'pointer', name: token.kind === 'pointer' ? token.text.slice(1) : '', at: token.at };
    }
    if (take('bracket', '(')) {
      const inner = sequence();
      expect('bracket', ')');
      return inner;
    }
    if (take('bracket', '[')) return { kind: 'array', items: list(']', () => expression(0)) };
    if (take('bracket', '{')) return { kind: 'map', entries: list('}', entry) };
    // `::len(x)` is the language's function, whatever the environment calls so.
    const isOwn = take('operator', '::');
    const word = peek();
    if (word.kind !== 'name') throw fail(word, `unexpected token ${shown(word)}`);
    next++;
    return named(word.text, word.at, isOwn);
  }

  function named(name: string, at: number, isOwn: boolean): Node {
    if (name === 'true' || name === 'false') return { kind: 'value', value: name === 'true' };
    if (name === 'nil') return { kind: 'value', value: null };
    if (is('bracket', '(') && (isOwn || isBuiltin(name))) return call(name, at, []);
    return { kind: 'name', name, at };
  }

  /** The name is behind us, its bracket before us. */
  function call(name: string, at: number, before: readonly Node[]): Node {
    expect('bracket', '(');
    if (!isBuiltin(name)) {
      const args = [...before, ...list(')', () => expression(0))];
      return { kind: 'call', callee: { kind: 'name', name, at }, args, at };
    }
    if (!PREDICATE_BUILTINS.has(name)) {
      return { kind: 'builtin', name, args: [...before, ...list(')', () => expression(0))], at };
    }
    const args = [...before];
    list(')', () => {
      args.push(args.length === 1 ? predicate() : expression(0));
      return undefined;
    });
    return { kind: 'builtin', name, args, at };
  }

  function predicate(): Node {
    const isBraced = is('bracket', '{');
    predicates++;
    if (isBraced) next++;
    const body = isBraced ? sequence() : expression(0);
    if (isBraced) expect('bracket', '}');
    predicates--;
    return { kind: 'predicate', body };
  }

  function entry(): { readonly key: Node; readonly value: Node } {
    const token = peek();
    let key: Node;
    if (take('bracket', '(')) {
      key = expression(0);
      expect('bracket', ')');
    } else if (token.kind === 'value') {
      next++;
      key = { kind: 'value', value: token.value };
    } else if (token.kind === 'name' || (token.kind === 'operator' && /^\w+$/.test(token.text))) {
      next++;
      key = { kind: 'value', value: token.text };
    } else
      throw fail(token, 'a map key must be a quoted string, a number, an identifier, or an expression in parentheses');
    expect('operator', ':');
    return { key, value: expression(0) };
  }

  function list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    while (!take('bracket', close)) {
      if (items.length > 0) {
        expect('operator', ',');
        if (take('bracket', close)) break;
      }
      items.push(item());
    }
    return items;
  }

  function postfix(start: Node): Node {
    let node = start;
    let isOptional = false;
    for (;;) {
      const token = peek();
      const { at } = token;
      if (is('operator', '.') || is('operator', '?.')) {
        const optional = is('operator', '?.');
        isOptional ||= optional;
        next++;
        const property = peek();
        if (optional && take('bracket', '[')) {
          node = index(node, at, true);
          continue;
        }
        // Words of the language are names here: `.in`, `.not`.
        const isName = property.kind === 'name' || (property.kind === 'operator' && /^\w+$/.test(property.text));
        if (!isName) throw fail(property, 'a name was expected');
        next++;
        node = { kind: 'member', object: node, property: { kind: 'value', value: textOf(property) }, optional, at };
      } else if (is('bracket', '[')) {
        next++;
        node = index(node, at, false);
      } else if (is('bracket', '(') && node.kind !== 'value') {
        next++;
        node = { kind: 'call', callee: node, args: list(')', () => expression(0)), at };
      } else break;
    }
    return isOptional ? { kind: 'chain', inner: node } : node;
  }

  function index(object: Node, at: number, optional: boolean): Node {
    if (take('operator', ':')) return slice(object, undefined, at);
    const from = expression(0);
    if (take('operator', ':')) return slice(object, from, at);
    expect('bracket', ']');
    return { kind: 'member', object, property: from, optional, at };
  }

  function slice(object: Node, from: Node | undefined, at: number): Node {
    const to = is('bracket', ']') ? undefined : expression(0);
    expect('bracket', ']');
    return { kind: 'slice', object, ...(from && { from }), ...(to && { to }), at };
  }

  const tree = sequence();
  if (peek().kind !== 'end') throw fail(peek(), `unexpected token ${shown(peek())}`);
  return tree;
}

function textOf(token: Token): string {
  return 'text' in token ? token.text : '';
}
