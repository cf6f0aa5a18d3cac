// One client for one API server, on fetch alone: the verbs that hawser needs, on plain objects.

import { HawserError, isHawserError } from '../base/errors.ts';
import { at, type JsonObject, stringAt } from '../base/json.ts';
import type { ClusterTransport } from '../platform.ts';
import { type ApplyMemory, createApplyMemory } from './apply-memory.ts';
import { type Catalog, createCatalog } from './catalog.ts';
import type { KubeObject } from './object.ts';
import { isKubeObject, parseItems, parseObject } from './parse.ts';
import { isNotFound, unknownKind, withoutSecrets } from './refusal.ts';
import { openStream, type RequestPolicy, sendRequest } from './request.ts';
import { type ApiResource, type ObjectRef, pathOf, refOf, type TypeRef } from './resource.ts';
import { type WatchEvent, type WatchOptions, watchObjects } from './watch.ts';

export interface ClientSettings {
  /** Owner of what is applied, patched or created. */
  readonly fieldManager: string;
  /** Bound of one request, answer's head included. Default 30 s. */
  readonly requestTimeoutMs?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface GetOptions extends CallOptions {
  /** `0`: as the server's cache has it. Left out: as it is now. */
  readonly resourceVersion?: string;
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
  /** A dry run of this very object has just passed the field validation that is named: it is not repeated. */
  readonly isTried?: boolean;
}

export type PatchType = 'merge' | 'json' | 'strategic';

export interface PatchOptions extends WriteOptions {
  readonly type: PatchType;
  readonly subresource?: string;
  /** Twice has the effect of once. Default: of all but JSON patches and those that carry the resourceVersion they are for. */
  readonly isRepeatable?: boolean;
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
  /** `0`: as the server's cache has it, without waiting until it has caught up. Left out: as it is now. */
  readonly resourceVersion?: string;
  /** As it was at exactly that version; `ClusterRefused` with status 410 when the server has forgotten it. */
  readonly isExactly?: boolean;
  readonly pages?: number;
  /** Objects without anything but their metadata. */
  readonly metadataOnly?: boolean;
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
  /** What earlier applies say about the next one of the same object. */
  readonly memory: ApplyMemory;
  /** undefined when the server does not have this kind, even after the discovery was read anew. */
  resourceFor(apiVersion: string, kind: string, options?: CallOptions): Promise<ApiResource | undefined>;
  /** All that the server serves. `fresh` reads the discovery anew (after CRDs were applied). */
  resources(options?: CallOptions & { readonly fresh?: boolean }): Promise<readonly ApiResource[]>;
  version(options?: CallOptions): Promise<ServerVersion>;
  /** undefined when there is no such object. */
  get(ref: ObjectRef, options?: GetOptions): Promise<KubeObject | undefined>;
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
  /** The same client, which calls `check` right before each time that something is written; what it throws ends the request. */
  guardedBy(check: () => void): KubeClient;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const PAGE = 500;
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const PATCH_TYPES = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const satisfies Record<PatchType, string>;

/** A client without state but the discovery, which it reads once and again when a kind is unknown. */
export function createKubeClient(transport: ClusterTransport, settings: ClientSettings): KubeClient {
  const send = createSender(transport, settings);
  const catalog = createCatalog((path, accept) =>
    send(path, { headers: { accept } }, { repeatable: true }).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    }),
  );
  return createClientOver(transport, settings, { catalog, memory: createApplyMemory() });
}

type Send = (path: string, init: RequestInit, policy: Omit<RequestPolicy, 'timeoutMs'>) => Promise<unknown>;

function createSender(transport: ClusterTransport, { requestTimeoutMs = DEFAULT_TIMEOUT_MS }: ClientSettings): Send {
  return (path, init, policy) =>
    sendRequest(transport, path, init, { timeoutMs: requestTimeoutMs, ...policy }, (response) => response.json()).catch(
      (error: unknown) => {
        throw /\/secrets(\/|\?|$)/.test(path) ? withoutSecrets(error) : error;
      },
    );
}

/** What a client and its guarded ones have in common. */
interface Shared {
  readonly catalog: Catalog;
  readonly memory: ApplyMemory;
}

