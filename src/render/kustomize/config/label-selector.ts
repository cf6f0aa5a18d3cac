// Label selectors as text: `app=web,tier in (front, back),!old` (k8s.io/apimachinery: pkg/labels/selector.go).

import { failure } from '../node/fail.ts';

type Operator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | '>' | '<';

interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: ReadonlySet<string>;
}

export type LabelMatcher = (labels: ReadonlyMap<string, string>) => boolean;

const NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** The empty selector matches everything. Throws for what is no selector. */
export function parseLabelSelector(source: string): LabelMatcher {
  const requirements = new Parser(source).parse();
  return (labels) => requirements.every((requirement) => meets(labels, requirement));
}

function meets(labels: ReadonlyMap<string, string>, { key, operator, values }: Requirement): boolean {
  const value = labels.get(key);
  switch (operator) {
    case '=':
    case 'in':
      return value !== undefined && values.has(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.has(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    default: {
      const [limit = ''] = values;
      if (value === undefined || !/^[-+]?\d+$/.test(value)) return false;
      return operator === '>' ? BigInt(value) > BigInt(limit) : BigInt(value) < BigInt(limit);
    }
  }
}

const SYMBOLS = /^(?:==|!=|[=!(),<>])/;

class Parser {
  private readonly source: string;
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(source: string) {
    this.source = source;
    this.tokens = tokenise(source);
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    if (this.peek() === undefined) return requirements;
    for (;;) {
      requirements.push(this.requirement());
      if (this.peek() === undefined) return requirements;
      if (this.take() !== ',' || this.peek() === undefined) throw this.failed("expected ',' and a requirement");
    }
  }

  private requirement(): Requirement {
    const negated = this.peek() === '!';
    if (negated) this.take();
    const key = this.identifier();
    checkKey(key);
    const next = this.peek();
    if (next === undefined || next === ',') return { key, operator: negated ? '!' : 'exists', values: new Set() };
    if (negated) throw this.failed('a negated key takes no values');
    return this.comparison(key, this.take() ?? '');
  }

  private comparison(key: string, operator: string): Requirement {
    switch (operator) {
      case '=':
      case '==':
      case '!=':
        return { key, operator: operator === '!=' ? '!=' : '=', values: checkValues([this.exactValue()]) };
      case '>':
      case '<': {
        const value = this.exactValue();
        if (!/^[-+]?\d+$/.test(value)) throw this.failed(`'${operator}' wants a number`);
        return { key, operator, values: new Set([value]) };
      }
      case 'in':
      case 'notin':
        return { key, operator, values: checkValues(this.valueList()) };
      default:
        throw this.failed(`unknown operator '${operator}'`);
    }
  }

  private exactValue(): string {
    const next = this.peek();
    return next === undefined || next === ',' ? '' : this.identifier();
  }

  private valueList(): string[] {
    if (this.take() !== '(') throw this.failed("expected '('");
    const values: string[] = [];
    for (;;) {
      const next = this.take();
      if (next === ',') {
        values.push('');
        continue;
      }
      if (next === ')') return [...values, ''];
      if (next === undefined || SYMBOLS.test(next)) throw this.failed('expected a value');
      values.push(next);
      const after = this.take();
      if (after === ')') return values;
      if (after !== ',') throw this.failed("expected ',' or ')'");
      if (this.peek() === ')') {
        this.take();
        return [...values, ''];
      }
    }
  }

  private identifier(): string {
    const token = this.take();
    if (token === undefined || SYMBOLS.test(token)) throw this.failed('expected a name');
    return token;
  }

  private peek(): string | undefined {
    return this.tokens[this.position];
  }

  private take(): string | undefined {
    return this.tokens[this.position++];
  }

  private failed(problem: string): Error {
    return failure(`'${this.source}' is no label selector: ${problem}`);
  }
}

function tokenise(source: string): string[] {
  const tokens: string[] = [];
  for (let rest = source.trimStart(); rest !== ''; ) {
    const token = SYMBOLS.exec(rest)?.[0] ?? /^[^=!(),<>\s]+/.exec(rest)?.[0] ?? rest.slice(0, 1);
    tokens.push(token);
    rest = rest.slice(token.length).trimStart();
  }
  return tokens;
}

function checkKey(key: string): void {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  const isPrefixFine = prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix));
  if (!isPrefixFine || name.length > 63 || !NAME.test(name)) throw failure(`'${key}' is no label key`);
}

function checkValues(values: readonly string[]): ReadonlySet<string> {
  for (const value of values) {
    if (value !== '' && (value.length > 63 || !NAME.test(value))) throw failure(`'${value}' is no label value`);
  }
  return new Set(values);
}
