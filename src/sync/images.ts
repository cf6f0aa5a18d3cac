// The images that an object runs, for results and summaries (Argo CD: pkg/utils/kube/kube.go, GetResourceImages).

import { at, stringAt } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';

/** Where workloads keep their containers: Pods, what has a template, CronJobs. The first that is there counts. */
const CONTAINERS = [
  ['spec', 'containers'],
  ['spec', 'template', 'spec', 'containers'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers'],
] as const;

export function resourceImages(object: KubeObject): readonly string[] {
  for (const path of CONTAINERS) {
    const containers = at(object, ...path);
    if (Array.isArray(containers)) return containers.flatMap((container) => stringAt(container, 'image') ?? []);
  }
  return [];
}
