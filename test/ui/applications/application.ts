// An Application as the list gets it.

import type { Application, Condition, HealthCode, OperationState, SyncCode } from '../../../src/application/types.ts';

interface Wanted {
  readonly name: string;
  readonly project?: string;
  readonly sync?: SyncCode;
  readonly health?: HealthCode;
  readonly labels?: Readonly<Record<string, string>>;
  readonly automated?: boolean;
  readonly conditions?: readonly Condition[];
  readonly operationState?: Partial<OperationState>;
  readonly metadata?: object;
  readonly spec?: Partial<Application['spec']>;
  readonly status?: Partial<Application['status']>;
}

export function application(wanted: Wanted): Application {
  const { name, project = 'default', sync = 'Synced', health = 'Healthy', labels, automated, conditions } = wanted;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', ...(labels && { labels }), ...wanted.metadata },
    spec: {
      project,
      source: { repoURL: 'https://git.example.com/devops/ops-deploy', path: `apps/${name}` },
      destination: { server: 'https://kubernetes.default.svc', namespace: name },
      ...(automated && { syncPolicy: { automated: {} } }),
      ...wanted.spec,
    },
    status: {
      sync: { status: sync, revision: '3f9c1a2b4d5e6f708192a3b4c5d6e7f8091a2b3c' },
      health: { status: health },
      ...(conditions && { conditions }),
      ...(wanted.operationState && { operationState: wanted.operationState as OperationState }),
      ...wanted.status,
    },
  };
}
