// Requests with a bearer token that may be renewed while hawser runs: one that is refused is read anew, and the request sent once more.

import type { ChangingSecret } from './secrets.ts';

type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** Without a token, requests go as they are. */
export function withBearerToken(send: Send, secret: ChangingSecret): Send {
  const sendWith = (token: string, path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return send(path, { ...init, headers });
  };
  return async (path, init = {}) => {
    const token = await secret.read();
    if (token === undefined) return send(path, init);
    const response = await sendWith(token, path, init);
    // What streams has gone out already.
    if (response.status !== 401 || init.body instanceof ReadableStream) return response;
    const renewed = await secret.renew(token);
    if (renewed === undefined) return response;
    await response.body?.cancel();
    return sendWith(renewed, path, init);
  };
}
