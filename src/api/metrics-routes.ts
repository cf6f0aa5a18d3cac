// GET /metrics: on a listener of its own, where nothing else is (`--metrics-port`), for whoever reaches it; on the server's own address with
// the right to see clusters, whose names it tells.

import { chooseMetricsFormat, formatMetrics, METRICS_TYPES } from '../base/metrics-text.ts';
import type { Hawser } from '../operation/hawser.ts';
import { type ApiParts, type Route, route } from './route.ts';

export function metricsRoutes({ hawser }: ApiParts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/metrics',
      summary: 'Metrics for Prometheus, under the names that Argo CD has for them.',
      need: { kind: 'object', resource: 'clusters', action: 'get', object: () => '*' },
      handle: async ({ request }) => answerMetrics(hawser, request),
    }),
  ];
}

/** The handler of a listener that has nothing but the metrics, and a health check beside them. */
export function createMetricsHandler(hawser: Pick<Hawser, 'metricFamilies'>): (request: Request) => Response {
  return (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'GET' && request.method !== 'HEAD') return new Response('only GET\n', { status: 405 });
    if (pathname === '/metrics') return answerMetrics(hawser, request);
    return pathname === '/healthz'
      ? new Response('ok')
      : new Response('not found: ask for /metrics\n', { status: 404 });
  };
}

function answerMetrics(hawser: Pick<Hawser, 'metricFamilies'>, request: Request): Response {
  const format = chooseMetricsFormat(request.headers.get('accept'));
  return new Response(formatMetrics(hawser.metricFamilies(), format), {
    headers: { 'content-type': METRICS_TYPES[format], 'cache-control': 'no-store' },
  });
}
