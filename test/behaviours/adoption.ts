// Objects that somebody else applied are taken over from the four who do: kubectl apply on the client's side and on the server's, Helm,
// and Argo CD. No Pod is restarted, no field is lost, and what leaves Git afterwards goes.

import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at } from '../../src/base/json.ts';
import { managedFieldsOf } from '../../src/kube/managed-fields.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { createHome, type Home, runProcess } from '../support/hawser-process.ts';
import { findPeer } from '../support/peers.ts';

const kubectl = findPeer('kubectl');
const helm = findPeer('helm');

const container = { name: 'web', image: 'web:1', ports: [{ containerPort: 80 }] };
const labels = { app: 'web' };
const SERVICE_SPEC = { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 80 }] };
/** What somebody else applies, and Git has; some of it leaves Git later. */
const OBJECTS: readonly KubeObject[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { note: 'old' } },
        spec: {
          containers: [
            {
              ...container,
              env: [
                { name: 'KEPT', value: '1' },
                { name: 'DROPPED', value: '2' },
              ],
              resources: { requests: { cpu: '100m' }, limits: { cpu: '1' } },
            },
          ],
          volumes: [{ name: 'data', emptyDir: {} }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', labels },
    spec: SERVICE_SPEC,
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', labels },
    data: { kept: '1', dropped: '2' },
  },
];
const GIT = { 'a.yaml': textOf(OBJECTS) };
/** The same without an environment variable, a label and a key. */
const LATER = { 'a.yaml': GIT['a.yaml'].replace(/,\{"name":"DROPPED"[^}]*\}/, '').replace(',"dropped":"2"', '') };

interface Owner {
  readonly title: string;
  readonly name: string;
  /** Who is missing on this machine. */
  readonly missing?: string;
  /** Managers that own nothing any more afterwards. */
  readonly leaves: readonly string[];
  /** What it applied and Git never had stays: it cannot be told from what somebody wants to have there. */
  readonly keepsItsOwn?: true;
  /** Takes the objects from the file objects.yaml or the chart of that name. */
  apply(context: { ground: Ground; namespace: string; run: Run; objects: readonly KubeObject[] }): Promise<void>;
}
type Run = (program: string, ...args: string[]) => Promise<string>;

const needs = (peer: string | undefined, name: string) => (peer ? {} : { missing: name });
const placed = (object: KubeObject, namespace: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, namespace },
});

const OWNERS: readonly Owner[] = [
  {
    title: 'kubectl apply',
    name: 'client-side',
    ...needs(kubectl, 'kubectl'),
    leaves: ['kubectl-client-side-apply'],
    apply: async ({ namespace, run }) => {
      await run(kubectl ?? '', 'apply', '-n', namespace, '-f', 'objects.yaml');
    },
  },
  {
    title: 'kubectl apply --server-side',
    name: 'server-side',
    ...needs(kubectl, 'kubectl'),
    leaves: ['kubectl'],
    keepsItsOwn: true,
    apply: async ({ namespace, run }) => {
      await run(kubectl ?? '', 'apply', '--server-side', '-n', namespace, '-f', 'objects.yaml');
    },
  },
  {
    title: 'helm install',
    name: 'helm',
    ...needs(helm, 'helm'),
    leaves: [],
    keepsItsOwn: true,
    apply: async ({ namespace, run }) => {
      await run(helm ?? '', 'install', 'shop', 'chart', '-n', namespace);
    },
  },
  {
    title: 'Argo CD, by its server-side apply',
    name: 'argo-server',
    leaves: ['argocd-controller'],
    apply: async ({ ground, namespace, objects }) => {
      for (const object of objects) {
        await ground.client.apply(tracked(placed(object, namespace), 'argo-server'), {
          fieldManager: 'argocd-controller',
        });
      }
    },
  },
  {
    title: 'Argo CD, by its client-side apply',
    name: 'argo-client',
    ...needs(kubectl, 'kubectl'),
    leaves: ['argocd-controller'],
    apply: async ({ namespace, run }) => {
      await run(kubectl ?? '', 'apply', '--field-manager=argocd-controller', '-n', namespace, '-f', 'objects.yaml');
    },
  },
];

