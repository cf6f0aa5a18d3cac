// All objects, in memory, with one counter of revisions and the recent changes that watches begin from.
//
// Objects in the store are never changed: a write puts another object in their place.

import type { KubeObject } from '../../kube/object.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  readonly type: ChangeType;
  /** Where objects of the kind are kept: `apps/deployments`. */
  readonly storage: string;
  /** After the change; before it for a deletion, but with the revision of the deletion. */
  readonly object: KubeObject;
  readonly before: KubeObject | undefined;
  readonly revision: number;
}

export type Listener = (change: Change) => void;

/** How many changes a watch may begin behind; older revisions are gone (410). */
const HISTORY = 4096;

export class Store {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<Listener>();
  #history: Change[] = [];
  #revision: number;
  #oldest: number;

  /** A real server has written some hundreds of objects before anyone asks. */
  constructor(firstRevision = 1) {
    this.#revision = firstRevision;
    this.#oldest = firstRevision;
  }

  get revision(): number {
    return this.#revision;
  }

  get(storage: string, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(storage)?.get(keyOf(namespace, name));
  }

  /** In the order of their keys, as etcd lists them; of one namespace, or of all with ''. */
  list(storage: string, namespace = ''): KubeObject[] {
    const objects = this.#objects.get(storage);
    if (!objects) return [];
    const keys = [...objects.keys()].filter((key) => namespace === '' || key.startsWith(`${namespace}/`)).sort();
    return keys.flatMap((key) => objects.get(key) ?? []);
  }

  /** The same as it was at an earlier revision; empty before the oldest that is remembered. */
  listAt(revision: number, storage: string, namespace = ''): KubeObject[] {
    const objects = new Map(this.list(storage, namespace).map((object) => [keyOfObject(object), object]));
    for (const { before, object } of this.changesSince(revision, storage)?.reverse() ?? []) {
      if (namespace !== '' && object.metadata.namespace !== namespace) continue;
      if (before) objects.set(keyOfObject(object), before);
      else objects.delete(keyOfObject(object));
    }
    return [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** Where anything is kept at all. */
  storages(): string[] {
    return [...this.#objects.keys()];
  }

  /** Writes an object and gives it the next revision. */
  put(storage: string, object: KubeObject): KubeObject {
    const key = keyOf(object.metadata.namespace ?? '', object.metadata.name ?? '');
    let objects = this.#objects.get(storage);
    if (!objects) {
      objects = new Map();
      this.#objects.set(storage, objects);
    }
    const before = objects.get(key);
    const stored = withRevision(object, ++this.#revision);
    objects.set(key, stored);
    this.#tell({ type: before ? 'MODIFIED' : 'ADDED', storage, object: stored, before, revision: this.#revision });
    return stored;
  }

  /** Removes an object; the result is its last state with the revision of the removal. */
  remove(storage: string, namespace: string, name: string): KubeObject | undefined {
    const objects = this.#objects.get(storage);
    const before = objects?.get(keyOf(namespace, name));
    if (!objects || !before) return undefined;
    objects.delete(keyOf(namespace, name));
    const object = withRevision(before, ++this.#revision);
    this.#tell({ type: 'DELETED', storage, object, before, revision: this.#revision });
    return object;
  }

  /** Forgets all objects of a kind that is no more. */
  drop(storage: string): void {
    this.#objects.delete(storage);
  }

  /** Changes after a revision; undefined when they are not remembered that far back. */
  changesSince(revision: number, storage: string): Change[] | undefined {
    if (revision < this.#oldest) return undefined;
    return this.#history.filter((change) => change.revision > revision && change.storage === storage);
  }

  get oldestRevision(): number {
    return this.#oldest;
  }

  /** Calls back on every change until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(change: Change): void {
    this.#history.push(change);
    if (this.#history.length > 2 * HISTORY) {
      this.#history = this.#history.slice(-HISTORY);
      this.#oldest = (this.#history[0]?.revision ?? 1) - 1;
    }
    for (const listener of this.#listeners) listener(change);
  }
}

function keyOfObject({ metadata }: KubeObject): string {
  return keyOf(metadata.namespace ?? '', metadata.name ?? '');
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function withRevision(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
