// Who did what: a line of the log for each request that changes something, and for each that was refused.

import type { Principal } from '../account/principal.ts';
import type { LogFields, Platform } from '../platform.ts';
import { shownPath } from './shown-path.ts';

export interface Audited {
  /** Undefined where nobody could be told. */
  readonly principal?: Principal | undefined;
  /** Of somebody who logs in, or tries to. */
  readonly name?: string;
  readonly request: Request;
  /** The route as its table has it. */
  readonly route: string;
  readonly status: number;
}

const REFUSED = [401, 403];

/** Bodies and queries are not told of: they may hold what is secret. */
export function audit(log: Platform['log'], { principal, name, request, route, status }: Audited): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && name === undefined && !REFUSED.includes(status)) return;
  const fields: LogFields = {
    user: name ?? nameOf(principal),
    ...(principal?.kind === 'user' && { issuer: principal.issuer }),
    method: request.method,
    path: shownPath(new URL(request.url).pathname),
    route,
    status,
  };
  log.info('audit', fields);
}

function nameOf(principal: Principal | undefined): string {
  if (!principal) return 'unknown';
  return principal.kind === 'anonymous' ? 'anonymous' : principal.name;
}
