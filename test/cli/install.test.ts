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
  it('prints the namespace first, then CRDs, rights, the Service, the Deployment and the notices', async () => {
    expect(kindsIn(await install())).toEqual([
      'Namespace argocd',
      'CustomResourceDefinition applications.argoproj.io',
      'CustomResourceDefinition applicationsets.argoproj.io',
      'CustomResourceDefinition appprojects.argoproj.io',
      'ServiceAccount hawser',
      'ClusterRole hawser-argocd',
      'ClusterRoleBinding hawser-argocd',
      'Service hawser',
      'Deployment hawser',
      'ValidatingWebhookConfiguration hawser-argocd',
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

  describe('with --replicas', () => {
    it('prints a StatefulSet with a volume for each Pod, spread over nodes, and what guards them', async () => {
      const text = await install('--replicas', '3');
      expect(kindsIn(text).slice(-5)).toEqual([
        'Service hawser',
        'Service hawser-replicas',
        'PodDisruptionBudget hawser',
        'StatefulSet hawser',
        'ValidatingWebhookConfiguration hawser-argocd',
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
      const text = await install('--knative', '--namespace', 'gitops', '--image', 'hawser:1');
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
      expect(at(template, 'spec', 'securityContext')).toBeUndefined();
      expect(at(container, 'securityContext')).toMatchObject({ runAsNonRoot: true, readOnlyRootFilesystem: true });
    });

    it('registers notices where it has an address that the API server reaches', async () => {
      const kinds = kindsIn(await install('--knative', '--notice-url', 'https://hawser.example.com/notice'));
      expect(kinds.at(-1)).toBe('ValidatingWebhookConfiguration hawser-argocd');
    });
  });

  it('prints with --scale-to-zero a Deployment of no fixed size, its volume, and who starts it', async () => {
    const text = await install('--scale-to-zero', '--public-host', 'hawser.example.com');
    expect(kindsIn(text).slice(-6)).toEqual([
      'Service hawser',
      'PersistentVolumeClaim hawser-data',
      'Deployment hawser',
      'Service hawser-wake',
      'HTTPScaledObject hawser',
      'ValidatingWebhookConfiguration hawser-argocd',
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
    { args: ['--bogus'], message: "unknown option '--bogus'" },
    { args: ['extra'], message: 'too many arguments' },
  ])('refuses $args and prints nothing', async ({ args, message }) => {
    const { code, stdout, stderr } = await runHawser(['install', ...args], { env: home.env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: .*\n$/);
    expect(stderr).toContain(message);
  });
});
