// Comparing and syncing against an API server: the same for the sandbox and for a real one.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison, Difference } from '../../src/application/difference.ts';
import type { ResourceStatus } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import { type CompareInput, compareTargets } from '../../src/compare/compare.ts';
import { resourceStatuses } from '../../src/compare/resource-status.ts';
import { resourceHealth } from '../../src/health/health.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { managedFieldsOf } from '../../src/kube/managed-fields.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { refOf } from '../../src/kube/resource.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { executeSync, type SyncOutcome, type SyncRun } from '../../src/sync/execute.ts';
import { planSync, type SyncSettings } from '../../src/sync/plan.ts';

const TRACKING = 'argocd.argoproj.io/tracking-id';
const OPTIONS = 'argocd.argoproj.io/sync-options';
const HOOK = 'argocd.argoproj.io/hook';
const POLICY = 'argocd.argoproj.io/hook-delete-policy';
const WAVE = 'argocd.argoproj.io/sync-wave';

type Annotations = Readonly<Record<string, string>>;

function object(apiVersion: string, kind: string, name: string, fields: object, annotations?: Annotations): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(annotations ? { annotations } : {}) }, ...fields };
}

const configMap = (name: string, data: object, annotations?: Annotations) =>
  object('v1', 'ConfigMap', name, { data }, annotations);
const service = (name: string, spec: object, annotations?: Annotations) =>
  object('v1', 'Service', name, { spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec } }, annotations);
const job = (name: string, annotations: Annotations) =>
  object(
    'batch/v1',
    'Job',
    name,
    {
      spec: {
        suspend: true,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } },
      },
    },
    annotations,
  );
const deployment = (image: string, replicas = 1): KubeObject =>
  object('apps/v1', 'Deployment', 'web', {
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [{ name: 'web', image, ports: [{ containerPort: 80 }], resources: { limits: { cpu: '1000m' } } }],
        },
      },
    },
  });

/** One Application's view of its namespace. */
interface Ground {
  readonly client: KubeClient;
  readonly namespace: string;
  /** `METHOD path` of what was sent since the last call. */
  sent(): string[];
  live(kind: string, name: string, apiVersion?: string): Promise<KubeObject | undefined>;
  /** By another hand, under another field manager. */
  edit(kind: string, name: string, patch: object, subresource?: string): Promise<KubeObject>;
  compare(targets: readonly KubeObject[], more?: Partial<CompareInput>): Promise<Comparison>;
  /** Compares, syncs, and remembers the inventory as an Application's status would. */
  sync(targets: readonly KubeObject[], more?: SyncMore): Promise<SyncOutcome>;
}

interface SyncMore {
  readonly compare?: Partial<CompareInput>;
  readonly settings?: Partial<SyncSettings>;
  readonly run?: Partial<SyncRun>;
}

const APIS: Readonly<Record<string, string>> = { Deployment: 'apps/v1', Job: 'batch/v1' };
let count = 0;

async function createGround(transport: ClusterTransport, makesNamespace = true): Promise<Ground> {
  const namespace = `hawser-${Date.now().toString(36)}-${count++}`;
  const requests: string[] = [];
  const counting: ClusterTransport = {
    server: transport.server,
    fetch: (path, init) => {
      requests.push(`${init?.method ?? 'GET'} ${path}`);
      return transport.fetch(path, init);
    },
  };
  const client = createKubeClient(counting, { fieldManager: 'hawser' });
  await client.resources();
  if (makesNamespace) await client.create(object('v1', 'Namespace', namespace, {}));
  let inventory: readonly ResourceStatus[] = [];

  const ground: Ground = {
    client,
    namespace,
    sent: () => requests.splice(0),
    live: (kind, name, apiVersion = APIS[kind] ?? 'v1') => client.get({ apiVersion, kind, name, namespace }),
    edit: (kind, name, patch, subresource) =>
      client.patch({ apiVersion: APIS[kind] ?? 'v1', kind, name, namespace }, JSON.parse(JSON.stringify(patch)), {
        type: 'merge',
        fieldManager: 'somebody',
        ...(subresource ? { subresource } : {}),
      }),
    compare: (targets, more = {}) =>
      compareTargets({ client, instance: 'app', targets, inventory, destinationNamespace: namespace, ...more }),
    async sync(targets, { compare = {}, settings = {}, run = {} } = {}) {
      const comparison = await ground.compare(targets, compare);
      const plan = planSync({
        differences: comparison.differences,
        ...(comparison.namespace ? { namespace: comparison.namespace } : {}),
        settings: {
          namespace,
          revision: '0a1b2c3d4e5f',
          startedAt: '2026-01-01T00:00:00Z',
          prune: true,
          dryRun: false,
          force: false,
          skipHooks: false,
          syncOptions: compare.syncOptions ?? [],
          pruneConfirmed: false,
          ...settings,
        },
      });
      inventory = resourceStatuses(comparison.differences, []);
      return executeSync(plan, { client, healthOf: resourceHealth, recorded: [], waitMs: 20_000, ...run });
    },
  };
  return ground;
}

