// The objects that run hawser's process in a cluster, one function a way of running it.

import type { KubeObject } from '../kube/object.ts';

export type Workload =
  /** One Pod, whose data go with it: what counts is in the cluster, and a push while the cluster is away is lost with the Pod. */
  | { readonly kind: 'single' }
  /** So many Pods behind one Service, each with a volume for the pushes that come while the cluster is away. */
  | { readonly kind: 'replicas'; readonly count: number }
  /** No Pod while nothing is asked: Knative starts one for each request, or some. */
  | { readonly kind: 'knative' }
  /** No Pod while nothing is asked: the proxy of KEDA's HTTP add-on holds a request until one runs. */
  | { readonly kind: 'scale-to-zero'; readonly hosts: readonly string[] };

export interface WorkloadOptions {
  readonly namespace: string;
  readonly image: string;
  readonly workload: Workload;
  /** HTTPS by the Secret argocd-server-tls; plain HTTP without. */
  readonly tls?: boolean;
  /** Of `hawser serve`, beside those that follow from the rest. */
  readonly serveFlags?: readonly string[];
  /** Of its Pods: what is read at the start only, so that another value starts them anew. */
  readonly annotations?: Readonly<Record<string, string>>;
}

export const PORT = 8080;
export const NOTICE_PORT = 8443;
/** As Argo CD's application-controller has it. */
export const METRICS_PORT = 8082;

/** Argo CD's name for the certificate of its server. */
const TLS_SECRET = 'argocd-server-tls';
const TLS_FOLDER = '/tls';

export const SELECTOR = { 'app.kubernetes.io/name': 'hawser' };
export const LABELS = { ...SELECTOR, 'app.kubernetes.io/part-of': 'hawser' };

/** Where other Pods reach a hawser that may have to be started first. */
const WAKE_SERVICE = 'hawser-wake';

/** KEDA's HTTP add-on as its chart installs it. */
const ACTIVATOR = { host: 'keda-add-ons-http-interceptor-proxy.keda.svc.cluster.local', port: 8080 };

/** How long a process is kept after the last request: longer than all but the longest syncs take. */
const KEPT_SECONDS = 300;

const VOLUME_SIZE = '1Gi';

export function workloadObjects(options: WorkloadOptions): readonly KubeObject[] {
  const { workload } = options;
  switch (workload.kind) {
    case 'single':
      return [deployment(options, { replicas: 1 }, { emptyDir: {} }, [])];
    case 'replicas':
      return replicas(options, workload.count);
    case 'knative':
      return [knativeService(options)];
    default:
      return activated(options, workload.hosts);
  }
}

function replicas(options: WorkloadOptions, count: number): readonly KubeObject[] {
  const { namespace } = options;
  const headless = 'hawser-replicas';
  const near = (topologyKey: string, weight: number) => ({
    weight,
    podAffinityTerm: { topologyKey, labelSelector: { matchLabels: SELECTOR } },
  });
  const spread = [near('kubernetes.io/hostname', 100), near('topology.kubernetes.io/zone', 50)];
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: headless, namespace, labels: { 'app.kubernetes.io/part-of': 'hawser' } },
      spec: { clusterIP: 'None', selector: SELECTOR, ports: [{ name: protocolOf(options), port: PORT }] },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'hawser', namespace, labels: LABELS },
      spec: { maxUnavailable: 1, selector: { matchLabels: SELECTOR } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'hawser', namespace, labels: LABELS },
      spec: {
        replicas: count,
        serviceName: headless,
        // None of them waits for another.
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: SELECTOR },
        template: {
          metadata: podMetadata(options),
          spec: {
            affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: spread } },
            ...podSpec(options),
            volumes: volumes(options),
          },
        },
        volumeClaimTemplates: [
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name: 'data' },
            spec: claimSpec(),
          },
        ],
      },
    },
  ];
}

/** With one volume, and so with one Pod: who asks from elsewhere asks the proxy, which starts it. */
function activated(options: WorkloadOptions, hosts: readonly string[]): readonly KubeObject[] {
  const { namespace, image } = options;
  const claim = 'hawser-data';
  const wakeHost = `${WAKE_SERVICE}.${namespace}.svc`;
  const alarms = alarmArguments(image, `http://${wakeHost}:${ACTIVATOR.port}`);
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim, namespace, labels: LABELS },
      spec: claimSpec(),
    },
    // How many there are is for the activator to say.
    deployment(options, {}, { persistentVolumeClaim: { claimName: claim } }, alarms),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: WAKE_SERVICE, namespace, labels: { 'app.kubernetes.io/part-of': 'hawser' } },
      spec: { type: 'ExternalName', externalName: ACTIVATOR.host, ports: [{ name: 'http', port: ACTIVATOR.port }] },
    },
    {
      apiVersion: 'http.keda.sh/v1alpha1',
      kind: 'HTTPScaledObject',
      metadata: { name: 'hawser', namespace, labels: LABELS },
      spec: {
        hosts: [wakeHost, ...hosts],
        scaleTargetRef: { name: 'hawser', kind: 'Deployment', apiVersion: 'apps/v1', service: 'hawser', port: 80 },
        replicas: { min: 0, max: 1 },
        scaledownPeriod: KEPT_SECONDS,
      },
    },
  ];
}

