// Tokens as a syntax tree.

import { StaticFailure } from './failures.ts';
import { describeKind, describeToken, lex, type Token, type TokenKind } from './lexer.ts';
import type { Source } from './source.ts';
import { unescapeString } from './string-literal.ts';
import type {
  BinaryOperator,
  Binding,
  Expression,
  Field,
  ForClause,
  Member,
  ObjectAssertion,
  ObjectComprehension,
  ObjectLiteral,
  ObjectLocal,
  Parameter,
  Program,
  StringLiteral,
  Unary,
  Visibility,
} from './syntax.ts';

/** Lower binds closer. */
const APPLY = 2;
const UNARY = 4;
const LOOSEST = 16;

const BINARY: Readonly<Record<string, number>> = {
  '*': 5,
  '/': 5,
  '%': 5,
  '+': 6,
  '-': 6,
  '<<': 7,
  '>>': 7,
  '<': 8,
  '<=': 8,
  '>': 8,
  '>=': 8,
  in: 8,
  '==': 9,
  '!=': 9,
  '&': 10,
  '^': 11,
  '|': 12,
  '&&': 13,
  '||': 14,
};

const UNARY_OPERATORS: ReadonlySet<string> = new Set(['!', '~', '+', '-']);

const STRINGS: ReadonlySet<TokenKind> = new Set([
  'STRING_BLOCK',
  'STRING_DOUBLE',
  'STRING_SINGLE',
  'VERBATIM_STRING_DOUBLE',
  'VERBATIM_STRING_SINGLE',
]);

/** Throws a `StaticFailure`. */
export function parse(source: Source): Program {
  const parser = createParser(source, lex(source));
  return { source, body: parser.program() };
}

