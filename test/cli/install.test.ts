// hawser install as text: what a reader, kubectl or a Git repository of one's own gets. test/cluster/install.test.ts applies it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { parseDocuments } from '../../src/render/yaml/plain.ts';
import { createHome, type Home, runHawser } from '../support/hawser-process.ts';

let home: Home;

beforeAll(() => {
  home = createHome();
});

afterAll(() => home.remove());

async function install(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHawser(['install', ...args], { env: home.env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

function kindsIn(text: string): string[] {
  return parseDocuments(text).map((object) => `${at(object, 'kind')} ${at(object, 'metadata', 'name')}`);
}

describe('hawser install', () => {
  it('prints the namespace first, then CRDs, rights, settings, Services, the Deployment, the notices and the project', async () => {
    expect(kindsIn(await install())).toEqual([
      'Namespace argocd',
      'CustomResourceDefinition applications.argoproj.io',
      'CustomResourceDefinition applicationsets.argoproj.io',
      'CustomResourceDefinition appprojects.argoproj.io',
      'ServiceAccount hawser',
      'Role hawser',
      'RoleBinding hawser',
      'ClusterRole hawser-argocd',
      'ClusterRoleBinding hawser-argocd',
      'ClusterRole hawser-argocd-applications',
      'ClusterRoleBinding hawser-argocd-applications',
      'ConfigMap argocd-cm',
      'ConfigMap argocd-rbac-cm',
      'ConfigMap argocd-tls-certs-cm',
      'ConfigMap argocd-ssh-known-hosts-cm',
      'Service hawser',
      'Service argocd-metrics',
      'Deployment hawser',
      'ValidatingWebhookConfiguration hawser-argocd',
      'AppProject default',
    ]);
  });

  it('prints the same bytes each time', async () => {
    expect(await install()).toBe(await install());
  });

  it('prints what a hawser outside the cluster needs, and no more, with --crds-only', async () => {
    const kinds = kindsIn(await install('--crds-only', '--namespace', 'gitops'));
    expect(kinds).toHaveLength(4);
    expect(kinds[0]).toBe('Namespace gitops');
    expect(kinds.slice(1).every((kind) => kind.startsWith('CustomResourceDefinition '))).toBe(true);
  });

  it('puts namespace, image and node port where they belong', async () => {
    const text = await install(
      '--namespace',
      'gitops',
      '--image',
      'registry.example.com/hawser:1',
      '--node-port',
      '30002',
    );
    const objects = parseDocuments(text);
    const find = (kind: string) => objects.find((object) => at(object, 'kind') === kind);
    expect(at(find('Service'), 'spec', 'ports', 0)).toMatchObject({ nodePort: 30002, targetPort: 8080 });
    expect(at(find('ClusterRoleBinding'), 'subjects', 0)).toMatchObject({ name: 'hawser', namespace: 'gitops' });
    const container = at(find('Deployment'), 'spec', 'template', 'spec', 'containers', 0);
    expect(at(container, 'image')).toBe('registry.example.com/hawser:1');
    expect(at(container, 'imagePullPolicy')).toBe('IfNotPresent');
    expect(at(container, 'args')).toEqual(expect.arrayContaining(['serve', '--namespace', 'gitops']));
    const namespaces = objects.map((object) => at(object, 'metadata', 'namespace')).filter(Boolean);
    expect(new Set(namespaces)).toEqual(new Set(['gitops']));
  });

  it('registers the notices of a hawser outside of the cluster, and those of drift, where that is asked for', async () => {
    const url = 'https://10.0.0.1:8443/notice';
    const text = await install('--crds-only', '--notice-url', url, '--drift-notices');
    const configuration = parseDocuments(text).at(-1);
    const webhooks = at(configuration, 'webhooks');
    const addresses = Object.fromEntries(
      (Array.isArray(webhooks) ? webhooks : []).map((webhook) => [at(webhook, 'name'), at(webhook, 'clientConfig')]),
    );
    expect(addresses).toMatchObject({
      'applications.hawser.dev': { url },
      'secrets.hawser.dev': { url },
      'drift.hawser.dev': { url: 'https://10.0.0.1:8443/api/drift' },
    });
  });

  it.each([
    { args: [], kind: 'Deployment' },
    { args: ['--replicas', '2'], kind: 'StatefulSet' },
    { args: ['--scale-to-zero'], kind: 'Deployment' },
    { args: ['--knative'], kind: 'Service' },
  ])('starts Pods anew when --drift is given another mode: $kind $args', async ({ args, kind }) => {
    const objects = parseDocuments(
      await install('--drift', 'enforce', '--notice-url', 'https://10.0.0.1:8443/notice', ...args),
    );
    const workload = objects.filter((object) => at(object, 'kind') === kind).at(-1);
    expect(at(workload, 'spec', 'template', 'metadata', 'annotations', 'hawser.dev/drift')).toBe('enforce');
  });

  it.each([
    [['--crds-only', '--drift'], '--drift with --crds-only needs --notice-url'],
    [['--knative', '--drift=enforce'], '--drift with --knative needs --notice-url'],
    [['--crds-only', '--replicas', '3'], '--replicas has no meaning with --crds-only'],
    [['--crds-only', '--node-port', '30002'], '--node-port has no meaning with --crds-only'],
  ])('refuses %j, of which it would print a part alone', async (args, message) => {
    const { code, stdout, stderr } = await runHawser(['install', ...args], { env: home.env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  describe('its rights', () => {
    const find = (text: string, kind: string, name: string) =>
      parseDocuments(text).find((object) => at(object, 'kind') === kind && at(object, 'metadata', 'name') === name);

    it('are those of its own namespace, of its own notices, and apart from them those of what Applications deploy', async () => {
      const text = await install('--namespace', 'gitops');
      expect(at(find(text, 'Role', 'hawser'), 'metadata', 'namespace')).toBe('gitops');
      expect(JSON.stringify(at(find(text, 'Role', 'hawser'), 'rules'))).not.toContain('"*"');
      const ofCluster = at(find(text, 'ClusterRole', 'hawser-gitops'), 'rules');
      expect(at(ofCluster, 1)).toEqual({
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['validatingwebhookconfigurations'],
        resourceNames: ['hawser-gitops'],
        verbs: ['get', 'patch'],
      });
      expect(at(find(text, 'ClusterRole', 'hawser-gitops-applications'), 'rules')).toEqual([
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      ]);
      expect(find(text, 'ClusterRoleBinding', 'hawser-gitops-applications')).toBeDefined();
    });

    it('are for the namespaces that --destination-namespaces names, of which hawser is told', async () => {
      const text = await install('--destination-namespaces', 'dev-nginx, prd-nginx');
      expect(find(text, 'ClusterRoleBinding', 'hawser-argocd-applications')).toBeUndefined();
      const bindings = parseDocuments(text).filter(
        (object) => at(object, 'kind') === 'RoleBinding' && at(object, 'roleRef', 'kind') === 'ClusterRole',
      );
      expect(bindings.map((object) => at(object, 'metadata', 'namespace'))).toEqual(['dev-nginx', 'prd-nginx']);
      expect(bindings.map((object) => at(object, 'roleRef', 'name'))).toEqual(
        bindings.map(() => 'hawser-argocd-applications'),
      );
      expect(at(find(text, 'Secret', 'cluster-in-cluster'), 'stringData')).toMatchObject({
        server: 'https://kubernetes.default.svc',
        namespaces: 'dev-nginx,prd-nginx',
        clusterResources: 'false',
      });
    });

    it('reach to the Applications of the namespaces that --application-namespaces names, as argocd-cmd-params-cm does', async () => {
      const text = await install('--application-namespaces', 'team-a');
      expect(at(find(text, 'Role', 'hawser-argocd'), 'metadata', 'namespace')).toBe('team-a');
      expect(at(find(text, 'RoleBinding', 'hawser-argocd'), 'subjects', 0, 'namespace')).toBe('argocd');
      expect(at(find(text, 'ConfigMap', 'argocd-cmd-params-cm'), 'data')).toEqual({
        'application.namespaces': 'team-a',
      });
    });

    it('are without CronJobs where some process always runs', async () => {
      const jobs = async (...args: string[]) =>
        JSON.stringify(at(find(await install(...args), 'Role', 'hawser'), 'rules')).includes('cronjobs');
      expect(await jobs()).toBe(false);
      expect(await jobs('--scale-to-zero')).toBe(true);
      expect(await jobs('--knative')).toBe(true);
    });
  });

  it('labels settings as Argo CD does, whose tools find them by it, and says nothing in them', async () => {
    const settings = parseDocuments(await install()).filter((object) => at(object, 'kind') === 'ConfigMap');
    for (const object of settings) {
      expect(at(object, 'metadata', 'labels')).toEqual({
        'app.kubernetes.io/name': at(object, 'metadata', 'name'),
        'app.kubernetes.io/part-of': 'argocd',
      });
      expect(at(object, 'data')).toBeUndefined();
    }
    expect(settings).toHaveLength(4);
  });

  it('serves metrics where a ServiceMonitor for Argo CD looks for them', async () => {
    const objects = parseDocuments(await install());
    const service = objects.find((object) => at(object, 'metadata', 'name') === 'argocd-metrics');
    expect(at(service, 'metadata', 'labels', 'app.kubernetes.io/name')).toBe('argocd-metrics');
    expect(at(service, 'spec', 'ports')).toEqual([{ name: 'metrics', port: 8082, targetPort: 8082 }]);
    const pod = at(
      objects.find((object) => at(object, 'kind') === 'Deployment'),
      'spec',
      'template',
    );
    expect(at(pod, 'metadata', 'labels')).toMatchObject(at(service, 'spec', 'selector') as object);
    expect(at(pod, 'spec', 'containers', 0, 'args')).toEqual(expect.arrayContaining(['--metrics-port', '8082']));
  });

  it.each([['one process', []] as const, ['replicas', ['--replicas', '2']] as const])(
    'with --tls, %s takes its certificate from argocd-server-tls, and speaks HTTPS at its usual port',
    async (_, args) => {
      const objects = parseDocuments(await install('--tls', '--node-port', '30002', ...args));
      const service = objects.find(
        (object) => at(object, 'metadata', 'name') === 'hawser' && at(object, 'kind') === 'Service',
      );
      expect(at(service, 'spec', 'ports')).toEqual([
        { name: 'https', port: 443, targetPort: 8080, nodePort: 30002 },
        { name: 'notices', port: 8443, targetPort: 8443 },
      ]);
      const notices = objects.find((object) => at(object, 'kind') === 'ValidatingWebhookConfiguration');
      expect(at(notices, 'webhooks', 0, 'clientConfig', 'service', 'port')).toBe(8443);
      const pod = at(
        objects.find((object) => ['Deployment', 'StatefulSet'].includes(String(at(object, 'kind')))),
        ...['spec', 'template', 'spec'],
      );
      const [container] = at(pod, 'containers') as unknown[];
      expect(at(container, 'args')).toEqual(
        expect.arrayContaining(['--tls-cert', '/tls/tls.crt', '--tls-key', '/tls/tls.key']),
      );
      expect(at(container, 'readinessProbe', 'httpGet', 'scheme')).toBe('HTTPS');
      expect(at(container, 'ports', 0)).toEqual({ name: 'https', containerPort: 8080 });
      expect(at(pod, 'volumes')).toContainEqual({ name: 'tls', secret: { secretName: 'argocd-server-tls' } });
    },
  );

  it('prints with --alongside nothing that is Argo CD’s, and a hawser that only compares', async () => {
    const text = await install('--alongside');
    expect(kindsIn(text)).toEqual([
      'Namespace argocd',
      'ServiceAccount hawser',
      'Role hawser',
      'RoleBinding hawser',
      'ClusterRole hawser-argocd',
      'ClusterRoleBinding hawser-argocd',
      'ClusterRole hawser-argocd-applications',
      'ClusterRoleBinding hawser-argocd-applications',
      'Service hawser',
      'Deployment hawser',
      'ValidatingWebhookConfiguration hawser-argocd',
    ]);
    const objects = parseDocuments(text);
    const rules = at(
      objects.find((object) => at(object, 'metadata', 'name') === 'hawser-argocd-applications'),
      'rules',
    );
    expect(JSON.stringify(rules)).not.toMatch(/delete|"\*"\],"verbs":\["\*"/);
    const deployment = objects.find((object) => at(object, 'kind') === 'Deployment');
    expect(at(deployment, 'spec', 'template', 'spec', 'containers', 0, 'args')).toContain('--alongside');
  });

  describe('with --replicas', () => {
    it('prints a StatefulSet with a volume for each Pod, spread over nodes, and what guards them', async () => {
      const text = await install('--replicas', '3');
      expect(kindsIn(text).slice(-7)).toEqual([
        'Service hawser',
        'Service argocd-metrics',
        'Service hawser-replicas',
        'PodDisruptionBudget hawser',
        'StatefulSet hawser',
        'ValidatingWebhookConfiguration hawser-argocd',
        'AppProject default',
      ]);
      const set = parseDocuments(text).find((object) => at(object, 'kind') === 'StatefulSet');
      expect(at(set, 'spec', 'replicas')).toBe(3);
      expect(at(set, 'spec', 'serviceName')).toBe('hawser-replicas');
      expect(at(set, 'spec', 'volumeClaimTemplates', 0, 'metadata', 'name')).toBe('data');
      const pod = at(set, 'spec', 'template', 'spec');
      expect(at(pod, 'containers', 0, 'volumeMounts', 0)).toEqual({ name: 'data', mountPath: '/data' });
      expect(at(pod, 'volumes')).toEqual([{ name: 'tmp', emptyDir: {} }]);
      expect(
        at(pod, 'affinity', 'podAntiAffinity', 'preferredDuringSchedulingIgnoredDuringExecution', 0),
      ).toMatchObject({ podAffinityTerm: { topologyKey: 'kubernetes.io/hostname' } });
    });

    it('gives no Pod alarms of the cluster: one of them always runs', async () => {
      expect(await install('--replicas', '2')).not.toContain('--alarm-jobs');
    });
  });

  describe('with --knative', () => {
    it('prints a Knative Service with one port that may have no Pod, and wakes itself by Jobs', async () => {
      const text = await install('--knative', '--namespace', 'gitops', '--image', 'hawser:1', '--no-default-project');
      const kinds = kindsIn(text);
      expect(kinds.at(-1)).toBe('Service hawser');
      expect(kinds.filter((kind) => /^(Service|Deployment|ValidatingWebhookConfiguration) /.test(kind))).toEqual([
        'Service hawser',
      ]);
      const service = parseDocuments(text).at(-1);
      expect(at(service, 'apiVersion')).toBe('serving.knative.dev/v1');
      const template = at(service, 'spec', 'template');
      expect(at(template, 'metadata', 'annotations', 'autoscaling.knative.dev/min-scale')).toBe('0');
      const container = at(template, 'spec', 'containers', 0);
      expect(at(container, 'ports')).toEqual([{ name: 'http1', containerPort: 8080 }]);
      expect(at(container, 'args')).toEqual(
        expect.arrayContaining(['--alarm-jobs', 'hawser:1', '--alarm-url', 'http://hawser.gitops.svc.cluster.local']),
      );
      expect(at(container, 'args')).not.toContain('--notice-port');
      expect(at(container, 'args')).not.toContain('--metrics-port');
      expect(at(template, 'spec', 'securityContext')).toBeUndefined();
      expect(at(container, 'securityContext')).toMatchObject({ runAsNonRoot: true, readOnlyRootFilesystem: true });
    });

    it('registers notices where it has an address that the API server reaches', async () => {
      const kinds = kindsIn(await install('--knative', '--notice-url', 'https://hawser.example.com/notice'));
      expect(kinds.at(-2)).toBe('ValidatingWebhookConfiguration hawser-argocd');
    });
  });

  it('prints with --scale-to-zero a Deployment of no fixed size, its volume, and who starts it', async () => {
    const text = await install('--scale-to-zero', '--public-host', 'hawser.example.com');
    expect(kindsIn(text).slice(-8)).toEqual([
      'Service hawser',
      'Service argocd-metrics',
      'PersistentVolumeClaim hawser-data',
      'Deployment hawser',
      'Service hawser-wake',
      'HTTPScaledObject hawser',
      'ValidatingWebhookConfiguration hawser-argocd',
      'AppProject default',
    ]);
    const find = (kind: string) => parseDocuments(text).find((object) => at(object, 'kind') === kind);
    expect(at(find('Deployment'), 'spec', 'replicas')).toBeUndefined();
    expect(at(find('HTTPScaledObject'), 'spec')).toMatchObject({
      hosts: ['hawser-wake.argocd.svc', 'hawser.example.com'],
      replicas: { min: 0, max: 1 },
      scaleTargetRef: { name: 'hawser', kind: 'Deployment', service: 'hawser', port: 80 },
    });
    expect(at(find('Deployment'), 'spec', 'template', 'spec', 'containers', 0, 'args')).toEqual(
      expect.arrayContaining(['--alarm-url', 'http://hawser-wake.argocd.svc:8080']),
    );
  });

  it.each([
    ['one process', []],
    ['replicas', ['--replicas', '3']],
  ])('another mode of drift rolls the Pods of %s', async (_, args) => {
    const annotations = async (...flags: string[]) => {
      const objects = parseDocuments(await install(...flags, ...args));
      const workloads = objects.filter((object) => at(object, 'spec', 'template') !== undefined);
      return workloads.map((object) => at(object, 'spec', 'template', 'metadata', 'annotations', 'hawser.dev/drift'));
    };
    expect(await annotations('--drift')).toEqual(['warn']);
    expect(await annotations('--drift=enforce')).toEqual(['enforce']);
    expect(await annotations()).toEqual([undefined]);
  });

  it.each([
    { args: ['--replicas', '0'], message: '--replicas 0 is no number from 1 to 50' },
    { args: ['--replicas', 'two'], message: '--replicas two is no number from 1 to 50' },
    { args: ['--replicas', '2', '--knative'], message: '--replicas and --knative are different ways to run it' },
    { args: ['--knative', '--node-port', '30001'], message: '--node-port is not for --knative' },
    { args: ['--public-host', 'a.example.com'], message: '--public-host is for --scale-to-zero' },
    { args: ['--scale-to-zero', '--public-host', 'http://a'], message: '--public-host http://a is no host name' },
    { args: ['--drift', 'loud'], message: '--drift loud is neither warn nor enforce' },
    { args: ['--node-port', '80'], message: '--node-port 80 is no port from 30000 to 32767' },
    { args: ['--namespace', 'Argo CD'], message: '--namespace Argo CD is no name of a namespace' },
    { args: ['--image', ''], message: '--image is empty' },
    {
      args: ['--notice-url', 'http://10.0.0.1:8443/notice'],
      message: '--notice-url http://10.0.0.1:8443/notice is not of the form https://HOST:PORT/notice',
    },
    { args: ['--tls', '--knative'], message: '--tls is not for --knative' },
    { args: ['--crds-only', '--alongside'], message: '--alongside has no meaning with --crds-only' },
    {
      args: ['--destination-namespaces', 'a,,b'],
      message: '--destination-namespaces a,,b: "" is no name of a namespace',
    },
    { args: ['--bogus'], message: "unknown option '--bogus'" },
    { args: ['extra'], message: 'too many arguments' },
  ])('refuses $args and prints nothing', async ({ args, message }) => {
    const { code, stdout, stderr } = await runHawser(['install', ...args], { env: home.env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: .*\n$/);
    expect(stderr).toContain(message);
  });
});
