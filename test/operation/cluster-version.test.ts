// A cluster that was upgraded meanwhile: charts may render otherwise for it, whatever was pushed.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ClusterTransport } from '../../src/platform.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const TEMPLATE =
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: version\ndata:\n  is: {{ .Capabilities.KubeVersion }}\n';
const FILES = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/templates/cm.yaml': TEMPLATE,
  'plain/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: plain\n',
};

let ground: Ground;
let repository: SandboxRepository;
let gitVersion: string;
let asked: string[];
beforeEach(async () => {
  const sandbox = connectSandbox();
  asked = [];
  gitVersion = 'v1.36.3';
  const transport: ClusterTransport = {
    server: sandbox.server,
    fetch: async (path, init) => {
      const response = await sandbox.fetch(path, init);
      asked.push(path);
      return path === '/version' ? Response.json({ major: '1', minor: '36', gitVersion }) : response;
    },
  };
  ground = await createGround(transport, { keepsCache: true });
  repository = await ground.createRepository('devops/app', FILES);
  for (const name of ['chart', 'plain']) {
    await ground.createApplication({ name, repository, path: name, destinationNamespace: name, automated: {} });
    await ground.refresh(name);
  }
});
afterEach(() => ground.close());

async function verdicts() {
  const { applications } = await ground.push(repository, { 'README.md': crypto.randomUUID() });
  await ground.hawser.idle();
  return applications.map(({ name, verdict, paths }) => [name, verdict, ...paths].join(' ')).sort();
}

it('renders charts anew by the next push, and nothing else', async () => {
  expect((await ground.get('v1', 'ConfigMap', 'chart', 'version'))?.data).toEqual({ is: 'v1.36.3' });
  expect(await verdicts()).toEqual(['chart unaffected', 'plain unaffected']);
  gitVersion = 'v1.37.0';
  asked = [];
  await ground.restart();
  // What has changed of a cluster is learned beside the work on pushes; none waits for it.
  await expect.poll(() => asked).toContain('/version');
  expect(await verdicts()).toEqual(['chart sync Kubernetes v1.36.3 → v1.37.0', 'plain unaffected']);
  expect((await ground.get('v1', 'ConfigMap', 'chart', 'version'))?.data).toEqual({ is: 'v1.37.0' });
  expect(await verdicts()).toEqual(['chart unaffected', 'plain unaffected']);
});

it('renders charts anew where the cluster serves other kinds', async () => {
  await ground.client.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'ropes.example.com' },
    spec: {
      group: 'example.com',
      names: { kind: 'Rope', plural: 'ropes' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  });
  asked = [];
  await ground.restart();
  await expect.poll(() => asked).toContain('/version');
  expect(await verdicts()).toEqual(['chart sync the kinds that the cluster serves', 'plain unaffected']);
  expect(await verdicts()).toEqual(['chart unaffected', 'plain unaffected']);
});
