// A cluster as Argo CD's API has it (v1alpha1.Cluster), and as its Secret has it (util/db/cluster.go, clusterToSecret).

import { HawserError } from '../base/errors.ts';
import { fnv32a } from '../base/fnv.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { KubeObject } from '../kube/object.ts';
import { ANNOTATION } from './annotations.ts';
import { MANAGED, SECRET_TYPE } from './repository-secret.ts';

/** What the API can set. */
export interface ClusterData {
  /** Without a slash at its end. */
  readonly server: string;
  /** The address where none is given. */
  readonly name: string;
  /** v1alpha1.ClusterConfig; not to be shown as it is. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly namespaces: readonly string[];
  readonly clusterResources: boolean;
  /** '' where every project may use it. */
  readonly project: string;
  readonly shard?: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a Secret says. */
export function clusterOfSecret({ metadata }: KubeObject, data: Readonly<Record<string, string>>): ClusterData {
  const { [SECRET_TYPE]: _, ...labels } = metadata.labels ?? {};
  const { [ANNOTATION.lastApplied]: __, 'managed-by': ___, ...annotations } = metadata.annotations ?? {};
  const shard = Number(data.shard);
  return {
    server: (data.server ?? '').trim().replace(/\/+$/, ''),
    name: data.name ?? '',
    config: parseConfig(data.config ?? ''),
    namespaces: (data.namespaces ?? '')
      .split(',')
      .map((namespace) => namespace.trim())
      .filter((namespace) => namespace !== ''),
    clusterResources: data.clusterResources === 'true',
    project: data.project ?? '',
    ...(data.shard && Number.isInteger(shard) && { shard }),
    labels,
    annotations,
  };
}

/** The keys of a cluster's Secret; all of them are the API's. */
export function secretDataOf(cluster: ClusterData): Record<string, string> {
  const { server, name, namespaces, config, shard, clusterResources, project } = cluster;
  return {
    server,
    name: name || server,
    config: JSON.stringify({ tlsClientConfig: { insecure: false }, ...config }),
    ...(namespaces.length > 0 && { namespaces: namespaces.join(',') }),
    ...(shard !== undefined && { shard: String(shard) }),
    ...(clusterResources && { clusterResources: 'true' }),
    ...(project && { project }),
  };
}

/** A Secret that is new. Throws `InvalidInput` for an address that is none. */
export function clusterSecret(namespace: string, cluster: ClusterData): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: clusterSecretName(cluster.server),
      namespace,
      labels: { ...cluster.labels, [SECRET_TYPE]: 'cluster' },
      annotations: { ...cluster.annotations, ...MANAGED },
    },
    type: 'Opaque',
    stringData: secretDataOf(cluster),
  };
}

/** `cluster-` with the host and FNV-1a of the address (util/db/secrets.go, URIToSecretName). */
export function clusterSecretName(server: string): string {
  if (!URL.canParse(server)) throw new HawserError('InvalidInput', `parse "${server}": invalid URI for request`);
  const { hostname } = new URL(server);
  const host = hostname.startsWith('[') ? hostname.slice(1, -1).replaceAll(':', '-') : hostname;
  return `cluster-${host.toLowerCase()}-${fnv32a(server)}`;
}

/** What may be shown: where it is and how it is reached, and nothing of what it is reached with (Cluster.Sanitized). */
export function presentCluster(cluster: ClusterData): Record<string, unknown> {
  const { server, name, config, namespaces, clusterResources, project, shard, labels, annotations } = cluster;
  const { awsAuthConfig, proxyUrl, disableCompression, tlsClientConfig } = config;
  const serverName = stringAt(tlsClientConfig, 'serverName');
  return {
    server: withoutUserinfo(server),
    name,
    config: {
      tlsClientConfig: { insecure: at(tlsClientConfig, 'insecure') === true, ...(serverName && { serverName }) },
      ...(isObject(awsAuthConfig) && { awsAuthConfig }),
      ...(typeof proxyUrl === 'string' && proxyUrl && { proxyUrl: withoutUserinfo(proxyUrl) }),
      ...(disableCompression === true && { disableCompression }),
    },
    ...(namespaces.length > 0 && { namespaces }),
    ...(clusterResources && { clusterResources }),
    ...(project && { project }),
    ...(shard !== undefined && { shard }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}

/** What of a config is no JSON object is treated as none: nobody is shown its text. */
function parseConfig(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
