// What a jq program consists of.

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=';
export type UpdateOperator = '=' | '|=' | '+=' | '-=' | '*=' | '/=' | '%=' | '//=';

export type Query =
  | { readonly type: 'identity' }
  | { readonly type: 'recurse' }
  | { readonly type: 'literal'; readonly value: null | boolean | number | string }
  /** Texts and the queries between them, each of which is formatted (`@base64 "…\(.a)"`). */
  | { readonly type: 'string'; readonly format: string | undefined; readonly parts: readonly (string | Query)[] }
  | { readonly type: 'format'; readonly name: string }
  | { readonly type: 'index'; readonly target: Query; readonly key: Query }
  | { readonly type: 'slice'; readonly target: Query; readonly from?: Query; readonly to?: Query }
  | { readonly type: 'iterate'; readonly target: Query }
  /** Without a handler: `?`, and `try` without `catch`. */
  | { readonly type: 'try'; readonly body: Query; readonly handler?: Query }
  | { readonly type: 'array'; readonly items?: Query }
  | { readonly type: 'object'; readonly entries: readonly ObjectEntry[] }
  | { readonly type: 'negate'; readonly operand: Query }
  | { readonly type: 'plus'; readonly operand: Query }
  | { readonly type: 'pipe'; readonly left: Query; readonly right: Query }
  | { readonly type: 'comma'; readonly left: Query; readonly right: Query }
  | { readonly type: 'binary'; readonly operator: BinaryOperator; readonly left: Query; readonly right: Query }
  | { readonly type: 'and' | 'or' | 'alternative'; readonly left: Query; readonly right: Query }
  | { readonly type: 'update'; readonly operator: UpdateOperator; readonly left: Query; readonly right: Query }
  | { readonly type: 'if'; readonly condition: Query; readonly then: Query; readonly otherwise?: Query }
  | {
      readonly type: 'reduce';
      readonly source: Query;
      readonly pattern: Pattern;
      readonly start: Query;
      readonly update: Query;
    }
  | {
      readonly type: 'foreach';
      readonly source: Query;
      readonly pattern: Pattern;
      readonly start: Query;
      readonly update: Query;
      readonly extract?: Query;
    }
  /** `source as patterns | body`; several patterns (`?//`) are tried one after the other. */
  | { readonly type: 'bind'; readonly source: Query; readonly patterns: readonly Pattern[]; readonly body: Query }
  | { readonly type: 'label'; readonly name: string; readonly body: Query }
  | { readonly type: 'break'; readonly name: string }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Query[] }
  | { readonly type: 'define'; readonly definition: Definition; readonly body: Query };

/** Without a value it is the input's own under that key. */
export interface ObjectEntry {
  readonly key: Query;
  readonly value?: Query;
}

/** `def name(a; $b): body;` */
export interface Definition {
  readonly name: string;
  /** With their `$` where they have one. */
  readonly parameters: readonly string[];
  readonly body: Query;
}

export type Pattern =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'array'; readonly items: readonly Pattern[] }
  | {
      readonly type: 'object';
      /** `$name` alone is its own key; with a value as well, both are bound. */
      readonly entries: readonly { readonly key: Query; readonly name?: string; readonly value?: Pattern }[];
    };
