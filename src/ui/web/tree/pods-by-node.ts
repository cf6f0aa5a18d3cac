// An Application's Pods by the node that they run on. Pure.

import { isFine, type TreeNode, walk } from './tree-model.ts';

export interface NodeOfPods {
  /** Empty for Pods that nobody has taken yet. */
  readonly name: string;
  readonly pods: readonly TreeNode[];
}

/** Nodes with something to look at first, then by name; the same of their Pods. */
export function podsByNode(forest: readonly TreeNode[]): readonly NodeOfPods[] {
  const nodes = new Map<string, TreeNode[]>();
  for (const pod of walk(forest)) {
    if (pod.kind !== 'Pod' || pod.group !== '') continue;
    const name = pod.info.Node ?? '';
    nodes.set(name, [...(nodes.get(name) ?? []), pod]);
  }
  const worst = (pods: readonly TreeNode[]) => (pods.every(isFine) ? 1 : 0);
  return [...nodes]
    .map(([name, pods]) => ({ name, pods: pods.sort((a, b) => worst([a]) - worst([b]) || (a.name < b.name ? -1 : 1)) }))
    .sort((a, b) => worst(a.pods) - worst(b.pods) || (a.name < b.name ? -1 : 1));
}
