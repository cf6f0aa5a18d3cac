// How many Pods run below an object, and whether they are ready. Pure.

import { type TreeNode, walk } from './tree-model.ts';

export interface PodCount {
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
}

/** undefined where there are none. Pods that have done their work do not count. */
export function podCount(node: TreeNode): PodCount | undefined {
  let [ready, total, restarts] = [0, 0, 0];
  for (const pod of walk([node])) {
    if (pod.kind !== 'Pod' || pod.group !== '' || pod.info['Status Reason'] === 'Completed') continue;
    total += 1;
    restarts += Number(pod.info['Restart Count'] ?? 0);
    const [up = '0', all = '0'] = (pod.info.Containers ?? '').split('/');
    if (all !== '0' && up === all) ready += 1;
  }
  return total === 0 ? undefined : { ready, total, restarts };
}
