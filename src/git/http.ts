// One request to a Git server (or a chart repository, which says so), with a bound on time and size, and every way in which it fails as a named error.

import { type ErrorCode, HawserError, messageOf } from '../base/errors.ts';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';

export interface HttpSettings {
  readonly fetch: ConnectedFetch;
  /** From the request to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** What the other side is called in errors, and what its failures are: `Git server` and `GitFailed`. */
  readonly peer?: { readonly name: string; readonly failure: ErrorCode };
}

const GIT_SERVER = { name: 'Git server', failure: 'GitFailed' } as const;

export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A POST where given. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** It changes something at the other side: it is sent once, however the connection ends. */
  readonly isWrite?: boolean;
  readonly connection: ConnectionOptions;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** TLS failures, by OpenSSL's and Node's codes; workerd says it in its message only. */
const TLS_FAILURE =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS|ERR_SSL|DEPTH_ZERO|EPROTO|TLS|certificate/i;

/** The last is workerd's (src/worker/plain-fetch.ts), which does not tell it from a connection that was refused. */
const CLOSED: ReadonlySet<string> = new Set(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE', 'CONNECTION_LOST']);

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'the host name cannot be resolved',
  EAI_AGAIN: 'the host name cannot be resolved',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the host',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
};

/**
 * Sends the request and reads the whole answer; redirects are not followed. Throws the signal's reason, `Timeout`,
 * `Unavailable` where the server cannot be reached, `GitFailed` for its certificate, `LimitExceeded` for too long an
 * answer.
 */
export async function send(settings: HttpSettings, request: HttpRequest): Promise<HttpAnswer> {
  const { url, headers, body, isWrite = false, connection, signal } = request;
  const { peer = GIT_SERVER } = settings;
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(settings.timeoutMs);
  const init: RequestInit = {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers },
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...(body !== undefined && { body }),
  };
  try {
    const ask = () => settings.fetch(url, init, connection);
    const response = await (isWrite ? ask() : fetchAgain(ask));
    return {
      status: response.status,
      headers: response.headers,
      body: await readBody(response, settings.maxResponseBytes, peer.name),
    };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof HawserError) throw error;
    if (timeout.aborted) {
      throw new HawserError('Timeout', `${new URL(url).host} did not answer within ${settings.timeoutMs / 1000} s`);
    }
    throw connectionError(new URL(url).host, error, peer);
  }
}

/**
 * Once more where the connection was closed before an answer came: a server may close one that was kept open just as it
 * is used again, and what is sent so only reads.
 */
async function fetchAgain(ask: () => Promise<Response>): Promise<Response> {
  try {
    return await ask();
  } catch (error) {
    if (!CLOSED.has(innermost(error).code)) throw error;
    return ask();
  }
}

async function readBody(response: Response, maxBytes: number, peer: string): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new HawserError('LimitExceeded', `the ${peer}'s answer is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return concatBytes(chunks, size);
}

export function concatBytes(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first) return first;
  const all = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}

function connectionError(host: string, error: unknown, peer: NonNullable<HttpSettings['peer']>): HawserError {
  const { code, message } = innermost(error);
  if (TLS_FAILURE.test(code) || TLS_FAILURE.test(message)) {
    return new HawserError(peer.failure, `the certificate of ${host} is not trusted: ${message}`, {
      hint: `put its CA into the ConfigMap argocd-tls-certs-cm under the key ${host.replace(/:\d+$/, '')}, or set insecure in the repository's Secret`,
      cause: error,
    });
  }
  const reason = REASONS[code] ?? message;
  return new HawserError('Unavailable', `cannot reach the ${peer.name} ${host}: ${reason}`, { cause: error });
}

/** fetch wraps what really happened: the deepest cause that has a code, else the deepest of all. */
function innermost(error: unknown): { code: string; message: string } {
  let found = { code: '', message: messageOf(error) };
  for (let here: unknown = error, depth = 0; here instanceof Error && depth < 8; here = here.cause, depth++) {
    const code = 'code' in here && typeof here.code === 'string' ? here.code : '';
    if (code !== '' || found.code === '') found = { code, message: here.message || code };
  }
  return found;
}
