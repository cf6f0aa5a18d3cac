// What workerd gives this Worker: the bindings of wrangler.toml, and of its runtime only what is used here.

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
  readonly storage: DurableStorage;
  waitUntil(work: Promise<unknown>): void;
}

export interface DurableNamespace {
  idFromName(name: string): unknown;
  get(id: unknown): Fetcher;
}

export interface WorkerEnvironment {
  readonly HAWSER: DurableNamespace;
  /** The cluster behind a service binding (npm run dev) … */
  readonly CLUSTER?: Fetcher;
  /** … or by address and token (.dev.vars, secrets). */
  readonly KUBE_SERVER?: string;
  readonly KUBE_TOKEN?: string;
  /** Makes the connections that workerd cannot (npm run dev): node/outbound.ts. */
  readonly OUTBOUND?: Fetcher;
  /** What the far sides of CLUSTER and OUTBOUND ask for where they are the process that launched this Worker. */
  readonly BINDING_KEY?: string;
  readonly HAWSER_TOKEN?: string;
  /** The files of the web UI (dist/ui). */
  readonly ASSETS?: Fetcher;
  readonly HAWSER_NAMESPACE?: string;
  readonly HAWSER_EXTERNAL_URL?: string;
  /** `true` where only this machine reaches the Worker. */
  readonly HAWSER_LOOPBACK?: string;
  readonly HAWSER_INSECURE_WEBHOOKS?: string;
  /** `true`: only compare, beside an Argo CD in the same namespace. */
  readonly HAWSER_ALONGSIDE?: string;
}
