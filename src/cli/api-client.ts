// Calls to a hawser server: where it is, with which token, and its errors as ours.

import { type ErrorCode, HawserError, messageOf } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import { Interruption } from './io.ts';
import { createServerFetch, type ServerAnswer, type ServerFetch } from './server-http.ts';

export interface ServerAddress {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly token?: string;
  /** Sent with each request, beside the token. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of plain HTTP: TLS with settings of its own, or a server in this very process. */
  readonly fetch?: ServerFetch;
  /** It is in this very process, and ends with it. */
  readonly isCore?: boolean;
  /** Ends each request (Ctrl-C). */
  readonly signal?: AbortSignal;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'InvalidInput',
  401: 'Unauthenticated',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'TooLarge',
  415: 'UnsupportedMediaType',
  422: 'RenderFailed',
  429: 'TooMany',
  501: 'Unsupported',
  502: 'ClusterRefused',
  503: 'Unavailable',
  504: 'Timeout',
};

/** Numbers of gRPC in the answer's body that tell more than the status. */
const GRPC_CODES: Readonly<Record<number, ErrorCode>> = { 6: 'AlreadyExists', 9: 'FailedPrecondition' };

/** A refresh may wait for a Git server, so that this is generous. */
const LIMIT_MS = 120_000;

/** The address as people write it: `host:port` means http. Throws `InvalidInput`. */
export function parseServerUrl(text: string): string {
  const full = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(full) && /^https?:/.test(full)) return full.replace(/\/+$/, '');
  throw new HawserError('InvalidInput', `${text} is no address of a server`, {
    hint: 'for example http://127.0.0.1:8080',
  });
}

/** Throws `Unavailable` when no hawser answers, and the server's own error for any answer that is no success. */
export async function callServer(
  address: ServerAddress,
  method: Method,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const signal = address.signal ? AbortSignal.any([address.signal, limit]) : limit;
  const { answer, text } = await reach(address, async () => {
    const sent = await send(address, method, path, { body, signal });
    return { answer: sent, text: await sent.text() };
  });
  const value = parseAnswer(text);
  if (answer.ok && value) return value;
  throw errorOf(address, answer, value);
}

/**
 * What the server tells as it happens: each line's `result` (grpc-gateway's form of a stream). Ends when the server ends it or `signal`
 * aborts; throws as callServer does, and the error that the server puts into the stream.
 */
export async function* streamServer(
  address: ServerAddress,
  path: string,
  options: { readonly signal?: AbortSignal; readonly onOpen?: () => void } = {},
): AsyncGenerator<unknown, void, undefined> {
  const signals = [address.signal, options.signal].filter((signal) => signal !== undefined);
  const signal = signals.length > 0 ? AbortSignal.any(signals) : new AbortController().signal;
  const answer = await reach(address, () => send(address, 'GET', path, { signal }));
  if (!answer.ok || !answer.body) throw errorOf(address, answer, parseAnswer(await answer.text()));
  options.onOpen?.();
  try {
    for await (const line of linesOf(answer.body)) {
      const value = parseAnswer(line);
      if (!value) continue; // A line that only keeps the connection.
      if (value.error !== undefined) throw streamedError(value.error);
      yield value.result ?? value;
    }
  } catch (error) {
    if (options.signal?.aborted) return;
    if (address.signal?.aborted) throw address.signal.reason;
    if (error instanceof HawserError) throw error;
    throw new HawserError('Unavailable', `${address.url} ended the stream: ${reasonOf(error)}`, { cause: error });
  }
}

function send(
  { url, token, headers, fetch = createServerFetch() }: ServerAddress,
  method: Method,
  path: string,
  { body, signal }: { readonly body?: unknown; readonly signal: AbortSignal },
): Promise<ServerAnswer> {
  return fetch(`${url}${path}`, {
    method,
    headers: {
      ...headers,
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
  });
}

/** Anything that keeps an answer from coming, as a sentence. */
async function reach<T>({ url, signal }: ServerAddress, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof HawserError || error instanceof Interruption) throw error;
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new HawserError('Timeout', `${url} did not answer within ${LIMIT_MS / 1000} s`);
    }
    throw new HawserError('Unavailable', `no hawser server answers at ${url}: ${reasonOf(error)}`, {
      hint: 'start one with npm start or hawser serve, or name it with --server or HAWSER_SERVER',
      cause: error,
    });
  }
}

function errorOf({ url }: ServerAddress, { status }: ServerAnswer, value: Record<string, unknown> | undefined) {
  if (value === undefined) {
    return new HawserError('Unavailable', `${url} answers ${status}, but not as a hawser server does`, {
      hint: 'name another with --server or HAWSER_SERVER',
    });
  }
  // The server's message ends with its hint in brackets where it has one.
  const message = stringAt(value, 'message') ?? `${url} answered ${status}`;
  const wantsToken = status === 401 && !message.endsWith(')');
  const code = GRPC_CODES[Number(value.code)] ?? CODES[status] ?? 'Internal';
  return new HawserError(code, message, {
    ...(wantsToken && { hint: 'hawser login, or give the right token with --auth-token or HAWSER_TOKEN' }),
  });
}

/** In a stream, the status is a field (grpc-gateway: `error`). */
function streamedError(error: unknown): HawserError {
  const status = Number(at(error, 'http_code') ?? 500);
  const code = GRPC_CODES[Number(at(error, 'grpc_code'))] ?? CODES[status] ?? 'Internal';
  return new HawserError(code, stringAt(error, 'message') ?? 'the server ended the stream with an error');
}

/** Lines of a body; of server-sent events, what follows `data:`. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.map(withoutPrefix);
  }
  if (rest !== '') yield withoutPrefix(rest);
}

function withoutPrefix(line: string): string {
  return line.startsWith('data:') ? line.slice('data:'.length) : line;
}

/** `connect failed` alone helps nobody: its cause says what happened. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const told = cause instanceof Error ? cause : error;
  // Of several addresses that refuse, Node gives an error without a message.
  if (told instanceof Error) return told.message || ('code' in told ? String(told.code) : told.name);
  return messageOf(error);
}

function parseAnswer(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // No JSON, so no hawser.
  }
}
