// The clusters that Applications may name as their destination: home, those of cluster Secrets, and those that the runtime knows.
// Each has a client of its own; one of them being away is nobody else's concern.

import { HOME_NAME, HOME_SERVER, parseClusterSecret, type RegisteredCluster } from '../application/cluster-secret.ts';
import type { Destination } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { createKubeClient, type KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ClusterTransport, Platform } from '../platform.ts';
import { decodeSecret } from './settings.ts';

export interface Cluster {
  readonly server: string;
  /** '' where the destination's Secret names none. */
  readonly name: string;
  /** '' where every project may use it. */
  readonly project: string;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly clusterResources: boolean;
  /** The same one as long as the cluster's Secret stays as it is. Throws where it cannot be reached from here. */
  client(): KubeClient;
}

export interface Clusters {
  /** Takes over the cluster Secrets of a list; one older than the last is passed over. */
  learn(secrets: readonly KubeObject[], resourceVersion: string): void;
  /** Throws `InvalidInput` for a destination that is none of them, in Argo CD's words. */
  find(destination: Destination): Cluster;
  /** Those whose Secret names the project. */
  ofProject(project: string): readonly Cluster[];
}

export interface ClusterParts {
  readonly platform: Pick<Platform, 'clock' | 'connectCluster' | 'namedClusters'>;
  readonly home: KubeClient;
  readonly fieldManager: string;
  /** argocd-cm: `cluster.inClusterEnabled`. */
  readonly isHomeEnabled: () => boolean;
  /** Ends every request to these clusters. */
  readonly stopping: AbortSignal;
}

/** A list may come from the cache of an API server that is behind by this; one that is older still is true (etcd was restored). */
const STALE_MS = 60_000;

/** What is kept of a Secret: it is read anew when its resourceVersion is another. */
interface Known {
  readonly resourceVersion: string;
  readonly registered: RegisteredCluster;
  connected?: { readonly transport: ClusterTransport; readonly client: KubeClient };
}

export function createClusters({ platform, home, fieldManager, isHomeEnabled, stopping }: ClusterParts): Clusters {
  let known = new Map<string, Known>();
  let newest = { resourceVersion: '', atMs: 0 };
  const named = (platform.namedClusters ?? []).map(({ name, transport }) =>
    clusterOf(
      { name, server: transport.server },
      memoize(() => clientOf(transport)),
    ),
  );

  function clientOf(transport: ClusterTransport): KubeClient {
    return createKubeClient(endedBy(transport, stopping), { fieldManager });
  }

  function clientOfSecret(entry: Known): KubeClient {
    const { registered } = entry;
    if (registered.server === HOME_SERVER && !registered.hasCredentials) return home;
    if (!entry.connected) {
      const connection = registered.connection();
      if (!platform.connectCluster) {
        throw new HawserError(
          'Unsupported',
          `the cluster ${connection.server} cannot be reached: this runtime has no port to it`,
        );
      }
      const server = connection.server === HOME_SERVER ? home.server : connection.server;
      const transport = platform.connectCluster({ ...connection, server });
      entry.connected = { transport, client: clientOf(transport) };
    }
    return entry.connected.client;
  }

  const registered = (): readonly Cluster[] =>
    [...known.values()].map((entry) => clusterOf(entry.registered, () => clientOfSecret(entry)));

  /** The home cluster under its own name, or under that of a Secret. */
  function homeCluster(): Cluster {
    const own = registered().find(({ server }) => server === HOME_SERVER);
    return own ?? clusterOf({ name: HOME_NAME, server: HOME_SERVER }, () => home);
  }

  function findByServer(text: string): Cluster {
    const server = text.replace(/\/+$/, '');
    if (server === HOME_SERVER && isHomeEnabled()) return homeCluster();
    const found = registered().find((cluster) => cluster.server === server && server !== HOME_SERVER);
    if (found) return found;
    // By its own address; rules may name it so.
    if (server === home.server.replace(/\/+$/, '') && isHomeEnabled()) return { ...homeCluster(), server };
    throw unknown(`cluster "${text}" not found`);
  }

  function findByName(name: string): Cluster {
    const found = registered().filter(
      (cluster) => cluster.name === name && (cluster.server !== HOME_SERVER || isHomeEnabled()),
    );
    const [first, ...others] = found;
    if (others.length > 0) {
      throw unknown(
        `there are ${found.length} clusters with the same name: [${found.map(({ server }) => server).join(' ')}]`,
      );
    }
    if (first) return first;
    const own = homeCluster();
    if (own.name === name && isHomeEnabled()) return own;
    const context = named.find((cluster) => cluster.name === name);
    if (context) return context;
    throw unknown(`there are no clusters with this name: ${name}`);
  }

  return {
    learn: (secrets, resourceVersion) => {
      const atMs = platform.clock.now();
      if (atMs - newest.atMs < STALE_MS && isOlder(resourceVersion, newest.resourceVersion)) return;
      newest = { resourceVersion, atMs };
      const before = known;
      known = new Map(
        // Of two Secrets for one address the first by name counts.
        [...secrets]
          .sort((a, b) => compareNames(a.metadata.name, b.metadata.name))
          .map((secret) => {
            const { name = '', uid = name, resourceVersion: version = '' } = secret.metadata;
            const same = before.get(uid);
            if (same && same.resourceVersion === version) return [uid, same];
            return [uid, { resourceVersion: version, registered: parseClusterSecret(name, decodeSecret(secret)) }];
          }),
      );
      for (const [uid, entry] of before) {
        if (known.get(uid) !== entry) entry.connected?.transport.close?.();
      }
    },
    find: ({ server, name }) => {
      if (server && name) {
        throw unknown(`application destination can't have both name and server defined: ${name} ${server}`);
      }
      if (server) return findByServer(server);
      if (name) return findByName(name);
      throw unknown('Destination server missing from app spec');
    },
    ofProject: (project) => registered().filter((cluster) => cluster.project === project),
  };
}

type Registration = Pick<RegisteredCluster, 'name' | 'server'> & Partial<RegisteredCluster>;

function clusterOf(
  { name, server, project = '', namespaces = [], clusterResources = false }: Registration,
  client: () => KubeClient,
): Cluster {
  return { name, server, project, namespaces, clusterResources, client };
}

function unknown(message: string): HawserError {
  return new HawserError('InvalidInput', message, {
    hint: `use ${HOME_SERVER} for the cluster that hawser works with, or register others by Secrets with the label argocd.argoproj.io/secret-type: cluster`,
  });
}

/** resourceVersions of one server are numbers that grow; what is none is taken as it comes. */
function isOlder(resourceVersion: string, than: string): boolean {
  return /^\d+$/.test(resourceVersion) && /^\d+$/.test(than) && BigInt(resourceVersion) < BigInt(than);
}

function compareNames(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function memoize<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The transport, whose requests end with the process' work: nobody waits for a cluster that is away. */
function endedBy({ server, fetch }: ClusterTransport, stopping: AbortSignal): ClusterTransport {
  return {
    server,
    fetch: (path, init = {}) => {
      const signal = init.signal ? AbortSignal.any([init.signal, stopping]) : stopping;
      return fetch(path, { ...init, signal });
    },
  };
}
