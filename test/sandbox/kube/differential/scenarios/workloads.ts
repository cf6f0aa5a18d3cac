// What the API server warns of, and what it makes of whole workloads: volumes, claims, affinity, autoscalers, definitions.

import { create, deployment, PATHS, patch, podTemplate, type Scenario, update } from '../scenario.ts';

const { deployments, statefulsets, daemonsets, jobs, ingresses, services, claims, rolebindings } = PATHS;
const autoscalers = (version: string) => `/apis/autoscaling/${version}/namespaces/$NS/horizontalpodautoscalers`;
const policies = '/apis/networking.k8s.io/v1/namespaces/$NS/networkpolicies';
const budgets = '/apis/policy/v1/namespaces/$NS/poddisruptionbudgets';
const volumes = '/api/v1/persistentvolumes';
const classes = '/apis/storage.k8s.io/v1/storageclasses';
const drivers = '/apis/storage.k8s.io/v1/csidrivers';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const dry = (path: string) => `${path}?dryRun=All`;

function withPod(spec: object, metadata: object = {}): object {
  const template = podTemplate('web') as { metadata: object; spec: object };
  return deployment('web', {
    template: { metadata: { ...template.metadata, ...metadata }, spec: { ...template.spec, ...spec } },
  });
}

const main = { name: 'main', image: 'nginx:1.26' };

function statefulSet(claim: object | undefined, spec: object = {}): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: podTemplate('db', { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
      ...(claim ? { volumeClaimTemplates: [claim] } : {}),
      ...spec,
    },
  };
}

function job(metadata: object, template: object, spec: object = {}): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', ...metadata },
    spec: { template: { metadata: template, spec: { restartPolicy: 'Never', containers: [main] } }, ...spec },
  };
}

function autoscaler(version: string, spec: object, metadata: object = {}): object {
  return {
    apiVersion: `autoscaling/${version}`,
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', ...metadata },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 5, ...spec },
  };
}

function volume(name: string, spec: object): object {
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `$NS-${name}` }, spec };
}

function definition(spec: object, metadata: object = {}): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.$NS.example.com', ...metadata },
    spec: {
      group: '$NS.example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      ...spec,
    },
  };
}

