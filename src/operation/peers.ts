// The other processes of hawser: those behind its Service, as its EndpointSlices have them, and those that the operator names.

import { HawserError, messageOf } from '../base/errors.ts';
import { at, stringAt } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ConnectedFetch, Log } from '../platform.ts';
import type { PeerMessage } from './replicas.ts';

export interface Peers {
  /** Tells them all at once, in bounded time. Never rejects: who does not hear it now finds it by the Leases later. */
  tell(message: PeerMessage): Promise<void>;
}

export interface PeerParts {
  readonly home: KubeClient;
  readonly namespace: string;
  readonly identity: string;
  readonly fetch: ConnectedFetch;
  readonly token: () => Promise<string>;
  /** URLs beside the Service's. */
  readonly named: readonly string[];
  readonly elapsed: () => number;
  readonly log: Log;
}

/** What `hawser install` calls it, and its port: `https` where its Pods speak that. */
const SERVICE = 'hawser';
const PORTS = ['http', 'https'];
const TELL_MS = 2_000;
/** Replicas that start meanwhile find by the Leases who works. */
const REMEMBER_MS = 30_000;

export function createPeers({ home, namespace, identity, fetch, token, named, elapsed, log }: PeerParts): Peers {
  let known: { readonly urls: readonly string[]; readonly readAtMs: number } | undefined;
  /** An address that has answered with this process' own name. */
  const own = new Set<string>();
  let hasWarned = false;
  /** What is behind a Service may be gone before the Service knows: it is told once. */
  const unheard = new Set<string>();

  async function urls(): Promise<readonly string[]> {
    if (known && elapsed() - known.readAtMs < REMEMBER_MS) return known.urls;
    const found = await behindService();
    known = { urls: [...new Set([...named, ...found])], readAtMs: elapsed() };
    return known.urls;
  }

  async function behindService(): Promise<readonly string[]> {
    try {
      const type = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };
      const labelSelector = `kubernetes.io/service-name=${SERVICE}`;
      const { items } = await home.list(type, { namespace, labelSelector, signal: AbortSignal.timeout(TELL_MS) });
      return items.flatMap(addressesOf);
    } catch (error) {
      if (!hasWarned) log.warn('other replicas could not be looked up', { reason: messageOf(error) });
      hasWarned = true;
      return [];
    }
  }

  async function post(url: string, body: string, authorization: string): Promise<void> {
    try {
      const headers = { 'content-type': 'application/json', authorization };
      const init = { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(TELL_MS) } as const;
      // A certificate is for the names of the Service, and not for the addresses of Pods, which the API server vouches for.
      const isOfPod = url.startsWith('https:') && !named.includes(url);
      const response = await fetch(`${url}/api/peer`, init, isOfPod ? { insecure: true } : {});
      const answer: unknown = await response.json();
      if (!response.ok) throw new HawserError('Unavailable', `it answered ${response.status}`);
      if (stringAt(answer, 'identity') === identity) own.add(url);
      unheard.delete(url);
    } catch (error) {
      if (!unheard.has(url)) log.info('another replica could not be told', { url, reason: messageOf(error) });
      unheard.add(url);
    }
  }

  return {
    tell: async (message) => {
      try {
        const others = (await urls()).filter((url) => !own.has(url));
        if (others.length === 0) return;
        const authorization = `Bearer ${await token()}`;
        await Promise.all(others.map((url) => post(url, JSON.stringify(message), authorization)));
      } catch (error) {
        log.info('other replicas could not be told', { reason: messageOf(error) });
      }
    },
  };
}

function addressesOf(slice: KubeObject): readonly string[] {
  const ports = listOf(slice, 'ports');
  const chosen = ports.find((one) => PORTS.includes(stringAt(one, 'name') ?? '')) ?? ports[0];
  const port = at(chosen, 'port');
  if (typeof port !== 'number') return [];
  const scheme = stringAt(chosen, 'name') === 'https' ? 'https' : 'http';
  return listOf(slice, 'endpoints').flatMap((endpoint) => {
    if (at(endpoint, 'conditions', 'ready') === false) return [];
    const addresses = listOf(endpoint, 'addresses').filter((address) => typeof address === 'string');
    return addresses.map((address) => `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`);
  });
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = at(value, key);
  return Array.isArray(list) ? list : [];
}
