// An Application whose folder has Jsonnet: it is applied, a push that changes a library elsewhere concerns it, and what fails is told of.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  const library = (name: string) =>
    `{ config(name, data):: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: name }, data: { of: '${name}' } + data } }\n`;
  const FILES = {
    'app/main.jsonnet':
      "local lib = import 'config.libsonnet';\nfunction(replicas) [lib.config('a', { app: std.extVar('app') }), lib.config('b', { replicas: std.toString(replicas + 1) })]\n",
    'app/plain.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\n',
    'vendor/config.libsonnet': library('one'),
    'other/readme.md': 'x',
  };

  async function deploy(name: string) {
    const namespace = cluster.freshNamespace('jsonnet');
    const repository = await ground.createRepository(`devops/${name}`, FILES);
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: ground.namespace },
      spec: {
        project: 'default',
        source: {
          repoURL: `${ground.gitUrl}/${repository.path}`,
          path: 'app',
          targetRevision: 'main',
          directory: {
            jsonnet: {
              libs: ['vendor'],
              extVars: [{ name: 'app', value: '$ARGOCD_APP_NAME' }],
              tlas: [{ name: 'replicas', value: '1 + 1', code: true }],
            },
          },
        },
        destination: { server: 'https://kubernetes.default.svc', namespace },
        syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
      },
    });
    await ground.refresh(name);
    const { status } = await ground.application(name);
    const dataOf = async (object: string) => at(await ground.get('v1', 'ConfigMap', namespace, object), 'data');
    return { repository, status, dataOf };
  }

  it('is applied with the objects of all its files', async () => {
    const { status, dataOf } = await deploy('jsonnet-applied');
    expect(status.conditions ?? []).toEqual([]);
    expect(status).toMatchObject({ sourceType: 'Directory', sync: { status: 'Synced' } });
    expect(status.resources?.map(({ name }) => name).sort()).toEqual(['a', 'b', 'plain']);
    expect(await dataOf('a')).toEqual({ of: 'one', app: 'jsonnet-applied' });
    expect(await dataOf('b')).toEqual({ of: 'one', replicas: '3' });
  });

  it('follows a push that changes only a library outside of its folder, and is left alone by others', async () => {
    const { repository, dataOf } = await deploy('jsonnet-pushed');
    const verdictOf = ({ applications }: Awaited<ReturnType<Ground['push']>>) =>
      applications.find(({ name }) => name === 'jsonnet-pushed')?.verdict;

    const aside = await ground.push(repository, { 'other/readme.md': 'y', 'vendor/unused.libsonnet': '{' });
    expect(verdictOf(aside)).toBe('unaffected');

    const pushed = await ground.push(repository, { 'vendor/config.libsonnet': library('two') });
    expect(verdictOf(pushed)).not.toBe('unaffected');
    await ground.application('jsonnet-pushed');
    expect(await dataOf('a')).toMatchObject({ of: 'two' });

    // Nearer to the program: it comes before the library.
    await ground.push(repository, { 'app/config.libsonnet': library('three') });
    await ground.application('jsonnet-pushed');
    expect(await dataOf('b')).toMatchObject({ of: 'three' });
  });

  it('tells what fails with the file, the line and the way there, leaves what runs, and goes on when it is mended', async () => {
    const { repository, dataOf } = await deploy('jsonnet-failing');
    await ground.push(repository, {
      'vendor/config.libsonnet': "{\n  config(name, data)::\n    error 'nothing for ' + name,\n}\n",
    });
    const { status } = await ground.application('jsonnet-failing');
    const message = status.conditions?.map((condition) => condition.message).join('\n') ?? '';
    expect(status.conditions?.[0]?.type).toBe('ComparisonError');
    expect(message).toContain('Failed to evaluate jsonnet "main.jsonnet": RUNTIME ERROR: nothing for a');
    expect(message).toContain('vendor/config.libsonnet:3:5-32');
    expect(message).toContain('app/main.jsonnet:2:');
    expect(await dataOf('a')).toMatchObject({ of: 'one' });

    await ground.push(repository, { 'vendor/config.libsonnet': library('mended') });
    const mended = await ground.application('jsonnet-failing');
    expect(mended.status.conditions ?? []).toEqual([]);
    expect(await dataOf('a')).toMatchObject({ of: 'mended' });
  });
};

export default behaviour;
