// Tokens → syntax tree, with names resolved on the way (the grammar of Lua 5.1 with goto; gopher-lua: parse/parser.go.y).
// One grammar rule a method: long, because the grammar is.

import type {
  BinaryOperator,
  Block,
  CallExpression,
  Expression,
  FunctionBody,
  Statement,
  TableField,
  Variable,
} from './ast.ts';
import { LuaSyntaxError } from './error.ts';
import { readTokens, syntaxError, type Token } from './lexer.ts';
import { parseNumber } from './value.ts';

/** Deeper nesting than this is refused: it would overflow the stack. */
const MAX_NESTING = 200;

/** Left and right binding power; `..` and `^` bind to the right. */
const POWERS: Readonly<Record<string, readonly [number, number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
};
const UNARY_POWER = 8;

const BINARY: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^', '==', '~=', '<', '<=', '>', '>=']);

/** Parses a script (one character a byte). Throws `LuaSyntaxError`. */
export function parseLua(source: string): FunctionBody {
  return new Parser(readTokens(source)).parse();
}

/** The function that is being read: its names in scope, and what it takes from the functions around it. */
class FunctionScope {
  readonly parent: FunctionScope | undefined;
  readonly isVararg: boolean;
  readonly names: { readonly name: string; readonly slot: number }[] = [];
  readonly upvalues: { readonly name: string; readonly from: Variable & { kind: 'local' | 'upvalue' } }[] = [];
  /** The labels of each open block, and the jumps that have not found theirs yet. */
  readonly gotos: { readonly label: string; readonly line: number }[] = [];
  slots = 0;
  loops = 0;

  constructor(parent: FunctionScope | undefined, isVararg: boolean) {
    this.parent = parent;
    this.isVararg = isVararg;
  }

  declare(name: string): number {
    const slot = this.slots++;
    this.names.push({ name, slot });
    return slot;
  }

  find(name: string): (Variable & { kind: 'local' | 'upvalue' }) | undefined {
    const local = this.names.findLast((known) => known.name === name);
    if (local) return { kind: 'local', slot: local.slot };
    const known = this.upvalues.findIndex((upvalue) => upvalue.name === name);
    if (known >= 0 && this.isSame(known, name)) return { kind: 'upvalue', index: known };
    const from = this.parent?.find(name);
    if (!from) return undefined;
    this.upvalues.push({ name, from });
    return { kind: 'upvalue', index: this.upvalues.length - 1 };
  }

  /** A name may mean another variable by now. */
  private isSame(index: number, name: string): boolean {
    const from = this.upvalues[index]?.from;
    const now = this.parent?.find(name);
    if (from?.kind === 'local') return now?.kind === 'local' && now.slot === from.slot;
    return from?.kind === 'upvalue' && now?.kind === 'upvalue' && now.index === from.index;
  }
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;
  private scope = new FunctionScope(undefined, true);

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parse(): FunctionBody {
    const body = this.block();
    if (this.token.type !== 'end') throw this.unexpected();
    this.checkGotos(1);
    const { slots } = this.scope;
    return { name: 'main chunk', parameters: [], isVararg: true, upvalues: [], slots, body, line: 0 };
  }

  private get token(): Token {
    const token = this.tokens[this.at] ?? this.tokens.at(-1);
    if (!token) throw new LuaSyntaxError('<string> at EOF:   syntax error\n');
    return token;
  }

  private next(): Token {
    const { token } = this;
    if (token.type !== 'end') this.at++;
    return token;
  }

