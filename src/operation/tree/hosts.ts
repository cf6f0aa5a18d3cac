// The nodes that an Application's Pods run on, and how much of them these ask for (Argo CD: getAppHosts). What others' Pods ask for is
// not told: it would take a list of all Pods of the cluster.

import { isHawserError } from '../../base/errors.ts';
import { at, isObject, stringAt } from '../../base/json.ts';
import { createLimiter } from '../../base/limiter.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/object.ts';
import { milli, podRequest } from './pod-info.ts';

/** Argo CD: `v1alpha1.HostInfo`; amounts in thousandths. */
export interface HostInfo {
  readonly name: string;
  readonly resourcesInfo: readonly {
    readonly resourceName: string;
    readonly requestedByApp: number;
    readonly capacity: number;
  }[];
  readonly systemInfo: unknown;
}

const READS_AT_ONCE = 16;
const TOLD = ['cpu', 'memory', 'storage'];

/** Without those that may not be read. */
export async function readHosts(
  client: KubeClient,
  pods: readonly KubeObject[],
  signal: AbortSignal,
): Promise<readonly HostInfo[]> {
  const byNode = Map.groupBy(pods, (pod) => stringAt(pod, 'spec', 'nodeName') ?? '');
  byNode.delete('');
  const limiter = createLimiter(READS_AT_ONCE);
  const hosts = [...byNode].map(([name, own]) =>
    limiter(async () => {
      try {
        const node = await client.get({ apiVersion: 'v1', kind: 'Node', name }, { signal });
        return node ? [hostOf(node, own)] : [];
      } catch (error) {
        if (isHawserError(error, 'ClusterRefused')) return [];
        throw error;
      }
    }),
  );
  return (await Promise.all(hosts)).flat();
}

function hostOf(node: KubeObject, pods: readonly KubeObject[]): HostInfo {
  const capacity = at(node, 'status', 'capacity');
  const resourcesInfo = TOLD.flatMap((resourceName) => {
    const whole = Number(milli(isObject(capacity) ? capacity[resourceName] : undefined));
    const requestedByApp = Number(pods.reduce((sum, pod) => sum + podRequest(pod, resourceName), 0n));
    return whole > 0 ? [{ resourceName, requestedByApp, capacity: whole }] : [];
  });
  return { name: node.metadata.name ?? '', resourcesInfo, systemInfo: at(node, 'status', 'nodeInfo') ?? {} };
}
