// What a YAML document is made of before its scalars mean anything.

export const NODE = { scalar: 0, mapping: 1, sequence: 2, alias: 3 } as const;

/** How a node was written: a scalar's quotes or block indicator, a collection in brackets. */
export const STYLE = { plain: 0, single: 1, double: 2, literal: 3, folded: 4, flow: 5 } as const;

export type NodeStyle = (typeof STYLE)[keyof typeof STYLE];

export type NodeKind = (typeof NODE)[keyof typeof NODE];

/** One node; all kinds have one shape, so that walking them is fast. */
export interface YamlNode {
  readonly kind: NodeKind;
  /** Where it begins; counted from 0. */
  readonly line: number;
  /** The full tag (`tag:yaml.org,2002:str`), '' for none. Collections lose theirs, as in go-yaml. */
  readonly tag: string;
  readonly style: NodeStyle;
  /** A scalar's text, an alias's name. */
  readonly value: string;
  /** A scalar whose type its text decides: plain and untagged, or tagged with `!` alone. */
  readonly implicit: boolean;
  /** A sequence's items; a mapping's keys and values by turns. */
  readonly children: YamlNode[];
  /** What an alias stands for. */
  readonly target: YamlNode | undefined;
  /** True while an alias is being followed: meeting it again means a cycle. */
  open: boolean;
}
