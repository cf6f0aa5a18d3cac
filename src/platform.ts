// The ports: all that the runtime (Node, workerd) provides. Small types; a Node and a Worker adapter implement each.

import type { MetricFamily, Metrics } from './base/metrics.ts';
import type { WorkScope } from './base/work-scope.ts';

/** Time, so that everything below is deterministic in tests. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log lines. Fields never hold a secret. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** What only helps to find a fault; not every log keeps it. */
  debug?(message: string, fields?: LogFields): void;
}

/**
 * A content-addressed or otherwise derivable store: may forget anything at any time, but gives what was put last, or nothing. Keys are
 * `[a-z0-9/._-]`. Nobody changes the bytes that were put or got.
 */
export interface Cache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, value: Uint8Array): Promise<void>;
}

/** A durable list of small records (pushes received): what was put stays until it is removed, across a crash. */
export interface Journal {
  /** Resolves only after the record is durable. The same id overwrites, and counts as the newest. Ids have 256 characters at most. */
  put(id: string, record: string): Promise<void>;
  /** What is not there is removed already. */
  remove(id: string): Promise<void>;
  /** All records, oldest first. */
  list(): Promise<readonly { readonly id: string; readonly record: string }[]>;
}

/**
 * One-shot wake-ups at known instants, or as soon after them as the process can. At most one per name: setting it again moves it. The end
 * of a process may lose them: whoever needs one sets it anew at the next start, from the state.
 */
export interface Alarms {
  set(name: string, atMs: number): Promise<void>;
  cancel(name: string): Promise<void>;
}

/** Mutual exclusion inside this process or isolate, in order of arrival, per name. */
export interface Locks {
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  isFree(name: string): boolean;
}

/** What a request says beside what `fetch` knows. */
export interface ClusterRequestInit extends RequestInit {
  /** Is told that the request waits for its turn, and when that has come: what passes between is not the server's time. */
  readonly turn?: { waits(): void; comes(): void };
}

/** Requests to one API server. `path` begins with `/`; the adapter adds the server's address, TLS and credentials. */
export interface ClusterTransport {
  /** The API server's address as people know it (`https://127.0.0.1:6443`), for messages. */
  readonly server: string;
  /** An answer comes piece by piece, whatever its status; rejects where there is none, and where the signal aborts, with its reason. */
  fetch(path: string, init?: ClusterRequestInit): Promise<Response>;
  /** Nothing more will be asked; what is in flight ends by itself. */
  close?(): void;
}

/** A program that prints credentials (client.authentication.k8s.io ExecCredential). */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a cluster other than the home cluster is reached. */
export interface ClusterConnection {
  /** Without a slash at its end. */
  readonly server: string;
  readonly bearerToken?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  readonly exec?: ExecPlugin;
  /** PEM; the only one that is trusted. */
  readonly ca?: string;
  /** Accept any server certificate. */
  readonly insecure?: boolean;
  /** The name in the server's certificate, where it is not the address'. */
  readonly serverName?: string;
  /** PEM pair. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  readonly proxy?: string;
  readonly uncompressed?: boolean;
}

/** A cluster that the runtime knows by itself: a context of the kubeconfig. */
export interface NamedCluster {
  readonly name: string;
  readonly transport: ClusterTransport;
}

/** How a request to a Git server or registry is made; all that the platform's fetch cannot say. */
export interface ConnectionOptions {
  /** PEM; trusted beside the platform's own. */
  readonly ca?: string;
  /** Accept any server certificate. */
  readonly insecure?: boolean;
  /** PEM pair. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  /** URL of an HTTP proxy; `noProxy` in the usual comma-separated form. */
  readonly proxy?: string;
  readonly noProxy?: string;
}

/** `fetch` with connection options: rejects as a transport does. Redirects are the caller's (`redirect: 'manual'`). Throws `Unsupported` where the runtime cannot. */
export type ConnectedFetch = (url: string, init: RequestInit, options: ConnectionOptions) => Promise<Response>;

/** Where a request goes that a runtime cannot make itself, and has made by one that can. */
export type OutboundTarget =
  | { readonly cluster: ClusterConnection; readonly path: string }
  /** One of `Platform.namedClusters`. */
  | { readonly named: string; readonly path: string }
  | { readonly url: string; readonly options: ConnectionOptions };

export type OutboundRequest = OutboundTarget & {
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly redirect: NonNullable<RequestInit['redirect']>;
};

/** What hawser is told about itself, read once by the composition root. */
export interface Settings {
  /** The namespace of Applications and of Argo CD's ConfigMaps and Secrets. */
  readonly namespace: string;
  /** True when the server listens on loopback only: whoever comes anonymously under another host name is sent by a page elsewhere. */
  readonly loopback: boolean;
  /** hawser's own token (HAWSER_TOKEN), which gives all rights; without it, `hawser.token` of argocd-secret counts. */
  readonly token?: string;
  /** Accept webhooks for which no secret is configured. Said aloud by the operator. */
  readonly insecureWebhooks: boolean;
  /** An Argo CD works in the same namespace: hawser only compares (operation/alongside.ts). */
  readonly alongside?: boolean;
  /** Where people reach this server, for links in answers. */
  readonly externalURL?: string;
  /** URLs of other replicas, beside those behind the Service. */
  readonly peers?: readonly string[];
  /** Reasons of the Events that are written about Applications (Argo CD's, `all`, `none`); all where nothing is said. */
  readonly events?: readonly string[];
  /** Conditions and labels of Applications that are metrics, too (Argo CD: --metrics-application-conditions, -labels). */
  readonly metrics?: { readonly conditions?: readonly string[]; readonly labels?: readonly string[] };
}

export interface Platform {
  readonly settings: Settings;
  /** Names this process among others; kept with its data, so that it is the same after a restart. Without it, a random one. */
  readonly identity?: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Where numbers for operators are counted; nowhere without it. */
  readonly metrics?: Metrics;
  /** What work goes on, for log lines and traces. */
  readonly scope?: WorkScope;
  /** What the runtime tells of this process. */
  readonly processMetrics?: () => readonly MetricFamily[];
  readonly cache: Cache;
  readonly journal: Journal;
  readonly alarms: Alarms;
  readonly locks: Locks;
  readonly fetch: ConnectedFetch;
  /** A file of the web UI (build-ui.js) by its name; undefined for what there is not. Without it there is no UI. */
  readonly assets?: (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The home cluster: where Applications live. */
  readonly home: ClusterTransport;
  /** What Applications call `https://kubernetes.default.svc`, where that is not the cluster that they lie in (`serve --apps`). */
  readonly inCluster?: ClusterTransport;
  /** Other clusters. Throws `Unsupported` for what this runtime cannot do. Without it there is the home cluster only. */
  readonly connectCluster?: (connection: ClusterConnection) => ClusterTransport;
  /** Clusters that may be destinations by name without a Secret. */
  readonly namedClusters?: readonly NamedCluster[];
  /** Random bytes of a cryptographic source. */
  random(length: number): Uint8Array;
  /** Lets `work` go on after the answer was sent (waitUntil in workerd). Rejections are logged. */
  background(work: Promise<unknown>): void;
}
