// A YAML node as kustomize works on it: go-yaml v3's yaml.Node, mutable, with the source text of scalars. Most of kustomize's behaviours
// at the edges (what becomes a string, what a number) follow from texts, tags and styles that nodes carry from their files.

export type NodeKind = 'none' | 'sequence' | 'mapping' | 'scalar' | 'alias';

/** Styles as bits, since a node may be tagged and quoted at once (go-yaml v3: Style). */
export const STYLE = { tagged: 1, double: 2, single: 4, literal: 8, folded: 16, flow: 32 } as const;
const QUOTED = STYLE.double | STYLE.single | STYLE.literal | STYLE.folded;

export const TAG = {
  null: '!!null',
  bool: '!!bool',
  str: '!!str',
  int: '!!int',
  float: '!!float',
  timestamp: '!!timestamp',
  seq: '!!seq',
  map: '!!map',
  binary: '!!binary',
  merge: '!!merge',
} as const;

export interface Node {
  kind: NodeKind;
  /** Short form (`!!str`); empty where nothing was said, so that the value decides. */
  tag: string;
  /** A scalar's text; an alias's anchor. */
  value: string;
  /** Bits of STYLE. */
  style: number;
  /** A sequence's elements; a mapping's keys and values in turn. */
  content: Node[];
  anchor: string;
  /** What an alias stands for. */
  alias: Node | undefined;
  headComment: string;
  lineComment: string;
  footComment: string;
  /** A block that a comment follows; see kept-breaks.ts. */
  gainsBreak: boolean;
  /** Counted from 1; 0 for a node that no file holds. */
  line: number;
  column: number;
}

export function makeNode(kind: NodeKind, tag = '', value = '', style = 0): Node {
  return {
    kind,
    tag,
    value,
    style,
    content: [],
    anchor: '',
    alias: undefined,
    headComment: '',
    lineComment: '',
    footComment: '',
    gainsBreak: false,
    line: 0,
    column: 0,
  };
}

/** A scalar whose type its text decides (kyaml: NewScalarRNode). */
export function scalarNode(value: string): Node {
  return makeNode('scalar', '', value);
}

/** A scalar that is a string (kyaml: NewStringRNode; yaml.Node.SetString). */
export function stringNode(value: string): Node {
  return makeNode('scalar', TAG.str, value, value.includes('\n') ? STYLE.literal : 0);
}

export function mappingNode(): Node {
  return makeNode('mapping', TAG.map);
}

export function sequenceNode(elements: Node[] = []): Node {
  const node = makeNode('sequence', TAG.seq);
  node.content = elements;
  return node;
}

/** A deep copy; what an alias stands for is shared (kyaml: CopyYNode). */
export function copyNode(node: Node): Node {
  return { ...node, content: node.content.map(copyNode) };
}

/** How many nodes a copy would add. */
export function countNodes(node: Node): number {
  let count = 1;
  for (const child of node.content) count += countNodes(child);
  return count;
}

/** Makes `target` be what `source` is, sharing its children (kyaml: RNode.SetYNode). */
export function assignNode(target: Node, source: Node): void {
  if (target === source) return;
  Object.assign(target, source);
  target.content = [...source.content];
}

export function isQuoted(node: Node): boolean {
  return (node.style & QUOTED) !== 0;
}

/** Absent, or tagged as null (kyaml: IsMissingOrNull). */
export function isMissing(node: Node | undefined): node is undefined {
  return node === undefined || node.tag === TAG.null;
}

export function isNull(node: Node | undefined): boolean {
  return node !== undefined && node.tag === TAG.null;
}

/** Absent, null, an empty mapping or an empty sequence (kyaml: IsYNodeNilOrEmpty). */
export function isEmpty(node: Node | undefined): node is undefined {
  if (node === undefined || node.tag === TAG.null) return true;
  return node.kind === 'mapping' || node.kind === 'sequence' ? node.content.length === 0 : node.kind === 'none';
}

/** A scalar that is a string as far as its tag says (kyaml: IsYNodeString). */
export function isStringNode(node: Node): boolean {
  return node.kind === 'scalar' && (node.tag === TAG.str || node.tag === '');
}

/** A scalar's text, empty where there is none (kyaml: GetValue). */
export function textOf(node: Node | undefined): string {
  return node === undefined || node.tag === TAG.null ? '' : node.value;
}
