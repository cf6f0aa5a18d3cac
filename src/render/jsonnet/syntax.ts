// The syntax tree: what the text says, sugar included.

import type { Source } from './source.ts';

interface Placed {
  readonly begin: number;
  readonly end: number;
}

export type Expression =
  | Apply
  | ApplyBrace
  | ArrayLiteral
  | ArrayComprehension
  | Assertion
  | Binary
  | Conditional
  | Dollar
  | ErrorExpression
  | FunctionLiteral
  | Import
  | Index
  | InSuper
  | Literal
  | Local
  | ObjectLiteral
  | ObjectComprehension
  | Parenthesised
  | Self
  | Slice
  | StringLiteral
  | NumberLiteral
  | SuperIndex
  | Unary
  | Variable;

/** A whole program. */
export interface Program {
  readonly source: Source;
  readonly body: Expression;
}

export interface Apply extends Placed {
  readonly type: 'apply';
  readonly target: Expression;
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  readonly isTailStrict: boolean;
}

/** `a { b: c }` */
export interface ApplyBrace extends Placed {
  readonly type: 'apply-brace';
  readonly left: Expression;
  readonly right: ObjectLiteral | ObjectComprehension;
}

export interface ArrayLiteral extends Placed {
  readonly type: 'array';
  readonly elements: readonly Expression[];
}

/** `for variable in list if condition`, the outermost first. */
export interface ForClause {
  readonly variable: string;
  readonly list: Expression;
  readonly conditions: readonly Expression[];
}

export interface ArrayComprehension extends Placed {
  readonly type: 'array-comprehension';
  readonly body: Expression;
  readonly clauses: readonly ForClause[];
}

export interface Assertion extends Placed {
  readonly type: 'assert';
  readonly condition: Expression;
  readonly message?: Expression;
  readonly rest: Expression;
}

export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | '=='
  | '!='
  | '&'
  | '^'
  | '|'
  | '&&'
  | '||';

export interface Binary extends Placed {
  readonly type: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Conditional extends Placed {
  readonly type: 'if';
  readonly condition: Expression;
  readonly yes: Expression;
  readonly no?: Expression;
}

export interface Dollar extends Placed {
  readonly type: '$';
}

export interface ErrorExpression extends Placed {
  readonly type: 'error';
  readonly message: Expression;
}

export interface Parameter {
  readonly name: string;
  readonly fallback?: Expression;
}

export interface FunctionLiteral extends Placed {
  readonly type: 'function';
  readonly parameters: readonly Parameter[];
  readonly body: Expression;
}

export interface Import extends Placed {
  readonly type: 'import';
  readonly as: 'code' | 'text' | 'bytes';
  readonly path: StringLiteral;
}

/** `a.b` has a name, `a[b]` an index. */
export interface Index extends Placed {
  readonly type: 'index';
  readonly target: Expression;
  readonly name?: string;
  readonly index?: Expression;
}

export interface InSuper extends Placed {
  readonly type: 'in-super';
  readonly name: Expression;
}

export interface Literal extends Placed {
  readonly type: 'literal';
  readonly value: true | false | null;
}

export interface NumberLiteral extends Placed {
  readonly type: 'number';
  /** Without underscores. */
  readonly text: string;
}

export interface StringLiteral extends Placed {
  readonly type: 'string';
  readonly value: string;
  readonly isBlock: boolean;
}

export interface Binding {
  readonly name: string;
  /** A FunctionLiteral for `f(x) = …`, too: `isFunction`. */
  readonly value: Expression;
  readonly isFunction: boolean;
}

export interface Local extends Placed {
  readonly type: 'local';
  readonly bindings: readonly Binding[];
  readonly body: Expression;
}

export type Visibility = ':' | '::' | ':::';

export interface Field extends Placed {
  readonly type: 'field';
  /** A name as it is, a string or `[expression]`. */
  readonly name: { readonly id: string } | { readonly string: StringLiteral } | { readonly computed: Expression };
  readonly visibility: Visibility;
  /** `+:` */
  readonly isPlus: boolean;
  /** `name(x): …` */
  readonly isMethod: boolean;
  readonly value: Expression;
}

export interface ObjectLocal extends Placed, Binding {
  readonly type: 'object-local';
}

export interface ObjectAssertion extends Placed {
  readonly type: 'object-assert';
  readonly condition: Expression;
  readonly message?: Expression;
}

export type Member = Field | ObjectLocal | ObjectAssertion;

export interface ObjectLiteral extends Placed {
  readonly type: 'object';
  readonly members: readonly Member[];
}

export interface ObjectComprehension extends Placed {
  readonly type: 'object-comprehension';
  /** One field and any locals. */
  readonly members: readonly (Field | ObjectLocal)[];
  readonly clauses: readonly ForClause[];
}

export interface Parenthesised extends Placed {
  readonly type: 'parentheses';
  readonly inner: Expression;
}

export interface Self extends Placed {
  readonly type: 'self';
}

export interface Slice extends Placed {
  readonly type: 'slice';
  readonly target: Expression;
  readonly from?: Expression;
  readonly to?: Expression;
  readonly step?: Expression;
}

/** `super.name` or `super[index]` */
export interface SuperIndex extends Placed {
  readonly type: 'super-index';
  readonly name?: string;
  readonly index?: Expression;
}

export interface Unary extends Placed {
  readonly type: 'unary';
  readonly operator: '!' | '~' | '+' | '-';
  readonly operand: Expression;
}

export interface Variable extends Placed {
  readonly type: 'variable';
  readonly name: string;
}
