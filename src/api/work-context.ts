// What a request belongs to, for the log lines and requests that follow from it: its trace, where whoever calls has one.

import type { MiddlewareHandler } from 'hono';
import { childSpan, traceOfHeaders } from '../base/trace-context.ts';
import { inScope } from '../base/work-scope.ts';
import type { Platform } from '../platform.ts';

const WEBHOOK = '/api/webhook';

export function createWorkContext({ scope, metrics }: Pick<Platform, 'scope' | 'metrics'>): MiddlewareHandler {
  const follow: MiddlewareHandler = async ({ req }, next) => {
    const trace = scope && traceOfHeaders(req.raw.headers);
    if (!trace) return next();
    const own = childSpan(trace, (length) => crypto.getRandomValues(new Uint8Array(length)));
    await inScope(scope, { trace: own }, next);
  };
  return async (context, next) => {
    if (context.req.path !== WEBHOOK) return follow(context, next);
    metrics?.count('argocd_webhook_handlers_in_flight', {});
    try {
      return await follow(context, next);
    } finally {
      metrics?.count('argocd_webhook_handlers_in_flight', {}, -1);
    }
  };
}