  private is(text: string): boolean {
    const { type, text: found } = this.token;
    return (type === 'symbol' || type === 'keyword') && found === text;
  }

  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string): Token {
    if (!this.is(text)) throw this.unexpected();
    return this.next();
  }

  private name(): string {
    if (this.token.type !== 'name') throw this.unexpected();
    return this.next().text;
  }

  private unexpected(message = 'syntax error'): LuaSyntaxError {
    const { token } = this;
    return syntaxError(token, token.type === 'end' ? undefined : token.text, message);
  }

  /** Runs `read` one level deeper. */
  private nested<T>(read: () => T): T {
    if (++this.depth > MAX_NESTING) throw this.unexpected('too deeply nested');
    const result = read();
    this.depth--;
    return result;
  }

  private block(): Block {
    return this.nested(() => {
      const { names, gotos } = this.scope;
      const [outerNames, outerGotos] = [names.length, gotos.length];
      const statements = this.statements();
      names.length = outerNames;
      this.resolveGotos(statements, outerGotos);
      return statements;
    });
  }

  private statements(): Block {
    const statements: { readonly statement: Statement; readonly line: number }[] = [];
    for (;;) {
      while (this.accept(';'));
      if (this.isBlockEnd()) return statements;
      const { line } = this.token;
      if (this.is('return') || this.is('break')) {
        statements.push({ statement: this.lastStatement(), line });
        this.accept(';');
        if (!this.isBlockEnd()) throw this.unexpected();
        return statements;
      }
      statements.push({ statement: this.statement(), line });
    }
  }

  private isBlockEnd(): boolean {
    return this.token.type === 'end' || ['end', 'else', 'elseif', 'until'].some((word) => this.is(word));
  }

  private resolveGotos(statements: Block, from: number): void {
    const { gotos } = this.scope;
    const labels = new Set(statements.flatMap(({ statement }) => (statement.kind === 'label' ? [statement.name] : [])));
    const open = gotos.splice(from).filter(({ label }) => !labels.has(label));
    gotos.push(...open);
  }

  private checkGotos(line: number): void {
    const [open] = this.scope.gotos;
    if (open) {
      const message = `no visible label '${open.label}' for <goto> at line ${open.line}`;
      throw new LuaSyntaxError(`compile error near line(${line}) <string>: ${message}`);
    }
  }

  private lastStatement(): Statement {
    const { text, line } = this.next();
    if (text === 'break') {
      if (this.scope.loops === 0)
        throw new LuaSyntaxError(`compile error near line(${line}) <string>: no loop to break`);
      return { kind: 'break' };
    }
    return { kind: 'return', values: this.isBlockEnd() || this.is(';') ? [] : this.expressions() };
  }

  private statement(): Statement {
    const { token } = this;
    if (token.type === 'keyword') {
      switch (token.text) {
        case 'do':
          this.next();
          return { kind: 'do', body: this.closed(() => this.block()) };
        case 'while':
          return this.whileStatement();
        case 'repeat':
          return this.repeatStatement();
        case 'if':
          return this.ifStatement();
        case 'for':
          return this.forStatement();
        case 'function':
          return this.functionStatement();
        case 'local':
          return this.localStatement();
        case 'goto': {
          this.next();
          const label = this.name();
          this.scope.gotos.push({ label, line: token.line });
          return { kind: 'goto', label };
        }
        default:
      }
    }
    if (this.accept('::')) {
      const name = this.name();
      this.expect('::');
      return { kind: 'label', name };
    }
    return this.expressionStatement();
  }

  private closed<T>(read: () => T): T {
    const result = read();
    this.expect('end');
    return result;
  }

  private loop(): Block {
    this.scope.loops++;
    const body = this.block();
    this.scope.loops--;
    return body;
  }

  private whileStatement(): Statement {
    this.next();
    const condition = this.expression();
    this.expect('do');
    return { kind: 'while', condition, body: this.closed(() => this.loop()) };
  }

  /** The condition sees the locals of the body. */
  private repeatStatement(): Statement {
    this.next();
    const { names, gotos } = this.scope;
    const [outerNames, outerGotos] = [names.length, gotos.length];
    this.scope.loops++;
    const body = this.nested(() => this.statements());
    this.scope.loops--;
    this.resolveGotos(body, outerGotos);
    this.expect('until');
    const condition = this.expression();
    names.length = outerNames;
    return { kind: 'repeat', body, condition };
  }

  private ifStatement(): Statement {
    const branches = [];
    do {
      this.next();
      const condition = this.expression();
      this.expect('then');
      branches.push({ condition, body: this.block() });
    } while (this.is('elseif'));
    const otherwise = this.accept('else') ? this.block() : undefined;
    this.expect('end');
    return { kind: 'if', branches, ...(otherwise && { otherwise }) };
  }

  private forStatement(): Statement {
    const { line } = this.next();
    const first = this.name();
    const { names } = this.scope;
    const outer = names.length;
    if (this.accept('=')) {
      const start = this.expression();
      this.expect(',');
      const limit = this.expression();
      const step = this.accept(',') ? this.expression() : undefined;
      this.expect('do');
      const slot = this.scope.declare(first);
      const body = this.closed(() => this.loop());
      names.length = outer;
      return { kind: 'numericFor', slot, start, limit, ...(step && { step }), body, line };
    }
    const variables = [first];
    while (this.accept(',')) variables.push(this.name());
    this.expect('in');
    const values = this.expressions();
    this.expect('do');
    const slots = variables.map((variable) => this.scope.declare(variable));
    const body = this.closed(() => this.loop());
    names.length = outer;
    return { kind: 'genericFor', slots, values, body, line };
  }

  private functionStatement(): Statement {
    const { line } = this.next();
    const name = this.name();
    let target: Variable | (Expression & { kind: 'index' }) = this.variable(name, line);
    let path = name;
    let isMethod = false;
    while (!isMethod && (this.is('.') || this.is(':'))) {
      isMethod = this.next().text === ':';
      const key = this.name();
      path += `.${key}`;
      target = { kind: 'index', object: target, key: { kind: 'constant', value: key }, line };
    }
    const made = this.functionBody(path, line, isMethod);
    return { kind: 'assign', targets: [target], values: [{ kind: 'function', function: made }] };
  }

  private localStatement(): Statement {
    const { line } = this.next();
    if (this.accept('function')) {
      const name = this.name();
      const slot = this.scope.declare(name);
      return { kind: 'localFunction', slot, function: this.functionBody(name, line, false) };
    }
    const names = [this.name()];
    while (this.accept(',')) names.push(this.name());
    const values = this.accept('=') ? this.expressions() : [];
    return { kind: 'local', slots: names.map((name) => this.scope.declare(name)), values };
  }

  private expressionStatement(): Statement {
    const first = this.suffixed();
    if (first.kind === 'call' && !this.is('=') && !this.is(',')) return { kind: 'call', call: first };
    const targets = [this.asTarget(first)];
    while (this.accept(',')) targets.push(this.asTarget(this.suffixed()));
    if (targets.length === 1 && !this.is('=')) throw this.unexpected('parse error');
    this.expect('=');
    return { kind: 'assign', targets, values: this.expressions() };
  }

  private asTarget(expression: Expression) {
    switch (expression.kind) {
      case 'local':
      case 'upvalue':
      case 'global':
      case 'index':
        return expression;
      default:
        throw this.unexpected(this.is('=') || this.is(',') ? 'syntax error' : 'parse error');
    }
  }

  private expressions(): Expression[] {
    const list = [this.expression()];
    while (this.accept(',')) list.push(this.expression());
    return list;
  }

  private expression(power = 0): Expression {
    return this.nested(() => {
      // As in gopher-lua, an operation is where its first operand is.
      const { line } = this.token;
      let left = this.operand();
      for (;;) {
        const { type, text: operator } = this.token;
        const powers = type === 'symbol' || type === 'keyword' ? POWERS[operator] : undefined;
        if (!powers || powers[0] <= power) return left;
        this.next();
        left = binary(operator, left, this.expression(powers[1]), line);
      }
    });
  }

  private operand(): Expression {
    const { line } = this.token;
    if (this.accept('not')) return { kind: 'unary', operator: 'not', operand: this.expression(UNARY_POWER), line };
    if (this.accept('#')) return { kind: 'unary', operator: '#', operand: this.expression(UNARY_POWER), line };
    if (this.accept('-')) return { kind: 'unary', operator: '-', operand: this.expression(UNARY_POWER), line };
    return this.simple();
  }

  private simple(): Expression {
    const { token } = this;
    switch (token.type) {
      case 'number': {
        this.next();
        const value = parseNumber(token.text);
        if (value === undefined) throw syntaxError(token, token.text, `malformed number near ${token.text}`);
        return { kind: 'constant', value };
      }
      case 'string':
        this.next();
        return { kind: 'constant', value: token.text };
      case 'keyword':
        switch (token.text) {
          case 'nil':
            this.next();
            return { kind: 'constant', value: undefined };
          case 'true':
          case 'false':
            this.next();
            return { kind: 'constant', value: token.text === 'true' };
          case 'function':
            this.next();
            return { kind: 'function', function: this.functionBody('<anonymous>', token.line, false) };
          default:
            throw this.unexpected();
        }
      default:
    }
    if (this.is('...')) {
      this.next();
      if (!this.scope.isVararg) {
        const message = "cannot use '...' outside a vararg function";
        throw new LuaSyntaxError(`compile error near line(${token.line}) <string>: ${message}`);
      }
      return { kind: 'vararg' };
    }
    if (this.is('{')) return this.table();
    return this.suffixed();
  }

  /** A name or a parenthesis, and what is asked of it: fields, methods, calls. */
  private suffixed(): Expression {
    const start = this.token;
    let expression: Expression;
    if (this.accept('(')) {
      const inner = this.expression();
      this.expect(')');
      expression = { kind: 'single', inner };
    } else expression = this.variable(this.name(), start.line);
    for (;;) {
      const { token } = this;
      if (this.accept('.')) {
        const key: Expression = { kind: 'constant', value: this.name() };
        expression = { kind: 'index', object: expression, key, line: start.line };
      } else if (this.accept('[')) {
        const key = this.expression();
        this.expect(']');
        expression = { kind: 'index', object: expression, key, line: start.line };
      } else if (this.accept(':')) {
        const method = this.name();
        if (!this.isCall()) throw this.unexpected();
        expression = { kind: 'call', callee: expression, method, args: this.args(), line: start.line };
      } else if (this.isCall()) {
        if (token.text === '(' && token.isOnNewLine && this.tokens[this.at - 1]?.text === ')')
          throw this.unexpected('ambiguous syntax (function call x new statement)');
        const call: CallExpression = { kind: 'call', callee: expression, args: this.args(), line: start.line };
        expression = call;
      } else return expression;
    }
  }

  private isCall(): boolean {
    return this.is('(') || this.is('{') || this.token.type === 'string';
  }

  private args(): readonly Expression[] {
    if (this.token.type === 'string') return [{ kind: 'constant', value: this.next().text }];
    if (this.is('{')) return [this.table()];
    this.expect('(');
    const args = this.is(')') ? [] : this.expressions();
    this.expect(')');
    return args;
  }

  private table(): Expression {
    const { line } = this.expect('{');
    const fields: TableField[] = [];
    while (!this.is('}')) {
      fields.push(this.field());
      if (!this.accept(',') && !this.accept(';')) break;
    }
    this.expect('}');
    return { kind: 'table', fields, line };
  }

  private field(): TableField {
    if (this.accept('[')) {
      const key = this.expression();
      this.expect(']');
      this.expect('=');
      return { kind: 'pair', key, value: this.expression() };
    }
    const follows = this.tokens[this.at + 1];
    if (this.token.type === 'name' && follows?.type === 'symbol' && follows.text === '=') {
      const key: Expression = { kind: 'constant', value: this.name() };
      this.next();
      return { kind: 'pair', key, value: this.expression() };
    }
    return { kind: 'item', value: this.expression() };
  }

  private functionBody(name: string, line: number, isMethod: boolean): FunctionBody {
    this.expect('(');
    const parameters = isMethod ? ['self'] : [];
    let isVararg = false;
    while (!this.is(')')) {
      if (this.accept('...')) {
        isVararg = true;
        break;
      }
      parameters.push(this.name());
      if (!this.accept(',')) break;
      if (this.is(')')) throw this.unexpected();
    }
    this.expect(')');
    const outer = this.scope;
    this.scope = new FunctionScope(outer, isVararg);
    const slots = parameters.map((parameter) => this.scope.declare(parameter));
    const body = this.block();
    this.checkGotos(line);
    this.expect('end');
    const made = this.scope;
    this.scope = outer;
    const upvalues = made.upvalues.map(({ from }) => from);
    return { name, parameters: slots, isVararg, upvalues, slots: made.slots, body, line };
  }

  private variable(name: string, line: number): Variable {
    return this.scope.find(name) ?? { kind: 'global', name, line };
  }
}

function binary(operator: string, left: Expression, right: Expression, line: number): Expression {
  if (operator === 'and' || operator === 'or') return { kind: operator, left, right };
  if (operator === '..') {
    const operands = right.kind === 'concat' ? [left, ...right.operands] : [left, right];
    return { kind: 'concat', operands, line };
  }
  if (isBinary(operator)) return { kind: 'binary', operator, left, right, line };
  throw new LuaSyntaxError(`<string> line:${line}: unknown operator ${operator}`);
}

function isBinary(operator: string): operator is BinaryOperator {
  return BINARY.has(operator);
}
