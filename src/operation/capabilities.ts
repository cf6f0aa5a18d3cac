// What charts may ask of their destination cluster: its version and what it serves; and whether that is something else by now.

import { sha1 } from '@noble/hashes/legacy.js';
import type { Application } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ApiResource } from '../kube/resource.ts';
import type { KeptReadSets } from './read-sets.ts';
import { clientFor, type Road } from './road.ts';

export interface ClusterCapabilities {
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

interface SeenCapabilities extends ClusterCapabilities {
  readonly kinds: string;
  readonly resources: number;
}

/** By discovery: as long as the client holds one, its server is taken to be of one version. */
const capabilitiesOf = new WeakMap<readonly ApiResource[], Promise<ClusterCapabilities>>();

/** As they were read last; a client shares them with its guarded ones. */
const seen = new WeakMap<KubeClient['memory'], SeenCapabilities>();
const inQuestion = new WeakSet<KubeClient['memory']>();

export async function readCapabilities(client: KubeClient): Promise<ClusterCapabilities> {
  const resources = await client.resources();
  const known = capabilitiesOf.get(resources);
  if (known) return known;
  const reading = client.version().then(({ gitVersion }) => {
    const versions = new Set<string>();
    for (const { group, version, kind } of resources) {
      const apiVersion = group === '' ? version : `${group}/${version}`;
      versions.add(apiVersion).add(`${apiVersion}/${kind}`);
    }
    const capabilities = { kubeVersion: gitVersion, apiVersions: [...versions] };
    const kinds = digestOfKinds(capabilities.apiVersions);
    seen.set(client.memory, { ...capabilities, kinds, resources: resources.length });
    return capabilities;
  });
  capabilitiesOf.set(resources, reading);
  reading.catch(() => capabilitiesOf.delete(resources));
  return reading;
}

/** As they were read last, without a request; undefined before. */
export function knownCapabilities({ memory }: KubeClient): SeenCapabilities | undefined {
  return seen.get(memory);
}

/**
 * What a render was told of its cluster and what is not so any more, as people read it. Nothing waits for that: a cluster of which this process
 * has heard nothing is asked by and by, and one that is away is taken to be as it was.
 */
export function changedCapabilities(
  road: Road,
  app: Application,
  { kubeVersion, kinds }: Pick<KeptReadSets, 'kubeVersion' | 'kinds'>,
): readonly string[] {
  if (kubeVersion === undefined) return [];
  const client = clientIfKnown(road, app);
  if (!client) return [];
  const now = seen.get(client.memory);
  if (!now) {
    askLater(road, client);
    return [];
  }
  if (now.kubeVersion !== kubeVersion) return [`Kubernetes ${kubeVersion} → ${now.kubeVersion}`];
  return kinds === undefined || kinds === now.kinds ? [] : ['the kinds that the cluster serves'];
}

const digests = new WeakMap<readonly string[], string>();

/** Of the whole list, in whatever order a server tells it. */
export function digestOfKinds(apiVersions: readonly string[]): string {
  const known = digests.get(apiVersions);
  if (known !== undefined) return known;
  const text = [...apiVersions].sort().join('\n');
  const digest = toHex(sha1(new TextEncoder().encode(text)));
  digests.set(apiVersions, digest);
  return digest;
}

function clientIfKnown(road: Road, { spec }: Application): KubeClient | undefined {
  try {
    return clientFor(road, spec.destination);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return undefined;
  }
}

function askLater({ platform }: Road, client: KubeClient): void {
  if (inQuestion.has(client.memory)) return;
  inQuestion.add(client.memory);
  const ended = () => {
    inQuestion.delete(client.memory);
  };
  platform.background(readCapabilities(client).then(ended, ended));
}
