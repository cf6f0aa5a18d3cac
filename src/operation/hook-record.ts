// Which webhooks were heard of: a ping leaves no delivery, so that it is noted in a ConfigMap; pushes are in the record of deliveries. It is
// what whoever has just made a webhook waits for.

import { messageOf } from '../base/errors.ts';
import { sha256Hex } from '../base/hex.ts';
import { normaliseRepositoryUrl, sameRepository } from '../git/repository-url.ts';
import type { KubeClient } from '../kube/client.ts';
import { isAlreadyExists, isNotFound } from '../kube/refusal.ts';
import type { Clock } from '../platform.ts';
import { createDeliveryCluster } from './delivery-cluster.ts';
import { addressesOf } from './push.ts';
import type { Road } from './road.ts';
import { configData } from './settings.ts';

export const HOOKS = 'hawser-hooks';

/** As many repositories' last pings are kept; the oldest are dropped. */
const MOST = 500;

/** Who sends a ping does not care what becomes of it: what cannot be noted is told in the log. */
export async function recordPing(
  { home, platform }: Pick<Road, 'home' | 'platform'>,
  addresses: readonly string[],
): Promise<void> {
  const { namespace } = platform.settings;
  const atText = new Date(platform.clock.now()).toISOString();
  try {
    const before = configData(await home.get(refIn(namespace)));
    const entries = addresses.map((url) => [keyOf(url), atText] as const);
    const dropped = Object.entries(before)
      .sort(([, a], [, b]) => (a < b ? -1 : 1))
      .slice(0, Math.max(0, Object.keys(before).length + entries.length - MOST))
      .map(([key]) => [key, null] as const);
    await write(home, namespace, Object.fromEntries([...dropped, ...entries]));
  } catch (error) {
    platform.log.warn('a ping of a Git server could not be noted', { reason: messageOf(error) });
  }
}

async function write(
  home: KubeClient,
  namespace: string,
  data: Readonly<Record<string, string | null>>,
): Promise<void> {
  try {
    await home.patch(refIn(namespace), { data }, { type: 'merge' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const kept = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
    try {
      await home.create({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: HOOKS, namespace, labels: { 'app.kubernetes.io/part-of': 'hawser' } },
        data: kept,
      });
    } catch (again) {
      if (!isAlreadyExists(again)) throw again;
      await home.patch(refIn(namespace), { data: kept }, { type: 'merge' });
    }
  }
}

/** `ping`, or the ref of a push, where something signed has come from the repository since; undefined so far. */
export type Heard = () => Promise<string | undefined>;

/** Begins to listen, for what comes from now on; by no clock, so that it does not matter whose is right. */
export async function listenForHook(
  home: KubeClient,
  namespace: string,
  { url, clock }: { readonly url: string; readonly clock: Clock },
): Promise<Heard> {
  const cluster = createDeliveryCluster(home, namespace, clock);
  const pingOf = async () => configData(await home.get(refIn(namespace)))[keyOf(url)];
  const looked = new Set((await cluster.keys()).keys());
  const before = await pingOf();
  return async () => {
    if ((await pingOf()) !== before) return 'ping';
    for (const key of (await cluster.keys()).keys()) {
      if (looked.has(key)) continue;
      looked.add(key);
      const push = (await cluster.read(key))?.record.push;
      if (push?.kind === 'git' && addressesOf(push).some((address) => sameRepository(address, url))) return push.ref;
    }
    return undefined;
  };
}

/** When a Git server tried out the webhook of a repository last (RFC 3339); undefined where that was never seen. */
export async function lastPing(home: KubeClient, namespace: string, url: string): Promise<string | undefined> {
  return configData(await home.get(refIn(namespace)))[keyOf(url)];
}

function refIn(namespace: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: HOOKS };
}

function keyOf(url: string): string {
  return sha256Hex(normaliseRepositoryUrl(url) ?? url).slice(0, 40);
}