function deployment(
  options: WorkloadOptions,
  count: { readonly replicas?: number },
  data: Readonly<Record<string, unknown>>,
  more: readonly string[],
): KubeObject {
  const { namespace } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'hawser', namespace, labels: LABELS },
    spec: {
      ...count,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: SELECTOR },
      template: {
        metadata: podMetadata(options),
        spec: {
          ...podSpec(options, { more }),
          volumes: volumes(options, data),
        },
      },
    },
  };
}

/**
 * Knative makes the Service of the same name, and lets a Pod have one port: no notices come in there. A security context of the whole Pod
 * is behind a feature flag there; that of a container is not.
 */
function knativeService(options: WorkloadOptions): KubeObject {
  const { namespace, image, annotations } = options;
  const more = alarmArguments(image, `http://hawser.${namespace}.svc.cluster.local`);
  const { containers, serviceAccountName, securityContext } = podSpec(options, { more, isOnePort: true });
  const { fsGroup: _, ...ofContainer } = securityContext;
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'hawser', namespace, labels: { 'app.kubernetes.io/part-of': 'hawser' } },
    spec: {
      template: {
        metadata: {
          annotations: {
            ...annotations,
            'autoscaling.knative.dev/min-scale': '0',
            'autoscaling.knative.dev/max-scale': '3',
            'autoscaling.knative.dev/scale-to-zero-pod-retention-period': `${KEPT_SECONDS}s`,
          },
        },
        spec: {
          serviceAccountName,
          timeoutSeconds: 300,
          containers: containers.map((container) => ({
            ...container,
            ports: [{ name: 'http1', containerPort: PORT }],
            securityContext: { ...ofContainer, ...container.securityContext },
          })),
          volumes: volumes(options, { emptyDir: {} }),
        },
      },
    },
  };
}

function podMetadata({ annotations }: WorkloadOptions) {
  return { labels: LABELS, ...(annotations && { annotations }) };
}

/** Without `data`, the volume is the Pod's own claim. */
function volumes({ tls }: WorkloadOptions, data?: Readonly<Record<string, unknown>>) {
  return [
    ...(data ? [{ name: 'data', ...data }] : []),
    { name: 'tmp', emptyDir: {} },
    ...(tls ? [{ name: 'tls', secret: { secretName: TLS_SECRET } }] : []),
  ];
}

/** The name of the port, by which replicas know how to speak to each other. */
export function protocolOf({ tls }: Pick<WorkloadOptions, 'tls'>): 'http' | 'https' {
  return tls ? 'https' : 'http';
}

interface PodOptions {
  /** No other than that of the server, and so neither notices nor metrics. */
  readonly isOnePort?: boolean;
  /** Arguments of this way of running it. */
  readonly more?: readonly string[];
}

function podSpec(options: WorkloadOptions, { isOnePort = false, more = [] }: PodOptions = {}) {
  const { namespace, image, tls, serveFlags = [] } = options;
  const probe = { path: '/healthz', port: PORT, ...(tls && { scheme: 'HTTPS' }) };
  const serve = ['serve', '--host', '0.0.0.0', '--port', String(PORT)];
  const ports = isOnePort ? [] : ['--notice-port', String(NOTICE_PORT), '--metrics-port', String(METRICS_PORT)];
  const certificate = tls ? ['--tls-cert', `${TLS_FOLDER}/tls.crt`, '--tls-key', `${TLS_FOLDER}/tls.key`] : [];
  return {
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
        // One that was loaded into the nodes (kind load) is in no registry, whatever its tag is.
        imagePullPolicy: 'IfNotPresent',
        args: [
          ...[...serve, ...ports, ...certificate],
          ...['--namespace', namespace, '--data', '/data', ...more, ...serveFlags],
        ],
        ports: [
          { name: protocolOf(options), containerPort: PORT },
          ...(isOnePort
            ? []
            : [
                { name: 'notices', containerPort: NOTICE_PORT },
                { name: 'metrics', containerPort: METRICS_PORT },
              ]),
        ],
        readinessProbe: { httpGet: probe },
        livenessProbe: { httpGet: probe, timeoutSeconds: 5, failureThreshold: 6 },
        resources: { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '512Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'tmp', mountPath: '/tmp' },
          ...(tls ? [{ name: 'tls', mountPath: TLS_FOLDER, readOnly: true }] : []),
        ],
      },
    ],
  };
}

function alarmArguments(image: string, url: string): readonly string[] {
  return ['--alarm-jobs', image, '--alarm-url', url];
}

function claimSpec() {
  return { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: VOLUME_SIZE } } };
}
