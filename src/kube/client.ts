// One client for one API server, on fetch alone: the verbs that hawser needs, on plain objects.

import type { JsonObject } from '../base/json.ts';
import type { ClusterTransport } from '../platform.ts';
import type { KubeObject } from './object.ts';
import type { ApiResource, ObjectRef, TypeRef } from './resource.ts';
import type { WatchEvent, WatchOptions } from './watch.ts';

export interface ClientSettings {
  /** Owner of what is applied, patched or created. */
  readonly fieldManager: string;
  /** Bound of one request, answer's head included. Default 30 s. */
  readonly requestTimeoutMs?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface WriteOptions extends CallOptions {
  /** Nothing is stored; the answer is what would have been. */
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: FieldValidation;
}

export interface ApplyOptions extends WriteOptions {
  /** Take fields from other managers instead of failing. Default true. */
  readonly force?: boolean;
}

export type PatchType = 'merge' | 'json' | 'strategic';

export interface PatchOptions extends WriteOptions {
  readonly type: PatchType;
  readonly subresource?: string;
}

export type PropagationPolicy = 'Foreground' | 'Background' | 'Orphan';

export interface RemoveOptions extends CallOptions {
  readonly dryRun?: boolean;
  readonly propagationPolicy?: PropagationPolicy;
  readonly gracePeriodSeconds?: number;
  /** The object must still be this one, otherwise `ClusterRefused` with status 409. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface ListOptions extends CallOptions {
  /** All namespaces when left out. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Size of a page; all pages are read unless `pages` bounds them. */
  readonly limit?: number;
  readonly pages?: number;
}

export interface KubeList {
  readonly items: readonly KubeObject[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
  /** False when `pages` ended the list before its end. */
  readonly complete: boolean;
}

export interface ServerVersion {
  /** `v1.36.3` */
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
}

/**
 * All methods throw `HawserError`: `ClusterRefused` with the server's own message and `data.status`, `data.reason`,
 * `data.causes`; `Unavailable` when the connection fails, `Timeout` when the bound is reached. A kind that the server does
 * not have is `ClusterRefused` with `data.reason` `UnknownKind`. Requests that may be repeated without harm are, a few times.
 */
export interface KubeClient {
  readonly server: string;
  readonly fieldManager: string;
  /** undefined when the server does not have this kind, even after the discovery was read anew. */
  resourceFor(apiVersion: string, kind: string, options?: CallOptions): Promise<ApiResource | undefined>;
  /** All that the server serves. `fresh` reads the discovery anew (after CRDs were applied). */
  resources(options?: CallOptions & { readonly fresh?: boolean }): Promise<readonly ApiResource[]>;
  version(options?: CallOptions): Promise<ServerVersion>;
  /** undefined when there is no such object. */
  get(ref: ObjectRef, options?: CallOptions): Promise<KubeObject | undefined>;
  list(type: TypeRef, options?: ListOptions): Promise<KubeList>;
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Guarded by the object's resourceVersion where it has one. */
  replace(object: KubeObject, options?: WriteOptions & { readonly subresource?: string }): Promise<KubeObject>;
  patch(ref: ObjectRef, patch: JsonObject | readonly JsonObject[], options: PatchOptions): Promise<KubeObject>;
  /** Server-side apply. */
  apply(object: KubeObject, options?: ApplyOptions): Promise<KubeObject>;
  /** What remains of the object (with a deletionTimestamp while finalizers hold it), or undefined when it is gone or was never there. */
  remove(ref: ObjectRef, options?: RemoveOptions): Promise<KubeObject | undefined>;
  /** See watch.ts. Ends at the bound, by the signal, or by leaving the loop. */
  watch(type: TypeRef, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined>;
  /** Any other path (logs, /readyz), with the same errors. */
  request(path: string, init?: RequestInit, options?: CallOptions): Promise<Response>;
}

export function createKubeClient(_transport: ClusterTransport, _settings: ClientSettings): KubeClient {
  throw new Error('not yet');
}
