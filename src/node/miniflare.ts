// Runs the Worker in Miniflare, its cluster behind a service binding whose far side is this process.

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { HawserError, messageOf } from '../base/errors.ts';
import type { ClusterTransport, Platform } from '../platform.ts';
import { listen } from './listen.ts';

export { bundleWorker } from './worker-bundle.ts';

export interface WorkerOptions {
  readonly script: string;
  readonly cluster: ClusterTransport;
  readonly port: number;
  readonly bindings: Readonly<Record<string, string>>;
  /** Where the Durable Object's storage is kept; memory without it. */
  readonly storage?: string;
  /** The files of the web UI; there is none without them. */
  readonly assets?: Platform['assets'];
  /** Each line that the Worker logs; without it they go to this process' standard output. */
  readonly onLog?: (line: string) => void;
}

export interface RunningWorker {
  readonly url: string;
  reload(script: string): Promise<void>;
  close(): Promise<void>;
}

export const COMPATIBILITY_DATE = '2026-07-30';
const HOST = '127.0.0.1';

/** Throws `Unavailable` when the port is taken. */
export async function startWorker({
  script,
  cluster,
  port,
  bindings,
  storage,
  assets,
  onLog,
}: WorkerOptions): Promise<RunningWorker> {
  await requireFreePort(port);
  const { Miniflare, Response: WorkerResponse } = await import('miniflare');
  const optionsFor = (code: string) => ({
    modules: [{ type: 'ESModule' as const, path: 'main-worker.js', contents: code }],
    modulesRoot: '/',
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: ['nodejs_compat'],
    host: HOST,
    port,
    cf: false as const,
    bindings: { ...bindings, KUBE_SERVER: cluster.server },
    durableObjects: { HAWSER: { className: 'HawserObject', useSQLite: true } },
    ...(storage && { durableObjectsPersist: storage }),
    ...(onLog && { handleRuntimeStdio: passLines(onLog) }),
    serviceBindings: {
      ...(assets && {
        ASSETS: async (request: { url: string }) => {
          const bytes = await assets(new URL(request.url).pathname.slice(1));
          return bytes ? new WorkerResponse(bytes) : new WorkerResponse(null, { status: 404 });
        },
      }),
      CLUSTER: async (request: {
        url: string;
        method: string;
        headers: Iterable<[string, string]>;
        arrayBuffer(): Promise<ArrayBuffer>;
      }) => {
        const { pathname, search } = new URL(request.url);
        const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
        const body = hasBody ? await request.arrayBuffer() : undefined;
        let response: Response;
        try {
          response = await cluster.fetch(`${pathname}${search}`, {
            method: request.method,
            headers: [...request.headers].filter(([name]) => name !== 'host' && name !== 'content-length'),
            ...(body && { body }),
          });
        } catch (error) {
          // What is an exception here would be a page with a stack on the other side; this is what an API server says.
          const message = `the cluster at ${cluster.server} does not answer: ${messageOf(error)}`;
          return new WorkerResponse(JSON.stringify({ kind: 'Status', status: 'Failure', message, code: 503 }), {
            status: 503,
            headers: { 'content-type': 'application/json' },
          });
        }
        const headers = [...response.headers].filter(
          ([name]) => name !== 'content-encoding' && name !== 'content-length',
        );
        return new WorkerResponse(response.body as ConstructorParameters<typeof WorkerResponse>[0], {
          status: response.status,
          headers,
        });
      },
    },
  });
  const miniflare = new Miniflare(optionsFor(script));
  let url: URL;
  try {
    url = await miniflare.ready;
  } catch (error) {
    // It fails once more with what made the start fail.
    await miniflare.dispose().catch(() => undefined);
    throw new HawserError('Unavailable', `workerd did not start on port ${port}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return {
    url: url.origin,
    reload: async (code) => {
      await miniflare.setOptions(optionsFor(code));
    },
    close: () => miniflare.dispose(),
  };
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
