// jq's grammar (gojq: parser.go.y), by recursive descent with the precedence of its operators.

import { invalid, lexJq, type Token } from './lex.ts';
import type { BinaryOperator, Definition, ObjectEntry, Pattern, Query, UpdateOperator } from './syntax.ts';

const KEYWORDS: ReadonlySet<string> = new Set(
  'or and module import include def as label break null true false if then elif else end try catch reduce foreach'.split(
    ' ',
  ),
);

/** Strongest last; `//` goes to the right, comparisons and updates stand alone. */
const LEVELS = [
  { operators: ['//'], side: 'right' },
  { operators: ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='], side: 'none' },
  { operators: ['or'], side: 'left' },
  { operators: ['and'], side: 'left' },
  { operators: ['==', '!=', '<', '<=', '>', '>='], side: 'none' },
  { operators: ['+', '-'], side: 'left' },
  { operators: ['*', '/', '%'], side: 'left' },
] as const satisfies readonly { operators: readonly string[]; side: 'left' | 'right' | 'none' }[];

const IDENTITY: Query = { type: 'identity' };

/** Brackets inside of brackets: far more than anybody writes, and fewer than the stack takes. */
const DEEPEST = 200;

/** Throws InvalidInput in gojq's words. */
export function parseJq(source: string): Query {
  return new Parser(lexJq(source)).whole();
}

/** Definitions alone, as of the functions that every program has. */
export function parseDefinitions(source: string): readonly Definition[] {
  return new Parser(lexJq(source)).definitions();
}

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth: number;

  constructor(tokens: readonly Token[], depth = 0) {
    this.tokens = tokens;
    this.depth = depth;
  }

  whole(): Query {
    if (this.tokens.length === 0) throw invalid('missing query (try ".")');
    const query = this.query();
    if (this.next < this.tokens.length) throw this.unexpected();
    return query;
  }

  definitions(): readonly Definition[] {
    const found: Definition[] = [];
    while (this.next < this.tokens.length) found.push(this.definition());
    return found;
  }

  // Queries: definitions, pipes, commas ----------------------------------------------------------------------------------

  private query(): Query {
    if (++this.depth > DEEPEST) throw invalid('the query is nested too deeply');
    try {
      return this.pipe();
    } finally {
      this.depth--;
    }
  }

  private pipe(): Query {
    const left = this.comma();
    return this.takeOperator('|') ? { type: 'pipe', left, right: this.query() } : left;
  }

  private comma(): Query {
    let left = this.binding();
    while (this.takeOperator(',')) left = { type: 'comma', left, right: this.binding() };
    return left;
  }

  /** `as` takes the expression before it; it, `def` and `label` take everything behind. */
  private binding(): Query {
    if (this.isName('def')) {
      const definition = this.definition();
      return { type: 'define', definition, body: this.query() };
    }
    if (this.takeName('label')) {
      const name = this.take('variable');
      this.expect('|');
      return { type: 'label', name, body: this.query() };
    }
    const source = this.expression(0);
    if (!this.takeName('as')) return source;
    const patterns = [this.pattern()];
    while (this.takeOperator('?//')) patterns.push(this.pattern());
    this.expect('|');
    return { type: 'bind', source, patterns, body: this.query() };
  }

  private definition(): Definition {
    this.expectName('def');
    const name = this.take('name');
    const parameters: string[] = [];
    if (this.takeOperator('(')) {
      do {
        const token = this.peek();
        if (token?.type !== 'name' && token?.type !== 'variable') throw this.unexpected();
        this.next++;
        parameters.push(token.type === 'variable' ? `$${token.text}` : token.text);
      } while (this.takeOperator(';'));
      this.expect(')');
    }
    this.expect(':');
    const body = this.query();
    this.expect(';');
    return { name, parameters, body };
  }

  // Operators -------------------------------------------------------------------------------------------------------------

  private expression(level: number): Query {
    const { operators, side } = LEVELS[level] ?? {};
    if (!operators) return this.postfix();
    let left = this.expression(level + 1);
    for (;;) {
      const operator = operators.find((text) => this.isOperator(text));
      if (operator === undefined) return left;
      this.next++;
      const right = this.expression(side === 'right' ? level : level + 1);
      left = combine(operator, left, right);
      if (side === 'none') {
        if (operators.some((text) => this.isOperator(text))) throw this.unexpected();
        return left;
      }
    }
  }

  private isOperator(text: string): boolean {
    const token = this.peek();
    const type = text === 'and' || text === 'or' ? 'name' : 'operator';
    return token?.type === type && token.text === text;
  }

  // Terms -----------------------------------------------------------------------------------------------------------------

  private postfix(): Query {
    let term = this.term();
    for (;;) {
      const token = this.peek();
      if (token?.type === 'field') {
        this.next++;
        term = { type: 'index', target: term, key: { type: 'literal', value: token.text } };
      } else if (this.takeOperator('?')) {
        term = optional(term);
      } else if (this.isOperator('.') && this.peek(1)?.type === 'string') {
        this.next++;
        term = { type: 'index', target: term, key: this.string(undefined) };
      } else if (this.isOperator('.') && isOperatorToken(this.peek(1), '[')) {
        this.next++;
      } else if (this.takeOperator('[')) {
        term = this.suffix(term);
      } else return term;
    }
  }

  /** After `[`: `]`, `key]`, `from:to]`. */
  private suffix(target: Query): Query {
    if (this.takeOperator(']')) return { type: 'iterate', target };
    if (this.takeOperator(':')) {
      const to = this.query();
      this.expect(']');
      return { type: 'slice', target, to };
    }
    const key = this.query();
    if (this.takeOperator(']')) return { type: 'index', target, key };
    this.expect(':');
    if (this.takeOperator(']')) return { type: 'slice', target, from: key };
    const to = this.query();
    this.expect(']');
    return { type: 'slice', target, from: key, to };
  }

  private term(): Query {
    const token = this.peek();
    if (!token) throw invalid('unexpected EOF');
    switch (token.type) {
      case 'number':
        this.next++;
        return { type: 'literal', value: token.value };
      case 'string':
        return this.string(undefined);
      case 'format':
        this.next++;
        return this.peek()?.type === 'string' ? this.string(token.text) : { type: 'format', name: token.text };
      case 'field':
        this.next++;
        return { type: 'index', target: IDENTITY, key: { type: 'literal', value: token.text } };
      case 'variable':
        this.next++;
        return { type: 'variable', name: token.text };
      case 'name':
        return this.named(token.text);
      default:
        return this.bracketed(token.text);
    }
  }

  private bracketed(operator: string): Query {
    switch (operator) {
      case '.':
        this.next++;
        if (this.peek()?.type === 'string') return { type: 'index', target: IDENTITY, key: this.string(undefined) };
        return IDENTITY;
      case '..':
        this.next++;
        return { type: 'recurse' };
      case '(': {
        this.next++;
        const query = this.query();
        this.expect(')');
        return query;
      }
      case '[': {
        this.next++;
        if (this.takeOperator(']')) return { type: 'array' };
        const items = this.query();
        this.expect(']');
        return { type: 'array', items };
      }
      case '{':
        return this.object();
      case '-':
      case '+':
        return this.signed(operator);
      default:
        throw this.unexpected();
    }
  }

  private signed(operator: '-' | '+'): Query {
    if (++this.depth > DEEPEST) throw invalid('the query is nested too deeply');
    this.next++;
    const operand = this.postfix();
    this.depth--;
    return { type: operator === '-' ? 'negate' : 'plus', operand };
  }

  private named(name: string): Query {
    switch (name) {
      case 'null':
      case 'true':
      case 'false':
        this.next++;
        return { type: 'literal', value: name === 'null' ? null : name === 'true' };
      case 'if':
        return this.conditional();
      case 'try':
        return this.attempt();
      case 'reduce':
      case 'foreach':
        return this.loop(name);
      case 'break':
        this.next++;
        return { type: 'break', name: this.take('variable') };
      default:
        if (KEYWORDS.has(name)) throw this.unexpected();
        this.next++;
        return { type: 'call', name, args: this.takeOperator('(') ? this.args() : [] };
    }
  }

  private args(): readonly Query[] {
    const args = [this.query()];
    while (this.takeOperator(';')) args.push(this.query());
    this.expect(')');
    return args;
  }

  /** After `if` or `elif`; the `end` of the last branch ends them all. */
  private conditional(): Query {
    this.next++;
    const condition = this.query();
    this.expectName('then');
    const then = this.query();
    if (this.isName('elif')) return { type: 'if', condition, then, otherwise: this.conditional() };
    const otherwise = this.takeName('else') ? this.query() : undefined;
    this.expectName('end');
    return { type: 'if', condition, then, ...(otherwise && { otherwise }) };
  }

  /** Both of its parts are single terms. */
  private attempt(): Query {
    if (++this.depth > DEEPEST) throw invalid('the query is nested too deeply');
    this.next++;
    const body = this.postfix();
    const handler = this.takeName('catch') ? this.postfix() : undefined;
    this.depth--;
    return { type: 'try', body, ...(handler && { handler }) };
  }

  private loop(type: 'reduce' | 'foreach'): Query {
    this.next++;
    const source = this.expression(0);
    this.expectName('as');
    const pattern = this.pattern();
    this.expect('(');
    const start = this.query();
    this.expect(';');
    const update = this.query();
    const extract = type === 'foreach' && this.takeOperator(';') ? this.query() : undefined;
    this.expect(')');
    return { type, source, pattern, start, update, ...(extract && { extract }) };
  }

  private string(format: string | undefined): Query {
    const token = this.peek();
    if (token?.type !== 'string') throw this.unexpected();
    this.next++;
    const [first = '', ...others] = token.parts;
    if (others.length === 0 && typeof first === 'string') return { type: 'literal', value: first };
    const parts = token.parts.map((part) => {
      return typeof part === 'string' ? part : new Parser(part, this.depth).whole();
    });
    return { type: 'string', format, parts };
  }

  // Objects and patterns --------------------------------------------------------------------------------------------------

  private object(): Query {
    this.expect('{');
    const entries: ObjectEntry[] = [];
    while (!this.takeOperator('}')) {
      entries.push(this.entry());
      if (this.takeOperator(',')) continue;
      this.expect('}');
      break;
    }
    return { type: 'object', entries };
  }

  private entry(): ObjectEntry {
    const token = this.peek();
    if (this.takeOperator('(')) {
      const key = this.query();
      this.expect(')');
      this.expect(':');
      return { key, value: this.entryValue() };
    }
    if (token?.type === 'string') {
      const key = this.string(undefined);
      return this.takeOperator(':') ? { key, value: this.entryValue() } : { key };
    }
    if (token?.type !== 'name' && token?.type !== 'variable') throw this.unexpected();
    this.next++;
    const name: Query = { type: 'literal', value: token.text };
    const variable: Query = { type: 'variable', name: token.text };
    const isVariable = token.type === 'variable';
    if (this.takeOperator(':')) return { key: isVariable ? variable : name, value: this.entryValue() };
    return isVariable ? { key: name, value: variable } : { key: name };
  }

  /** Pipes, but no commas. */
  private entryValue(): Query {
    const left = this.expression(0);
    return this.takeOperator('|') ? { type: 'pipe', left, right: this.entryValue() } : left;
  }

  private pattern(): Pattern {
    if (++this.depth > DEEPEST) throw invalid('the query is nested too deeply');
    const pattern = this.onePattern();
    this.depth--;
    return pattern;
  }

  private onePattern(): Pattern {
    if (this.takeOperator('[')) {
      const items = [this.pattern()];
      while (this.takeOperator(',')) items.push(this.pattern());
      this.expect(']');
      return { type: 'array', items };
    }
    if (!this.takeOperator('{')) return { type: 'name', name: this.take('variable') };
    const entries = [this.patternEntry()];
    while (this.takeOperator(',')) entries.push(this.patternEntry());
    this.expect('}');
    return { type: 'object', entries };
  }

  private patternEntry() {
    const token = this.peek();
    if (token?.type === 'variable') {
      this.next++;
      const key: Query = { type: 'literal', value: token.text };
      const value = this.takeOperator(':') ? this.pattern() : undefined;
      return { key, name: token.text, ...(value && { value }) };
    }
    let key: Query;
    if (token?.type === 'name') {
      this.next++;
      key = { type: 'literal', value: token.text };
    } else if (token?.type === 'string') key = this.string(undefined);
    else {
      this.expect('(');
      key = this.query();
      this.expect(')');
    }
    this.expect(':');
    return { key, value: this.pattern() };
  }

  // Tokens ----------------------------------------------------------------------------------------------------------------

  private peek(ahead = 0): Token | undefined {
    return this.tokens[this.next + ahead];
  }

  private isName(text: string): boolean {
    const token = this.peek();
    return token?.type === 'name' && token.text === text;
  }

  private takeName(text: string): boolean {
    const found = this.isName(text);
    if (found) this.next++;
    return found;
  }

  private takeOperator(text: string): boolean {
    const found = isOperatorToken(this.peek(), text);
    if (found) this.next++;
    return found;
  }

  private take(type: 'name' | 'variable'): string {
    const token = this.peek();
    if (token?.type !== type || (type === 'name' && KEYWORDS.has(token.text))) throw this.unexpected();
    this.next++;
    return token.text;
  }

  private expect(operator: string): void {
    if (!this.takeOperator(operator)) throw this.unexpected();
  }

  private expectName(name: string): void {
    if (!this.takeName(name)) throw this.unexpected();
  }

  private unexpected() {
    const token = this.peek();
    if (!token) return invalid('unexpected EOF');
    const sign = { field: '.', variable: '$', format: '@' }[token.type as string] ?? '';
    return invalid(`unexpected token ${JSON.stringify(sign + token.text)}`);
  }
}

/** A `?` is about the last step alone: what goes wrong before it is an error (gojq: compileTermSuffix). */
function optional(term: Query): Query {
  const isStep = term.type === 'index' || term.type === 'slice' || term.type === 'iterate';
  if (!isStep || term.target.type === 'identity') return { type: 'try', body: term };
  return { type: 'pipe', left: term.target, right: { type: 'try', body: { ...term, target: IDENTITY } } };
}

function isOperatorToken(token: Token | undefined, text: string): boolean {
  return token?.type === 'operator' && token.text === text;
}

function combine(operator: (typeof LEVELS)[number]['operators'][number], left: Query, right: Query): Query {
  switch (operator) {
    case '//':
      return { type: 'alternative', left, right };
    case 'and':
    case 'or':
      return { type: operator, left, right };
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { type: 'binary', operator: operator satisfies BinaryOperator, left, right };
    default:
      return { type: 'update', operator: operator satisfies UpdateOperator, left, right };
  }
}
