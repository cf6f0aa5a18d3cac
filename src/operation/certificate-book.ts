// Certificates and host keys of Git servers, as people and programs add them (Argo CD: util/db/certificate.go).

import {
  fingerprintOf,
  formatKnownHosts,
  type KnownHost,
  parseKnownHosts,
  requireKey,
} from '../application/known-hosts.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { matchesGlob } from '../base/glob.ts';
import { readCertificate, splitCertificates } from '../base/x509.ts';
import { changeConfigMap } from './config-maps.ts';
import type { Road } from './road.ts';
import { configData } from './settings.ts';

/** As Argo CD's API has it (v1alpha1.RepositoryCertificate). */
export interface Certificate {
  readonly serverName: string;
  readonly certType: 'https' | 'ssh';
  /** Of an SSH key its type; of a certificate the kind of its key. */
  readonly certSubType: string;
  /** What it is in base64: of a certificate the PEM, of an SSH key its base64 once more. */
  readonly certData: string | null;
  /** Of an SSH key its fingerprint; of a certificate its subject. */
  readonly certInfo: string;
}

/** `certType` may be anything yet. */
export type NewCertificate = Omit<Certificate, 'certType' | 'certInfo'> & { readonly certType: string };

export interface CertificateFilter {
  /** A glob. */
  readonly hostNamePattern?: string | undefined;
  readonly certType?: string | undefined;
  readonly certSubType?: string | undefined;
}

export interface CertificateBook {
  /** Without the certificates and keys themselves. */
  list(filter: CertificateFilter): Promise<readonly Certificate[]>;
  /** Gives those that are new or changed. Throws `InvalidInput`; nothing is changed then. */
  add(
    certificates: readonly NewCertificate[],
    options: { readonly isUpsert: boolean },
  ): Promise<readonly Certificate[]>;
  /** Gives those that were removed. */
  remove(filter: CertificateFilter): Promise<readonly Certificate[]>;
}

const TLS = 'argocd-tls-certs-cm';
const SSH = 'argocd-ssh-known-hosts-cm';
const SSH_KEY = 'ssh_known_hosts';

export function createCertificateBook(road: Road): CertificateBook {
  const { home, platform } = road;
  const { namespace } = platform.settings;
  const read = async (name: string) =>
    configData(await home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }));

  async function readAll() {
    const [tls, ssh] = await Promise.all([read(TLS), read(SSH)]);
    return { servers: tls, hosts: parseKnownHosts(ssh[SSH_KEY] ?? '') };
  }

  async function saveServers(change: (servers: Record<string, string>) => Record<string, string | null>) {
    await changeConfigMap(road, TLS, change);
  }

  async function saveHosts(change: (hosts: readonly KnownHost[]) => readonly KnownHost[]) {
    await changeConfigMap(road, SSH, (data) => ({
      [SSH_KEY]: formatKnownHosts(change(parseKnownHosts(data[SSH_KEY] ?? ''))),
    }));
  }

  return {
    list: async (filter) => {
      const { servers, hosts } = await readAll();
      const keys = isOfType(filter, 'ssh') ? hosts.filter((host) => matchesHost(host, filter)).map(presentHost) : [];
      const names = isOfType(filter, 'https') ? matchingServers(servers, filter) : [];
      return [
        ...keys,
        ...names.flatMap((name) => splitCertificates(servers[name] ?? '').map((pem) => presentTls(name, pem))),
      ];
    },
    add: async (certificates, { isUpsert }) => {
      const { servers, hosts } = await readAll();
      const newHosts = new Map<string, KnownHost>();
      const newServers = new Map<string, string>();
      const added: Certificate[] = [];
      for (const certificate of certificates) {
        const { serverName, certType, certSubType } = certificate;
        requireHostname(serverName, certType);
        const data = decode(certificate);
        if (certType === 'ssh') {
          const host = { host: serverName, type: certSubType, key: data };
          requireKey(host);
          const known = hosts.find((one) => isSameHost(one, host));
          if (known?.key === host.key) continue;
          if (known && !isUpsert) {
            throw new HawserError(
              'InvalidInput',
              `key for '${serverName}' (subtype: '${certSubType}') already exists, and upsert was not specified`,
            );
          }
          newHosts.set(`${host.host} ${host.type}`, host);
          added.push(presentHost(host));
        } else if (certType === 'https') {
          const pems = splitCertificates(data);
          if (pems.length === 0) throw new HawserError('InvalidInput', 'no valid PEM data received');
          for (const pem of pems) readCertificate(pem);
          const known = servers[serverName];
          if (known === data) continue;
          if (known !== undefined && !isUpsert) {
            throw new HawserError(
              'InvalidInput',
              `TLS certificate for server '${serverName}' already exists, and upsert was not specified`,
            );
          }
          newServers.set(serverName, data);
          added.push(...pems.map((pem) => ({ ...presentTls(serverName, pem), certData: btoa(pem) })));
        } else {
          throw new HawserError('InvalidInput', `unknown certificate type: ${certType}`);
        }
      }
      if (newHosts.size > 0) {
        const fresh = [...newHosts.values()];
        await saveHosts((now) => [...now.filter((one) => !fresh.some((host) => isSameHost(one, host))), ...fresh]);
      }
      if (newServers.size > 0) await saveServers(() => Object.fromEntries(newServers));
      return added;
    },
    remove: async (filter) => {
      const { servers, hosts } = await readAll();
      const keys = isOfType(filter, 'ssh') ? hosts.filter((host) => matchesHost(host, filter)) : [];
      const names = isOfType(filter, 'https') ? matchingServers(servers, filter) : [];
      if (keys.length > 0) await saveHosts((now) => now.filter((one) => !keys.some((host) => isSameHost(one, host))));
      if (names.length > 0) await saveServers(() => Object.fromEntries(names.map((name) => [name, null])));
      return [
        ...keys.map((host) => ({ ...presentHost(host), certData: btoa(host.key) })),
        ...names.flatMap((name) =>
          splitCertificates(servers[name] ?? '').map((pem) => ({ ...presentTls(name, pem), certData: btoa(pem) })),
        ),
      ];
    },
  };
}

