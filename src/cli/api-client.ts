// Calls to a hawser server: where it is, with which token, and its errors as ours.

import { type ErrorCode, HawserError, messageOf } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';

export interface ServerAddress {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly token?: string;
  /** In place of the network: a server in this very process. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

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
  { url, token, fetch: fetchOf = fetch }: ServerAddress,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { response, text } = await send(fetchOf, `${url}${path}`, url, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = parseAnswer(text);
  if (answer === undefined) {
    throw new HawserError('Unavailable', `${url} answers ${response.status}, but not as a hawser server does`, {
      hint: 'name another with --server or HAWSER_SERVER',
    });
  }
  if (response.ok) return answer;
  // The server's message ends with its hint in brackets where it has one.
  const message = stringAt(answer, 'message') ?? `${url} answered ${response.status}`;
  const wantsToken = response.status === 401 && !message.endsWith(')');
  throw new HawserError(CODES[response.status] ?? 'Internal', message, {
    ...(wantsToken && { hint: 'give the right one with --auth-token or HAWSER_TOKEN' }),
  });
}

async function send(
  fetchOf: NonNullable<ServerAddress['fetch']>,
  target: string,
  url: string,
  init: RequestInit,
): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetchOf(target, { ...init, signal: AbortSignal.timeout(LIMIT_MS) });
    return { response, text: await response.text() };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new HawserError('Timeout', `${url} did not answer within ${LIMIT_MS / 1000} s`);
    }
    throw new HawserError('Unavailable', `no hawser server answers at ${url}: ${reasonOf(error)}`, {
      hint: 'start one with npm start or hawser serve, or name it with --server or HAWSER_SERVER',
      cause: error,
    });
  }
}

/** `fetch failed` alone helps nobody: its cause says what happened. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return cause.message || ('code' in cause ? String(cause.code) : cause.name);
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
