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
    expect(
      Array.isArray(webhooks) && webhooks.map((webhook) => [at(webhook, 'name'), at(webhook, 'clientConfig')]),
    ).toEqual([
      ['applications.hawser.dev', { url }],
      ['secrets.hawser.dev', { url }],
      ['drift.hawser.dev', { url }],
    ]);
  });

  it.each([
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
