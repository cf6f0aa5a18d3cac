// Who may do what, until accounts exist: one bearer token for every write, reading open on loopback only (design 5.11).

import type { MiddlewareHandler } from 'hono';
import { equalInConstantTime } from '../base/constant-time.ts';
import { HawserError } from '../base/errors.ts';

export interface AuthorizeOptions {
  /** True when the server listens on loopback only. */
  readonly loopback: boolean;
  token(): Promise<string>;
}

const LOOPBACK_HOSTS = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Lets reads pass on loopback, and everything else with the token. */
export function authorize({ loopback, token }: AuthorizeOptions): MiddlewareHandler {
  return async (context, next) => {
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
    // A page of another site can make a browser send requests here under its own host name (DNS rebinding).
    const isLocal = loopback && LOOPBACK_HOSTS.test(context.req.header('host') ?? new URL(context.req.url).host);
    if (!(isRead && isLocal)) await checkToken(context.req.header('authorization'), token);
    return next();
  };
}

async function checkToken(header: string | undefined, token: () => Promise<string>): Promise<void> {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
  if (given === undefined) {
    throw new HawserError('Unauthenticated', 'no session information', {
      hint: 'send Authorization: Bearer with the token (HAWSER_TOKEN, or hawser.token of the Secret argocd-secret)',
    });
  }
  if (!(await equalInConstantTime(given, await token()))) {
    throw new HawserError('Unauthenticated', 'invalid session: the token is wrong');
  }
}
