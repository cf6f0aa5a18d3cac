// One object or two for each way in which the tables judge; the objects of Argo CD itself are the corpus'.

import { describe, expect, it } from 'vitest';
import type { HealthCode } from '../../src/application/types.ts';
import { FAMILIES, familyCheck } from '../../src/health/families.ts';
import { resourceHealth } from '../../src/health/health.ts';
import type { KubeObject } from '../../src/kube/object.ts';

type Fields = Readonly<Record<string, unknown>>;

const object = (apiVersion: string, kind: string, fields: Fields = {}, metadata: Fields = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', generation: 2, ...metadata },
  ...fields,
});
const conditions = (
  ...list: readonly (readonly [type: string, status: string, reason?: string, message?: string])[]
) => ({
  conditions: list.map(([type, status, reason, message]) => ({ type, status, reason, message })),
});

const CASES: readonly (readonly [title: string, subject: KubeObject, status: HealthCode, message?: string])[] = [
  [
    'a CronJob whose last run failed',
    object('batch/v1', 'CronJob', {
      spec: {},
      status: { lastScheduleTime: '2024-01-02T00:00:00Z', lastSuccessfulTime: '2024-01-01T00:00:00Z' },
    }),
    'Degraded',
    'CronJob has not completed its last execution successfully',
  ],
  [
    'a CronJob that is suspended',
    object('batch/v1', 'CronJob', { spec: { suspend: true } }),
    'Healthy',
    'CronJob is Suspended',
  ],
  [
    'a PodDisruptionBudget without Pods',
    object('policy/v1', 'PodDisruptionBudget', {
      status: conditions(['DisruptionAllowed', 'False', 'InsufficientPods']),
    }),
    'Healthy',
    'PodDisruptionBudget has InsufficientPods',
  ],
  [
    'a PodDisruptionBudget that cannot be worked out',
    object('policy/v1', 'PodDisruptionBudget', { status: conditions(['DisruptionAllowed', 'False', 'SyncFailed']) }),
    'Degraded',
    'PodDisruptionBudget has SyncFailed',
  ],
  [
    'a ScaledObject that falls back',
    object('keda.sh/v1alpha1', 'ScaledObject', {
      status: conditions(['Ready', 'True', '', 'ready'], ['Fallback', 'True', '', 'scaler away']),
    }),
    'Degraded',
    'scaler away',
  ],
  [
    'a ScaledObject that is paused',
    object('keda.sh/v1alpha1', 'ScaledObject', {
      status: conditions(['Ready', 'True', '', 'ready'], ['Paused', 'True', '', 'paused']),
    }),
    'Suspended',
    'paused',
  ],
  [
    'a Kustomization of Flux at work',
    object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', {
      spec: {},
      status: conditions(['Ready', 'Unknown', 'Progressing'], ['Reconciling', 'True']),
    }),
    'Progressing',
    'Progressing',
  ],
  [
    'a CloneSet that is seen and complete',
    object('apps.kruise.io/v1alpha1', 'CloneSet', {
      spec: { updateStrategy: { partition: 0 } },
      status: { observedGeneration: 2, replicas: 3, updatedAvailableReplicas: 3 },
    }),
    'Healthy',
    'All Cloneset workloads are ready and updated',
  ],
  [
    'a Subscription of OLM that waits for approval by hand',
    object('operators.coreos.com/v1alpha1', 'Subscription', {
      spec: { installPlanApproval: 'Manual' },
      status: {
        ...conditions(['InstallPlanPending', 'True', 'RequiresApproval'], ['CatalogSourcesUnhealthy', 'False']),
        installedCSV: 'a.v1',
        state: 'UpgradePending',
      },
    }),
    'Healthy',
    "2: CatalogSourcesUnhealthy | False\n.status.state is 'UpgradePending' (manual InstallPlan approval pending; treated as healthy)\n",
  ],
  [
    'a CloudNativePG cluster that fails over',
    object('postgresql.cnpg.io/v1', 'Cluster', {
      status: { ...conditions(['Ready', 'False']), phase: 'Failing over', phaseReason: 'primary gone' },
    }),
    'Degraded',
    'primary gone',
  ],
  [
    'an HTTPRoute that a parent of this generation refuses',
    object('gateway.networking.k8s.io/v1', 'HTTPRoute', {
      status: {
        parents: [
          { parentRef: { name: 'old' }, conditions: [{ type: 'Accepted', status: 'False', observedGeneration: 1 }] },
          {
            parentRef: { name: 'edge' },
            conditions: [{ type: 'Accepted', status: 'False', observedGeneration: 2, message: 'no' }],
          },
        ],
      },
    }),
    'Degraded',
    'Parent edge: no',
  ],
  [
    'a managed resource of a group that only a pattern knows',
    object('sqs.aws.upbound.io/v1beta1', 'Queue', { status: conditions(['Synced', 'False', '', 'no credentials']) }),
    'Degraded',
    'no credentials',
  ],
  [
    'a resource of AWS Controllers for Kubernetes',
    object('rds.services.k8s.aws/v1alpha1', 'DBInstance', {
      status: conditions(['ACK.Terminal', 'True', '', 'invalid']),
    }),
    'Degraded',
    'invalid',
  ],
];

describe('the tables of custom kinds', () => {
  for (const [title, subject, status, message] of CASES) {
    it(`judge ${title}`, () => {
      expect(resourceHealth(subject)).toEqual(message === undefined ? { status } : { status, message });
    });
  }

  it('have nothing to say of an object whose state they do not know, where Argo CD has nothing', () => {
    expect(resourceHealth(object('argoproj.io/v1alpha1', 'AnalysisRun', { status: { phase: 'Odd' } }))).toBeUndefined();
  });

  it('take a kind by its name before a pattern for its group', () => {
    expect(familyCheck('iam.aws.crossplane.io', 'Role')).not.toBe(familyCheck('ec2.aws.crossplane.io', 'VPC'));
    expect(familyCheck('ec2.aws.crossplane.io', 'VPC')).toBe(familyCheck('_.crossplane.io', '_'));
    expect(familyCheck('example.com', 'Widget')).toBeUndefined();
  });

  it('name each kind once', () => {
    const names = FAMILIES.flatMap((family) => Object.keys(family));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => !/^[a-z_][a-z0-9._-]*\/(_|[A-Za-z0-9]+)$/.test(name))).toEqual([]);
  });
});
