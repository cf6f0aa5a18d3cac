// Charts look up objects of their destination cluster, within what the project permits; a changed answer counts like a changed file.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let namespace: string;

  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());
  beforeEach(async () => {
    namespace = cluster.freshNamespace('lookup');
    await createNamespace(namespace);
  });

  const createNamespace = (name: string) =>
    ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const chart = (template: string) => ({
    'chart/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\n',
    'chart/templates/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: made\ndata:\n  found: ${template}\n`,
  });
  const createMap = (name: string, data: Record<string, string>, labels: Record<string, string> = {}) =>
    ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data });
  const setMap = (name: string, data: Record<string, string>) =>
    ground.client.patch({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }, { data }, { type: 'merge' });

  async function setProject(name: string, spec: JsonObject) {
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace: ground.namespace },
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace }], ...spec },
    });
  }

  async function deploy(name: string, template: string, more: { automated?: boolean; project?: string } = {}) {
    const repository = await ground.createRepository(`devops/${name}`, chart(template));
    await ground.createApplication({
      name,
      path: 'chart',
      repository,
      destinationNamespace: namespace,
      syncOptions: [],
      ...(more.project && { project: more.project }),
      ...(more.automated && { automated: {} }),
    });
    await ground.refresh(name);
    if (!more.automated) await ground.sync(name);
    const { status } = await ground.application(name);
    return { repository, status };
  }

  async function found() {
    const made = await ground.get('v1', 'ConfigMap', namespace, 'made');
    return (made?.data as Record<string, string> | undefined)?.found;
  }

  it('finds an object, and nothing where there is none', async () => {
    await createMap('source', { key: 'from the cluster' });
    await deploy(
      'one',
      `{{ (lookup "v1" "ConfigMap" .Release.Namespace "source").data.key | quote }}
  none: {{ lookup "v1" "ConfigMap" .Release.Namespace "missing" | len | quote }}
  unheard: {{ lookup "example.com/v1" "Unheard" .Release.Namespace "x" | len | quote }}`,
    );
    expect(await found()).toBe('from the cluster');
    expect((await ground.get('v1', 'ConfigMap', namespace, 'made'))?.data).toMatchObject({ none: '0', unheard: '0' });
  });

  it('finds all of a kind, one by what another says, and whole numbers', async () => {
    await createMap('first', { next: 'second' }, { team: 'a' });
    await createMap('second', { key: 'end of the way' }, { team: 'a' });
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace },
      spec: { ports: [{ port: 30000 }], selector: { a: 'b' } },
    });
    await deploy(
      'several',
      `{{ (lookup "v1" "ConfigMap" .Release.Namespace (lookup "v1" "ConfigMap" .Release.Namespace "first").data.next).data.key | quote }}
  all: {{ range (lookup "v1" "ConfigMap" .Release.Namespace "").items }}{{ if eq (.metadata.labels | default dict).team "a" }}{{ .metadata.name }} {{ end }}{{ end }}
  port: {{ (index (lookup "v1" "Service" .Release.Namespace "web").spec.ports 0).port | mul 1000 | quote }}`,
    );
    expect(await found()).toBe('end of the way');
    expect((await ground.get('v1', 'ConfigMap', namespace, 'made'))?.data).toMatchObject({
      all: 'first second',
      port: '30000000',
    });
  });

  it('a changed answer makes a push that changes nothing else count', async () => {
    await createMap('source', { key: 'old' });
    const template = '{{ (lookup "v1" "ConfigMap" .Release.Namespace "source").data.key | quote }}';
    const { repository } = await deploy('pushed', template, { automated: true });
    expect(await found()).toBe('old');

    const before = await ground.push(repository, { 'elsewhere.txt': '1' });
    expect(before.applications.map(({ verdict }) => verdict)).toEqual(['unaffected']);

    await setMap('source', { key: 'new' });
    const after = await ground.push(repository, { 'elsewhere.txt': '2' });
    expect(after.applications.map(({ verdict, paths }) => [verdict, paths])).toEqual([
      ['sync', [`lookup v1 ConfigMap ${namespace} source`]],
    ]);
    await ground.application('pushed');
    expect(await found()).toBe('new');
  });

  it('a refresh shows a changed answer as a difference', async () => {
    await createMap('source', { key: 'old' });
    const template = '{{ (lookup "v1" "ConfigMap" .Release.Namespace "source").data.key | quote }}';
    expect((await deploy('refreshed', template)).status.sync?.status).toBe('Synced');
    await setMap('source', { key: 'new' });
    await ground.refresh('refreshed');
    expect((await ground.application('refreshed')).status.sync?.status).toBe('OutOfSync');
  });

  it('what the project does not permit is not found', async () => {
    const other = cluster.freshNamespace('secret');
    await createNamespace(other);
    for (const place of [namespace, other]) {
      await ground.client.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'hidden', namespace: place },
        data: { key: btoa('hidden') },
      });
      await ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: place } });
    }
    await setProject('narrow', { namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }] });
    const { status } = await deploy(
      'narrow',
      `{{ lookup "v1" "Secret" .Release.Namespace "hidden" | len | quote }}
  elsewhere: {{ lookup "v1" "ConfigMap" "${other}" "c" | len | quote }}
  namespaces: {{ lookup "v1" "Namespace" "" "${namespace}" | len | quote }}
  secrets: {{ (lookup "v1" "Secret" "" "").items | len | quote }}
  places: {{ range (lookup "v1" "ConfigMap" "" "").items }}{{ if eq .metadata.name "c" }}{{ .metadata.namespace }}{{ end }}{{ end }}`,
      { project: 'narrow' },
    );
    expect(status.operationState?.phase).toBe('Succeeded');
    expect(await found()).toBe('0');
    expect((await ground.get('v1', 'ConfigMap', namespace, 'made'))?.data).toMatchObject({
      elsewhere: '0',
      namespaces: '0',
      secrets: '0',
      places: namespace,
    });
  });

  it('a password that was made once and is looked up from then on stays', async () => {
    const repository = await ground.createRepository('devops/kept', {
      'chart/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\n',
      'chart/templates/a.yaml': `{{- $old := lookup "v1" "Secret" .Release.Namespace "password" }}
apiVersion: v1
kind: Secret
metadata: {name: password}
data:
  value: {{ if $old }}{{ $old.data.value }}{{ else }}{{ randAlphaNum 20 | b64enc }}{{ end }}
`,
    });
    await ground.createApplication({
      name: 'kept',
      path: 'chart',
      repository,
      destinationNamespace: namespace,
      syncOptions: [],
    });
    const value = async () => (await ground.get('v1', 'Secret', namespace, 'password'))?.data;
    await ground.refresh('kept');
    await ground.sync('kept');
    const first = await value();
    expect(first).toHaveProperty('value');
    await ground.refresh('kept');
    const { status } = await ground.sync('kept');
    expect(status.sync?.status).toBe('Synced');
    expect(await value()).toEqual(first);
  });
};

export default behaviour;
