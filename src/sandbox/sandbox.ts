// A Kubernetes API server in the process, with its controllers: for demos and tests.

import type { KubeObject } from '../kube/object.ts';
import type { Clock } from '../platform.ts';
import type { CallWebhook } from './admission/call.ts';
import type { Tokens } from './auth/authorize.ts';
import { bootstrap } from './bootstrap.ts';
import type { Cluster } from './cluster.ts';
import { startControllers } from './controllers/start.ts';
import { serve } from './http/serve.ts';
import { Registry } from './resource/registry.ts';
import { type Listener, Store } from './storage/store.ts';

export interface SandboxOptions {
  readonly clock: Clock;
  /** Random bytes, for uids and generated names. */
  random(length: number): Uint8Array;
  /** How long a Pod takes to become ready; 100 by default. */
  readonly readyDelayMs?: number;
  /** Users by bearer token; without them nobody needs one. */
  readonly tokens?: Tokens;
  /** How admission webhooks are called; without it every call fails. */
  readonly callWebhook?: CallWebhook;
  /** What it begins with beside what every cluster has: as `onChange` told of it in an earlier life, owners before what they own. */
  readonly contents?: readonly { readonly storage: string; readonly object: KubeObject }[];
  /** Told of each change from then on, before the request that caused it is answered. */
  readonly onChange?: Listener;
}

export interface Sandbox {
  /** Answers one request to the API server. Never rejects. */
  fetch(request: Request): Promise<Response>;
  /** Resolves when the controllers have nothing left to do and no Pod is about to become ready. */
  settle(): Promise<void>;
  /** Ends watches and pending work. */
  close(): void;
}

/** Starts a cluster with its usual namespaces and one node, `sandbox`. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const cluster: Cluster = {
    store: new Store(),
    registry: new Registry(),
    clock: options.clock,
    random: options.random,
  };
  const closing = new AbortController();
  const controllers = startControllers(cluster, options.readyDelayMs ?? 100);
  bootstrap(cluster);
  for (const { storage, object } of options.contents ?? []) cluster.store.put(storage, object);
  if (options.onChange) cluster.store.subscribe(options.onChange);
  const { tokens, callWebhook } = options;
  return {
    fetch: (request) => serve({ cluster, tokens, callWebhook, closing: closing.signal }, request),
    settle: () => controllers.settle(),
    close() {
      closing.abort();
      controllers.stop();
    },
  };
}