function createParser(source: Source, tokens: readonly Token[]) {
  let at = 0;

  const end: Token = tokens[tokens.length - 1] ?? { kind: 'end of file', data: '', begin: 0, end: 0 };
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? end;
  const pop = (): Token => {
    const token = peek();
    at++;
    return token;
  };
  const isOperator = (token: Token, text: string) => token.kind === 'OPERATOR' && token.data === text;
  const fail = (message: string, { begin, end: to }: { readonly begin: number; readonly end: number }): never => {
    throw new StaticFailure(message, { source, begin, end: to });
  };
  const expect = (kind: TokenKind, during = ''): Token => {
    const token = pop();
    if (token.kind === kind) return token;
    return fail(`Expected token ${describeKind(kind)} but got ${describeToken(token)}${during}`, token);
  };
  const expectEquals = (): void => {
    const token = pop();
    if (!isOperator(token, '=')) fail(`Expected operator = but got ${describeToken(token)}`, token);
  };

  function program(): Expression {
    const body = expression(LOOSEST);
    const rest = peek();
    if (rest.kind !== 'end of file') fail(`Did not expect: ${describeToken(rest)}`, rest);
    return body;
  }

  const whole = (): Expression => expression(LOOSEST);

  function expression(precedence: number): Expression {
    const first = peek();
    switch (first.kind) {
      case 'assert':
        return assertion();
      case 'error': {
        pop();
        const message = whole();
        return { type: 'error', message, begin: first.begin, end: message.end };
      }
      case 'if':
        return conditional();
      case 'function': {
        pop();
        const open = pop();
        if (open.kind !== '(') fail(`Expected ( but got ${describeToken(open)}`, open);
        const list = parameters('function parameter');
        const body = whole();
        return { type: 'function', parameters: list, body, begin: first.begin, end: body.end };
      }
      case 'import':
        return importOf('code');
      case 'importstr':
        return importOf('text');
      case 'importbin':
        return importOf('bytes');
      case 'local':
        return local();
      default:
        return operation(precedence);
    }
  }

  function assertion(): Expression {
    const { begin } = pop();
    const condition = whole();
    let message: Expression | undefined;
    if (isOperator(peek(), ':')) {
      pop();
      message = whole();
    }
    expect(';');
    const rest = whole();
    return { type: 'assert', condition, ...(message && { message }), rest, begin, end: rest.end };
  }

  function conditional(): Expression {
    const { begin } = pop();
    const condition = whole();
    expect('then');
    const yes = whole();
    if (peek().kind !== 'else') return { type: 'if', condition, yes, begin, end: yes.end };
    pop();
    const no = whole();
    return { type: 'if', condition, yes, no, begin, end: no.end };
  }

  function importOf(as: 'code' | 'text' | 'bytes'): Expression {
    const { begin } = pop();
    const path = whole();
    if (path.type !== 'string') return fail('Computed imports are not allowed', path);
    if (path.isBlock) fail('Block string literals not allowed in imports', path);
    return { type: 'import', as, path, begin, end: path.end };
  }

  function local(): Expression {
    const { begin } = pop();
    const bindings: Binding[] = [];
    for (let isLast = false; !isLast; ) {
      const name = expect('IDENTIFIER');
      if (bindings.some((one) => one.name === name.data)) fail(`Duplicate local var: ${name.data}`, name);
      bindings.push(binding(name));
      const next = pop();
      if (next.kind !== ';' && next.kind !== ',') fail(`Expected , or ; but got ${describeToken(next)}`, next);
      isLast = next.kind === ';';
    }
    const body = whole();
    return { type: 'local', bindings, body, begin, end: body.end };
  }

  /** What comes after the name. */
  function binding(name: Token): Binding {
    if (peek().kind !== '(') {
      expectEquals();
      return { name: name.data, value: whole(), isFunction: false };
    }
    pop();
    const list = parameters('function parameter');
    expectEquals();
    const body = whole();
    const value = { type: 'function', parameters: list, body, begin: name.begin, end: body.end } as const;
    return { name: name.data, value, isFunction: true };
  }

  /** Up to the closing parenthesis, and that. */
  function parameters(what: string): readonly Parameter[] {
    const list: Parameter[] = [];
    separated(')', what, () => {
      const { data: name } = expect('IDENTIFIER', ' while parsing parameter');
      if (!isOperator(peek(), '=')) {
        list.push({ name });
        return;
      }
      pop();
      list.push({ name, fallback: whole() });
    });
    return list;
  }

  /** Items with commas between them, up to the token that closes them, which is given. */
  function separated(close: TokenKind, what: string, item: () => void): Token {
    for (let isFirst = true, hadComma = false; ; isFirst = false) {
      const next = peek();
      if (next.kind === close) return pop();
      if (!isFirst && !hadComma) fail(`Expected a comma before next ${what}, got ${describeToken(next)}`, next);
      item();
      hadComma = peek().kind === ',';
      if (hadComma) pop();
    }
  }

  /** Of what binds at least as close as `loosest`. */
  function operation(loosest: number): Expression {
    const { begin } = peek();
    let left = operand();
    for (let level = levelOf(peek()); level !== -1 && level <= loosest; level = levelOf(peek())) {
      left = binary(left, begin, level);
    }
    return left;
  }

  function operand(): Expression {
    const first = peek();
    if (first.kind === 'OPERATOR') {
      if (!UNARY_OPERATORS.has(first.data)) fail(`Not a unary operator: ${first.data}`, first);
      pop();
      const inner = expression(UNARY);
      const operator = first.data as Unary['operator'];
      return { type: 'unary', operator, operand: inner, begin: first.begin, end: inner.end };
    }
    let target = terminal();
    while (levelOf(peek()) === APPLY) target = suffix(target, first.begin);
    return target;
  }

  /** At which level the token goes on with an expression; -1 where it ends it. */
  function levelOf(token: Token): number {
    switch (token.kind) {
      case '.':
      case '[':
      case '(':
      case '{':
        return APPLY;
      case 'in':
        return BINARY.in ?? -1;
      case 'OPERATOR': {
        // They end what is asserted, and the name of a computed field.
        if (token.data === ':' || token.data === '::') return -1;
        const level = BINARY[token.data];
        return level ?? fail(`Not a binary operator: ${token.data}`, token);
      }
      default:
        return -1;
    }
  }

  function binary(left: Expression, begin: number, level: number): Expression {
    const operator = pop();
    if (operator.kind === 'in' && peek().kind === 'super') {
      const { end: to } = pop();
      return { type: 'in-super', name: left, begin, end: to };
    }
    const right = expression(level - 1);
    return { type: 'binary', operator: operator.data as BinaryOperator, left, right, begin, end: right.end };
  }

  function suffix(target: Expression, begin: number): Expression {
    const operator = pop();
    switch (operator.kind) {
      case '.': {
        const name = expect('IDENTIFIER');
        return { type: 'index', target, name: name.data, begin, end: name.end };
      }
      case '(': {
        const { positional, named, close } = callArguments();
        const isTailStrict = peek().kind === 'tailstrict';
        if (isTailStrict) pop();
        return { type: 'apply', target, positional, named, isTailStrict, begin, end: close.end };
      }
      case '{': {
        const right = object(operator);
        return { type: 'apply-brace', left: target, right, begin, end: right.end };
      }
      default:
        return indexOrSlice(target, begin);
    }
  }

  function callArguments() {
    const positional: Expression[] = [];
    const named: { readonly name: string; readonly value: Expression }[] = [];
    const close = separated(')', 'function argument', () => {
      const first = peek();
      if (first.kind === 'IDENTIFIER' && isOperator(peek(1), '=')) {
        at += 2;
        named.push({ name: first.data, value: whole() });
        return;
      }
      const value = whole();
      // go-jsonnet says so once it has read what comes after it.
      if (named.length > 0) fail('Positional argument after a named argument is not allowed', first);
      positional.push(value);
    });
    return { positional, named, close };
  }

  function indexOrSlice(target: Expression, begin: number): Expression {
    const parts: (Expression | undefined)[] = [undefined, undefined, undefined];
    let colons = 0;
    let isReady = true;
    let last: Token | undefined;
    while (colons < 3) {
      const next = peek();
      if (next.kind === ']') {
        last = pop();
        break;
      }
      if (next.data === ':' || next.data === '::') {
        last = pop();
        colons += next.data.length;
        isReady = true;
      } else if (isReady) {
        parts[colons] = whole();
        isReady = false;
      } else fail(`Expected token ${describeKind(']')} but got ${describeToken(next)}`, next);
    }
    const close = last ?? peek();
    if (colons > 2) fail('Invalid slice: too many colons', close);
    if (colons === 0 && isReady) fail('ast.Index requires an expression', close);
    const [from, to, step] = parts;
    if (colons === 0 && from) return { type: 'index', target, index: from, begin, end: close.end };
    return {
      type: 'slice',
      target,
      ...(from && { from }),
      ...(to && { to }),
      ...(step && { step }),
      begin,
      end: close.end,
    };
  }

  function terminal(): Expression {
    const token = pop();
    const { begin, end: to, data } = token;
    if (STRINGS.has(token.kind)) return string(token);
    switch (token.kind) {
      case 'end of file':
        return fail('Unexpected end of file', token);
      case '{':
        return object(token);
      case '[':
        return array(token);
      case '(': {
        const inner = whole();
        const close = expect(')');
        return { type: 'parentheses', inner, begin, end: close.end };
      }
      case 'NUMBER':
        return { type: 'number', text: data, begin, end: to };
      case 'false':
      case 'true':
        return { type: 'literal', value: token.kind === 'true', begin, end: to };
      case 'null':
        return { type: 'literal', value: null, begin, end: to };
      case '$':
        return { type: '$', begin, end: to };
      case 'IDENTIFIER':
        return { type: 'variable', name: data, begin, end: to };
      case 'self':
        return { type: 'self', begin, end: to };
      case 'super': {
        const next = pop();
        if (next.kind === '.') return { type: 'super-index', name: expect('IDENTIFIER').data, begin, end: to };
        if (next.kind !== '[') return fail('Expected . or [ after super', token);
        const index = whole();
        expect(']');
        return { type: 'super-index', index, begin, end: to };
      }
      default:
        return fail(`Unexpected: ${describeToken(token)} while parsing terminal`, token);
    }
  }

  function string({ kind, data, begin, end: to }: Token): StringLiteral {
    const isEscaped = kind === 'STRING_DOUBLE' || kind === 'STRING_SINGLE';
    const span = { source, begin, end: to };
    const value = isEscaped ? unescapeString(data, span) : data;
    return { type: 'string', value, isBlock: kind === 'STRING_BLOCK', begin, end: to };
  }

  function array({ begin }: Token): Expression {
    const elements: Expression[] = [];
    let hadComma = true;
    for (;;) {
      const next = peek();
      if (next.kind === ']') {
        const { end: to } = pop();
        return { type: 'array', elements, begin, end: to };
      }
      const [body] = elements;
      if (next.kind === 'for' && elements.length === 1 && body) {
        pop();
        const { clauses, close } = forClauses(']');
        return { type: 'array-comprehension', body, clauses, begin, end: close.end };
      }
      if (!hadComma) fail('Expected a comma before next array element', next);
      elements.push(whole());
      hadComma = peek().kind === ',';
      if (hadComma) pop();
    }
  }

  /** After the first `for`, up to the token that closes the comprehension. */
  function forClauses(closeKind: TokenKind): { readonly clauses: readonly ForClause[]; readonly close: Token } {
    const clauses: ForClause[] = [];
    for (;;) {
      const { data: variable } = expect('IDENTIFIER');
      expect('in');
      const list = whole();
      const conditions: Expression[] = [];
      let next = pop();
      for (; next.kind === 'if'; next = pop()) conditions.push(whole());
      clauses.push({ variable, list, conditions });
      if (next.kind === closeKind) return { clauses, close: next };
      if (next.kind !== 'for') {
        const wanted = describeKind(closeKind);
        fail(`Expected for, if or ${wanted} after for clause, got: ${describeToken(next)}`, next);
      }
    }
  }

  function object({ begin }: Token): ObjectLiteral | ObjectComprehension {
    const members: Member[] = [];
    const names = new Set<string>();
    const locals = new Set<string>();
    let hadComma = true;
    for (let next = pop(); ; next = pop()) {
      if (next.kind === '}') return { type: 'object', members, begin, end: next.end };
      if (next.kind === 'for') return objectComprehension(members, begin, next);
      if (!hadComma) fail('Expected a comma before next field', next);
      if (next.kind === 'local') members.push(objectLocal(locals));
      else if (next.kind === 'assert') members.push(objectAssertion(next));
      else if (next.kind === '[' || next.kind === 'IDENTIFIER' || STRINGS.has(next.kind)) {
        members.push(field(next, names));
      } else fail(`Unexpected: ${describeToken(next)} while parsing field definition`, next);
      hadComma = peek().kind === ',';
      if (hadComma) pop();
    }
  }

  function objectComprehension(members: readonly Member[], begin: number, next: Token): ObjectComprehension {
    const fields = members.filter((member) => member.type === 'field');
    const [only] = fields;
    const kept = members.filter((member) => member.type !== 'object-assert');
    if (kept.length < members.length) fail('Object comprehension cannot have asserts', next);
    if (fields.length !== 1 || !only) return fail('Object comprehension can only have one field', next);
    if (only.visibility !== ':') fail('Object comprehensions cannot have hidden fields', next);
    if (!('computed' in only.name)) fail('Object comprehensions can only have [e] fields', next);
    const { clauses, close } = forClauses('}');
    return { type: 'object-comprehension', members: kept, clauses, begin, end: close.end };
  }

  function field(first: Token, names: Set<string>): Field {
    let name: Field['name'];
    if (first.kind === 'IDENTIFIER') name = { id: first.data };
    else if (first.kind === '[') {
      name = { computed: whole() };
      expect(']');
    } else name = { string: string(first) };
    const isMethod = peek().kind === '(';
    let list: readonly Parameter[] = [];
    if (isMethod) {
      pop();
      list = parameters('method parameter');
    }
    const { visibility, isPlus } = fieldOperator();
    if (isPlus && isMethod) fail(`Cannot use +: syntax sugar in a method: ${first.data}`, first);
    if (!('computed' in name)) {
      if (names.has(first.data)) fail(`Duplicate field: ${first.data}`, first);
      names.add(first.data);
    }
    const body = whole();
    const { begin, end: to } = { begin: first.begin, end: body.end };
    // A method has no place of its own.
    const value = isMethod ? { type: 'function' as const, parameters: list, body, begin: -1, end: -1 } : body;
    return { type: 'field', name, visibility, isPlus, isMethod, value, begin, end: to };
  }

  function fieldOperator(): { readonly visibility: Visibility; readonly isPlus: boolean } {
    const operator = expect('OPERATOR');
    const found = /^(\+?)(:{1,3})$/.exec(operator.data);
    if (!found) return fail(`Expected one of :, ::, :::, +:, +::, +:::, got: ${operator.data}`, operator);
    return { visibility: found[2] as Visibility, isPlus: found[1] === '+' };
  }

  function objectLocal(locals: Set<string>): ObjectLocal {
    const name = expect('IDENTIFIER');
    if (locals.has(name.data)) fail(`Duplicate local var: ${name.data}`, name);
    const bound = binding(name);
    locals.add(name.data);
    const { value, isFunction } = bound;
    const to = value.type === 'function' && isFunction ? value.body.end : value.end;
    return { type: 'object-local', ...bound, begin: name.begin, end: to };
  }

  function objectAssertion({ begin }: Token): ObjectAssertion {
    const condition = whole();
    if (!isOperator(peek(), ':')) return { type: 'object-assert', condition, begin, end: condition.end };
    pop();
    const message = whole();
    return { type: 'object-assert', condition, message, begin, end: message.end };
  }

  return { program };
}
