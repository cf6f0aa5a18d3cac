// Another address of an API server, with a bearer token of its own, which a test may close: a second cluster, as a Secret names it.

import { listen } from '../../src/node/listen.ts';
import type { ClusterTransport } from '../../src/platform.ts';

export interface ClusterGate {
  /** `http://127.0.0.1:54321`, the same for its whole life. */
  readonly url: string;
  /** What it accepts; requests with another are answered 401. */
  token: string;
  /** Method and path of every request that was let in, newest last. */
  readonly requests: string[];
  /** True: requests are taken, and never answered. */
  silent: boolean;
  /** Nobody answers at the address any more, as of a cluster that is away. */
  close(): Promise<void>;
  open(): Promise<void>;
}

/** What belongs to one connection, or to credentials, and is not passed on. */
const OWN_HEADERS = ['host', 'authorization', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];

export async function openClusterGate(behind: () => ClusterTransport, token: string): Promise<ClusterGate> {
  const requests: string[] = [];
  let listening = await listen(handle, { host: '127.0.0.1', port: 0 });
  const { port, url } = listening;
  const gate: ClusterGate = {
    url,
    token,
    silent: false,
    requests,
    close: () => listening.close(),
    open: async () => {
      listening = await listen(handle, { host: '127.0.0.1', port });
    },
  };

  async function handle(request: Request): Promise<Response> {
    if (gate.silent) await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
    const { pathname, search } = new URL(request.url);
    if (request.headers.get('authorization') !== `Bearer ${gate.token}`) {
      return Response.json(
        { kind: 'Status', status: 'Failure', reason: 'Unauthorized', message: 'Unauthorized', code: 401 },
        { status: 401 },
      );
    }
    requests.push(`${request.method} ${pathname}`);
    const headers = new Headers(request.headers);
    for (const name of OWN_HEADERS) headers.delete(name);
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    const answer = await behind().fetch(`${pathname}${search}`, {
      method: request.method,
      headers,
      ...(hasBody && { body: await request.text() }),
      signal: request.signal,
    });
    const type = answer.headers.get('content-type');
    return new Response(answer.body, { status: answer.status, ...(type && { headers: { 'content-type': type } }) });
  }
  return gate;
}
