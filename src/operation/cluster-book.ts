// Clusters, as people and programs register them (Argo CD: server/cluster, util/db/cluster.go).

import { HOME_NAME, HOME_SERVER, parseClusterSecret } from '../application/cluster-secret.ts';
import { type ClusterData, clusterOfSecret, clusterSecret, secretDataOf } from '../application/cluster-shape.ts';
import { MANAGED, SECRET_TYPE } from '../application/repository-secret.ts';
import type { Application } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import { createLimiter } from '../base/limiter.ts';
import { createKubeClient, type KubeClient } from '../kube/client.ts';
import { isAlreadyExists } from '../kube/refusal.ts';
import { createRemembered } from './remembered.ts';
import { type ConnectionState, NOT_TRIED } from './repository-states.ts';
import { FIELD_MANAGER, formatTime, type Road } from './road.ts';
import { rotateToken } from './rotate-token.ts';
import { listSecretRecords, removeSecretRecord, type SecretRecord } from './secret-records.ts';
import { readArgoSettings } from './settings.ts';
import { listApplications, readRepositorySecrets } from './world.ts';

export interface KnownCluster {
  /** Not to be shown as it is. */
  readonly data: ClusterData;
  /** The cluster that hawser works with needs none. */
  readonly record?: SecretRecord;
}

/** As Argo CD's API has it (v1alpha1.ClusterInfo); of its cache there is nothing to tell but the kinds that the cluster serves. */
export interface ClusterInfo {
  readonly connectionState: ConnectionState;
  readonly serverVersion?: string;
  readonly cacheInfo: { readonly apisCount?: number };
  readonly applicationsCount: number;
}

export interface ClusterBook {
  /** The cluster that hawser works with among them, unless argocd-cm says that it is no destination. */
  list(): Promise<readonly KnownCluster[]>;
  /** Asked now where that was not done in the last half minute, unless `isKnownOnly`: then it is `Unknown`. */
  info(
    clusters: readonly KnownCluster[],
    options?: { readonly isKnownOnly?: boolean },
  ): Promise<readonly ClusterInfo[]>;
  /** Throws `FailedPrecondition` where it cannot be reached with what is given, `InvalidInput` where it is known with other settings. */
  create(
    data: ClusterData,
    options?: { readonly isUpsert?: boolean; readonly beforeUpdate?: (known: KnownCluster) => void },
  ): Promise<KnownCluster>;
  /** Throws `FailedPrecondition` as `create` does. */
  update(cluster: KnownCluster, data: ClusterData): Promise<KnownCluster>;
  remove(cluster: KnownCluster): Promise<void>;
  /** Forgets what is remembered of the cluster: its kinds, and whether it can be reached. */
  invalidate(cluster: KnownCluster): Promise<void>;
  /** Another token of the same service account in place of the one that is used, which ends. */
  rotate(cluster: KnownCluster): Promise<void>;
}

const REMEMBERED_MS = 30_000;
const LIMIT_MS = 10_000;
const AT_ONCE = 8;

