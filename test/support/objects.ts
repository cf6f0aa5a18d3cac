// Small objects of several kinds, as Git would have them.

import type { KubeObject } from '../../src/kube/object.ts';

export const TRACKING = 'argocd.argoproj.io/tracking-id';
export const OPTIONS = 'argocd.argoproj.io/sync-options';
export const HOOK = 'argocd.argoproj.io/hook';
export const POLICY = 'argocd.argoproj.io/hook-delete-policy';
export const WAVE = 'argocd.argoproj.io/sync-wave';

export type Annotations = Readonly<Record<string, string>>;

export function object(
  apiVersion: string,
  kind: string,
  name: string,
  fields: object,
  annotations?: Annotations,
): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(annotations ? { annotations } : {}) }, ...fields };
}

export const configMap = (name: string, data: object, annotations?: Annotations) =>
  object('v1', 'ConfigMap', name, { data }, annotations);

export const service = (name: string, spec: object, annotations?: Annotations) =>
  object('v1', 'Service', name, { spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec } }, annotations);

/** Suspended: it never runs, and ends when a test says so. */
export const job = (name: string, annotations: Annotations, spec: object = {}) =>
  object(
    'batch/v1',
    'Job',
    name,
    {
      spec: {
        suspend: true,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } },
        ...spec,
      },
    },
    annotations,
  );

export const deployment = (image: string, replicas = 1, annotations?: Annotations): KubeObject =>
  object(
    'apps/v1',
    'Deployment',
    'web',
    {
      spec: {
        replicas,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              { name: 'web', image, ports: [{ containerPort: 80 }], resources: { limits: { cpu: '1000m' } } },
            ],
          },
        },
      },
    },
    annotations,
  );

/** The CRD of `Widget<suffix>`, whose spec holds an integer `size` of at most 10. */
export function widgetDefinition(suffix: string): KubeObject {
  const kind = `Widget${suffix}`;
  const plural = `${kind.toLowerCase()}s`;
  const spec = { type: 'object', properties: { size: { type: 'integer', maximum: 10 } } };
  return object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${plural}.hawser.example.com`, {
    spec: {
      group: 'hawser.example.com',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  });
}

export const widget = (suffix: string, name: string, spec: object, annotations?: Annotations) =>
  object('hawser.example.com/v1', `Widget${suffix}`, name, { spec }, annotations);
