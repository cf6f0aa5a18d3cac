// A Worker that does what a test tells it over its bindings, and says what came of it.

import { HawserError } from '../../../src/base/errors.ts';
import type { ClusterConnection, ClusterTransport, ConnectionOptions } from '../../../src/platform.ts';
import type { WorkerEnvironment } from '../../../src/worker/bindings.ts';
import { connectCluster, connectHome, connectNamed } from '../../../src/worker/cluster.ts';
import { createConnectedFetch } from '../../../src/worker/connected-fetch.ts';

export interface Errand {
  /** Home where nothing is said. */
  readonly cluster?: ClusterConnection;
  /** By its name. */
  readonly named?: string;
  /** Of a Git server, with the options. */
  readonly url?: string;
  readonly options?: ConnectionOptions;
  readonly path?: string;
  readonly init?: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
    readonly redirect?: 'manual';
  };
  /** The Worker cancels after this many chunks of the answer's body. */
  readonly chunks?: number;
  /** The Worker aborts its request once this address has answered. */
  readonly abortOnce?: string;
}

export class HawserObject {}

export default {
  async fetch(request: Request, environment: WorkerEnvironment): Promise<Response> {
    const errand = (await request.json()) as Errand;
    try {
      return await run(errand, environment);
    } catch (error) {
      return Response.json(describe(error), { status: 599 });
    }
  },
};

async function run(errand: Errand, environment: WorkerEnvironment): Promise<Response> {
  const { url, options = {}, path = '/', chunks, abortOnce } = errand;
  const aborting = new AbortController();
  if (abortOnce !== undefined) void fetch(abortOnce).then(() => aborting.abort(new Error('told to')));
  const init = { ...errand.init, signal: aborting.signal };
  const response =
    url === undefined
      ? await clusterOf(errand, environment).fetch(path, init)
      : await createConnectedFetch(environment)(url, init, options);
  if (chunks === undefined) return new Response(response.body, response);
  const texts: string[] = [];
  const reader = response.body?.getReader();
  while (reader && texts.length < chunks) {
    const { value, done } = await reader.read();
    if (done) break;
    texts.push(new TextDecoder().decode(value));
  }
  await reader?.cancel();
  return Response.json({ texts });
}

function clusterOf({ cluster, named }: Errand, environment: WorkerEnvironment): ClusterTransport {
  if (cluster) return connectCluster(cluster, environment);
  const found = connectNamed(environment).find(({ name }) => name === named);
  return found?.transport ?? connectHome(environment);
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error ? { code: error.code } : {};
  const hint = error instanceof HawserError ? { isOurs: true, hint: error.hint } : {};
  return {
    message: error.message,
    ...code,
    ...hint,
    ...(error.cause !== undefined && { cause: describe(error.cause) }),
  };
}
