// The platform whose log lines say what work they belong to, whose requests carry its trace on, and are counted.

import { HOME_SERVER } from '../application/cluster-secret.ts';
import type { Metrics } from '../base/metrics.ts';
import { withTraceHeaders } from '../base/trace-context.ts';
import type { WorkScope } from '../base/work-scope.ts';
import type { ClusterTransport, ConnectedFetch, Log, LogFields, Platform } from '../platform.ts';
import { kubernetesRequestOf } from './kubernetes-request.ts';
import { gitRequestOf, registryRequestOf } from './request-kinds.ts';

/** Called by the composition roots, on what the runtime gave. */
export function observePlatform<P extends Platform>(platform: P): P {
  const { scope, metrics, connectCluster, namedClusters } = platform;
  if (!scope && !metrics) return platform;
  const observe = (transport: ClusterTransport, name = transport.server) =>
    observedTransport(transport, name, scope, metrics);
  return {
    ...platform,
    log: scope ? scopedLog(platform.log, scope) : platform.log,
    fetch: observedFetch(platform.fetch, scope, metrics),
    // Under the name by which Applications have it as their destination.
    home: observe(platform.home, HOME_SERVER),
    ...(platform.inCluster && { inCluster: observe(platform.inCluster, HOME_SERVER) }),
    ...(connectCluster && { connectCluster: (connection) => observe(connectCluster(connection)) }),
    ...(namedClusters && {
      namedClusters: namedClusters.map(({ name, transport }) => ({ name, transport: observe(transport) })),
    }),
  };
}

function scopedLog(log: Log, scope: WorkScope): Log {
  const fields = (own: LogFields | undefined): LogFields | undefined => {
    const context = scope.current();
    if (!context) return own;
    return { ...context.fields, ...(context.trace && { trace_id: context.trace.traceId }), ...own };
  };
  return {
    info: (message, own) => log.info(message, fields(own)),
    warn: (message, own) => log.warn(message, fields(own)),
    error: (message, own) => log.error(message, fields(own)),
    ...(log.debug && { debug: (message, own) => log.debug?.(message, fields(own)) }),
  };
}

/** Only whoever got a trace passes it on: a request of a trace that nobody has begun would keep its server from beginning one. */
function traced(scope: WorkScope | undefined, init: RequestInit | undefined): RequestInit | undefined {
  const trace = scope?.current()?.trace;
  return trace ? { ...init, headers: withTraceHeaders(init?.headers, trace) } : init;
}

function observedTransport(
  transport: ClusterTransport,
  name: string,
  scope: WorkScope | undefined,
  metrics: Metrics | undefined,
): ClusterTransport {
  const { server } = transport;
  const reach = (value: number) => metrics?.set('hawser_cluster_reachable', { server }, value);
  return {
    ...transport,
    fetch: async (path, init) => {
      const count = (code: string) => {
        if (!metrics) return;
        const { application } = scope?.current() ?? {};
        const { verb, kind, namespace, isDryRun } = kubernetesRequestOf(path, init);
        metrics.count('argocd_app_k8s_request_total', {
          ...application,
          server: name,
          response_code: code,
          verb,
          resource_kind: kind,
          resource_namespace: namespace,
          dry_run: String(isDryRun),
        });
      };
      try {
        const response = await transport.fetch(path, traced(scope, init));
        count(String(response.status));
        reach(1);
        return response;
      } catch (error) {
        count('0');
        // Whoever no longer wanted an answer has not learned whether there would have been one.
        if (!init?.signal?.aborted) reach(0);
        throw error;
      }
    },
  };
}

function observedFetch(
  fetch: ConnectedFetch,
  scope: WorkScope | undefined,
  metrics: Metrics | undefined,
): ConnectedFetch {
  return async (url, init, options) => {
    const send = () => fetch(url, traced(scope, init) ?? init, options);
    const git = metrics && gitRequestOf(url, init);
    const oci = metrics && !git ? registryRequestOf(url) : undefined;
    const asked = git ?? oci;
    if (!metrics || !asked) return send();
    const name = git ? 'argocd_git_request' : 'argocd_oci_request';
    const { repo, type } = asked;
    const startedMs = performance.now();
    metrics.count('argocd_repo_pending_request_total', { repo });
    const fail = () => {
      if (!git) return;
      const failed = type === 'ls-remote' ? 'argocd_git_lsremote_fail_total' : 'argocd_git_fetch_fail_total';
      metrics.count(failed, { repo, revision: git.revision });
    };
    try {
      const response = await send();
      // An address without `.git` that is not there is asked for with it next.
      const isNext = response.status === 404 && !/\.git\//.test(new URL(url).pathname);
      if (response.status >= 400 && !isNext) fail();
      return response;
    } catch (error) {
      fail();
      throw error;
    } finally {
      metrics.count('argocd_repo_pending_request_total', { repo }, -1);
      metrics.count(`${name}_total`, { repo, request_type: type });
      metrics.observe(
        `${name}_duration_seconds`,
        { repo, request_type: type },
        (performance.now() - startedMs) / 1_000,
      );
    }
  };
}
