// The syntax tree of an expression (expr-lang: ast/node.go).

import type { GoValue } from '../render/go/value.ts';

export type Node =
  | { readonly kind: 'value'; readonly value: GoValue }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  /** `#`, `#index`, `#acc`: what a predicate is asked about. */
  | { readonly kind: 'pointer'; readonly name: string; readonly at: number }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Node; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Node;
      readonly right: Node;
      readonly at: number;
    }
  | {
      readonly kind: 'member';
      readonly object: Node;
      readonly property: Node;
      readonly optional: boolean;
      readonly at: number;
    }
  /** What stands behind a `?.` is not looked at where that found nothing. */
  | { readonly kind: 'chain'; readonly inner: Node }
  | { readonly kind: 'slice'; readonly object: Node; readonly from?: Node; readonly to?: Node; readonly at: number }
  | { readonly kind: 'call'; readonly callee: Node; readonly args: readonly Node[]; readonly at: number }
  | { readonly kind: 'builtin'; readonly name: string; readonly args: readonly Node[]; readonly at: number }
  | { readonly kind: 'conditional'; readonly condition: Node; readonly consequence: Node; readonly otherwise: Node }
  | { readonly kind: 'let'; readonly name: string; readonly value: Node; readonly body: Node }
  | { readonly kind: 'sequence'; readonly first: Node; readonly rest: Node }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'map'; readonly entries: readonly { readonly key: Node; readonly value: Node }[] }
  | { readonly kind: 'predicate'; readonly body: Node };
