// What stands in no table of routes is for whoever knows hawser's own token.

import type { MiddlewareHandler } from 'hono';
import type { Accounts } from '../account/accounts.ts';
import { HawserError } from '../base/errors.ts';

export function authorize(accounts: Accounts): MiddlewareHandler {
  return async (context, next) => {
    const principal = await accounts.authenticate(context.req.raw);
    // A path that is nowhere is no secret to whoever has a session.
    if (principal.kind !== 'machine') throw new HawserError('NotFound', 'Not Found');
    return next();
  };
}