export function createClusterBook(road: Road): ClusterBook {
  const { home, platform } = road;
  const { namespace } = platform.settings;
  const reached = createRemembered<Omit<ClusterInfo, 'applicationsCount'>>(platform.clock, REMEMBERED_MS);
  const limited = createLimiter(AT_ONCE);

  async function list(): Promise<readonly KnownCluster[]> {
    const [records, { inClusterEnabled }] = await Promise.all([
      listSecretRecords(road, 'cluster'),
      readArgoSettings(road),
      // With it come the clients of all clusters.
      readRepositorySecrets(road, 'consistent'),
    ]);
    const registered = records
      .map((record): KnownCluster => ({ data: clusterOfSecret(record.object, record.data), record }))
      .filter(({ data }) => data.server !== HOME_SERVER || inClusterEnabled);
    const isHomeThere = registered.some(({ data }) => data.server === HOME_SERVER);
    return inClusterEnabled && !isHomeThere ? [...registered, { data: HOME }] : registered;
  }

  async function look(cluster: KnownCluster) {
    const { data } = cluster;
    return reached.get(keyOf(cluster), async () => {
      try {
        const client = road.clusters.find({ server: data.server }).client();
        const { serverVersion, apisCount } = await limited(async () => {
          const serverVersion = await readVersion(client);
          return { serverVersion, apisCount: await countApis(client) };
        });
        const cacheInfo = apisCount === undefined ? {} : { apisCount };
        return { connectionState: stateNow('Successful', ''), serverVersion, cacheInfo };
      } catch (error) {
        return { connectionState: stateNow('Failed', formatError(error)), cacheInfo: {} };
      }
    });
  }

  function stateNow(status: ConnectionState['status'], message: string): ConnectionState {
    return { status, message, attemptedAt: formatTime(platform.clock.now()) };
  }

  /** Throws `InvalidInput` for a config that cannot be used, `FailedPrecondition` where nobody answers. */
  async function connectTo<T>(data: ClusterData, work: (client: KubeClient) => Promise<T>): Promise<T> {
    const registered = parseClusterSecret(data.name || data.server, secretDataOf(data));
    if (registered.server === HOME_SERVER && !registered.hasCredentials) {
      return work(road.clusters.find({ server: HOME_SERVER }).client());
    }
    const connection = explained(() => registered.connection());
    if (!platform.connectCluster) {
      throw new HawserError('Unsupported', `the cluster ${connection.server} cannot be reached from this runtime`);
    }
    const server = connection.server === HOME_SERVER ? home.server : connection.server;
    const transport = platform.connectCluster({ ...connection, server });
    try {
      return await work(createKubeClient(transport, { fieldManager: FIELD_MANAGER }));
    } finally {
      transport.close?.();
    }
  }

  async function test(data: ClusterData): Promise<void> {
    try {
      await connectTo(data, readVersion);
    } catch (error) {
      if (!isHawserError(error) || error.code === 'InvalidInput') throw error;
      throw new HawserError('FailedPrecondition', `error getting server version: ${error.message}`, {
        ...(error.hint && { hint: error.hint }),
        cause: error,
      });
    }
  }

  async function find(server: string): Promise<KnownCluster> {
    const found = (await list()).find(({ data }) => data.server === server);
    if (found) return found;
    throw new HawserError('NotFound', `cluster "${server}" not found`);
  }

  const save = async ({ record }: KnownCluster, data: ClusterData): Promise<KnownCluster> => {
    if (!record) await home.create(clusterSecret(namespace, data));
    else {
      const { metadata, ...secret } = record.object;
      const { 'managed-by': managed } = metadata.annotations ?? {};
      await home.replace({
        ...secret,
        metadata: {
          ...metadata,
          labels: { ...data.labels, [SECRET_TYPE]: 'cluster' },
          annotations: { ...data.annotations, ...(managed === MANAGED['managed-by'] && MANAGED) },
        },
        data: {},
        stringData: secretDataOf(data),
      });
    }
    return find(data.server);
  };

  const update: ClusterBook['update'] = async (cluster, data) => {
    await test(data);
    return save(cluster, data);
  };

  return {
    list,
    info: async (clusters, { isKnownOnly = false } = {}) => {
      const known = async (cluster: KnownCluster) => reached.peek(keyOf(cluster)) ?? NOT_LOOKED;
      const looks = clusters.map(isKnownOnly ? known : look);
      const [apps, ...states] = await Promise.all([listApplications(road), ...looks]);
      const counts = countByServer(road, apps);
      return states.map((state, index) => {
        const applicationsCount = counts.get(clusters[index]?.data.server ?? '') ?? 0;
        return { ...state, applicationsCount };
      });
    },
    create: async (data, { isUpsert = false, beforeUpdate } = {}) => {
      const { inClusterEnabled } = await readArgoSettings(road);
      if (data.server === HOME_SERVER && !inClusterEnabled) {
        throw new HawserError('InvalidInput', 'cannot register cluster: in-cluster has been disabled');
      }
      const secret = clusterSecret(namespace, data);
      await test(data);
      const known = (await list()).find((cluster) => cluster.record && cluster.data.server === data.server);
      if (!known) {
        await home.create(secret).catch((error: unknown) => {
          if (!isAlreadyExists(error)) throw error;
          throw new HawserError(
            'InvalidInput',
            `secret "${secret.metadata.name}" doesn't have the proper "argocd.argoproj.io/secret-type" label: please fix the secret or delete it`,
          );
        });
        return find(data.server);
      }
      const keys = differentKeys(known.data, data);
      if (keys.length === 0) return known;
      if (!isUpsert) {
        throw new HawserError(
          'InvalidInput',
          `existing cluster spec is different; use upsert flag to force update; difference in keys "${keys.join(',')}"`,
        );
      }
      beforeUpdate?.(known);
      return save(known, data);
    },
    update,
    remove: async ({ data, record }) => {
      if (!record) throw new HawserError('NotFound', `cluster "${data.server}" not found`);
      await removeSecretRecord(home, record);
    },
    invalidate: async (cluster) => {
      reached.forget(keyOf(cluster));
      await road.clusters.find({ server: cluster.data.server }).client().resources({ fresh: true });
    },
    rotate: async (cluster) => {
      const { bearerToken } = cluster.data.config;
      if (typeof bearerToken !== 'string' || bearerToken === '') {
        throw new HawserError(
          'InvalidInput',
          `Cluster '${cluster.data.server}' does not use bearer token authentication`,
        );
      }
      await connectTo(cluster.data, (client) =>
        rotateToken(client, bearerToken, async (token) => {
          const { certData: _, keyData: __, ...tls } = tlsOf(cluster.data);
          const config = { ...cluster.data.config, tlsClientConfig: tls, bearerToken: token };
          await update(cluster, { ...cluster.data, config });
        }),
      );
    },
  };
}