function createClientOver(transport: ClusterTransport, settings: ClientSettings, shared: Shared): KubeClient {
  const timeoutMs = settings.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const { catalog, memory } = shared;
  const send = createSender(transport, settings);

  const requireResource = async ({ apiVersion, kind }: TypeRef, options: CallOptions): Promise<ApiResource> => {
    const resource = await catalog.find(apiVersion, kind, options.signal);
    if (!resource) throw unknownKind(apiVersion, kind);
    return resource;
  };

  const pathTo = async (ref: ObjectRef, options: CallOptions): Promise<string> => {
    const resource = await requireResource(ref, options);
    for (const segment of resource.namespaced ? [ref.name, ref.namespace] : [ref.name]) requireSegment(ref, segment);
    return pathOf(resource, ref.namespace, ref.name);
  };

  const writeQuery = (options: WriteOptions, more: Record<string, string> = {}) =>
    formatQuery({
      fieldManager: options.fieldManager ?? settings.fieldManager,
      ...(options.dryRun ? { dryRun: 'All' } : {}),
      ...(options.fieldValidation ? { fieldValidation: options.fieldValidation } : {}),
      ...more,
    });

  const get: KubeClient['get'] = async (ref, options = {}) => {
    const { resourceVersion, signal } = options;
    const path = `${await pathTo(ref, options)}${formatQuery(resourceVersion ? { resourceVersion } : {})}`;
    try {
      return parseObject(await send(path, {}, { repeatable: true, signal }), path);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  const list: KubeClient['list'] = async (type, options = {}) => {
    const path = pathOf(await requireResource(type, options), options.namespace);
    const items: KubeObject[] = [];
    let continueAt = '';
    for (let page = 1; ; page++) {
      const query = formatQuery({
        limit: String(options.limit ?? PAGE),
        ...(options.labelSelector ? { labelSelector: options.labelSelector } : {}),
        ...(options.fieldSelector ? { fieldSelector: options.fieldSelector } : {}),
        ...(continueAt ? { continue: continueAt } : {}),
        ...(options.resourceVersion && !continueAt ? { resourceVersion: options.resourceVersion } : {}),
        ...(options.isExactly && !continueAt ? { resourceVersionMatch: 'Exact' } : {}),
      });
      // Compressing them takes an API server longer than sending them.
      const init = options.metadataOnly ? { headers: { accept: METADATA_ONLY, 'accept-encoding': 'identity' } } : {};
      const answer = await send(`${path}${query}`, init, { repeatable: true, signal: options.signal });
      for (const item of parseItems(answer, path))
        items.push({ ...item, apiVersion: type.apiVersion, kind: type.kind });
      continueAt = stringAt(answer, 'metadata', 'continue') ?? '';
      const resourceVersion = stringAt(answer, 'metadata', 'resourceVersion') ?? '';
      if (continueAt === '') return { items, resourceVersion, complete: true };
      if (page === options.pages) return { items, resourceVersion, complete: false };
    }
  };

  const create: KubeClient['create'] = async (object, options = {}) => {
    const resource = await requireResource(object, options);
    const path = pathOf(resource, object.metadata.namespace);
    const init = { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(object) };
    for (let attempt = 1; ; attempt++) {
      try {
        const policy = { repeatable: options.dryRun === true, signal: options.signal };
        return parseObject(await send(`${path}${writeQuery(options)}`, init, policy), path);
      } catch (error) {
        // The connection was lost: whether the object came into being has to be looked up before anything is sent again.
        if (!isHawserError(error, 'Unavailable') || attempt > 1 || !object.metadata.name) throw error;
        const found = await get(refOf(object), options);
        if (found) return found;
      }
    }
  };

  return {
    server: transport.server,
    fieldManager: settings.fieldManager,
    memory,
    get,
    list,
    create,
    resourceFor: (apiVersion, kind, options = {}) => catalog.find(apiVersion, kind, options.signal),
    resources: (options = {}) => {
      if (options.fresh) memory.clear();
      return catalog.all(options.fresh === true);
    },

    async version(options = {}) {
      const answer = await send('/version', {}, { repeatable: true, signal: options.signal });
      return {
        gitVersion: stringAt(answer, 'gitVersion') ?? '',
        major: stringAt(answer, 'major') ?? '',
        minor: stringAt(answer, 'minor') ?? '',
      };
    },

    async replace(object, options = {}) {
      const path = `${await pathTo(refOf(object), options)}${options.subresource ? `/${options.subresource}` : ''}`;
      const init = { method: 'PUT', headers: JSON_HEADERS, body: JSON.stringify(object) };
      // With a resourceVersion the second of two equal requests would fail although the first one counted.
      const policy = { repeatable: object.metadata.resourceVersion === undefined, signal: options.signal };
      return parseObject(await send(`${path}${writeQuery(options)}`, init, policy), path);
    },

    async patch(ref, patch, options) {
      const path = `${await pathTo(ref, options)}${options.subresource ? `/${options.subresource}` : ''}`;
      const headers = { accept: 'application/json', 'content-type': PATCH_TYPES[options.type] };
      const isGuarded = namesVersion(patch);
      const policy = {
        repeatable: options.isRepeatable ?? (options.type !== 'json' && !isGuarded),
        repeatConflicts: !isGuarded,
        signal: options.signal,
      };
      const init = { method: 'PATCH', headers, body: JSON.stringify(patch) };
      return parseObject(await send(`${path}${writeQuery(options)}`, init, policy), path);
    },

    async apply(object, options = {}) {
      const path = await pathTo(refOf(object), options);
      const init = {
        method: 'PATCH',
        // JSON is YAML; a name for JSON alone came with Kubernetes 1.33 only.
        headers: { accept: 'application/json', 'content-type': 'application/apply-patch+yaml' },
        body: JSON.stringify(object),
      };
      // To read a manifest strictly is a good part of what an apply costs the API server.
      const sent = options.isTried ? { ...options, fieldValidation: 'Ignore' as const } : options;
      const query = writeQuery(sent, { force: String(options.force ?? true) });
      const policy = { repeatable: true, repeatConflicts: true, signal: options.signal };
      const answer = parseObject(await send(`${path}${query}`, init, policy), path);
      // The same again would change nothing: server-side apply is idempotent.
      if (!options.dryRun && !options.fieldManager) memory.remember(object, answer, options.fieldValidation);
      return answer;
    },

    async remove(ref, options = {}) {
      const path = await pathTo(ref, options);
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(options.propagationPolicy ? { propagationPolicy: options.propagationPolicy } : {}),
        ...(options.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
        ...(options.preconditions ? { preconditions: options.preconditions } : {}),
        ...(options.dryRun ? { dryRun: ['All'] } : {}),
      };
      const init = { method: 'DELETE', headers: JSON_HEADERS, body: JSON.stringify(body) };
      try {
        const answer = await send(path, init, { repeatable: true, signal: options.signal });
        return isKubeObject(answer) && answer.kind === ref.kind ? answer : undefined;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    async *watch(type, options) {
      const { signal } = options;
      const resource = await requireResource(type, { signal }).catch((error: unknown) => {
        if (signal?.aborted) return undefined;
        throw error;
      });
      if (!resource || signal?.aborted) return;
      const path = pathOf(resource, options.namespace);
      const selectors = [options.name ? `metadata.name=${options.name}` : '', options.fieldSelector ?? ''];
      const fieldSelector = selectors.filter((selector) => selector !== '').join(',');
      const filter = {
        ...(fieldSelector ? { fieldSelector } : {}),
        ...(options.labelSelector ? { labelSelector: options.labelSelector } : {}),
      };
      yield* watchObjects(
        {
          list: (signal) =>
            list(type, { ...filter, ...(options.namespace ? { namespace: options.namespace } : {}), signal }),
          open: (resourceVersion, timeoutSeconds, signal) => {
            const query = formatQuery({
              watch: 'true',
              resourceVersion,
              timeoutSeconds: String(timeoutSeconds),
              allowWatchBookmarks: 'true',
              ...filter,
            });
            return openStream(transport, `${path}${query}`, {}, signal, timeoutMs);
          },
        },
        options,
      );
    },

    request: (path, init = {}, options = {}) => openStream(transport, path, init, options.signal, timeoutMs),
    guardedBy: (check) => createClientOver(guardTransport(transport, check), settings, shared),
  };
}

/** Each attempt is checked: between two of them the process may have been stopped for long. */
function guardTransport({ server, fetch }: ClusterTransport, check: () => void): ClusterTransport {
  return {
    server,
    fetch: async (path, init = {}) => {
      if (isWrite(path, init)) check();
      return fetch(path, init);
    },
  };
}

/** A dry run writes nothing. */
function isWrite(path: string, { method = 'GET', body }: RequestInit): boolean {
  if (method === 'GET') return false;
  if (method === 'DELETE') return !(typeof body === 'string' && body.includes('"dryRun":["All"]'));
  return !/[?&]dryRun=All(&|$)/.test(path);
}

function namesVersion(patch: JsonObject | readonly JsonObject[]): boolean {
  if (!Array.isArray(patch)) return at(patch, 'metadata', 'resourceVersion') !== undefined;
  return patch.some((step) => at(step, 'path') === '/metadata/resourceVersion');
}

/** Nothing that would make another path of the request (Kubernetes: path.IsValidPathSegmentName). */
function requireSegment(ref: ObjectRef, segment: string | undefined): void {
  if (segment && segment !== '.' && segment !== '..' && !/[/%]/.test(segment)) return;
  const what = segment
    ? `"${segment}" is no name of an object`
    : 'it needs a name, and a namespace where its kind has one';
  throw new HawserError('InvalidInput', `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}: ${what}`);
}

const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

function formatQuery(parameters: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(parameters).toString();
  return text === '' ? '' : `?${text}`;
}
