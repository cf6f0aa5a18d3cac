// Calls to a hawser server: where it is, with which token, and its errors as ours.

import { type ErrorCode, HawserError, messageOf } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';

export interface ServerAddress {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly token?: string;
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'InvalidInput',
  401: 'Unauthenticated',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  503: 'Unavailable',
  504: 'Timeout',
};

/** Throws `Unavailable` when no server answers, and the server's own error for any answer that is no success. */
export async function callServer(
  { url, token }: ServerAddress,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new HawserError('Unavailable', `no hawser server answers at ${url}: ${messageOf(error)}`, {
      hint: 'start one with npm start or hawser serve, or name it with --server or HAWSER_SERVER',
      cause: error,
    });
  }
  const text = await response.text();
  const answer = parseAnswer(text);
  if (response.ok) return answer;
  const message = stringAt(answer, 'message') ?? `${url} answered ${response.status}`;
  const hint = response.status === 401 ? 'give the token with --auth-token or HAWSER_TOKEN' : undefined;
  throw new HawserError(CODES[response.status] ?? 'Internal', message, hint && !message.includes('(') ? { hint } : {});
}

function parseAnswer(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return isObject(text) ? text : { message: text.slice(0, 200) };
  }
}