function statuses({ differences }: Comparison): Record<string, string | undefined> {
  return Object.fromEntries(differences.map(({ key, status }) => [`${key.kind}/${key.name}`, status]));
}

function messages({ results }: SyncOutcome): Record<string, string | undefined> {
  return Object.fromEntries(results.map(({ kind, name, message }) => [`${kind}/${name}`, message]));
}

function writes(requests: readonly string[]): string[] {
  return requests.filter((line) => !line.startsWith('GET ') && !line.includes('dryRun=All'));
}

function differenceOf(comparison: Comparison, name: string): Difference {
  const found = comparison.differences.find(({ key }) => key.name === name);
  if (!found) throw new Error(`${name} is not compared`);
  return found;
}

/** What a Job's controller would write once the work is done. */
async function finishJob({ edit, live }: Ground, name: string, isGood = true): Promise<void> {
  while (!(await live('Job', name))) await new Promise((resolve) => setTimeout(resolve, 20));
  await edit('Job', name, { spec: { suspend: true } });
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const end = isGood ? ['SuccessCriteriaMet', 'Complete'] : ['FailureTarget', 'Failed'];
  const conditions = end.map((type) => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    message: isGood ? 'done' : 'broken',
  }));
  const status = { startTime: now, conditions, ...(isGood ? { completionTime: now, succeeded: 1 } : { failed: 1 }) };
  for (let attempt = 0; ; attempt++) {
    try {
      await edit('Job', name, { status }, 'status');
      return;
    } catch (error) {
      if (attempt > 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export function describeSync(title: string, connect: () => Promise<ClusterTransport>): void {
  let transport: ClusterTransport;
  const namespaces: string[] = [];
  const ground = async (makesNamespace = true) => {
    const made = await createGround(transport, makesNamespace);
    namespaces.push(made.namespace);
    return made;
  };
  beforeAll(async () => {
    transport = await connect();
  });
  afterAll(async () => {
    const client = createKubeClient(transport, { fieldManager: 'hawser' });
    for (const name of namespaces)
      await client.remove({ apiVersion: 'v1', kind: 'Namespace', name }, { propagationPolicy: 'Background' });
  });

  describe(`comparing with ${title}`, () => {
    it('finds what is missing, and writes nothing', async () => {
      const { compare, sent } = await ground();
      sent();
      const comparison = await compare([configMap('a', { k: '1' }), deployment('nginx:1')]);
      expect(comparison.status).toBe('OutOfSync');
      expect(statuses(comparison)).toEqual({ 'ConfigMap/a': 'OutOfSync', 'Deployment/web': 'OutOfSync' });
      expect(writes(sent())).toEqual([]);
    });

    it('finds no difference in defaults, quantities and status', async () => {
      const { compare, sync } = await ground();
      const targets = [
        deployment('nginx:1'),
        service('web', {}),
        object('v1', 'Secret', 's', { stringData: { p: 'x' } }),
      ];
      await sync(targets);
      expect(await compare(targets)).toMatchObject({ status: 'Synced', conditions: [] });
    });

    it('finds what others changed and added, but not what is theirs', async () => {
      const { compare, sync, edit } = await ground();
      const targets = [configMap('a', { k: '1' }), deployment('nginx:1')];
      await sync(targets);
      await edit('ConfigMap', 'a', { metadata: { labels: { theirs: 'x' }, annotations: { theirs: 'x' } } });
      expect((await compare(targets)).status).toBe('Synced');
      await edit('ConfigMap', 'a', { data: { added: 'x' } });
      await edit('Deployment', 'web', { spec: { replicas: 3 } });
      const comparison = await compare(targets);
      expect(statuses(comparison)).toEqual({ 'ConfigMap/a': 'OutOfSync', 'Deployment/web': 'OutOfSync' });
      expect(differenceOf(comparison, 'a').removals).toEqual({ data: { added: null } });
    });

    it('ignores what it is told to', async () => {
      const { compare, sync, edit } = await ground();
      const targets = [configMap('a', { k: '1' }), deployment('nginx:1')];
      await sync(targets);
      await edit('ConfigMap', 'a', { data: { added: 'x' } });
      await edit('Deployment', 'web', { spec: { replicas: 3 } });
      const ignoreDifferences = [
        { group: 'apps', kind: 'Deployment', managedFieldsManagers: ['somebody'] },
        { kind: 'ConfigMap', jqPathExpressions: ['.data.added'] },
      ];
      expect((await compare(targets, { ignoreDifferences })).status).toBe('Synced');
    });

    it('does not call Synced what the API server refuses', async () => {
      const { compare, sync } = await ground();
      await sync([service('web', {})]);
      const comparison = await compare([
        service('web', { ports: [{ port: 99_999 }] }),
        service('new', { ports: [{ port: 99_999 }] }),
      ]);
      expect(comparison.status).toBe('Unknown');
      expect(statuses(comparison)).toEqual({ 'Service/web': 'Unknown', 'Service/new': 'OutOfSync' });
      expect(differenceOf(comparison, 'web').message).toContain('99999');
    });

    it('says of a kind that nobody has that it is unknown', async () => {
      const { compare } = await ground();
      const { dryRun } = differenceOf(await compare([object('example.com/v1', 'Nothing', 'x', {})]), 'x');
      expect(dryRun).toEqual({
        outcome: 'unknownKind',
        message: 'no matches for kind "Nothing" in version "example.com/v1"',
      });
    });

    it('takes no missing namespace for a failure when the same target state brings it', async () => {
      const { compare, namespace } = await ground(false);
      const alone = await compare([configMap('a', {})]);
      expect(differenceOf(alone, 'a').dryRun).toMatchObject({
        outcome: 'failed',
        message: `namespaces "${namespace}" not found`,
      });
      const together = await compare([configMap('a', {}), object('v1', 'Namespace', namespace, {})]);
      expect(differenceOf(together, 'a').dryRun).toMatchObject({ outcome: 'deferred', awaits: 'namespace' });
      const made = await compare([configMap('a', {})], { syncOptions: ['CreateNamespace=true'] });
      expect(differenceOf(made, 'a').dryRun).toMatchObject({ outcome: 'deferred', awaits: 'namespace' });
      expect(made.namespace).toMatchObject({ modified: true });
    });

    it('warns of an object that another Application has', async () => {
      const { compare, sync } = await ground();
      await sync([configMap('a', {})], { compare: { instance: 'other' } });
      const comparison = await compare([configMap('a', {})]);
      expect(comparison.status).toBe('OutOfSync');
      expect(comparison.conditions).toEqual([
        { type: 'SharedResourceWarning', message: 'ConfigMap/a is part of applications app and other' },
      ]);
    });

    it('asks again only for what was not Synced a moment ago', async () => {
      const { compare, sync, sent } = await ground();
      await sync([configMap('a', { k: '1' }), configMap('b', { k: '1' })]);
      const targets = [configMap('a', { k: '1' }), configMap('b', { k: '2' })];
      const earlier = await compare(targets);
      await sync(targets);
      sent();
      expect(await compare(targets, { earlier })).toMatchObject({ status: 'Synced', differences: [{}, {}] });
      // An apply of the very same has just been answered: to read it is enough.
      expect(sent()).toHaveLength(1);
    });

    it('never shows the value of a Secret that the API server could not read', async () => {
      const { compare } = await ground();
      const comparison = await compare([object('v1', 'Secret', 's', { stringData: { pin: 473_829 } })]);
      const { dryRun, message } = differenceOf(comparison, 's');
      expect(dryRun.outcome).toBe('failed');
      expect(message).not.toContain('473829');
    });

    it('sends one request an object that is new, and one for what an apply is known not to change', async () => {
      const { compare, sync, sent } = await ground();
      const targets = Array.from({ length: 40 }, (_, index) => configMap(`cm-${index}`, { k: String(index) }));
      await compare(targets);
      expect(sent().filter((line) => line.includes('/configmaps'))).toHaveLength(40);
      await sync(targets);
      sent();
      expect((await compare(targets)).status).toBe('Synced');
      expect(sent().every((line) => line.startsWith('GET '))).toBe(true);
    });

    it('sends the same requests however many objects of others are in the namespace', async () => {
      const { client, namespace, compare, sync, sent } = await ground();
      const targets = Array.from({ length: 30 }, (_, index) => configMap(`cm-${index}`, { k: String(index) }));
      await sync(targets);
      sent();
      await compare(targets, { fresh: true });
      const alone = sent().sort();
      for (let index = 0; index < 60; index++) {
        const foreign = configMap(`foreign-${index}`, {});
        await client.create({ ...foreign, metadata: { ...foreign.metadata, namespace } });
      }
      sent();
      await compare(targets, { fresh: true });
      expect(sent().sort()).toEqual(alone);
      expect(alone).toHaveLength(60);
    });
  });

  describe(`syncing with ${title}`, () => {
    it('creates, then changes only what has changed, and says so in the words of kubectl', async () => {
      const { sync, sent } = await ground();
      const first = await sync([configMap('a', { k: '1' }), deployment('nginx:1')]);
      expect(first).toMatchObject({
        phase: 'Succeeded',
        message: 'successfully synced (all tasks run)',
        superseded: false,
      });
      expect(messages(first)).toEqual({
        'ConfigMap/a': 'configmap/a created',
        'Deployment/web': 'deployment.apps/web created',
      });
      sent();
      const second = await sync([configMap('a', { k: '1' }), deployment('nginx:2')]);
      expect(messages(second)).toEqual({
        'ConfigMap/a': 'configmap/a unchanged',
        'Deployment/web': 'deployment.apps/web configured',
      });
      expect(writes(sent())).toHaveLength(1);
    });

    it('asks for nothing twice: one read an object that it has applied itself', async () => {
      const { sync, sent } = await ground();
      const targets = [configMap('a', { k: '1' }), configMap('b', { k: '1' }), service('web', {})];
      await sync(targets);
      sent();
      await sync(targets);
      const requests = sent();
      expect(requests.filter((line) => line.startsWith('GET '))).toHaveLength(3);
      expect(requests).toHaveLength(3);
    });

    it('removes what left Git, and what others added to a ConfigMap', async () => {
      const { sync, edit, live, compare } = await ground();
      const secret = (stringData: object) => object('v1', 'Secret', 's', { stringData });
      await sync([configMap('a', { k: '1', old: 'x' }), secret({ p: 'x', old: 'y' })]);
      await edit('ConfigMap', 'a', { data: { added: 'x' } });
      const targets = [configMap('a', { k: '1' }), secret({ p: 'x' })];
      await sync(targets);
      expect((await live('ConfigMap', 'a'))?.data).toEqual({ k: '1' });
      expect((await live('Secret', 's'))?.data).toEqual({ p: 'eA==' });
      expect((await compare(targets)).status).toBe('Synced');
    });

    it('takes away what others gave a binding that Git leaves empty', async () => {
      const { sync, client, compare, namespace } = await ground();
      const binding = object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'b', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      });
      await sync([binding]);
      const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace }];
      await client.patch({ ...refOf(binding), namespace }, { subjects }, { type: 'merge', fieldManager: 'somebody' });
      expect(differenceOf(await compare([binding]), 'b')).toMatchObject({
        status: 'OutOfSync',
        removals: { subjects: null },
      });
      await sync([binding]);
      expect(await client.get({ ...refOf(binding), namespace })).not.toHaveProperty('subjects');
      expect((await compare([binding])).status).toBe('Synced');
    });

    it('leaves no owner but itself behind when it has removed an addition', async () => {
      const { sync, edit, live } = await ground();
      await sync([configMap('a', { k: '1' })]);
      await edit('ConfigMap', 'a', { data: { added: 'x' } });
      await sync([configMap('a', { k: '1' })]);
      const found = await live('ConfigMap', 'a');
      expect(found && managedFieldsOf(found).map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
        'hawser Apply',
      ]);
    });

    it('keeps the values of ignored fields when it respects them', async () => {
      const { sync, edit, live } = await ground();
      const ignoreDifferences = [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }];
      await sync([deployment('nginx:1')]);
      await edit('Deployment', 'web', { spec: { replicas: 3 } });
      await sync([deployment('nginx:2')], {
        compare: { ignoreDifferences, syncOptions: ['RespectIgnoreDifferences=true'] },
      });
      const respected = await live('Deployment', 'web');
      expect(at(respected, 'spec', 'replicas')).toBe(3);
      expect(at(respected, 'spec', 'template', 'spec', 'containers', 0, 'image')).toBe('nginx:2');
      await sync([deployment('nginx:3')], { compare: { ignoreDifferences } });
      expect(at(await live('Deployment', 'web'), 'spec', 'replicas')).toBe(1);
    });

    it('takes over what kubectl or Argo CD applied, so that what leaves Git goes', async () => {
      const { sync, client, live, namespace, compare } = await ground();
      const before = { ...configMap('a', { k: '1', old: 'x' }), metadata: { name: 'a', namespace } };
      await client.create(before, { fieldManager: 'kubectl-client-side-apply' });
      await client.apply({ ...before, metadata: { name: 'b', namespace } }, { fieldManager: 'argocd-controller' });
      const targets = [configMap('a', { k: '1' }), configMap('b', { k: '1' })];
      expect(differenceOf(await compare(targets), 'a').predicted?.data).toEqual({ k: '1' });
      await sync(targets);
      for (const name of ['a', 'b']) {
        const found = await live('ConfigMap', name);
        expect(found?.data).toEqual({ k: '1' });
        expect(found && managedFieldsOf(found).map(({ manager }) => manager)).toEqual(['hawser']);
      }
      expect((await compare(targets)).status).toBe('Synced');
    });

    it('finds what Argo CD left as it left it', async () => {
      const { sync, client, namespace, compare, sent } = await ground();
      const applied = deployment('nginx:1');
      const annotations = {
        [TRACKING]: `app:apps/Deployment:${namespace}/web`,
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied),
      };
      const metadata = { name: 'web', namespace, annotations };
      await client.create({ ...applied, metadata }, { fieldManager: 'argocd-controller' });
      expect(await compare([deployment('nginx:1')])).toMatchObject({ status: 'Synced' });
      sent();
      await sync([deployment('nginx:2')]);
      expect(writes(sent())).toHaveLength(2);
      expect(await compare([deployment('nginx:2')])).toMatchObject({ status: 'Synced' });
    });

    it('writes nothing at all when one object is refused by the dry run', async () => {
      const { sync, live, sent } = await ground();
      sent();
      const outcome = await sync([configMap('a', { k: '1' }), service('bad', { ports: [{ port: 99_999 }] })]);
      expect(outcome).toMatchObject({ phase: 'Failed', message: 'one or more objects failed to apply (dry run)' });
      expect(outcome.results).toMatchObject([
        { kind: 'Service', status: 'SyncFailed', message: expect.stringContaining('99999') },
      ]);
      expect(writes(sent())).toEqual([]);
      expect(await live('ConfigMap', 'a')).toBeUndefined();
    });

    it('writes nothing when it is a dry run itself, and tells what it would do', async () => {
      const { sync, sent } = await ground();
      await sync([configMap('a', { k: '1' })]);
      sent();
      const outcome = await sync([configMap('b', { k: '1' })], { settings: { dryRun: true } });
      expect(outcome.phase).toBe('Succeeded');
      expect(messages(outcome)).toEqual({
        'ConfigMap/a': 'pruned (dry run)',
        'ConfigMap/b': 'configmap/b created (dry run)',
      });
      expect(writes(sent())).toEqual([]);
    });

    it('makes the destination namespace first, with its labels, and keeps it in step', async () => {
      const { sync, client, namespace } = await ground(false);
      const compare = (labels: Record<string, string>) => ({
        syncOptions: ['CreateNamespace=true'],
        managedNamespaceMetadata: { labels },
      });
      const first = await sync([configMap('a', { k: '1' })], { compare: compare({ team: 'a', old: 'x' }) });
      expect(first.phase).toBe('Succeeded');
      expect(messages(first)).toMatchObject({ [`Namespace/${namespace}`]: `namespace/${namespace} created` });
      await sync([configMap('a', { k: '1' })], { compare: compare({ team: 'b' }) });
      const labels = (await client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }))?.metadata.labels;
      expect(labels).toMatchObject({ team: 'b' });
      expect(labels).not.toHaveProperty('old');
    });

    it('applies a CRD and an object of its kind in one go', async () => {
      const { sync, client, namespace } = await ground();
      const plural = `widgets${count}`;
      const kind = `Widget${count}`;
      const crd = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${plural}.hawser.example.com`, {
        spec: {
          group: 'hawser.example.com',
          scope: 'Namespaced',
          names: { kind, plural, singular: kind.toLowerCase() },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            },
          ],
        },
      });
      const widget = object('hawser.example.com/v1', kind, 'w', { spec: { size: 1 } });
      const outcome = await sync([widget, crd]);
      expect(outcome).toMatchObject({ phase: 'Succeeded', results: [{ kind: 'CustomResourceDefinition' }, { kind }] });
      expect(await client.get({ ...refOf(widget), namespace })).toMatchObject({ spec: { size: 1 } });
      await client.remove(refOf(crd));
    });

    it('deletes and makes anew what cannot be changed, only when it is told to', async () => {
      const { sync, live, compare } = await ground();
      const fixed = (name: string, annotations: Annotations = {}): KubeObject => {
        const made = job('fixed', annotations);
        const containers = [{ name, image: 'busybox' }];
        return { ...made, spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers } } } };
      };
      await sync([fixed('a')]);
      const before = await live('Job', 'fixed');
      expect(await sync([fixed('b')])).toMatchObject({ phase: 'Failed', results: [{ status: 'SyncFailed' }] });
      expect((await live('Job', 'fixed'))?.metadata.uid).toBe(before?.metadata.uid);
      const forced = fixed('b', { [OPTIONS]: 'Force=true' });
      expect(differenceOf(await compare([forced]), 'fixed')).toMatchObject({
        status: 'OutOfSync',
        dryRun: { outcome: 'recreates' },
      });
      expect(messages(await sync([forced]))).toEqual({ 'Job/fixed': 'job.batch/fixed created' });
      expect((await live('Job', 'fixed'))?.metadata.uid).not.toBe(before?.metadata.uid);
    });

    it('replaces where that is asked for: what Git does not have goes', async () => {
      const { sync, edit, live } = await ground();
      const replaced = (data: object) => configMap('a', data, { [OPTIONS]: 'Replace=true' });
      expect(messages(await sync([replaced({ k: '1' })]))).toEqual({ 'ConfigMap/a': 'configmap/a created' });
      await edit('ConfigMap', 'a', { metadata: { labels: { theirs: 'x' } } });
      expect(messages(await sync([replaced({ k: '2' })]))).toEqual({ 'ConfigMap/a': 'configmap/a replaced' });
      const found = await live('ConfigMap', 'a');
      expect(found?.data).toEqual({ k: '2' });
      expect(found?.metadata.labels).toBeUndefined();
    });
  });

  describe(`pruning with ${title}`, () => {
    it('deletes what left Git', async () => {
      const { sync, live } = await ground();
      await sync([configMap('a', {}), configMap('b', {})]);
      const outcome = await sync([configMap('a', {})]);
      expect(outcome.results).toMatchObject([{ name: 'b', status: 'Pruned', message: 'pruned' }, { name: 'a' }]);
      expect(await live('ConfigMap', 'b')).toBeUndefined();
    });

    it('leaves it when pruning is off, and stays OutOfSync', async () => {
      const { sync, compare, live } = await ground();
      await sync([configMap('a', {}), configMap('b', {})]);
      const outcome = await sync([configMap('a', {})], { settings: { prune: false } });
      expect(outcome).toMatchObject({
        phase: 'Succeeded',
        results: [{ name: 'b', status: 'PruneSkipped', message: 'ignored (requires pruning)' }, {}],
      });
      expect(await live('ConfigMap', 'b')).toBeDefined();
      expect(await compare([configMap('a', {})])).toMatchObject({ status: 'OutOfSync' });
    });

    const keepers: readonly { title: string; patch: object }[] = [
      {
        title: 'an object that names another Application',
        patch: { metadata: { annotations: { [TRACKING]: 'other:/ConfigMap:x/b' } } },
      },
      { title: 'an object that names nobody any more', patch: { metadata: { annotations: { [TRACKING]: null } } } },
      {
        title: 'an object that was copied with the tracking id of another',
        patch: { metadata: { annotations: { [TRACKING]: 'app:/ConfigMap:x/original' } } },
      },
      { title: 'an object that says Prune=false', patch: { metadata: { annotations: { [OPTIONS]: 'Prune=false' } } } },
      {
        title: 'an object that has an owner',
        patch: { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'default', uid: '0' }] } },
      },
    ];
    for (const { title: what, patch } of keepers) {
      it(`never deletes ${what}`, async () => {
        const { sync, edit, live, sent } = await ground();
        await sync([configMap('a', {}), configMap('b', {})]);
        await edit('ConfigMap', 'b', patch);
        sent();
        expect((await sync([configMap('a', {})])).phase).toBe('Succeeded');
        expect(sent().filter((line) => line.startsWith('DELETE'))).toEqual([]);
        // An owner that does not exist lets the garbage collector do what we do not.
        if (!what.includes('owner')) expect(await live('ConfigMap', 'b')).toBeDefined();
      });
    }

    it('does not delete what was given away between the comparison and the deletion', async () => {
      const { sync, edit, live } = await ground();
      await sync([configMap('a', {}), configMap('b', {})]);
      const outcome = await sync([configMap('a', {}, { [WAVE]: '-1' })], {
        run: {
          onStep: async ({ results }) => {
            if (results.length === 1)
              await edit('ConfigMap', 'b', { metadata: { annotations: { [TRACKING]: 'other:/ConfigMap:x/b' } } });
          },
        },
      });
      expect(outcome).toMatchObject({
        phase: 'Failed',
        message: expect.stringContaining('no longer the object of this Application'),
      });
      expect(await live('ConfigMap', 'b')).toBeDefined();
    });

    it('waits for a confirmation where one is needed, without holding the call', async () => {
      const { sync, live } = await ground();
      await sync([configMap('a', {}), configMap('b', {}, { [OPTIONS]: 'Prune=confirm' })]);
      const waiting = await sync([configMap('a', {})]);
      expect(waiting).toMatchObject({ phase: 'Running', message: 'waiting for pruning confirmation of /ConfigMap/b' });
      const confirmed = await sync([configMap('a', {})], { settings: { pruneConfirmed: true } });
      expect(confirmed.phase).toBe('Succeeded');
      expect(await live('ConfigMap', 'b')).toBeUndefined();
    });

    it('waits a little for what its finalizers hold', async () => {
      const { sync, edit, compare } = await ground();
      await sync([configMap('a', {}), configMap('b', {})]);
      await edit('ConfigMap', 'b', { metadata: { finalizers: ['example.com/hold'] } });
      const pruning = sync([configMap('a', {})]);
      setTimeout(() => edit('ConfigMap', 'b', { metadata: { finalizers: null } }), 300);
      expect((await pruning).phase).toBe('Succeeded');
      expect(await compare([configMap('a', {})])).toMatchObject({ status: 'Synced', differences: [{}] });
    });
  });

  describe(`waves and hooks with ${title}`, () => {
    const balanced = service('lb', { type: 'LoadBalancer' }, { [WAVE]: '0' });
    const late = configMap('late', { k: '1' }, { [WAVE]: '1' });
    const give = (made: Ground) =>
      made.edit('Service', 'lb', { status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } }, 'status');

    it('apply the next wave once the one before is healthy', async () => {
      const made = await ground();
      const steps: string[] = [];
      const outcome = await made.sync([balanced, late], {
        run: {
          onStep: async ({ message, results }) => {
            steps.push(`${results.length} ${message}`);
            if (results.length === 1) await give(made);
          },
        },
      });
      expect(outcome).toMatchObject({ phase: 'Succeeded', results: [{ name: 'lb' }, { name: 'late' }] });
      expect(steps[0]).toBe('1 waiting for healthy state of /Service/lb');
    });

    it('give the call back at its bound, and go on where they were', async () => {
      const made = await ground();
      const first = await made.sync([balanced, late], { run: { waitMs: 200 } });
      expect(first).toMatchObject({ phase: 'Running', results: [{ name: 'lb' }] });
      await give(made);
      made.sent();
      const second = await made.sync([balanced, late], { run: { recorded: first.results } });
      expect(second).toMatchObject({
        phase: 'Succeeded',
        results: [{ name: 'lb', hookPhase: 'Succeeded' }, { name: 'late' }],
      });
      expect(writes(made.sent())).toHaveLength(1);
    });

    it('end between two waves when a newer push supersedes them', async () => {
      const made = await ground();
      let steps = 0;
      const outcome = await made.sync([configMap('a', {}), late], {
        run: {
          onStep: async () => {
            steps++;
          },
          isSuperseded: () => steps > 0,
        },
      });
      expect(outcome).toMatchObject({ superseded: true, phase: 'Failed', results: [{ name: 'a' }] });
      expect(await made.live('ConfigMap', 'late')).toBeUndefined();
    });

    it('say that an object is missing which they wait for', async () => {
      const made = await ground();
      const outcome = await made.sync([balanced, late], {
        run: {
          onStep: async ({ results }) => {
            if (results.length === 1 && results[0]?.hookPhase === 'Running') {
              await made.client.remove({ apiVersion: 'v1', kind: 'Service', name: 'lb', namespace: made.namespace });
            }
          },
        },
      });
      expect(outcome).toMatchObject({
        phase: 'Failed',
        message: expect.stringContaining('Resource /Service/lb is missing, it might have been deleted'),
      });
    });

    it('run a hook before the rest, and delete it after success', async () => {
      const made = await ground();
      const hook = job('pre', { [HOOK]: 'PreSync', [POLICY]: 'HookSucceeded' });
      const running = made.sync([configMap('a', { k: '1' }), hook]);
      await finishJob(made, 'pre');
      const outcome = await running;
      expect(outcome.results).toMatchObject([
        { kind: 'Job', hookType: 'PreSync', hookPhase: 'Succeeded', message: 'done', syncPhase: 'PreSync' },
        { kind: 'ConfigMap', status: 'Synced' },
      ]);
      expect(outcome.phase).toBe('Succeeded');
      await expect.poll(() => made.live('Job', 'pre'), { timeout: 15_000 }).toBeUndefined();
    });

    it('take a hook up again that an earlier call began, without running it twice', async () => {
      const made = await ground();
      const hook = {
        ...job('', { [HOOK]: 'PreSync' }),
        metadata: { generateName: 'pre-', annotations: { [HOOK]: 'PreSync' } },
      };
      const first = await made.sync([configMap('a', { k: '1' }), hook], { run: { waitMs: 100 } });
      expect(first).toMatchObject({
        phase: 'Running',
        message: 'waiting for completion of hook batch/Job/pre-0a1b2c3-presync-1767225600',
      });
      const uid = (await made.live('Job', 'pre-0a1b2c3-presync-1767225600'))?.metadata.uid;
      await finishJob(made, 'pre-0a1b2c3-presync-1767225600');
      const second = await made.sync([configMap('a', { k: '1' }), hook], { run: { recorded: first.results } });
      expect(second.phase).toBe('Succeeded');
      const found = await made.live('Job', 'pre-0a1b2c3-presync-1767225600');
      expect(found?.metadata).toMatchObject({ uid });
      expect(found?.metadata.finalizers ?? []).not.toContain('argocd.argoproj.io/hook-finalizer');
    });

    it('run a hook anew in the next sync, after the old one is gone', async () => {
      const made = await ground();
      const hook = job('pre', { [HOOK]: 'PreSync' });
      const first = made.sync([hook]);
      await finishJob(made, 'pre');
      expect((await first).phase).toBe('Succeeded');
      const old = (await made.live('Job', 'pre'))?.metadata.uid;
      const second = made.sync([hook]);
      await expect.poll(async () => (await made.live('Job', 'pre'))?.metadata.uid, { timeout: 15_000 }).not.toBe(old);
      await finishJob(made, 'pre');
      expect((await second).phase).toBe('Succeeded');
    });

    it('fail with a hook that fails, leave the rest alone, and run what is for that case', async () => {
      const made = await ground();
      const hook = job('pre', { [HOOK]: 'PreSync' });
      const alarm = configMap('alarm', { k: '1' }, { [HOOK]: 'SyncFail' });
      const running = made.sync([configMap('a', { k: '1' }), hook, alarm]);
      await finishJob(made, 'pre', false);
      const outcome = await running;
      expect(outcome.phase).toBe('Failed');
      expect(outcome.results).toMatchObject([
        { name: 'pre', hookPhase: 'Failed', message: 'broken' },
        { name: 'alarm', hookPhase: 'Succeeded' },
      ]);
      expect(await made.live('ConfigMap', 'a')).toBeUndefined();
    });

    it('delete the hooks that run when the operation is terminated', async () => {
      const made = await ground();
      const hook = job('pre', { [HOOK]: 'PreSync' });
      const first = await made.sync([configMap('a', { k: '1' }), hook], { run: { waitMs: 100 } });
      const ended = await made.sync([configMap('a', { k: '1' }), hook], {
        run: { recorded: first.results, isTerminating: () => true },
      });
      expect(ended).toMatchObject({
        phase: 'Failed',
        message: 'Operation terminated',
        results: [{ hookPhase: 'Failed', message: 'Terminated' }],
      });
      await expect.poll(() => made.live('Job', 'pre'), { timeout: 15_000 }).toBeUndefined();
      expect(await made.live('ConfigMap', 'a')).toBeUndefined();
    });

    it('are not cut off by a newer push while a hook runs, and give way after it', async () => {
      const made = await ground();
      const running = made.sync([configMap('a', { k: '1' }), job('pre', { [HOOK]: 'PreSync' })], {
        run: { isSuperseded: async () => (await made.live('Job', 'pre')) !== undefined },
      });
      await finishJob(made, 'pre');
      const outcome = await running;
      expect(outcome).toMatchObject({ superseded: true, results: [{ name: 'pre', hookPhase: 'Succeeded' }] });
      expect((await made.live('Job', 'pre'))?.metadata.finalizers ?? []).not.toContain(
        'argocd.argoproj.io/hook-finalizer',
      );
    });

    it('go on where nobody may watch', async () => {
      const made = await createGround({
        server: transport.server,
        fetch: async (path, init) =>
          path.includes('watch=true') ? new Response('{}', { status: 403 }) : transport.fetch(path, init),
      });
      namespaces.push(made.namespace);
      const running = made.sync([balanced, late]);
      await expect.poll(() => made.live('Service', 'lb')).toBeDefined();
      await give(made);
      expect(await running).toMatchObject({ phase: 'Succeeded', results: [{ name: 'lb' }, { name: 'late' }] });
    });

    it('ask whether they may go on when they are woken', async () => {
      const made = await ground();
      const wake = new AbortController();
      const running = made.sync([balanced, late], {
        run: { wake: () => wake.signal, isTerminating: () => wake.signal.aborted, onStep: async () => wake.abort() },
      });
      expect(await running).toMatchObject({
        phase: 'Failed',
        message: 'Operation terminated',
        results: [{ name: 'lb' }],
      });
    });

    it('return between two steps what keeps them from going on', async () => {
      const made = await ground();
      const outcome = await made.sync([balanced, late], { run: { blockedBy: () => 'not now' } });
      expect(outcome).toMatchObject({ phase: 'Running', message: 'not now', until: 'permission', results: [] });
      expect(await made.live('Service', 'lb')).toBeUndefined();
    });
  });
}