const NOT_LOOKED: Omit<ClusterInfo, 'applicationsCount'> = { connectionState: NOT_TRIED, cacheInfo: {} };

function keyOf({ data, record }: KnownCluster): string {
  return `${data.server} ${record?.object.metadata.resourceVersion ?? ''}`;
}

const HOME: ClusterData = {
  server: HOME_SERVER,
  name: HOME_NAME,
  config: {},
  namespaces: [],
  clusterResources: false,
  project: '',
  labels: {},
  annotations: {},
};

/** `v1.36.3`, without what a distribution adds to it. */
async function readVersion(client: KubeClient): Promise<string> {
  const { gitVersion } = await client.version({ signal: AbortSignal.timeout(LIMIT_MS) });
  return /^v?\d+(?:\.\d+)*/.exec(gitVersion)?.[0] ?? gitVersion;
}

/** Kinds that a cluster serves, as remembered with its client; undefined where it does not tell. */
async function countApis(client: KubeClient): Promise<number | undefined> {
  try {
    return (await client.resources({ signal: AbortSignal.timeout(LIMIT_MS) })).length;
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return undefined; // It answers, and that is what was asked.
  }
}

function tlsOf({ config }: ClusterData): Readonly<Record<string, unknown>> {
  const { tlsClientConfig } = config;
  return typeof tlsClientConfig === 'object' && tlsClientConfig !== null ? { ...tlsClientConfig } : {};
}

/** What is wrong with a Secret that somebody sends is his input. */
function explained<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isHawserError(error, 'Unsupported')) throw error;
    throw new HawserError('InvalidInput', error.message.replace(/^the cluster Secret /, 'the cluster '), {
      ...(error.hint && { hint: error.hint }),
    });
  }
}

function differentKeys(one: ClusterData, other: ClusterData): readonly string[] {
  const [left, right] = [comparable(one), comparable(other)];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.filter((key) => !isEqualJson(left[key], right[key]));
}

function comparable(cluster: ClusterData): Readonly<Record<string, unknown>> {
  return { ...secretDataOf(cluster), labels: cluster.labels, annotations: cluster.annotations };
}

function countByServer({ clusters }: Road, apps: readonly Application[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { spec } of apps) {
    try {
      const { server } = clusters.find(spec.destination);
      counts.set(server, (counts.get(server) ?? 0) + 1);
    } catch (error) {
      if (!isHawserError(error, 'InvalidInput')) throw error; // A destination that is not known is no cluster's.
    }
  }
  return counts;
}
