// Which proxy a request goes through, by the rules that Go programs (and so Argo CD) follow:
// golang.org/x/net/http/httpproxy.

import { BlockList, isIP } from 'node:net';
import type { ConnectionOptions } from '../platform.ts';

export interface ProxyEnvironment {
  readonly http?: string;
  readonly https?: string;
  readonly noProxy: string;
}

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY; the lower-case names count where the upper-case ones are not set. */
export function readProxyEnvironment(environment: NodeJS.ProcessEnv): ProxyEnvironment {
  const read = (name: string) => environment[name] || environment[name.toLowerCase()];
  const http = read('HTTP_PROXY');
  const https = read('HTTPS_PROXY');
  return { ...(http && { http }), ...(https && { https }), noProxy: read('NO_PROXY') ?? '' };
}

/** The proxy's URL; undefined for a direct connection, which this machine itself always has. */
export function chooseProxy(
  url: URL,
  { proxy, noProxy = '' }: Pick<ConnectionOptions, 'proxy' | 'noProxy'>,
  environment: ProxyEnvironment,
): string | undefined {
  const chosen = proxy ?? (url.protocol === 'https:' ? environment.https : environment.http);
  if (!chosen || isExcluded(url, proxy === undefined ? environment.noProxy : noProxy)) return undefined;
  return chosen.includes('://') ? chosen : `http://${chosen}`;
}

/**
 * Entries are separated by commas: `*`, a domain (with all below it; with a leading dot only those below), an
 * address, a network (`10.0.0.0/8`), each with or without a port.
 */
function isExcluded(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || isLoopback(host)) return true;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return isInNetwork(entry, host);
  const [, name = entry, onlyPort] = /^(.+):(\d+)$/.exec(entry.includes('::') ? '' : entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  if (isIP(name.replace(/^\[|\]$/g, ''))) return name.replace(/^\[|\]$/g, '') === host;
  const domain = name.replace(/^\*(?=\.)/, '');
  if (domain.startsWith('.')) return host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

function isLoopback(host: string): boolean {
  return isInNetwork('127.0.0.0/8', host) || host === '::1';
}

function isInNetwork(network: string, host: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const family = isIP(address);
  if (family === 0 || family !== isIP(host) || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const name = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(bits), name);
  return list.check(host, name);
}
