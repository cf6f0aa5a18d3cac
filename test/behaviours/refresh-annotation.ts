// The refresh annotation: any value of it asks for a comparison with the cluster; it is taken away afterwards, unless it was set anew.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterTransport } from '../../src/platform.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const REFRESH = 'argocd.argoproj.io/refresh';
const TIMESTAMP = 'argocd.argoproj.io/refresh-timestamp';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  /** Called before a JSON patch goes out: at the very moment between the comparison and the end of the request. */
  let beforeRemoval: () => Promise<void> = async () => undefined;
  beforeAll(async () => {
    const { transport } = cluster;
    const watched: ClusterTransport = {
      server: transport.server,
      fetch: async (path, init) => {
        if (new Headers(init?.headers).get('content-type') === 'application/json-patch+json') await beforeRemoval();
        return transport.fetch(path, init);
      },
    };
    ground = await createGround(watched, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  async function deploy(name: string) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, { 'm/a.yaml': CONFIG_MAP });
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: namespace });
    await ground.sync(name);
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    const annotate = async (annotations: Record<string, string>) => {
      await ground.client.patch(ref, { metadata: { annotations } }, { type: 'merge' });
    };
    return {
      annotate,
      annotations: async () => (await ground.client.get(ref))?.metadata.annotations ?? {},
      drift: () =>
        ground.client.patch(
          { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' },
          { data: { key: 'by hand' } },
          { type: 'merge' },
        ),
      // A wake that names no Application compares only what Git has changed, or what was asked for.
      wake: async () => {
        await ground.hawser.refresh({ all: true });
        return (await ground.application(name)).status.sync?.status;
      },
    };
  }

  it('a wake without it does not look at what is deployed already', async () => {
    const app = await deploy('without');
    await app.drift();
    expect(await app.wake()).toBe('Synced');
  });

  it.each(['normal', 'hard'])('%s compares with the cluster, and is gone afterwards', async (value) => {
    const app = await deploy(value);
    await app.drift();
    await app.annotate({ [REFRESH]: value, [TIMESTAMP]: '2026-03-10T12:00:00.000000001Z' });
    expect(await app.wake()).toBe('OutOfSync');
    expect(await app.annotations()).not.toHaveProperty([REFRESH]);
    expect(await app.annotations()).not.toHaveProperty([TIMESTAMP]);
  });

  it('one that comes while another is worked on is not lost', async () => {
    const app = await deploy('twice');
    await app.annotate({ [REFRESH]: 'normal', [TIMESTAMP]: '2026-03-10T12:00:00.000000001Z' });
    beforeRemoval = async () => {
      beforeRemoval = async () => undefined;
      await app.annotate({ [REFRESH]: 'normal', [TIMESTAMP]: '2026-03-10T12:00:00.000000002Z' });
    };
    await app.wake();
    expect(await app.annotations()).toMatchObject({
      [REFRESH]: 'normal',
      [TIMESTAMP]: '2026-03-10T12:00:00.000000002Z',
    });
    await app.wake();
    expect(await app.annotations()).not.toHaveProperty([REFRESH]);
  });
};

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';

export default behaviour;
