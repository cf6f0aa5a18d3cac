// An Application object made from the few things that people choose.

import type { KubeObject } from '../kube/object.ts';

export interface NewApplication {
  readonly name: string;
  readonly namespace: string;
  /** Otherwise `default`. */
  readonly project?: string;
  readonly repoURL: string;
  readonly path: string;
  readonly targetRevision?: string;
  readonly valueFiles?: readonly string[];
  readonly destinationNamespace: string;
  readonly automated?: { readonly prune?: boolean; readonly selfHeal?: boolean };
  readonly syncOptions?: readonly string[];
}

export function applicationManifest(app: NewApplication): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: app.name, namespace: app.namespace },
    spec: {
      project: app.project ?? 'default',
      source: {
        repoURL: app.repoURL,
        path: app.path,
        targetRevision: app.targetRevision ?? 'HEAD',
        ...(app.valueFiles && { helm: { valueFiles: app.valueFiles } }),
      },
      destination: { server: 'https://kubernetes.default.svc', namespace: app.destinationNamespace },
      syncPolicy: {
        ...(app.automated && { automated: app.automated }),
        syncOptions: app.syncOptions ?? ['CreateNamespace=true'],
      },
    },
  };
}
