// Runs the Worker in Miniflare; behind service bindings lies this process, with the cluster and all connections that workerd cannot make.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { HawserError, messageOf } from '../base/errors.ts';
import type { ClusterTransport, NamedCluster, Platform } from '../platform.ts';
import { type BoundRequest, bodyOf, createBindingService } from './binding-service.ts';
import { listen } from './listen.ts';
import { createOutbound } from './outbound.ts';

export interface WorkerOptions {
  readonly script: string;
  readonly cluster: ClusterTransport;
  /** Destinations that need no Secret. */
  readonly namedClusters?: readonly NamedCluster[];
  readonly port: number;
  readonly bindings: Readonly<Record<string, string>>;
  /** A folder for the Durable Object's storage, R2 and the Cache API; without it they end with this process. */
  readonly storage?: string;
  /** The files of the web UI; there is none without them. */
  readonly assets?: Platform['assets'];
  /** An R2 bucket as CACHE. */
  readonly r2?: boolean;
  /** False: no Cache API either. */
  readonly cache?: boolean;
  /** False: no connections but those that workerd makes itself, as where nobody launched it. */
  readonly outbound?: boolean;
  /** V8's inspector listens on a port of its own. */
  readonly inspected?: boolean;
  /** Each line that the Worker logs; without it they go to this process' standard output. */
  readonly onLog?: (line: string) => void;
}

export interface RunningWorker {
  readonly url: string;
  /** Where it is inspected: `ws://127.0.0.1:54321/`; `/json` there, by HTTP, lists the isolates. */
  readonly inspectorUrl?: string;
  /** Starts workerd anew with another script; what the Worker has stored stays. Throws, and goes on with the one before, where that does not start. */
  reload(script: string): Promise<void>;
  close(): Promise<void>;
}

export const COMPATIBILITY_DATE = '2026-07-30';
/** Beside Node's: the signal of a request, on to the Durable Object, without which a stream would outlive whoever listens. As in wrangler.toml. */
export const COMPATIBILITY_FLAGS = ['nodejs_compat', 'enable_request_signal', 'request_signal_passthrough'];
const HOST = '127.0.0.1';

/** Throws `Unavailable` when the port is taken. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { script, cluster, namedClusters = [], bindings, storage, assets, onLog } = options;
  await requireFreePort(options.port);
  const { Miniflare, Response: WorkerResponse } = await import('miniflare');
  const key = randomBytes(16).toString('hex');
  const outbound = options.outbound === false ? undefined : createOutbound({ namedClusters });
  const optionsFor = (code: string, port: number) => ({
    modules: [{ type: 'ESModule' as const, path: 'main-worker.js', contents: code }],
    modulesRoot: '/',
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: COMPATIBILITY_FLAGS,
    host: HOST,
    port,
    cf: false as const,
    bindings: {
      ...bindings,
      KUBE_SERVER: cluster.server,
      NAMED_CLUSTERS: namedClusters.map(({ name, transport }) => ({ name, server: transport.server })),
      BINDING_KEY: key,
    },
    durableObjects: { HAWSER: { className: 'HawserObject', useSQLite: true } },
    ...(options.r2 && { r2Buckets: ['CACHE'] }),
    ...(options.inspected && { inspectorPort: 0 }),
    ...(options.cache === false && { cache: false }),
    ...(storage && {
      durableObjectsPersist: join(storage, 'durable-objects'),
      r2Persist: join(storage, 'r2'),
      cachePersist: join(storage, 'cache'),
    }),
    ...(onLog && { handleRuntimeStdio: passLines(onLog) }),
    serviceBindings: {
      ...(assets && {
        ASSETS: async (request: { url: string }) => {
          const bytes = await assets(new URL(request.url).pathname.slice(1));
          return bytes ? new WorkerResponse(bytes) : new WorkerResponse(null, { status: 404 });
        },
      }),
      CLUSTER: { node: createBindingService(key, (request) => passToCluster(cluster, request)) },
      ...(outbound && { OUTBOUND: { node: createBindingService(key, outbound.handle) } }),
    },
  });
  const miniflare = withoutSignals(() => new Miniflare(optionsFor(script, options.port)));
  let url: URL;
  try {
    url = await miniflare.ready;
  } catch (error) {
    // It fails once more with what made the start fail.
    await miniflare.dispose().catch(() => undefined);
    throw new HawserError('Unavailable', `workerd did not start on port ${options.port}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const { origin } = url;
  let running = script;
  return {
    url: origin,
    ...(options.inspected && { inspectorUrl: (await miniflare.getInspectorURL()).href }),
    // Git servers go on knowing it by its address.
    reload: async (code) => {
      const port = Number(url.port);
      try {
        await miniflare.setOptions(optionsFor(code, port));
        running = code;
      } catch (error) {
        await miniflare.setOptions(optionsFor(running, port));
        throw error;
      }
    },
    close: async () => {
      await miniflare.dispose();
      outbound?.close();
    },
  };
}

function passToCluster(cluster: ClusterTransport, request: BoundRequest) {
  const { method, path, headers, signal } = request;
  return cluster.fetch(path, { method, headers: [...headers], signal, ...bodyOf(request) });
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Miniflare would end this process at a signal, before whoever started the Worker has cleared away. At the process' end workerd ends, too. */
function withoutSignals<T>(make: () => T): T {
  const before = SIGNALS.map((signal) => new Set(process.listeners(signal)));
  const made = make();
  for (const [index, signal] of SIGNALS.entries()) {
    const added = process.listeners(signal).filter((listener) => !before[index]?.has(listener));
    for (const listener of added) process.off(signal, listener);
  }
  return made;
}

function passLines(onLine: (line: string) => void) {
  return (...outputs: readonly Readable[]) => {
    for (const output of outputs)
      createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
  };
}

/** workerd itself says it with a stack. */
async function requireFreePort(port: number): Promise<void> {
  const probe = await listen(() => new Response(), { host: HOST, port });
  await probe.close();
}
