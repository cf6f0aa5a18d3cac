// The syntax tree of a script, with every name resolved: a local of this function, one of a function around it, or a global.

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '^' | '==' | '~=' | '<' | '<=' | '>' | '>=';

export type Variable =
  | { readonly kind: 'local'; readonly slot: number }
  | { readonly kind: 'upvalue'; readonly index: number }
  | { readonly kind: 'global'; readonly name: string; readonly line: number };

export interface IndexExpression {
  readonly kind: 'index';
  readonly object: Expression;
  readonly key: Expression;
  readonly line: number;
}

export interface CallExpression {
  readonly kind: 'call';
  readonly callee: Expression;
  /** `object:method(…)`: the callee is then the object. */
  readonly method?: string;
  readonly args: readonly Expression[];
  readonly line: number;
}

export interface FunctionBody {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly isVararg: boolean;
  /** Where each upvalue is found when the function is made: a local of the function around it, or an upvalue of that. */
  readonly upvalues: readonly (Variable & { readonly kind: 'local' | 'upvalue' })[];
  readonly slots: number;
  readonly body: Block;
  readonly line: number;
}

export type Expression =
  | { readonly kind: 'constant'; readonly value: undefined | boolean | number | string }
  | { readonly kind: 'vararg' }
  | Variable
  | IndexExpression
  | CallExpression
  | { readonly kind: 'function'; readonly function: FunctionBody }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  /** All operands of `a .. b .. c`. */
  | { readonly kind: 'concat'; readonly operands: readonly Expression[]; readonly line: number }
  | {
      readonly kind: 'unary';
      readonly operator: '-' | 'not' | '#';
      readonly operand: Expression;
      readonly line: number;
    }
  /** Parentheses: one value of several. */
  | { readonly kind: 'single'; readonly inner: Expression }
  | { readonly kind: 'table'; readonly fields: readonly TableField[]; readonly line: number };

export type TableField =
  | { readonly kind: 'item'; readonly value: Expression }
  | { readonly kind: 'pair'; readonly key: Expression; readonly value: Expression };

export type Target = Variable | IndexExpression;

export type Statement =
  | { readonly kind: 'local'; readonly slots: readonly number[]; readonly values: readonly Expression[] }
  /** The name is known inside of the function. */
  | { readonly kind: 'localFunction'; readonly slot: number; readonly function: FunctionBody }
  | { readonly kind: 'assign'; readonly targets: readonly Target[]; readonly values: readonly Expression[] }
  | { readonly kind: 'call'; readonly call: CallExpression }
  | { readonly kind: 'do'; readonly body: Block }
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: Block }
  | { readonly kind: 'repeat'; readonly body: Block; readonly condition: Expression }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: Expression; readonly body: Block }[];
      readonly otherwise?: Block;
    }
  | {
      readonly kind: 'numericFor';
      readonly slot: number;
      readonly start: Expression;
      readonly limit: Expression;
      readonly step?: Expression;
      readonly body: Block;
      readonly line: number;
    }
  | {
      readonly kind: 'genericFor';
      readonly slots: readonly number[];
      readonly values: readonly Expression[];
      readonly body: Block;
      readonly line: number;
    }
  | { readonly kind: 'return'; readonly values: readonly Expression[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'label'; readonly name: string };

export type Block = readonly { readonly statement: Statement; readonly line: number }[];
