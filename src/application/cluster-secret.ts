// A cluster Secret (`argocd.argoproj.io/secret-type: cluster`): which cluster it is, and how it is reached (Argo CD: util/db/cluster.go,
// v1alpha1.ClusterConfig). No message here holds a value of the Secret but its address.

import { HawserError } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import type { ClusterConnection, ExecPlugin } from '../platform.ts';

/** The cluster that hawser works with, by the address and name that Argo CD's users know. */
export const HOME_SERVER = 'https://kubernetes.default.svc';
export const HOME_NAME = 'in-cluster';

export interface RegisteredCluster {
  readonly name: string;
  readonly server: string;
  /** '' where every project may use it. */
  readonly project: string;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Whether cluster-scoped objects are managed, too, where `namespaces` names some. */
  readonly clusterResources: boolean;
  /** Whether the Secret brings credentials of its own; the home cluster may do without. */
  readonly hasCredentials: boolean;
  /** Throws `Unsupported` for what cannot be used; others are not touched by it. */
  readonly connection: () => ClusterConnection;
}

const CREDENTIALS = ['bearerToken', 'username', 'execProviderConfig', 'awsAuthConfig'];

/** `data` is the Secret's, decoded; `secretName` stands in messages. */
export function parseClusterSecret(secretName: string, data: Readonly<Record<string, string>>): RegisteredCluster {
  const server = (data.server ?? '').trim().replace(/\/+$/, '');
  const config = parseConfig(data.config ?? '');
  return {
    name: data.name ?? '',
    server,
    project: data.project ?? '',
    namespaces: (data.namespaces ?? '')
      .split(',')
      .map((namespace) => namespace.trim())
      .filter((namespace) => namespace !== ''),
    clusterResources: data.clusterResources === 'true',
    hasCredentials:
      isObject(config) &&
      (CREDENTIALS.some((key) => config[key]) || Boolean(stringAt(config, 'tlsClientConfig', 'certData'))),
    connection: () => {
      if (config === undefined) throw unusable(secretName, 'its key config is no JSON object');
      return readConnection(secretName, server, config);
    },
  };
}

function readConnection(secretName: string, server: string, config: Record<string, unknown>): ClusterConnection {
  requireServer(secretName, server);
  const { tlsClientConfig: tls } = config;
  if (config.awsAuthConfig) {
    throw new HawserError(
      'Unsupported',
      `the cluster Secret ${secretName} asks for awsAuthConfig, which is not built`,
      {
        hint: 'use execProviderConfig with `aws eks get-token`, or a bearerToken',
      },
    );
  }
  const bearerToken = stringAt(config, 'bearerToken');
  const username = stringAt(config, 'username');
  const insecure = at(tls, 'insecure') === true;
  const ca = readPem(secretName, tls, 'caData');
  const cert = readPem(secretName, tls, 'certData');
  const key = readPem(secretName, tls, 'keyData');
  const serverName = stringAt(tls, 'serverName');
  const proxy = stringAt(config, 'proxyUrl');
  // The same refusals as client-go's.
  if (insecure && ca) {
    throw unusable(secretName, 'specifying a root certificates file with the insecure flag is not allowed');
  }
  if (bearerToken && username) {
    throw unusable(secretName, 'username/password or bearer token may be set, but not both');
  }
  if (bearerToken && !/^[\x20-\x7e]+$/.test(bearerToken)) {
    throw unusable(secretName, 'its bearerToken holds characters that no header may (a line break?)');
  }
  if (proxy && !URL.canParse(proxy)) throw unusable(secretName, 'its proxyUrl is no URL');
  return {
    server,
    ...(config.execProviderConfig
      ? { exec: readExec(secretName, config.execProviderConfig) }
      : {
          ...(bearerToken && { bearerToken }),
          ...(username && { basic: { username, password: stringAt(config, 'password') ?? '' } }),
        }),
    ...(ca && { ca }),
    ...(insecure && { insecure }),
    ...(serverName && { serverName }),
    ...(cert && key && { clientCertificate: { cert, key } }),
    ...(proxy && { proxy }),
    ...(config.disableCompression === true && { uncompressed: true }),
  };
}

function requireServer(secretName: string, server: string): void {
  if (!URL.canParse(server)) throw unusable(secretName, 'its server is no URL');
  const { protocol, username, password } = new URL(server);
  if (protocol !== 'https:' && protocol !== 'http:') throw unusable(secretName, 'its server is neither https nor http');
  if (username || password) throw unusable(secretName, 'its server holds credentials: they belong into config');
}

/** Base64 of PEM, as Go's JSON writes bytes. */
function readPem(secretName: string, tls: unknown, key: string): string | undefined {
  const text = stringAt(tls, key);
  if (!text) return undefined;
  try {
    return atob(text.replace(/\s/g, ''));
  } catch {
    throw unusable(secretName, `its tlsClientConfig.${key} is no base64`);
  }
}

function readExec(secretName: string, value: unknown): ExecPlugin {
  const command = stringAt(value, 'command');
  if (!command) throw unusable(secretName, 'its execProviderConfig names no command');
  const args = at(value, 'args');
  const env = at(value, 'env');
  return {
    command,
    apiVersion: stringAt(value, 'apiVersion') ?? '',
    args: Array.isArray(args) ? args.filter((argument) => typeof argument === 'string') : [],
    env: Object.fromEntries(
      Object.entries(isObject(env) ? env : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
  };
}

/** An empty config is one without credentials; undefined for what is no object. */
function parseConfig(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // The parser's message would quote the text, and so a token.
  }
}

function unusable(secretName: string, reason: string): HawserError {
  // Not InvalidInput: the destination is known, and an Application's deletion must not take it for gone.
  return new HawserError('Unsupported', `the cluster Secret ${secretName} cannot be used: ${reason}`);
}
