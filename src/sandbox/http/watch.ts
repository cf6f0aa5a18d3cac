// Watches: a stream of events, one JSON object a line, from a revision on.
//
// Source: k8s.io/apiserver, pkg/endpoints/handlers/watch.go and pkg/storage/cacher.

import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import type { Resource } from '../resource/resource.ts';
import type { Change } from '../storage/store.ts';
import { presentAs } from '../storage/versions.ts';
import { selectorOf } from './list.ts';
import { formatStatus, refuse } from './status.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

/** Brings an object into the form that the client asked for. */
export type Format = (object: KubeObject) => unknown;

const DEFAULT_TIMEOUT_SECONDS = 1800;

/** Streams changes of a collection until the client goes, the timeout passes or the sandbox closes. */
export function watchObjects(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  request: Request,
  format: Format,
  closing: AbortSignal,
): Response {
  const query = new URL(request.url).searchParams;
  const select = selectorOf(resource, query);
  const bookmarks = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
  const matches = (object: KubeObject) =>
    (namespace === '' || object.metadata.namespace === namespace) && select(presentAs(resource, object));
  const toEvent = (change: Change) => eventOf(change, matches, (object) => format(presentAs(resource, object)));
  const { store } = cluster;
  const encoder = new TextEncoder();
  let end = () => {};

  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (event: WatchEvent) => controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      const bookmark = (annotations?: Record<string, string>) =>
        send({ type: 'BOOKMARK', object: bookmarkOf(resource, store.revision, annotations) });
      const first = firstEvents(cluster, resource, namespace, query, matches);
      if (first instanceof Error) {
        send({ type: 'ERROR', object: formatStatus(first) });
        controller.close();
        return;
      }
      for (const object of first.objects) send({ type: 'ADDED', object: format(presentAs(resource, object)) });
      for (const change of first.changes) {
        const event = toEvent(change);
        if (event) send(event);
      }
      if (first.initial) bookmark({ 'k8s.io/initial-events-end': 'true' });
      const unsubscribe = store.subscribe((change) => {
        if (change.storage !== resource.storage) return;
        const event = toEvent(change);
        if (event) send(event);
      });
      const seconds = Number(query.get('timeoutSeconds') ?? 0) || DEFAULT_TIMEOUT_SECONDS;
      const timer = setTimeout(() => {
        if (bookmarks) bookmark();
        end();
      }, seconds * 1000);
      end = () => {
        end = () => {};
        clearTimeout(timer);
        unsubscribe();
        controller.close();
      };
      for (const signal of [closing, request.signal]) {
        if (signal.aborted) end();
        else signal.addEventListener('abort', () => end(), { once: true });
      }
    },
    cancel() {
      end();
    },
  });
  return new Response(stream, {
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' },
  });
}

interface First {
  readonly objects: readonly KubeObject[];
  readonly changes: readonly Change[];
  readonly initial: boolean;
}

/** What is sent before new changes: the state of now, or the changes since a revision. */
function firstEvents(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  query: URLSearchParams,
  matches: (object: KubeObject) => boolean,
): First | ReturnType<typeof refuse> {
  const { store } = cluster;
  const version = query.get('resourceVersion') ?? '';
  const initial = query.get('sendInitialEvents') === 'true';
  if (initial || version === '' || version === '0') {
    const skip = query.get('sendInitialEvents') === 'false';
    const objects = skip ? [] : store.list(resource.storage, resource.namespaced ? namespace : '').filter(matches);
    return { objects, changes: [], initial };
  }
  const changes = store.changesSince(Number(version), resource.storage);
  if (!changes) return refuse(410, 'Expired', `too old resource version: ${version} (${store.oldestRevision})`);
  return { objects: [], changes, initial: false };
}

/** An object that enters or leaves the selection is added or deleted for this client. */
function eventOf(change: Change, matches: (object: KubeObject) => boolean, format: Format): WatchEvent | undefined {
  const before = change.before !== undefined && matches(change.before);
  const after = change.type !== 'DELETED' && matches(change.object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object: format(change.object) };
  if (!before || !change.before) return undefined;
  const { resourceVersion } = change.object.metadata;
  const metadata = { ...change.before.metadata, ...(resourceVersion ? { resourceVersion } : {}) };
  return { type: 'DELETED', object: format({ ...change.before, metadata }) };
}

function bookmarkOf(resource: Resource, revision: number, annotations: Record<string, string> | undefined): unknown {
  return {
    ...resource.schema.empty,
    metadata: { resourceVersion: String(revision), ...(annotations ? { annotations } : {}) },
  };
}
