// Comparing and syncing one Application's objects against a cluster, without Git and without the Application itself.

import { afterAll } from 'vitest';
import type { Comparison, Difference } from '../../src/application/difference.ts';
import type { ResourceStatus } from '../../src/application/types.ts';
import { type CompareInput, compareTargets } from '../../src/compare/compare.ts';
import { resourceStatuses } from '../../src/compare/resource-status.ts';
import { resourceHealth } from '../../src/health/health.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { executeSync, type SyncOutcome, type SyncRun } from '../../src/sync/execute.ts';
import { planSync, type SyncSettings } from '../../src/sync/plan.ts';
import type { BehaviourCluster } from './behaviours.ts';
import { finishJob } from './jobs.ts';
import { object } from './objects.ts';

export interface SyncGround {
  readonly client: KubeClient;
  readonly namespace: string;
  /** `METHOD path` of what was sent since the last call. */
  sent(): string[];
  live(kind: string, name: string, apiVersion?: string): Promise<KubeObject | undefined>;
  /** By another hand, under another field manager. */
  edit(kind: string, name: string, patch: object, subresource?: string): Promise<KubeObject>;
  remove(kind: string, name: string): Promise<void>;
  compare(targets: readonly KubeObject[], more?: Partial<CompareInput>): Promise<Comparison>;
  /** Compares, syncs, and remembers the inventory as an Application's status would. */
  sync(targets: readonly KubeObject[], more?: SyncMore): Promise<SyncOutcome>;
  /** Waits until a Job is there, and ends it as its controller would. */
  finish(job: string, isGood?: boolean): Promise<void>;
  /** Waits until nothing of the name is there. */
  gone(kind: string, name: string): Promise<void>;
}

export interface SyncMore {
  readonly compare?: Partial<CompareInput>;
  readonly settings?: Partial<SyncSettings>;
  readonly run?: Partial<SyncRun>;
}

export interface SyncGroundOptions {
  /** Otherwise the sync has to make it. */
  readonly makesNamespace?: boolean;
  /** Stands between hawser and the cluster. */
  readonly gate?: (transport: ClusterTransport) => ClusterTransport;
}

const APIS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  PodDisruptionBudget: 'policy/v1',
};
const BOUND_MS = 20_000;

/** Opens grounds in namespaces of their own, which go when the behaviour's tests are over. */
export function openSyncGrounds(cluster: BehaviourCluster): (options?: SyncGroundOptions) => Promise<SyncGround> {
  const namespaces: string[] = [];
  afterAll(async () => {
    const client = createKubeClient(cluster.transport, { fieldManager: 'hawser' });
    for (const name of namespaces)
      await client.remove({ apiVersion: 'v1', kind: 'Namespace', name }, { propagationPolicy: 'Background' });
  });
  return async ({ makesNamespace = true, gate = (transport: ClusterTransport) => transport } = {}) => {
    const namespace = cluster.freshNamespace('hawser');
    namespaces.push(namespace);
    const made = createSyncGround(gate(cluster.transport), namespace);
    await made.client.resources();
    if (makesNamespace) await made.client.create(object('v1', 'Namespace', namespace, {}));
    return made;
  };
}

function createSyncGround(transport: ClusterTransport, namespace: string): SyncGround {
  const requests: string[] = [];
  const counting: ClusterTransport = {
    server: transport.server,
    fetch: (path, init) => {
      requests.push(`${init?.method ?? 'GET'} ${path}`);
      return transport.fetch(path, init);
    },
  };
  const client = createKubeClient(counting, { fieldManager: 'hawser' });
  let inventory: readonly ResourceStatus[] = [];
  const refTo = (kind: string, name: string, apiVersion = APIS[kind] ?? 'v1') => ({
    apiVersion,
    kind,
    name,
    namespace,
  });

  const compare: SyncGround['compare'] = (targets, more = {}) =>
    compareTargets({ client, instance: 'app', targets, inventory, destinationNamespace: namespace, ...more });

  return {
    client,
    namespace,
    compare,
    sent: () => requests.splice(0),
    live: (kind, name, apiVersion) => client.get(refTo(kind, name, apiVersion)),
    edit: (kind, name, patch, subresource) =>
      client.patch(refTo(kind, name), JSON.parse(JSON.stringify(patch)), {
        type: 'merge',
        fieldManager: 'somebody',
        ...(subresource ? { subresource } : {}),
      }),
    remove: async (kind, name) => {
      await client.remove(refTo(kind, name), { propagationPolicy: 'Background' });
    },
    async sync(targets, { compare: more = {}, settings = {}, run = {} } = {}) {
      const comparison = await compare(targets, more);
      const plan = planSync({
        differences: comparison.differences,
        ...(comparison.namespace ? { namespace: comparison.namespace } : {}),
        settings: {
          namespace,
          revision: '0a1b2c3d4e5f',
          startedAt: '2026-01-01T00:00:00Z',
          prune: true,
          dryRun: false,
          force: false,
          skipHooks: false,
          syncOptions: more.syncOptions ?? [],
          pruneConfirmed: false,
          ...settings,
        },
      });
      inventory = resourceStatuses(comparison.differences, []);
      return executeSync(plan, { client, healthOf: resourceHealth, recorded: [], waitMs: BOUND_MS, ...run });
    },
    finish: (job, isGood) => finishJob(client, namespace, job, isGood),
    gone: async (kind, name) => {
      for await (const event of client.watch(refTo(kind, name), { namespace, name, timeoutMs: BOUND_MS })) {
        if (event.type === 'RELISTED' ? event.objects.length === 0 : event.type === 'DELETED') return;
      }
      throw new Error(`${kind} ${name} is not gone within ${BOUND_MS / 1000} s`);
    },
  };
}

export function statuses({ differences }: Comparison): Record<string, string | undefined> {
  return Object.fromEntries(differences.map(({ key, status }) => [`${key.kind}/${key.name}`, status]));
}

export function messages({ results }: SyncOutcome): Record<string, string | undefined> {
  return Object.fromEntries(results.map(({ kind, name, message }) => [`${kind}/${name}`, message]));
}

/** Of `sent()`: what was really written, in order. */
export function writes(requests: readonly string[]): string[] {
  return requests.filter((line) => !line.startsWith('GET ') && !line.includes('dryRun=All'));
}

export function differenceOf(comparison: Comparison, name: string): Difference {
  const found = comparison.differences.find(({ key }) => key.name === name);
  if (!found) throw new Error(`${name} is not compared`);
  return found;
}
