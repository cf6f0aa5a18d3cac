// The metrics that tell what is, and not what happened: of Applications and clusters, from what hawser remembers. A scrape asks no cluster.

import { isAutomated, sourcesOf } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import type { MetricFamily, MetricLabels, MetricSample } from '../base/metrics.ts';
import { VERSION } from '../base/version.ts';
import { normaliseRepositoryUrl, withoutUserinfo } from '../git/repository-url.ts';
import { knownCapabilities } from './capabilities.ts';
import type { Cluster } from './clusters.ts';
import type { Road } from './road.ts';

/** All there is to tell: what was counted, and what is. */
export function createMetricFamilies(road: Road): () => readonly MetricFamily[] {
  const { metrics, processMetrics } = road.platform;
  return () => {
    const applications = road.observer.applications();
    return [
      ...applicationFamilies(road, applications),
      ...clusterFamilies(road, applications),
      gauge('argocd_info', 'Version information; the version is that of hawser.', [
        { labels: { version: VERSION }, value: 1 },
      ]),
      ...(metrics?.families() ?? []),
      ...(processMetrics?.() ?? []),
    ];
  };
}

/** What names an Application in its metrics. */
export function metricLabelsOf({ metadata, spec }: Pick<Application, 'metadata' | 'spec'>) {
  return { namespace: metadata.namespace, name: metadata.name, project: spec.project || 'default' };
}

/** The address of a destination; '' for one that is not known. */
export function serverOf(road: Pick<Road, 'clusters'>, app: Pick<Application, 'spec'>): string {
  return clusterOf(road, app)?.server ?? '';
}

function clusterOf({ clusters }: Pick<Road, 'clusters'>, { spec }: Pick<Application, 'spec'>): Cluster | undefined {
  try {
    return clusters.find(spec.destination);
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

function applicationFamilies(road: Road, applications: readonly Application[]): readonly MetricFamily[] {
  const { conditions = [], labels = [] } = road.platform.settings.metrics ?? {};
  return [
    gauge(
      'argocd_app_info',
      'Information about application.',
      applications.map((app) => ({ labels: infoOf(road, app), value: 1 })),
    ),
    gauge(
      'argocd_app_condition',
      'Report application conditions.',
      applications.flatMap((app) => conditionsOf(app, conditions)),
    ),
    gauge(
      'argocd_app_labels',
      'Argo Application labels converted to Prometheus labels',
      labels.length === 0 ? [] : applications.map((app) => ({ labels: labelsOf(app, labels), value: 1 })),
    ),
    gauge('argocd_app_orphaned_resources_count', 'Number of orphaned resources per application', orphans(applications)),
  ].filter(({ samples }) => samples.length > 0);
}

function infoOf(road: Road, app: Application): MetricLabels {
  const { metadata, spec, status, operation } = app;
  const { repoURL = '' } = sourcesOf(spec)[0] ?? {};
  const isSync = operation?.sync !== undefined;
  return {
    ...metricLabelsOf(app),
    autosync_enabled: String(isAutomated(app)),
    repo: normaliseRepositoryUrl(withoutUserinfo(repoURL)) ?? '',
    dest_server: serverOf(road, app),
    dest_namespace: spec.destination.namespace ?? '',
    sync_status: status.sync?.status ?? 'Unknown',
    health_status: status.health?.status ?? 'Unknown',
    operation: metadata.deletionTimestamp ? 'delete' : isSync ? 'sync' : '',
  };
}

function conditionsOf(app: Application, wanted: readonly string[]): readonly MetricSample[] {
  const counts = new Map<string, number>();
  for (const { type } of app.status.conditions ?? []) {
    if (wanted.includes(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([condition, value]) => ({ labels: { ...metricLabelsOf(app), condition }, value }));
}

/** `team.example.com/name` is no name of a label in Prometheus (Argo CD: metrics.NormalizeLabels). */
function labelsOf(app: Application, wanted: readonly string[]): MetricLabels {
  const pairs = wanted.map((label) => {
    const value = app.metadata.labels?.[label];
    return [`label_${label.replace(/[^a-zA-Z0-9_]/g, '_')}`, typeof value === 'string' ? value : ''];
  });
  return { ...metricLabelsOf(app), ...Object.fromEntries(pairs) };
}

/** Of those whose project wants to know: the condition has their number. */
function orphans(applications: readonly Application[]): readonly MetricSample[] {
  return applications.flatMap((app) => {
    const found = app.status.conditions?.find(({ type }) => type === 'OrphanedResourceWarning');
    const count = Number(/\d+/.exec(found?.message ?? '')?.[0] ?? Number.NaN);
    return Number.isNaN(count) ? [] : [{ labels: metricLabelsOf(app), value: count }];
  });
}

/** Those that Applications have as destinations. */
function clusterFamilies(road: Road, applications: readonly Application[]): readonly MetricFamily[] {
  const clusters = new Map<string, Cluster>();
  for (const app of applications) {
    const cluster = clusterOf(road, app);
    if (cluster) clusters.set(cluster.server, cluster);
  }
  const reachable = new Map(
    (road.platform.metrics?.families() ?? [])
      .find(({ name }) => name === 'hawser_cluster_reachable')
      ?.samples.map(({ labels, value }) => [labels.server ?? '', value === 1]),
  );
  const known = [...clusters.values()].flatMap((cluster) => {
    const client = clientOf(cluster);
    const { kubeVersion = '', resources = 0 } = (client && knownCapabilities(client)) ?? {};
    const isReached = client !== undefined && reachable.get(client.server) === true;
    const { server, name } = cluster;
    return [{ server, name, k8s_version: kubeVersion.replace(/^v/, ''), resources, isReached }];
  });
  const family = (name: string, help: string, sample: (cluster: (typeof known)[number]) => MetricSample) =>
    gauge(name, help, known.map(sample));
  // There is no cache whose objects or age could be told.
  return [
    family('argocd_cluster_info', 'Information about cluster.', ({ server, name, k8s_version }) => ({
      labels: { server, k8s_version, name },
      value: 1,
    })),
    family(
      'argocd_cluster_connection_status',
      'The k8s cluster current connection status.',
      ({ server, k8s_version, isReached }) => ({ labels: { server, k8s_version }, value: isReached ? 1 : 0 }),
    ),
    family(
      'argocd_cluster_api_resources',
      'Number of kubernetes API resources that the cluster serves.',
      ({ server, resources }) => ({ labels: { server }, value: resources }),
    ),
    family('argocd_cluster_api_resource_objects', 'Number of k8s resource objects in the cache.', ({ server }) => ({
      labels: { server },
      value: 0,
    })),
  ].filter(({ samples }) => samples.length > 0);
}

function clientOf(cluster: Cluster) {
  try {
    return cluster.client();
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, type: 'gauge', help, samples };
}
