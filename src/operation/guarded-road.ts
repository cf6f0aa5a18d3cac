// The road as the work on one Application goes it: what it writes is written as long as no other process may have taken the
// Application over, and not later. A process that was stopped for a while finds that out here, right before each request.

import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Cluster, Clusters } from './clusters.ts';
import type { Held } from './holding.ts';
import type { Road } from './road.ts';

/** `road.unguarded` leads back, for what begins within the work and outlasts it. */
export function guardedRoad(road: Road, held: Held): Road {
  const base = road.unguarded ?? road;
  const home = guardedClient(base.home, held);
  return {
    ...base,
    home,
    clusters: guardedClusters(base.clusters, (client) => (client === base.home ? home : guardedClient(client, held))),
    stopping: AbortSignal.any([base.stopping, held.signal]),
    unguarded: base,
  };
}

function guardedClusters(clusters: Clusters, guard: (client: KubeClient) => KubeClient): Clusters {
  const guarded = (cluster: Cluster): Cluster => ({ ...cluster, client: () => guard(cluster.client()) });
  return {
    ...clusters,
    find: (destination) => guarded(clusters.find(destination)),
    ofProject: (project) => clusters.ofProject(project).map(guarded),
  };
}

/** Whoever writes without having taken the Application takes it now. */
function guardedClient(client: KubeClient, held: Held): KubeClient {
  const guarded = client.guardedBy(() => held.assertMine());
  async function own({ dryRun = false }: { readonly dryRun?: boolean } = {}): Promise<void> {
    if (!dryRun) await held.take();
  }
  return {
    ...guarded,
    create: async (object, options) => {
      if (!isQuestion(object)) await own(options);
      return guarded.create(object, options);
    },
    replace: async (object, options) => {
      await own(options);
      return guarded.replace(object, options);
    },
    patch: async (ref, patch, options) => {
      await own(options);
      return guarded.patch(ref, patch, options);
    },
    apply: async (object, options) => {
      await own(options);
      return guarded.apply(object, options);
    },
    remove: async (ref, options) => {
      await own(options);
      return guarded.remove(ref, options);
    },
  };
}

/** A review is created, and nothing is stored. */
function isQuestion({ apiVersion }: KubeObject): boolean {
  return apiVersion.startsWith('authorization.k8s.io/') || apiVersion.startsWith('authentication.k8s.io/');
}
