// Applications of all states in a cluster, as a large installation has them, without anybody who deploys them: for lists.

import { applicationManifest } from '../../src/application/manifest.ts';
import type { ApplicationStatus, HealthCode, SyncCode } from '../../src/application/types.ts';
import type { KubeObject } from '../../src/kube/object.ts';

const TEAMS = ['shop', 'payments', 'search', 'platform', 'data'] as const;
const STAGES = ['dev', 'stage', 'prd'] as const;
/** Of ten, most are as Git says. */
const STATES: readonly (readonly [SyncCode, HealthCode])[] = [
  ['Synced', 'Healthy'],
  ['Synced', 'Healthy'],
  ['OutOfSync', 'Healthy'],
  ['Synced', 'Healthy'],
  ['Synced', 'Progressing'],
  ['OutOfSync', 'Missing'],
  ['Synced', 'Healthy'],
  ['Synced', 'Degraded'],
  ['Unknown', 'Unknown'],
  ['Synced', 'Suspended'],
];
const HOUR_MS = 3_600_000;

/** `app-0000`, `app-0001`, …: five projects (made, too), three stages, two repositories, labels `team` and `stage`. */
export function* manyApplications(count: number, namespace: string, gitUrl: string): Generator<KubeObject> {
  if (count === 0) return;
  for (const name of TEAMS) {
    yield {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace },
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] },
    };
  }
  for (let index = 0; index < count; index++) yield application(index, namespace, gitUrl);
}

function application(index: number, namespace: string, gitUrl: string): KubeObject {
  const team = TEAMS[index % TEAMS.length] ?? 'shop';
  const stage = STAGES[index % STAGES.length] ?? 'dev';
  const [sync, health] = STATES[index % STATES.length] ?? ['Synced', 'Healthy'];
  const name = `app-${String(index).padStart(4, '0')}`;
  const object = applicationManifest({
    ...{ name, namespace, project: team, path: `apps/${name}`, destinationNamespace: `${team}-${stage}` },
    repoURL: `${gitUrl}/${index % 2 === 0 ? 'devops/ops-deploy' : `${team}/deploy`}`,
    ...(stage === 'dev' && { automated: { prune: true } }),
  });
  return {
    ...object,
    metadata: { ...object.metadata, labels: { team, stage } },
    status: statusOf(index, { sync, health, destinationNamespace: `${team}-${stage}`, spec: object.spec }),
  };
}

function statusOf(
  index: number,
  state: { sync: SyncCode; health: HealthCode; destinationNamespace: string; spec: unknown },
): ApplicationStatus {
  const { sync, health, destinationNamespace, spec } = state;
  const revision = index.toString(16).padStart(8, '0').repeat(5);
  const deployedAt = new Date(Date.UTC(2026, 0, 5) - index * HOUR_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  const { source, destination } = spec as { source: object; destination: object };
  return {
    sync: { status: sync, revision, comparedTo: { source: source as never, destination } },
    health: { status: health },
    sourceType: 'Directory',
    reconciledAt: deployedAt,
    summary: { images: [`registry.example.com/app:${index}`] },
    resources: [
      { version: 'v1', kind: 'Service', namespace: destinationNamespace, name: 'web', status: 'Synced' },
      {
        ...{ group: 'apps', version: 'v1', kind: 'Deployment', namespace: destinationNamespace, name: 'web' },
        ...{ status: sync, health: { status: health } },
      },
    ],
    history: [{ id: 0, revision, deployedAt, source: source as never, initiatedBy: { username: 'admin' } }],
  };
}
