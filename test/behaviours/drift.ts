// What others write into objects of Git, for the kinds in which nobody but Git has a say: shown OutOfSync, and put right by a sync.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

const cases = [
  {
    title: 'a key added to a ConfigMap',
    manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: subject}\ndata: {a: b}\n',
    edit: { data: { added: 'by hand' } },
    restored: { data: { a: 'b' } },
  },
  {
    title: 'binary data added to a ConfigMap that has only text in Git',
    manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: subject}\ndata: {a: b}\n',
    edit: { binaryData: { added: 'aGFuZA==' } },
    restored: { data: { a: 'b' }, binaryData: undefined },
  },
  {
    title: 'a value of a ConfigMap',
    manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: subject}\ndata: {a: b}\n',
    edit: { data: { a: 'by hand' } },
    restored: { data: { a: 'b' } },
  },
  {
    title: 'a key removed from a ConfigMap',
    manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: subject}\ndata: {a: b, c: d}\n',
    edit: { data: { c: null } },
    restored: { data: { a: 'b', c: 'd' } },
  },
  {
    title: 'a key added to a Secret',
    manifest: 'apiVersion: v1\nkind: Secret\nmetadata: {name: subject}\nstringData: {a: b}\n',
    edit: { data: { added: 'aGFuZA==' } },
    restored: { data: { a: 'Yg==' } },
  },
  {
    title: 'a rule added to a Role',
    manifest: `apiVersion: ${RBAC}\nkind: Role\nmetadata: {name: subject}\nrules: [{apiGroups: [""], resources: [pods], verbs: [get]}]\n`,
    edit: {
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
        { apiGroups: [''], resources: ['secrets'], verbs: ['*'] },
      ],
    },
    restored: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  },
  {
    title: 'rules added to a Role that has none in Git',
    manifest: `apiVersion: ${RBAC}\nkind: Role\nmetadata: {name: subject}\n`,
    edit: { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }] },
    restored: { rules: null },
  },
  {
    title: 'a subject added to a RoleBinding',
    manifest: `apiVersion: ${RBAC}\nkind: RoleBinding\nmetadata: {name: subject}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n`,
    edit: { subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'mallory' }] },
    restored: { subjects: undefined },
  },
  {
    title: 'egress added to a NetworkPolicy',
    manifest:
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: subject}\nspec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n',
    edit: { spec: { egress: [{}] } },
    restored: { spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
  },
  {
    title: 'a field added to the spec of a PodDisruptionBudget',
    manifest:
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: subject}\nspec: {maxUnavailable: 1, selector: {matchLabels: {app: a}}}\n',
    edit: { spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' } },
    restored: { spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'a' } } } },
  },
  {
    title: 'an amount added to a ResourceQuota',
    manifest: 'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: subject}\nspec: {hard: {pods: "5"}}\n',
    edit: { spec: { hard: { services: '1' } } },
    restored: { spec: { hard: { pods: '5' } } },
  },
] as const;

/** What others may write without a difference. */
const harmless = [
  {
    title: "others' labels and annotations",
    manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: subject}\ndata: {a: b}\n',
    edit: { metadata: { labels: { team: 'red' }, annotations: { note: 'x' } } },
  },
  {
    title: 'what fills a ConfigMap that is empty in Git',
    manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: subject}\n',
    edit: { data: { 'ca.crt': 'x' } },
  },
  {
    title: 'what is set beside Git in a Service',
    manifest: 'apiVersion: v1\nkind: Service\nmetadata: {name: subject}\nspec: {ports: [{port: 80}]}\n',
    edit: { spec: { sessionAffinity: 'ClientIP' } },
  },
] as const;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let count = 0;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  /** Deploys the manifest, has somebody edit it, and compares. */
  async function deployAndEdit(manifest: string, edit: object) {
    const name = `drift-${count++}`;
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, { 'subject.yaml': manifest });
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true'],
    });
    await ground.refresh(name);
    await ground.sync(name);
    const [, apiVersion = '', kind = ''] = /apiVersion: (\S+)\nkind: (\S+)/.exec(manifest) ?? [];
    const ref = { apiVersion, kind, namespace, name: 'subject' };
    await ground.client.patch(ref, JSON.parse(JSON.stringify(edit)), { type: 'merge', fieldManager: 'kubectl-edit' });
    await ground.refresh(name);
    return {
      status: async () => (await ground.application(name)).status.sync?.status,
      sync: () => ground.sync(name),
      live: () => ground.client.get(ref),
    };
  }

  it.each(cases)('$title is OutOfSync, and a sync puts it right', async ({ manifest, edit, restored }) => {
    const { status, sync, live } = await deployAndEdit(manifest, edit);
    expect(await status()).toBe('OutOfSync');
    expect((await sync()).status.operationState?.phase).toBe('Succeeded');
    expect(await status()).toBe('Synced');
    const found = await live();
    for (const [key, value] of Object.entries(restored)) expect(at(found, key)).toEqual(value);
  });

  it.each(harmless)('$title is no difference', async ({ manifest, edit }) => {
    const { status } = await deployAndEdit(manifest, edit);
    expect(await status()).toBe('Synced');
  });
};

export default behaviour;
