// What the API server refuses, and how it says so.

import { configMap, create, deployment, PATHS, patch, podTemplate, type Scenario, update } from '../scenario.ts';

const {
  configmaps,
  secrets,
  services,
  pods,
  deployments,
  statefulsets,
  daemonsets,
  jobs,
  cronjobs,
  ingresses,
  roles,
  rolebindings,
  claims,
} = PATHS;

const service = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec });
const pod = (spec: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  spec,
});
const main = { name: 'main', image: 'nginx:1.26' };
const withMain = (more: object) => pod({ containers: [{ ...main, ...more }] });
const dry = (path: string) => `${path}?dryRun=All`;

export const VALIDATION: readonly Scenario[] = [
  {
    title: 'names, labels, annotations, finalizers, owners',
    steps: [
      create(dry(configmaps), configMap('Bad_Name', {})),
      create(dry(configmaps), configMap('x'.repeat(254), {})),
      create(dry(configmaps), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'Bad_' } }),
      create(dry(configmaps), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'good-' } }),
      create(dry(configmaps), { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }),
      create(dry(configmaps), configMap('a', {}, { labels: { 'a b': 'c' } })),
      create(
        dry(configmaps),
        configMap('a', {}, { labels: { a: 'b c', 'x/y/z': '1', '/q': '', 'Bad_Prefix/x': '1' } }),
      ),
      create(dry(configmaps), configMap('a', {}, { labels: { a: 'x'.repeat(64) } })),
      create(dry(configmaps), configMap('a', {}, { annotations: { 'a b': 'c' } })),
      create(dry(configmaps), configMap('a', {}, { finalizers: ['nodomain', 'bad name'] })),
      create(dry(configmaps), configMap('a', {}, { finalizers: ['orphan', 'foregroundDeletion'] })),
      create(
        dry(configmaps),
        configMap('a', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: '', uid: '' }] }),
      ),
      create(
        dry(configmaps),
        configMap(
          'a',
          {},
          {
            ownerReferences: [
              { apiVersion: '', kind: 'Event', name: 'x', uid: 'y', controller: true },
              { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'z', controller: true },
            ],
          },
        ),
      ),
      create(dry('/api/v1/namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a.b' } }),
      create(dry(services), service('1abc', { ports: [{ port: 80 }] })),
      create(dry(services), service('a.b', { ports: [{ port: 80 }] })),
      create(dry(roles), { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'a%b' } }),
      create(dry(roles), {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'system:node' },
        rules: [],
      }),
      create(configmaps, configMap('a', {}, { resourceVersion: '5' })),
      create(dry(configmaps), configMap('a', {}, { namespace: 'elsewhere' })),
    ],
  },
  {
    title: 'ConfigMaps and Secrets',
    steps: [
      create(dry(configmaps), configMap('a', { 'bad key': '1', '..': '2', '..x': '3' })),
      create(dry(configmaps), { ...configMap('a', { k: '1' }), binaryData: { k: 'AA==' } }),
      create(dry(configmaps), configMap('a', { big: 'x'.repeat(1024 * 1024 + 1) })),
      create(dry(secrets), { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { 'bad key': 'AA==' } }),
      create(dry(secrets), { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type: 'kubernetes.io/tls' }),
      create(dry(secrets), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        type: 'kubernetes.io/dockerconfigjson',
        data: {},
      }),
      create(dry(secrets), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        type: 'kubernetes.io/dockerconfigjson',
        stringData: { '.dockerconfigjson': 'x' },
      }),
      create(dry(secrets), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        type: 'kubernetes.io/basic-auth',
      }),
      create(dry(secrets), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        type: 'kubernetes.io/ssh-auth',
      }),
      create(dry(secrets), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        type: 'kubernetes.io/service-account-token',
      }),
      create(configmaps, { ...configMap('frozen', { a: '1' }), immutable: true }),
      patch('merge', `${configmaps}/frozen`, { data: { a: '2' } }),
      patch('merge', `${configmaps}/frozen`, { immutable: false }),
      patch('merge', `${configmaps}/frozen`, { immutable: null }),
      patch('merge', `${configmaps}/frozen`, { metadata: { labels: { a: 'b' } } }),
      create(secrets, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'frozen' },
        data: { a: 'AA==' },
        immutable: true,
      }),
      patch('merge', `${secrets}/frozen`, { data: { a: 'AQ==' } }),
    ],
  },
  {
    title: 'Services',
    steps: [
      create(dry(services), service('s', {})),
      create(dry(services), service('s', { ports: [{ port: 0 }] })),
      create(dry(services), service('s', { ports: [{ port: 70000, targetPort: 70000 }] })),
      create(dry(services), service('s', { ports: [{ port: 80 }, { port: 81 }] })),
      create(
        dry(services),
        service('s', {
          ports: [
            { port: 80, name: 'a' },
            { port: 81, name: 'a' },
          ],
        }),
      ),
      create(
        dry(services),
        service('s', {
          ports: [
            { port: 80, name: 'a' },
            { port: 80, name: 'b' },
          ],
        }),
      ),
      create(dry(services), service('s', { ports: [{ port: 80, name: 'Bad_Name', protocol: 'HTTP' }] })),
      create(dry(services), service('s', { ports: [{ port: 80, targetPort: 'bad name' }] })),
      create(dry(services), service('s', { type: 'Unheard', ports: [{ port: 80 }] })),
      create(dry(services), service('s', { ports: [{ port: 80, nodePort: 30023 }] })),
      create(dry(services), service('s', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] })),
      create(services, service('taken', { type: 'NodePort', ports: [{ port: 80, nodePort: 30023 }] })),
      create(services, service('s', { type: 'NodePort', ports: [{ port: 80, nodePort: 30023 }] })),
      create(dry(services), service('s', { type: 'NodePort', clusterIP: 'None', ports: [{ port: 80 }] })),
      create(dry(services), service('s', { clusterIP: 'nonsense', ports: [{ port: 80 }] })),
      create(dry(services), service('s', { clusterIP: '1.2.3.4', ports: [{ port: 80 }] })),
      create(dry(services), service('s', { type: 'ExternalName' })),
      create(dry(services), service('s', { type: 'ExternalName', externalName: 'Bad_Host' })),
      create(dry(services), service('s', { sessionAffinity: 'Sticky', ports: [{ port: 80 }] })),
      create(dry(services), service('s', { selector: { 'a b': 'c d' }, ports: [{ port: 80 }] })),
      create(services, service('fixed', { ports: [{ port: 80 }] })),
      patch('merge', `${services}/fixed`, { spec: { clusterIP: '10.96.200.200' } }),
      patch('merge', `${services}/fixed`, { spec: { clusterIP: null, clusterIPs: null } }),
      patch('merge', `${services}/fixed`, { spec: { ports: [{ port: 8080, targetPort: 'web' }] } }),
      patch('merge', `${services}/fixed`, { spec: { type: 'NodePort', ports: [{ port: 8080, nodePort: 30023 }] } }),
      update(`${services}/fixed`, service('fixed', { ports: [{ port: 81 }] })),
      patch('merge', `${services}/fixed`, { spec: { type: 'ExternalName', externalName: 'example.com' } }),
    ],
  },
  {
    title: 'Pods',
    steps: [
      create(dry(pods), pod({})),
      create(dry(pods), pod({ containers: [] })),
      create(dry(pods), pod({ containers: [{}] })),
      create(dry(pods), pod({ containers: [{ name: 'Bad_Name', image: 'x' }] })),
      create(dry(pods), pod({ containers: [{ name: 'main' }] })),
      create(dry(pods), pod({ containers: [{ name: 'main', image: ' x ' }] })),
      create(dry(pods), pod({ containers: [main, main] })),
      create(dry(pods), withMain({ ports: [{ containerPort: 0 }, { containerPort: 70000 }] })),
      create(dry(pods), withMain({ ports: [{ containerPort: 80, name: 'Bad_Port', protocol: 'HTTP' }] })),
      create(
        dry(pods),
        withMain({
          ports: [
            { containerPort: 80, name: 'a' },
            { containerPort: 81, name: 'a' },
          ],
        }),
      ),
      create(dry(pods), withMain({ env: [{ name: '' }, { name: '1=2' }] })),
      create(
        dry(pods),
        withMain({ env: [{ name: 'A', value: '1', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
      ),
      create(dry(pods), withMain({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'x' } } }] })),
      create(dry(pods), withMain({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.unheard' } } }] })),
      create(dry(pods), withMain({ envFrom: [{}] })),
      create(dry(pods), withMain({ imagePullPolicy: 'Sometimes' })),
      create(dry(pods), withMain({ resources: { limits: { cpu: '-1' } } })),
      create(dry(pods), withMain({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } })),
      create(dry(pods), withMain({ resources: { limits: { nonsense: '1' } } })),
      create(dry(pods), withMain({ volumeMounts: [{ name: 'nope', mountPath: '/x' }] })),
      create(
        dry(pods),
        pod({
          containers: [
            {
              ...main,
              volumeMounts: [
                { name: 'v', mountPath: '' },
                { name: 'v', mountPath: '/a' },
                { name: 'v', mountPath: '/a' },
              ],
            },
          ],
          volumes: [{ name: 'v' }],
        }),
      ),
      create(
        dry(pods),
        pod({
          containers: [main],
          volumes: [
            { name: 'Bad_Volume', emptyDir: {} },
            { name: 'x', configMap: {} },
            { name: 'x', secret: {} },
          ],
        }),
      ),
      create(dry(pods), pod({ containers: [main], volumes: [{ name: 'x', emptyDir: {}, configMap: { name: 'c' } }] })),
      create(dry(pods), withMain({ livenessProbe: {} })),
      create(dry(pods), withMain({ livenessProbe: { httpGet: { port: 0 }, periodSeconds: -1, successThreshold: 2 } })),
      create(dry(pods), withMain({ readinessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } })),
      create(dry(pods), withMain({ terminationMessagePolicy: 'Unheard' })),
      create(dry(pods), pod({ containers: [main], restartPolicy: 'Sometimes', dnsPolicy: 'Unheard' })),
      create(dry(pods), pod({ containers: [main], terminationGracePeriodSeconds: -1, activeDeadlineSeconds: 0 })),
      create(dry(pods), pod({ containers: [main], nodeSelector: { 'a b': 'c' }, hostname: 'Bad_Host' })),
      create(
        dry(pods),
        pod({
          containers: [main],
          tolerations: [
            { operator: 'Unheard' },
            { key: 'a', operator: 'Exists', value: 'b' },
            { effect: 'Unheard', operator: 'Exists' },
          ],
        }),
      ),
      create(dry(pods), pod({ containers: [main], initContainers: [main] })),
      create(dry(pods), pod({ containers: [main], serviceAccountName: 'nope' })),
      create(dry(pods), pod({ containers: [main], imagePullSecrets: [{}] })),
      create(
        dry(pods),
        withMain({ securityContext: { runAsUser: -1, privileged: true, allowPrivilegeEscalation: false } }),
      ),
      create(pods, pod({ containers: [main], schedulerName: 'nobody' })),
      patch('strategic-merge', `${pods}/p`, { spec: { containers: [{ name: 'main', image: 'nginx:1.27' }] } }),
      patch('merge', `${pods}/p`, { spec: { restartPolicy: 'Never' } }),
      patch('merge', `${pods}/p`, { spec: { containers: [{ ...main, env: [{ name: 'A', value: 'B' }] }] } }),
    ],
  },
  {
    title: 'workloads',
    steps: [
      create(dry(deployments), { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } }),
      create(dry(deployments), {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: { selector: {}, template: {} },
      }),
      create(dry(deployments), deployment('d', { selector: { matchLabels: { other: 'label' } } })),
      create(dry(deployments), deployment('d', { selector: { matchLabels: { 'a b': 'c d' } } })),
      create(
        dry(deployments),
        deployment('d', {
          selector: {
            matchExpressions: [
              { key: 'app', operator: 'Unheard' },
              { key: 'app', operator: 'In' },
            ],
          },
        }),
      ),
      create(
        dry(deployments),
        deployment('d', { replicas: -1, minReadySeconds: -1, revisionHistoryLimit: -1, progressDeadlineSeconds: 0 }),
      ),
      create(dry(deployments), deployment('d', { progressDeadlineSeconds: 5, minReadySeconds: 5 })),
      create(dry(deployments), deployment('d', { strategy: { type: 'Unheard' } })),
      create(dry(deployments), deployment('d', { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } })),
      create(dry(deployments), deployment('d', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } })),
      create(
        dry(deployments),
        deployment('d', { strategy: { rollingUpdate: { maxSurge: 'many', maxUnavailable: '200%' } } }),
      ),
      create(
        dry(deployments),
        deployment('d', { template: { ...podTemplate('d'), spec: { containers: [main], restartPolicy: 'Never' } } }),
      ),
      create(dry(deployments), deployment('d', {}, { image: '' })),
      create(deployments, deployment('fixed')),
      patch('merge', `${deployments}/fixed`, {
        spec: { selector: { matchLabels: { app: 'other' } }, template: { metadata: { labels: { app: 'other' } } } },
      }),
      create(dry(statefulsets), { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 's' }, spec: {} }),
      create(dry(statefulsets), {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 's' },
        spec: {
          serviceName: 's',
          podManagementPolicy: 'Unheard',
          updateStrategy: { type: 'Unheard' },
          selector: { matchLabels: { app: 's' } },
          template: podTemplate('s'),
        },
      }),
      create(statefulsets, {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'fixed' },
        spec: { replicas: 0, serviceName: 's', selector: { matchLabels: { app: 's' } }, template: podTemplate('s') },
      }),
      patch('merge', `${statefulsets}/fixed`, { spec: { serviceName: 'other', replicas: 0 } }),
      create(dry(daemonsets), {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 's' },
        spec: { selector: {}, template: podTemplate('s') },
      }),
      create(dry(daemonsets), {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 's' },
        spec: {
          updateStrategy: { type: 'Unheard' },
          selector: { matchLabels: { app: 's' } },
          template: podTemplate('s'),
        },
      }),
      create(dry(jobs), {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'j' },
        spec: { template: podTemplate('j') },
      }),
      create(dry(jobs), {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'j' },
        spec: {
          parallelism: -1,
          completions: -1,
          backoffLimit: -1,
          template: { spec: { containers: [main], restartPolicy: 'Never' } },
        },
      }),
      create(jobs, {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'fixed' },
        spec: { suspend: true, template: { spec: { containers: [main], restartPolicy: 'Never' } } },
      }),
      patch('merge', `${jobs}/fixed`, { spec: { completions: 5 } }),
      patch('merge', `${jobs}/fixed`, {
        spec: { template: { spec: { containers: [{ name: 'main', image: 'other' }] } } },
      }),
      create(dry(cronjobs), {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'c' },
        spec: {
          schedule: 'nonsense',
          jobTemplate: { spec: { template: { spec: { containers: [main], restartPolicy: 'Never' } } } },
        },
      }),
      create(dry(cronjobs), {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'c' },
        spec: { concurrencyPolicy: 'Unheard', jobTemplate: { spec: { template: { spec: { containers: [main] } } } } },
      }),
      create(dry(cronjobs), {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'x'.repeat(53) },
        spec: {
          schedule: '* * * * *',
          jobTemplate: { spec: { template: { spec: { containers: [main], restartPolicy: 'Never' } } } },
        },
      }),
    ],
  },
  {
    title: 'other kinds',
    steps: [
      create(dry(ingresses), {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'i' },
        spec: {},
      }),
      create(dry(ingresses), {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'i' },
        spec: { rules: [{ host: 'Bad_Host', http: { paths: [{ path: 'x', pathType: 'Prefix', backend: {} }] } }] },
      }),
      create(dry(ingresses), {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'i' },
        spec: { rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 's', port: {} } } }] } }] },
      }),
      create(dry(ingresses), {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'i' },
        spec: { rules: [{ http: { paths: [] } }] },
      }),
      create(dry(roles), {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'r' },
        rules: [{ resources: ['pods'] }, { verbs: ['get'], nonResourceURLs: ['/x'] }, { verbs: ['get'] }],
      }),
      create(dry(rolebindings), {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'r' },
        roleRef: { kind: 'Unheard', name: '' },
        subjects: [
          { kind: 'ServiceAccount', name: 'x' },
          { kind: 'Unheard', name: 'y' },
        ],
      }),
      create(rolebindings, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'fixed' },
        roleRef: { kind: 'Role', name: 'a' },
      }),
      patch('merge', `${rolebindings}/fixed`, { roleRef: { name: 'b' } }),
      create(dry(claims), { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'c' }, spec: {} }),
      create(dry(claims), {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'c' },
        spec: { accessModes: ['Unheard'], resources: { requests: { storage: '-1Gi' } } },
      }),
      create(dry('/apis/policy/v1/namespaces/$NS/poddisruptionbudgets'), {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'p' },
        spec: { minAvailable: 1, maxUnavailable: 1 },
      }),
      create(dry('/apis/policy/v1/namespaces/$NS/poddisruptionbudgets'), {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'p' },
        spec: { minAvailable: 'many' },
      }),
      create(dry('/apis/autoscaling/v2/namespaces/$NS/horizontalpodautoscalers'), {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'h' },
        spec: { scaleTargetRef: {}, minReplicas: 0, maxReplicas: 0 },
      }),
      create(dry('/apis/networking.k8s.io/v1/namespaces/$NS/networkpolicies'), {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'n' },
        spec: { ingress: [{ from: [{}] }, { ports: [{ port: 0 }] }] },
      }),
      create(dry('/api/v1/namespaces/$NS/resourcequotas'), {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'q' },
        spec: { hard: { nonsense: '1', pods: '-1' } },
      }),
      create(dry('/api/v1/namespaces/$NS/limitranges'), {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'l' },
        spec: { limits: [{ type: 'Container', max: { cpu: '1' }, min: { cpu: '2' } }] },
      }),
      create(dry('/apis/storage.k8s.io/v1/storageclasses'), {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 's' },
      }),
      create(dry('/apis/scheduling.k8s.io/v1/priorityclasses'), {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'system-x' },
        value: 2000000001,
      }),
      create(dry('/apis/coordination.k8s.io/v1/namespaces/$NS/leases'), {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'l' },
        spec: { leaseDurationSeconds: 0, leaseTransitions: -1 },
      }),
      create(dry('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations'), {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'w' },
        webhooks: [{ name: 'short', clientConfig: {}, rules: [{}] }],
      }),
    ],
  },
];