/** As Argo CD marks what it applies. */
function tracked(object: KubeObject, application: string): KubeObject {
  const { namespace = '', name = '' } = object.metadata;
  const group = object.kind === 'Deployment' ? 'apps' : '';
  const annotations = {
    'argocd.argoproj.io/tracking-id': `${application}:${group}/${object.kind}:${namespace}/${name}`,
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let home: Home;
  beforeAll(async () => {
    home = createHome();
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => {
    await ground.close();
    home.remove();
  });

  const run: Run = async (program, ...args) => {
    const env = { ...home.env, KUBECONFIG: cluster.kubeconfig };
    const { code, stdout, stderr } = await runProcess(program, args, { env, cwd: home.folder });
    if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  describe.each(OWNERS)('from $title', ({ name, missing, leaves, keepsItsOwn = false, apply }) => {
    if (missing) console.warn(`SKIPPED: adoption from ${name}: no ${missing} on this machine`);

    it.skipIf(missing !== undefined)('everything is taken over as it is, and what leaves Git goes', async () => {
      const namespace = cluster.freshNamespace(name);
      await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      await writeInputs(home.folder, OBJECTS);
      await apply({ ground, namespace, run, objects: OBJECTS });
      const read = () => readAll(ground, namespace);
      await vi.waitFor(async () => expect((await read()).replicaSets).toHaveLength(1), { timeout: 20_000 });
      const before = await settled(read);
      const repository = await ground.createRepository(`devops/${name}`, GIT);
      await ground.createApplication({ name, path: '.', repository, destinationNamespace: namespace });

      const { status } = await ground.sync(name);

      expect(status.sync?.status, JSON.stringify(status.conditions)).toBe('Synced');
      expect(status.operationState).toMatchObject({ phase: 'Succeeded' });
      const after = await read();
      expect(after.replicaSets).toEqual(before.replicaSets);
      for (const [index, object] of after.objects.entries()) {
        const earlier = before.objects[index];
        expect(lostFields(earlier, object), object.kind).toEqual([]);
        expect(object.metadata.uid).toBe(earlier?.metadata.uid);
        expect(object.spec).toEqual(earlier?.spec);
        const managers = managedFieldsOf(object).map(({ manager }) => manager);
        expect(managers).toContain('hawser');
        for (const manager of leaves) expect(managers, object.kind).not.toContain(manager);
      }
      const again = await ground.sync(name);
      expect(again.status.operationState?.syncResult?.resources?.map(({ message }) => message)).toEqual([
        'configmap/web unchanged',
        'service/web unchanged',
        'deployment.apps/web unchanged',
      ]);

      await ground.commit(repository, LATER);
      await ground.sync(name);
      const { objects } = await read();
      const [deployment, , configMap] = objects;
      expect(configMap?.data).toEqual({ kept: '1' });
      expect(at(deployment, 'spec', 'template', 'spec', 'containers', 0, 'env')).toEqual([
        { name: 'KEPT', value: '1' },
      ]);
    });

    const becomes = keepsItsOwn ? 'stays' : 'goes';
    it.skipIf(missing !== undefined)(`what it had and Git never had ${becomes}`, async () => {
      const namespace = cluster.freshNamespace(`${name}-more`);
      await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      const objects = OBJECTS.map((object) => {
        return object.kind === 'Service'
          ? { ...object, spec: { ...SERVICE_SPEC, sessionAffinity: 'ClientIP' } }
          : object;
      });
      await writeInputs(home.folder, objects);
      await apply({ ground, namespace, run, objects });
      const repository = await ground.createRepository(`devops/${name}-more`, GIT);
      const application = `${name}-more`;
      await ground.createApplication({ name: application, path: '.', repository, destinationNamespace: namespace });

      const { status } = await ground.sync(application);

      expect(status.sync?.status).toBe('Synced');
      const service = await ground.get('v1', 'Service', namespace, 'web');
      expect(at(service, 'spec', 'sessionAffinity')).toBe(keepsItsOwn ? 'ClientIP' : 'None');
    });
  });

  it('what another Application has is taken, and both of them are named', async () => {
    const namespace = cluster.freshNamespace('shared');
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' }, data: { a: 'b' } };
    const repository = await ground.createRepository('devops/shared', { 'a.yaml': JSON.stringify(configMap) });
    for (const name of ['first', 'second']) {
      await ground.createApplication({ name, path: '.', repository, destinationNamespace: namespace });
    }
    await ground.sync('first');
    await ground.refresh('second');

    const { status } = await ground.application('second');

    expect(status.conditions).toMatchObject([
      { type: 'SharedResourceWarning', message: 'ConfigMap/shared is part of applications second and first' },
    ]);
  });
};

function textOf(objects: readonly KubeObject[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join('');
}

async function writeInputs(folder: string, objects: readonly KubeObject[]): Promise<void> {
  await mkdir(`${folder}/chart/templates`, { recursive: true });
  await writeFile(`${folder}/objects.yaml`, textOf(objects));
  await writeFile(`${folder}/chart/Chart.yaml`, 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
  await writeFile(`${folder}/chart/templates/all.yaml`, textOf(objects));
}

interface Everything {
  readonly objects: readonly KubeObject[];
  readonly replicaSets: readonly { uid: string | undefined; generation: number | undefined; template: unknown }[];
}

async function readAll({ client }: Ground, namespace: string): Promise<Everything> {
  const objects = await Promise.all(
    OBJECTS.map(({ apiVersion, kind }) => client.get({ apiVersion, kind, namespace, name: 'web' })),
  );
  const { items } = await client.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, { namespace });
  return {
    objects: objects.flatMap((object) => object ?? []),
    replicaSets: items.map((item) => ({
      uid: item.metadata.uid,
      generation: item.metadata.generation,
      template: at(item, 'spec', 'template'),
    })),
  };
}

/** The Deployment's controller annotates it once it has seen it. */
async function settled(read: () => Promise<Everything>): Promise<Everything> {
  return vi.waitFor(
    async () => {
      const found = await read();
      expect(at(found.objects[0], 'status', 'observedGeneration')).toBe(found.objects[0]?.metadata.generation);
      return found;
    },
    { timeout: 20_000 },
  );
}

/**
 * The paths that `before` has and `after` has not, or otherwise; bookkeeping apart. The API server counts a Deployment's annotations into
 * its generation, but no Pod is made anew for them.
 */
function lostFields(before: unknown, after: unknown, path = ''): string[] {
  const isBookkeeping =
    /^\.(metadata\.(managedFields|resourceVersion|generation|annotations\.kubectl\.kubernetes\.io)|status)/;
  if (isBookkeeping.test(path)) return [];
  if (typeof before !== 'object' || before === null) return before === after ? [] : [path];
  return Object.entries(before).flatMap(([key, value]) => lostFields(value, at(after, key), `${path}.${key}`));
}

export default behaviour;
