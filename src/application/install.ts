// The manifests that run hawser in a cluster.

import type { KubeObject } from '../kube/object.ts';
import { customResourceDefinitions } from './crds.ts';
import { noticeConfiguration } from './install-notices.ts';

export interface InstallOptions {
  readonly namespace: string;
  readonly image: string;
  readonly nodePort?: number;
  /** Where the API server reaches a hawser that runs outside of the cluster. */
  readonly noticeUrl?: string;
  readonly driftNotices?: boolean;
}

const PORT = 8080;
const NOTICE_PORT = 8443;

/** In the order in which `kubectl apply -f -` should see them. */
export function installManifests(options: InstallOptions): readonly KubeObject[] {
  const { namespace, image, nodePort, noticeUrl, driftNotices } = options;
  const labels = { 'app.kubernetes.io/name': 'hawser', 'app.kubernetes.io/part-of': 'hawser' };
  const metadata = { name: 'hawser', namespace, labels };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...customResourceDefinitions(),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `hawser-${namespace}`, labels },
      rules: [
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
        { nonResourceURLs: ['*'], verbs: ['get'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `hawser-${namespace}`, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `hawser-${namespace}` },
      subjects: [{ kind: 'ServiceAccount', name: 'hawser', namespace }],
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        ...(nodePort ? { type: 'NodePort' } : {}),
        selector: { 'app.kubernetes.io/name': 'hawser' },
        ports: [
          { name: 'http', port: 80, targetPort: PORT, ...(nodePort && { nodePort }) },
          { name: 'notices', port: 443, targetPort: NOTICE_PORT },
        ],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: { 'app.kubernetes.io/name': 'hawser' } },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: 'hawser',
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              fsGroup: 1000,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [
              {
                name: 'hawser',
                image,
                args: [
                  'serve',
                  '--host',
                  '0.0.0.0',
                  '--port',
                  String(PORT),
                  '--notice-port',
                  String(NOTICE_PORT),
                  '--namespace',
                  namespace,
                  '--data',
                  '/data',
                ],
                ports: [
                  { name: 'http', containerPort: PORT },
                  { name: 'notices', containerPort: NOTICE_PORT },
                ],
                readinessProbe: { httpGet: { path: '/healthz', port: 'http' } },
                resources: { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '512Mi' } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
                volumeMounts: [
                  { name: 'data', mountPath: '/data' },
                  { name: 'tmp', mountPath: '/tmp' },
                ],
              },
            ],
            volumes: [
              { name: 'data', emptyDir: {} },
              { name: 'tmp', emptyDir: {} },
            ],
          },
        },
      },
    },
    noticeConfiguration({ namespace, ...(noticeUrl && { url: noticeUrl }), ...(driftNotices && { drift: true }) }),
  ];
}
