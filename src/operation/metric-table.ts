// The metrics that are counted as things happen, under Argo CD's names, labels and buckets, so that its dashboards and alerts go on to work
// (Argo CD: controller/metrics, reposerver/metrics, server/metrics, util/webhook). What only is, and does not happen, is in
// application-metrics.ts.

import type { MetricDefinition } from '../base/metrics.ts';

/** What names an Application in Argo CD's metrics. */
export const APPLICATION_LABELS = ['namespace', 'name', 'project'] as const;

const GIT_SECONDS = [0.1, 0.25, 0.5, 1, 2, 4, 10, 20];

/** Commits come and go: only the newest ones that failed are kept apart. */
const MAX_REVISIONS = 500;

export const METRIC_TABLE: readonly MetricDefinition[] = [
  {
    name: 'argocd_app_sync_total',
    type: 'counter',
    help: 'Number of application syncs.',
    labels: [...APPLICATION_LABELS, 'dest_server', 'phase', 'dry_run'],
  },
  {
    // Argo CD adds the seconds as if they were nanoseconds; here they are seconds, as the name says.
    name: 'argocd_app_sync_duration_seconds_total',
    type: 'counter',
    help: 'Application sync performance in seconds total.',
    labels: [...APPLICATION_LABELS, 'dest_server'],
  },
  {
    name: 'argocd_app_reconcile',
    type: 'histogram',
    help: 'Application reconciliation performance in seconds.',
    labels: ['namespace', 'dest_server'],
    buckets: [0.25, 0.5, 1, 2, 4, 8, 16],
  },
  {
    name: 'argocd_app_k8s_request_total',
    type: 'counter',
    help: 'Number of Kubernetes requests executed during application reconciliation.',
    labels: [
      ...APPLICATION_LABELS,
      ...['server', 'response_code', 'verb', 'resource_kind', 'resource_namespace', 'dry_run'],
    ],
  },
  {
    name: 'argocd_git_request_total',
    type: 'counter',
    help: 'Number of git requests performed.',
    labels: ['repo', 'request_type'],
  },
  {
    name: 'argocd_git_request_duration_seconds',
    type: 'histogram',
    help: 'Git requests duration seconds.',
    labels: ['repo', 'request_type'],
    buckets: GIT_SECONDS,
  },
  {
    name: 'argocd_git_fetch_fail_total',
    type: 'counter',
    help: 'Number of git fetch requests failures.',
    labels: ['repo', 'revision'],
    maxSeries: MAX_REVISIONS,
  },
  {
    name: 'argocd_git_lsremote_fail_total',
    type: 'counter',
    help: 'Number of git ls-remote requests failures.',
    labels: ['repo', 'revision'],
    maxSeries: MAX_REVISIONS,
  },
  {
    name: 'argocd_repo_pending_request_total',
    type: 'gauge',
    help: 'Number of requests to a repository that have no answer yet.',
    labels: ['repo'],
  },
  {
    name: 'argocd_oci_request_total',
    type: 'counter',
    help: 'Number of requests to OCI registries.',
    labels: ['repo', 'request_type'],
  },
  {
    name: 'argocd_oci_request_duration_seconds',
    type: 'histogram',
    help: 'Duration of requests to OCI registries in seconds.',
    labels: ['repo', 'request_type'],
    buckets: GIT_SECONDS,
  },
  {
    name: 'argocd_webhook_requests_total',
    type: 'counter',
    help: 'Number of webhook requests, by repository.',
    labels: ['repo'],
    maxSeries: 5_000,
  },
  {
    name: 'argocd_webhook_handlers_in_flight',
    type: 'gauge',
    help: 'Number of webhook requests that are being answered.',
    labels: [],
  },
  {
    name: 'argocd_webhook_store_cache_attempts_total',
    type: 'counter',
    help: 'Number of Applications whose kept read set a push asked, by whether it answered without a fetch.',
    labels: ['repo', 'successful'],
    maxSeries: 5_000,
  },
  {
    name: 'argocd_login_request_total',
    type: 'counter',
    help: 'Number of login requests.',
    labels: ['status'],
  },
  {
    name: 'grpc_server_handled_total',
    type: 'counter',
    help: 'Calls of the API, by the service and method that Argo CD has for them.',
    labels: ['grpc_service', 'grpc_method', 'grpc_code'],
  },
  {
    name: 'argocd_notifications_deliveries_total',
    type: 'counter',
    help: 'Number of delivered notifications.',
    labels: ['trigger', 'service', 'succeeded'],
  },
  {
    name: 'argocd_notifications_trigger_eval_total',
    type: 'counter',
    help: 'Number of trigger evaluations.',
    labels: ['name', 'triggered'],
  },
  {
    name: 'hawser_cluster_reachable',
    type: 'gauge',
    help: 'Whether the last request to an API server was answered.',
    labels: ['server'],
  },
  {
    name: 'hawser_deliveries_total',
    type: 'counter',
    help: 'What pushes meant for Applications, by provider and verdict.',
    labels: ['provider', 'verdict'],
  },
  {
    name: 'hawser_push_to_synced_seconds',
    type: 'histogram',
    help: 'From the arrival of a push to the end of all syncs that it started.',
    labels: ['provider'],
    buckets: [0.25, 0.5, 1, 2, 4, 8, 16, 60, 300],
  },
];