export const WORKLOADS: readonly Scenario[] = [
  {
    title: 'warnings',
    steps: [
      create(
        dry(deployments),
        withPod(
          {
            nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
            hostAliases: [
              { ip: '10.0.0.1', hostnames: ['a'] },
              { ip: '10.0.0.1', hostnames: ['b'] },
            ],
            imagePullSecrets: [{ name: 'x' }, { name: 'x' }, {}],
            terminationGracePeriodSeconds: -1,
          },
          {
            annotations: {
              'scheduler.alpha.kubernetes.io/critical-pod': '',
              'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
              'container.apparmor.security.beta.kubernetes.io/main': 'runtime/default',
            },
          },
        ),
      ),
      create(
        dry(deployments),
        withPod({
          containers: [
            {
              ...main,
              ports: [{ name: 'http', containerPort: 80 }],
              env: [
                { name: 'A', value: '1' },
                { name: 'A', value: '2' },
                { name: 'B', value: '1' },
                { name: 'B', value: '$(B)2' },
              ],
              resources: { limits: { memory: '100m' } },
            },
            { ...main, name: 'other', ports: [{ name: 'http', containerPort: 80 }] },
          ],
          topologySpreadConstraints: [
            { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' },
          ],
        }),
      ),
      create(dry(deployments), { ...deployment('web'), metadata: { name: 'web.1' } }),
      create(dry(deployments), withPod({ volumes: [{ name: 'v', projected: { sources: [{}] } }] })),
      create(
        dry(deployments),
        withPod({
          volumes: [
            {
              name: 'v',
              configMap: {
                name: 'c',
                items: [
                  { key: 'a', path: 'x' },
                  { key: 'b', path: 'x/y' },
                ],
              },
            },
          ],
        }),
      ),
      create(
        dry(`${deployments}`),
        withPod({
          serviceAccountName: 'robot',
          hostNetwork: true,
          containers: [{ ...main, ports: [{ containerPort: 80 }] }],
        }),
      ),
      create(dry(ingresses), {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'web', annotations: { 'kubernetes.io/ingress.class': 'nginx' } },
        spec: { defaultBackend: { service: { name: '1web', port: { number: 80 } } } },
      }),
      create(dry(services), {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: {
          clusterIP: 'None',
          externalName: 'x.example.com',
          sessionAffinity: 'ClientIP',
          trafficDistribution: 'PreferClose',
        },
      }),
      create(`${dry(deployments)}&fieldValidation=Warn`, { ...deployment('web', { replicas: -1, replica: 1 }) }),
    ],
  },
  {
    title: 'warnings of an update come only with a change',
    steps: [
      create(deployments, withPod({ nodeSelector: { 'beta.kubernetes.io/os': 'linux' } })),
      patch('merge', `${deployments}/web`, { metadata: { labels: { a: 'b' } } }),
      patch('merge', `${deployments}/web`, { spec: { minReadySeconds: 1 } }),
    ],
  },
  {
    title: 'volumes and mounts',
    steps: [
      create(
        dry(deployments),
        withPod({
          volumes: [
            { name: 'a', secret: { secretName: 's', items: [{ key: 'k', path: '../p', mode: 755 }, { path: '/p' }] } },
            { name: 'b', configMap: { defaultMode: 1000 } },
            { name: 'c', hostPath: { path: '/a/../b', type: 'Nothing' } },
            { name: 'd', nfs: { server: 'x', path: 'relative' } },
            { name: 'e', downwardAPI: { items: [{ path: 'x' }, { path: 'y', fieldRef: { fieldPath: 'spec.nope' } }] } },
            { name: 'f', projected: { sources: [{ serviceAccountToken: { expirationSeconds: 5, path: '' } }] } },
            { name: 'g', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['Nope'] } } } },
            { name: 'h', emptyDir: {} },
            { name: 'i' },
          ],
          containers: [
            {
              ...main,
              volumeMounts: [
                { name: 'h', mountPath: '/h', subPath: '../x' },
                { name: 'i', mountPath: '/i', mountPropagation: 'Bidirectional' },
                { name: 'a', mountPath: '/h', subPathExpr: '/x' },
              ],
              envFrom: [{ configMapRef: { name: 'Bad' } }, { secretRef: {} }],
            },
          ],
        }),
      ),
    ],
  },
  {
    title: 'where Pods may run',
    steps: [
      create(
        dry(deployments),
        withPod({
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {
                    matchExpressions: [
                      { key: 'a b', operator: 'In' },
                      { key: 'a', operator: 'Exists', values: ['x'] },
                    ],
                  },
                  {
                    matchExpressions: [
                      { key: 'a', operator: 'Gt', values: ['1', '2'] },
                      { key: 'b', operator: 'Is' },
                    ],
                  },
                ],
              },
              preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }],
            },
            podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: '' }] },
          },
        }),
      ),
    ],
  },
  {
    title: 'claims of a StatefulSet',
    steps: [
      create(dry(statefulsets), statefulSet({ metadata: { name: 'data' }, spec: {} })),
      create(dry(statefulsets), statefulSet({ metadata: { name: 'other' }, spec: {} })),
      create(
        statefulsets,
        statefulSet({
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        }),
      ),
      patch('json', `${statefulsets}/db`, [
        { op: 'replace', path: '/spec/volumeClaimTemplates/0/spec/resources/requests/storage', value: '2Gi' },
      ]),
      patch('merge', `${statefulsets}/db`, {
        spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Keep' }, replicas: -1 },
      }),
    ],
  },
  {
    title: 'a DaemonSet rolls out by one number',
    steps: [
      create(dry(daemonsets), {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'd' },
        spec: {
          selector: { matchLabels: { app: 'd' } },
          template: podTemplate('d'),
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
        },
      }),
      create(dry(daemonsets), {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'd' },
        spec: {
          selector: { matchLabels: { app: 'd' } },
          template: podTemplate('d'),
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } },
        },
      }),
    ],
  },
  {
    title: 'labels of a Job and its template',
    steps: [
      create(dry(jobs), job({}, {})),
      create(dry(jobs), job({}, { labels: { a: 'b' } })),
      create(dry(jobs), job({ labels: { a: 'b' } }, { labels: { a: 'b' } })),
      create(dry(jobs), job({}, { labels: { 'job-name': 'other', 'controller-uid': 'x' } })),
      create(dry(jobs), job({}, {}, { manualSelector: true, selector: { matchLabels: { a: 'b' } } })),
      create(jobs, job({}, {}, { suspend: true })),
      update(`${jobs}/j`, job({}, {}, { suspend: true })),
    ],
  },
  {
    title: 'autoscalers in two versions',
    steps: [
      create(dry(autoscalers('v1')), autoscaler('v1', {})),
      create(dry(autoscalers('v1')), autoscaler('v1', { targetCPUUtilizationPercentage: 50, minReplicas: 6 })),
      create(dry(autoscalers('v2')), autoscaler('v2', { maxReplicas: 0, minReplicas: 0 })),
      create(
        dry(autoscalers('v2')),
        autoscaler('v2', {
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: {} } },
            { type: 'Pods', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 0 } } },
            { type: 'Nope' },
            { type: 'Object', object: { describedObject: {}, metric: {}, target: { type: 'Value', value: '0' } } },
          ],
          behavior: { scaleUp: { policies: [{ type: 'X', value: 0, periodSeconds: 5000 }], selectPolicy: 'No' } },
        }),
      ),
      create(
        autoscalers('v2'),
        autoscaler('v2', {
          metrics: [
            { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
          ],
          behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
        }),
      ),
      { method: 'GET', path: `${autoscalers('v1')}/web` },
      patch('merge', `${autoscalers('v1')}/web`, { spec: { maxReplicas: 7 } }),
      { method: 'GET', path: `${autoscalers('v2')}/web` },
    ],
  },
  {
    title: 'volumes and claims do not change',
    steps: [
      create(dry(volumes), volume('a', {})),
      create(
        volumes,
        volume('b', {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOnce'],
          persistentVolumeReclaimPolicy: 'Recycle',
          nfs: { server: 'x', path: '/' },
          storageClassName: 'none',
        }),
      ),
      patch('merge', `${volumes}/$NS-b`, { spec: { nfs: { path: '/other' }, volumeMode: 'Block' } }),
      { method: 'DELETE', path: `${volumes}/$NS-b`, silent: true },
      create(claims, {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'c' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'none' },
      }),
      patch('merge', `${claims}/c`, { spec: { resources: { requests: { storage: '2Gi' } } } }),
      patch('merge', `${claims}/c`, { metadata: { labels: { a: 'b' } } }),
      create(`${classes}`, {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: '$NS' },
        provisioner: 'x.example.com',
      }),
      patch('merge', `${classes}/$NS`, { reclaimPolicy: 'Retain', provisioner: null, parameters: { a: 'b' } }),
      { method: 'DELETE', path: `${classes}/$NS`, silent: true },
      create(drivers, {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSIDriver',
        metadata: { name: '$NS' },
        spec: { attachRequired: false },
      }),
      patch('merge', `${drivers}/$NS`, { spec: { attachRequired: true } }),
      patch('merge', `${drivers}/$NS`, { spec: { requiresRepublish: true } }),
      { method: 'DELETE', path: `${drivers}/$NS`, silent: true },
    ],
  },
  {
    title: 'network policies, ingresses, budgets, bindings',
    steps: [
      create(dry(policies), {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'n' },
        spec: {
          podSelector: {},
          policyTypes: ['Nothing'],
          ingress: [
            {
              ports: [{ endPort: 5 }, { port: 'http', endPort: 5 }, { port: 10, endPort: 5 }, { protocol: 'ICMP' }],
              from: [
                { ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16', '10.1.0.0/16'] }, podSelector: {} },
                { ipBlock: { cidr: '' } },
              ],
            },
          ],
        },
      }),
      create(dry(ingresses), {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'i', annotations: { 'kubernetes.io/ingress.class': 'a' } },
        spec: {
          ingressClassName: 'b',
          tls: [{ hosts: ['Bad', '*.a.example.com', '*'], secretName: 'Bad' }],
          rules: [
            {
              host: '10.0.0.1',
              http: {
                paths: [{ path: '/a/..', pathType: 'Prefix', backend: { service: { name: 'x', port: { name: '' } } } }],
              },
            },
            { host: '*.*.example.com' },
          ],
        },
      }),
      create(dry(budgets), {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'Any-name-' },
        spec: { minAvailable: 1, selector: {} },
      }),
      create(dry(rolebindings), {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'r' },
        roleRef: { kind: 'Role', name: 'x' },
        subjects: [{ kind: 'ServiceAccount', name: 'bad-' }],
      }),
    ],
  },
  {
    title: 'definitions that are not right',
    steps: [
      create(dry(definitions), definition({ preserveUnknownFields: true })),
      create(
        dry(definitions),
        definition({
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  properties: {
                    spec: { type: 'object', properties: { size: { type: 'string', format: 'int64' } } },
                  },
                },
              },
              additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: 'spec' }],
              subresources: { scale: { specReplicasPath: '.status.x', statusReplicasPath: '' } },
            },
          ],
        }),
      ),
      create(
        dry(definitions),
        definition({ names: { plural: 'things', kind: 'Thing', listKind: 'Thing', shortNames: ['T'] } }),
      ),
      create(
        dry(definitions),
        definition({ group: '$NS.k8s.io', names: { plural: 'things', kind: 'Thing' } }, { name: 'things.$NS.k8s.io' }),
      ),
    ],
  },
];
