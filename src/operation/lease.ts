// Leases (coordination.k8s.io/v1) as hawser uses them: who holds what. Every write is guarded by what was read, so that of two processes
// that want the same one gets it; times in them are for people alone, since the clocks of two machines may differ.

import { HawserError, isHawserError } from '../base/errors.ts';
import { sha256Hex } from '../base/hex.ts';
import { stringAt } from '../base/json.ts';
import { withTimeLimit } from '../base/time-limit.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject, OwnerReference } from '../kube/object.ts';
import { isAlreadyExists, isConflict, isNotFound, isUnknownKind, refusalStatus } from '../kube/refusal.ts';

/** `replica`: a process is at work. `application`: it works on this Application. */
export type LeaseKind = 'replica' | 'application';

export interface Lease {
  readonly name: string;
  readonly kind: LeaseKind;
  /** The identity of a replica; '' where nobody holds it. */
  readonly holder: string;
  /** One term of the holder (replica-lease.ts): who comes back after others took it for dead has the same identity, and a new life. */
  readonly life: string;
  /** Of a replica's: who finishes what it left behind, because it does not live any more. */
  readonly heir: string;
  /** Of an Application's: its key. */
  readonly application: string;
  /** It is deleted with this object. */
  readonly owner: OwnerReference | undefined;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** What is written; the rest follows from the Lease that it replaces. */
export interface LeaseContent {
  readonly name: string;
  readonly kind: LeaseKind;
  readonly holder: string;
  readonly life: string;
  readonly heir?: string;
  readonly application?: string;
  readonly owner?: OwnerReference | undefined;
}

/** All but `follow` throw what the cluster answers, `Timeout` after three seconds; `undefined`: somebody else was first. */
export interface Leases {
  read(name: string): Promise<Lease | undefined>;
  create(content: LeaseContent): Promise<Lease | undefined>;
  /** Only where it is still as it was read. */
  replace(before: Pick<Lease, 'uid' | 'resourceVersion'>, content: LeaseContent): Promise<Lease | undefined>;
  /** Only where it is still as it was read. */
  remove(lease: Lease): Promise<void>;
  list(): Promise<readonly Lease[]>;
  /** Every change from now on, beginning with all that there are (`isAll`). */
  follow(signal: AbortSignal): AsyncGenerator<LeaseChange, void, undefined>;
}

export type LeaseChange =
  | { readonly isAll: true; readonly leases: readonly Lease[] }
  | { readonly isAll: false; readonly lease: Lease; readonly isGone: boolean };

const TYPE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' } as const;
const KIND_LABEL = 'hawser.dev/lease';
const LIFE = 'hawser.dev/life';
const HEIR = 'hawser.dev/taken-over-by';
const APPLICATION = 'hawser.dev/application';
const REQUEST_MS = 3_000;
const WATCH_MS = 60 * 60_000;
const LONGEST_NAME = 253;

export interface LeaseParts {
  readonly home: KubeClient;
  readonly namespace: string;
  /** The time that the Leases tell people. */
  readonly now: () => number;
  readonly durationMs: number;
}

export function createLeases({ home, namespace, now, durationMs }: LeaseParts): Leases {
  const inTime = <T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withTimeLimit(REQUEST_MS, undefined, async (signal, expired) => {
      try {
        return await work(signal);
      } catch (error) {
        if (!expired()) throw error;
        throw new HawserError('Timeout', `${what}: no answer within ${REQUEST_MS / 1000} s`);
      }
    });

  function objectOf(content: LeaseContent, before?: Pick<Lease, 'uid' | 'resourceVersion'>): KubeObject {
    const { name, kind, holder, life, heir, application, owner } = content;
    const time = `${new Date(now()).toISOString().slice(0, -1)}000Z`;
    return {
      ...TYPE,
      metadata: {
        name,
        namespace,
        labels: { 'app.kubernetes.io/part-of': 'hawser', [KIND_LABEL]: kind },
        annotations: {
          ...(life && { [LIFE]: life }),
          ...(heir && { [HEIR]: heir }),
          ...(application && { [APPLICATION]: application }),
        },
        ...(before && { uid: before.uid, resourceVersion: before.resourceVersion }),
        ...(owner && { ownerReferences: [owner] }),
      },
      spec: {
        ...(holder && { holderIdentity: holder, renewTime: time }),
        leaseDurationSeconds: Math.max(1, Math.round(durationMs / 1000)),
      },
    };
  }

  return {
    read: async (name) => {
      const found = await inTime(`reading the Lease ${name}`, (signal) =>
        home.get({ ...TYPE, namespace, name }, { signal }),
      );
      return found && parseLease(found);
    },
    create: (content) =>
      inTime(`making the Lease ${content.name}`, async (signal) => {
        try {
          const made = parseLease(await home.create(objectOf(content), { signal }));
          // After a lost answer the client gives what it finds, which may be another's.
          return made.holder === content.holder && made.life === content.life ? made : undefined;
        } catch (error) {
          if (isAlreadyExists(error)) return undefined;
          throw error;
        }
      }),
    replace: (before, content) =>
      inTime(`renewing the Lease ${content.name}`, async (signal) => {
        try {
          return parseLease(await home.replace(objectOf(content, before), { signal }));
        } catch (error) {
          if (isConflict(error) || (isNotFound(error) && !isUnknownKind(error))) return undefined;
          throw error;
        }
      }),
    remove: async ({ name, uid, resourceVersion }) => {
      await inTime(`removing the Lease ${name}`, async (signal) => {
        try {
          await home.remove({ ...TYPE, namespace, name }, { preconditions: { uid, resourceVersion }, signal });
        } catch (error) {
          if (!isConflict(error)) throw error;
        }
      });
    },
    list: async () => {
      const { items } = await inTime('listing the Leases', (signal) =>
        home.list(TYPE, { namespace, labelSelector: KIND_LABEL, signal }),
      );
      return items.map(parseLease);
    },
    follow: async function* (signal) {
      const options = { namespace, labelSelector: KIND_LABEL, timeoutMs: WATCH_MS, signal };
      while (!signal.aborted) {
        for await (const event of home.watch(TYPE, options)) {
          if (event.type === 'RELISTED') yield { isAll: true, leases: event.objects.map(parseLease) };
          else yield { isAll: false, lease: parseLease(event.object), isGone: event.type === 'DELETED' };
        }
      }
    },
  };
}

function parseLease(object: KubeObject): Lease {
  const { name = '', uid = '', resourceVersion = '', labels = {}, annotations = {}, ownerReferences } = object.metadata;
  return {
    name,
    uid,
    resourceVersion,
    kind: labels[KIND_LABEL] === 'replica' ? 'replica' : 'application',
    holder: stringAt(object, 'spec', 'holderIdentity') ?? '',
    life: annotations[LIFE] ?? '',
    heir: annotations[HEIR] ?? '',
    application: annotations[APPLICATION] ?? '',
    owner: ownerReferences?.[0],
  };
}

/** The cluster knows no Leases, or hawser may not use them: then nobody else uses them for this namespace, either. */
export function isLeaseRefused(error: unknown): boolean {
  return isHawserError(error, 'ClusterRefused') && (refusalStatus(error) === 403 || isUnknownKind(error));
}

/** Whether it was written is not known. */
export function isLost(error: unknown): boolean {
  return isHawserError(error, 'Unavailable') || isHawserError(error, 'Timeout');
}

export function nameOfReplica(identity: string): string {
  return `hawser-replica-${identity}`;
}

/** `key` is namespace/name; a name that would be too long, or is in another namespace, is hashed. */
export async function nameOfApplication(key: string, namespace: string): Promise<string> {
  const name = key.slice(key.indexOf('/') + 1);
  const plain = `hawser-application-${name}`;
  if (key === `${namespace}/${name}` && plain.length <= LONGEST_NAME) return plain;
  return `hawser-application.${sha256Hex(key).slice(0, 40)}`;
}
