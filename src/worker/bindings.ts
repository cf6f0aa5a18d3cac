// What workerd gives this Worker: the bindings of wrangler.toml, and of its runtime only what is used here.

import type { JournalStorage } from './journal.ts';
import type { LimitVariables } from './limits.ts';
import type { SecretBinding } from './secrets.ts';
import type { Variables } from './settings.ts';

/** A service binding: its far side (a Node process) holds the cluster's CA and credentials. */
export interface Fetcher {
  fetch(request: Request | string, init?: RequestInit): Promise<Response>;
}

export interface DurableStorage {
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<boolean>;
  list<T>(options: { readonly prefix: string }): Promise<Map<string, T>>;
  setAlarm(atMs: number): Promise<void>;
  deleteAlarm(): Promise<void>;
  /** Resolves when everything written before is on the disk. */
  sync(): Promise<void>;
}

export interface DurableState {
  /** The object's own, the same in each of its lives. */
  readonly id: { toString(): string };
  readonly storage: DurableStorage & JournalStorage;
  waitUntil(work: Promise<unknown>): void;
}

export interface DurableNamespace {
  idFromName(name: string): unknown;
  get(id: unknown): Fetcher;
}

/** R2, as far as the cache uses it. */
export interface R2Bucket {
  get(key: string): Promise<{
    readonly customMetadata?: Readonly<Record<string, string>>;
    arrayBuffer(): Promise<ArrayBuffer>;
  } | null>;
  put(
    key: string,
    value: Uint8Array,
    options: { readonly customMetadata: Readonly<Record<string, string>> },
  ): Promise<unknown>;
}

/** Secrets are texts (.dev.vars, `wrangler secret put`) or come from the Secrets Store. */
export interface WorkerEnvironment extends Variables, LimitVariables {
  readonly HAWSER: DurableNamespace;
  /** The cluster behind a service binding (npm run dev) … */
  readonly CLUSTER?: Fetcher;
  /** … or by address and token (.dev.vars, secrets). */
  readonly KUBE_SERVER?: string;
  readonly KUBE_TOKEN?: SecretBinding;
  /** Makes the connections that workerd cannot (npm run dev): node/outbound.ts. */
  readonly OUTBOUND?: Fetcher;
  /** Clusters that OUTBOUND knows by name: the contexts of a kubeconfig. */
  readonly NAMED_CLUSTERS?: readonly { readonly name: string; readonly server: string }[];
  /** What the far sides of CLUSTER and OUTBOUND ask for where they are the process that launched this Worker. */
  readonly BINDING_KEY?: string;
  readonly HAWSER_TOKEN?: SecretBinding;
  /** The files of the web UI (dist/ui). */
  readonly ASSETS?: Fetcher;
  /** What outlives an object: Git objects, charts, read sets. Without it the Cache API does. */
  readonly CACHE?: R2Bucket;
}
