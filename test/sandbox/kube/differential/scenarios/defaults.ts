// What the API server adds to small objects of many kinds, and who owns it.

import { apply, create, PATHS, podTemplate, type Scenario } from '../scenario.ts';

const { pods, services, deployments } = PATHS;

const NAMESPACED: readonly (readonly [string, object])[] = [
  ['/api/v1/namespaces/$NS/configmaps', { apiVersion: 'v1', kind: 'ConfigMap' }],
  ['/api/v1/namespaces/$NS/secrets', { apiVersion: 'v1', kind: 'Secret' }],
  [
    '/api/v1/namespaces/$NS/serviceaccounts',
    { apiVersion: 'v1', kind: 'ServiceAccount', automountServiceAccountToken: false },
  ],
  ['/api/v1/namespaces/$NS/services', { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }] } }],
  [
    '/api/v1/namespaces/$NS/persistentvolumeclaims',
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
    },
  ],
  [
    '/api/v1/namespaces/$NS/resourcequotas',
    { apiVersion: 'v1', kind: 'ResourceQuota', spec: { hard: { cpu: '1000m' } } },
  ],
  [
    '/api/v1/namespaces/$NS/limitranges',
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      spec: { limits: [{ type: 'Container', max: { cpu: 2 }, default: { memory: '1Gi' } }] },
    },
  ],
  [
    '/api/v1/namespaces/$NS/endpoints',
    { apiVersion: 'v1', kind: 'Endpoints', subsets: [{ addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }] }] },
  ],
  [
    '/api/v1/namespaces/$NS/events',
    {
      apiVersion: 'v1',
      kind: 'Event',
      involvedObject: { kind: 'Pod', name: 'x', namespace: '$NS' },
      reason: 'Test',
      message: 'hello',
      type: 'Normal',
    },
  ],
  ['/api/v1/namespaces/$NS/podtemplates', { apiVersion: 'v1', kind: 'PodTemplate', template: podTemplate('x') }],
  [
    '/api/v1/namespaces/$NS/replicationcontrollers',
    { apiVersion: 'v1', kind: 'ReplicationController', spec: { replicas: 0, template: podTemplate('x') } },
  ],
  [
    '/apis/apps/v1/namespaces/$NS/deployments',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: { selector: { matchLabels: { app: 'x' } }, template: podTemplate('x') },
    },
  ],
  [
    '/apis/apps/v1/namespaces/$NS/statefulsets',
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      spec: {
        serviceName: 'x',
        selector: { matchLabels: { app: 'x' } },
        template: podTemplate('x'),
        volumeClaimTemplates: [
          {
            metadata: { name: 'v' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
  ],
  [
    '/apis/apps/v1/namespaces/$NS/daemonsets',
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      spec: { selector: { matchLabels: { app: 'x' } }, template: podTemplate('x') },
    },
  ],
  [
    '/apis/apps/v1/namespaces/$NS/replicasets',
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      spec: { selector: { matchLabels: { app: 'x' } }, template: podTemplate('x') },
    },
  ],
  [
    '/apis/apps/v1/namespaces/$NS/controllerrevisions',
    { apiVersion: 'apps/v1', kind: 'ControllerRevision', revision: 1, data: { a: { b: 1 } } },
  ],
  [
    '/apis/batch/v1/namespaces/$NS/jobs',
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } },
    },
  ],
  [
    '/apis/batch/v1/namespaces/$NS/cronjobs',
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      spec: {
        schedule: '*/5 * * * *',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } },
        },
      },
    },
  ],
  [
    '/apis/networking.k8s.io/v1/namespaces/$NS/ingresses',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      spec: {
        rules: [
          {
            host: 'x.example.com',
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } }],
            },
          },
        ],
        tls: [{ hosts: ['x.example.com'], secretName: 't' }],
      },
    },
  ],
  [
    '/apis/networking.k8s.io/v1/namespaces/$NS/networkpolicies',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      spec: { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] },
    },
  ],
  [
    '/apis/policy/v1/namespaces/$NS/poddisruptionbudgets',
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      spec: { minAvailable: 1, selector: { matchLabels: { a: 'b' } } },
    },
  ],
  [
    '/apis/autoscaling/v2/namespaces/$NS/horizontalpodautoscalers',
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' },
        maxReplicas: 3,
        behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
      },
    },
  ],
  [
    '/apis/autoscaling/v1/namespaces/$NS/horizontalpodautoscalers',
    {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' },
        maxReplicas: 3,
        targetCPUUtilizationPercentage: 50,
      },
    },
  ],
  [
    '/apis/rbac.authorization.k8s.io/v1/namespaces/$NS/roles',
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
  ],
  [
    '/apis/rbac.authorization.k8s.io/v1/namespaces/$NS/rolebindings',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      roleRef: { kind: 'Role', name: 'x' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    },
  ],
  [
    '/apis/coordination.k8s.io/v1/namespaces/$NS/leases',
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2024-01-01T00:00:00.500000Z' },
    },
  ],
  [
    '/apis/discovery.k8s.io/v1/namespaces/$NS/endpointslices',
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      endpoints: [{ addresses: ['1.2.3.4'] }],
      ports: [{ port: 80 }],
    },
  ],
];

