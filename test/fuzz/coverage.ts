// What generated templates reached: kinds of nodes of the parse tree, families of functions, and how the renders ended.

import { BUILTINS } from '../../src/render/gotemplate/builtins.ts';
import type { ListNode, Node } from '../../src/render/gotemplate/node.ts';
import { parseTemplates } from '../../src/render/gotemplate/parser.ts';
import { FAMILIES, FAMILY_OF } from './families.ts';

/** Every kind of node that a parse tree may hold; `end` and `else` are the parser's own. */
export const NODE_KINDS = [
  ...['text', 'list', 'action', 'if', 'range', 'with', 'template', 'break', 'continue', 'pipe', 'command'],
  ...['identifier', 'variable', 'field', 'chain', 'dot', 'nil', 'bool', 'number', 'string'],
] as const satisfies readonly Node['kind'][];

export interface Coverage {
  readonly nodes: Map<string, number>;
  readonly functions: Map<string, number>;
  readonly outcomes: Map<string, number>;
}

export function createCoverage(): Coverage {
  return { nodes: new Map(), functions: new Map(), outcomes: new Map() };
}

export function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Counts the nodes and calls of a template; one that does not parse reaches nothing. */
export function countTemplate(coverage: Coverage, text: string): void {
  const hasFunction = (name: string) => FAMILY_OF.has(name) || BUILTINS.has(name);
  try {
    const trees = parseTemplates('t', text, { leftDelimiter: '{{', rightDelimiter: '}}', hasFunction });
    for (const { root } of trees.values()) visit(coverage, root);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    count(coverage.outcomes, 'not counted: does not parse');
  }
}

function visit(coverage: Coverage, node: Node): void {
  count(coverage.nodes, node.kind);
  if (node.kind === 'identifier') count(coverage.functions, node.name);
  for (const child of childrenOf(node)) visit(coverage, child);
}

function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'list':
      return node.nodes;
    case 'action':
      return [node.pipe];
    case 'if':
    case 'range':
    case 'with':
      return [node.pipe, node.list, ...present(node.elseList)];
    case 'template':
      return node.pipe ? [node.pipe] : [];
    case 'pipe':
      return [...node.variables, ...node.commands];
    case 'command':
      return node.arguments;
    case 'chain':
      return [node.operand];
    default:
      return [];
  }
}

function present(list: ListNode | undefined): readonly Node[] {
  return list ? [list] : [];
}

/** Family → calls of its functions, and how many of its functions were called at all. */
export function familyCounts({
  functions,
}: Coverage): ReadonlyMap<string, { readonly calls: number; readonly called: number; readonly of: number }> {
  return new Map(
    Object.entries(FAMILIES).map(([family, members]) => {
      const names = Object.keys(members);
      const counts = names.map((name) => functions.get(name) ?? 0);
      const calls = counts.reduce((sum, each) => sum + each, 0);
      return [family, { calls, called: counts.filter((each) => each > 0).length, of: names.length }];
    }),
  );
}

export function formatCoverage(coverage: Coverage): string {
  const nodes = NODE_KINDS.map((kind) => `  ${kind.padEnd(12)} ${coverage.nodes.get(kind) ?? 0}`);
  const families = [...familyCounts(coverage)].map(
    ([family, { calls, called, of }]) => `  ${family.padEnd(12)} ${calls} calls, ${called} of ${of} functions`,
  );
  const outcomes = [...coverage.outcomes].map(([outcome, times]) => `  ${String(times).padStart(8)} ${outcome}`);
  return ['nodes', ...nodes, 'function families', ...families, 'outcomes', ...outcomes.sort().reverse(), ''].join('\n');
}
