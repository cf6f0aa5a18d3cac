// Who may use what is not in a table of routes: reading with a session, everything else with hawser's own token.

import type { MiddlewareHandler } from 'hono';
import type { Accounts } from '../account/accounts.ts';
import { HawserError } from '../base/errors.ts';

export function authorize(accounts: Accounts): MiddlewareHandler {
  return async (context, next) => {
    const { method, raw } = context.req;
    const principal = await accounts.authenticate(raw);
    if (method !== 'GET' && method !== 'HEAD' && principal.kind !== 'machine') {
      throw new HawserError('Forbidden', 'permission denied');
    }
    return next();
  };
}