const CLUSTER: readonly (readonly [string, object])[] = [
  ['/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace' }],
  [
    '/api/v1/persistentvolumes',
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
    },
  ],
  ['/api/v1/nodes', { apiVersion: 'v1', kind: 'Node' }],
  [
    '/apis/networking.k8s.io/v1/ingressclasses',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      spec: { controller: 'example.com/x', parameters: { kind: 'X', name: 'y' } },
    },
  ],
  [
    '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    },
  ],
  [
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      roleRef: { kind: 'ClusterRole', name: 'x' },
    },
  ],
  [
    '/apis/storage.k8s.io/v1/storageclasses',
    { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', provisioner: 'example.com/x' },
  ],
  [
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', value: 5 },
  ],
  ['/apis/node.k8s.io/v1/runtimeclasses', { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', handler: 'x' }],
  [
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      webhooks: [
        {
          name: 'w.example.com',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { service: { name: 's', namespace: 'n' } },
          rules: [{ operations: ['*'], apiGroups: ['example.com'], apiVersions: ['v1'], resources: ['nothings'] }],
        },
      ],
    },
  ],
  [
    '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      webhooks: [
        {
          name: 'w.example.com',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { url: 'https://example.com/x' },
        },
      ],
    },
  ],
];

const named = (body: object, name: string, more: object = {}) => ({ ...body, metadata: { name, ...more } });
const kindOf = (body: object) => `${'apiVersion' in body ? body.apiVersion : ''} ${'kind' in body ? body.kind : ''}`;

export const DEFAULTS: readonly Scenario[] = [
  ...[...NAMESPACED, ...CLUSTER].map(([path, body]): Scenario => {
    const name = path.includes('$NS') ? 'x' : 'diff-x';
    return {
      title: `${kindOf(body)}, created and applied`,
      steps: [
        create(`${path}?dryRun=All`, named(body, name)),
        apply(`${path}/${name}?dryRun=All`, named(body, name), 'one'),
      ],
    };
  }),
  {
    title: 'a Pod with everything that has a default',
    steps: [
      create(`${pods}?dryRun=All`, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'full' },
        spec: {
          hostNetwork: true,
          containers: [
            {
              name: 'main',
              image:
                'registry.example.com:5000/x/y@sha256:0000000000000000000000000000000000000000000000000000000000000000',
              ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP', name: 'dns' }],
              env: [{ name: 'A' }, { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
              livenessProbe: { httpGet: { port: 80 } },
              readinessProbe: { grpc: { port: 80 } },
              startupProbe: { tcpSocket: { port: 'dns' } },
              lifecycle: { postStart: { httpGet: { port: 80 } }, preStop: { exec: { command: ['x'] } } },
              resources: { limits: { cpu: '0.5', memory: '1Gi' }, requests: { cpu: '0.1' } },
              volumeMounts: [{ name: 'a', mountPath: '/a' }],
            },
          ],
          initContainers: [{ name: 'init', image: 'x:latest' }],
          volumes: [
            { name: 'a' },
            { name: 'b', configMap: { name: 'x' } },
            { name: 'c', secret: { secretName: 'x' } },
            { name: 'd', hostPath: { path: '/x' } },
            { name: 'e', downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'metadata.name' } }] } },
            {
              name: 'f',
              projected: { sources: [{ serviceAccountToken: { path: 'x' } }, { configMap: { name: 'x' } }] },
            },
            {
              name: 'g',
              ephemeral: {
                volumeClaimTemplate: {
                  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
                },
              },
            },
            { name: 'h', emptyDir: { sizeLimit: '1.5Gi' } },
          ],
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'zone',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: { a: 'b' } },
            },
          ],
        },
      }),
    ],
  },
  {
    title: 'Services of every type',
    steps: [
      ...['NodePort', 'LoadBalancer'].map((type) =>
        create(`${services}?dryRun=All`, {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's' },
          spec: { type, ports: [{ port: 80 }], selector: { a: 'b' } },
        }),
      ),
      create(`${services}?dryRun=All`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's' },
        spec: { type: 'ExternalName', externalName: 'example.com' },
      }),
      create(`${services}?dryRun=All`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's' },
        spec: { clusterIP: 'None', selector: { a: 'b' } },
      }),
      create(`${services}?dryRun=All`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's' },
        spec: {
          sessionAffinity: 'ClientIP',
          ports: [{ port: 80, targetPort: 'x', protocol: 'UDP' }],
          externalIPs: ['1.2.3.4'],
        },
      }),
    ],
  },
  {
    title: 'values in other forms become canonical',
    steps: [
      apply(
        deployments.concat('/d?dryRun=All'),
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'd', creationTimestamp: null, labels: {}, annotations: null },
          spec: {
            replicas: 0,
            selector: { matchLabels: { app: 'd' } },
            strategy: {},
            template: {
              metadata: { creationTimestamp: null, labels: { app: 'd' } },
              spec: {
                containers: [
                  {
                    name: 'main',
                    image: 'x:1',
                    resources: {
                      limits: { cpu: 1, memory: '1000Mi', 'ephemeral-storage': '0.5Gi' },
                      requests: { cpu: '1500m', memory: '1e3' },
                    },
                    command: [],
                    env: null,
                  },
                ],
              },
            },
          },
          status: {},
        },
        'one',
      ),
    ],
  },
];