function isOfType({ certType = '' }: CertificateFilter, type: 'https' | 'ssh'): boolean {
  return ['', '*', type, ...(type === 'https' ? ['tls'] : [])].some((one) => one === certType);
}

function matchesHost({ host, type }: KnownHost, { hostNamePattern, certSubType = '' }: CertificateFilter): boolean {
  return matchesName(hostNamePattern, host) && ['', '*', type].includes(certSubType);
}

function matchingServers(servers: Readonly<Record<string, string>>, { hostNamePattern }: CertificateFilter) {
  return Object.keys(servers)
    .filter((name) => matchesName(hostNamePattern, name))
    .sort();
}

/** Brackets are letters here: a host with a port has them. */
function matchesName(pattern: string | undefined, name: string): boolean {
  return !pattern || matchesGlob(pattern.replace(/[[\]{}]/g, '\\$&'), name, '/');
}

function isSameHost(one: KnownHost, other: KnownHost): boolean {
  return one.host === other.host && one.type === other.type;
}

function presentHost(host: KnownHost): Certificate {
  const certInfo = `SHA256:${fingerprintOf(host)}`;
  return { serverName: host.host, certType: 'ssh', certSubType: host.type, certData: null, certInfo };
}

function presentTls(serverName: string, pem: string): Certificate {
  const base = { serverName, certType: 'https', certData: null } as const;
  try {
    const { subject, keyAlgorithm } = readCertificate(pem);
    return { ...base, certSubType: keyAlgorithm.toLowerCase(), certInfo: subject };
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return { ...base, certSubType: 'invalid', certInfo: error.message };
  }
}

const HOSTNAME =
  /^([a-zA-Z0-9]|[a-zA-Z0-9_][a-zA-Z0-9-_]{0,61}[a-zA-Z0-9_])(\.([a-zA-Z0-9]|[a-zA-Z0-9_][a-zA-Z0-9-_]{0,61}[a-zA-Z0-9]))*\.?$/;

function requireHostname(serverName: string, certType: string): void {
  const host = certType === 'ssh' ? (/^\[(.*)]:\d+$/.exec(serverName)?.[1] ?? serverName) : serverName;
  const isAddress = host.includes(':') && URL.canParse(`http://[${host.replace(/%.*$/, '')}]`);
  if (HOSTNAME.test(host) || isAddress) return;
  throw new HawserError('InvalidInput', `invalid hostname in request: ${host}`);
}

function decode({ certData, serverName }: Pick<Certificate, 'certData' | 'serverName'>): string {
  try {
    return atob(certData ?? '');
  } catch {
    throw new HawserError('InvalidInput', `certData of ${serverName} is no base64`);
  }
}
