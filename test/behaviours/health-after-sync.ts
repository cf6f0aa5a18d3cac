// What a sync leaves Progressing becomes healthy a little later: the Application's health follows, by a bounded watch and then by alarms.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterTransport } from '../../src/platform.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const balancer = (name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  const watches: string[] = [];
  /** While true, watches end at once, as one does at its bound. */
  let endsWatches = false;
  beforeAll(async () => {
    const { transport } = cluster;
    const watched: ClusterTransport = {
      server: transport.server,
      fetch: async (path, init) => {
        if (path.includes('/services?watch=')) watches.push(path);
        if (endsWatches && path.includes('watch='))
          return new Response('{"kind":"Status","code":403}', { status: 403 });
        return transport.fetch(path, init);
      },
    };
    ground = await createGround(watched, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  async function deploy(name: string, files: Readonly<Record<string, string>>) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: namespace });
    await ground.sync(name);
    const health = async () => (await ground.hawser.getApplication(name)).status.health;
    return {
      health,
      repository,
      give: (service: string) =>
        ground.client.patch(
          { apiVersion: 'v1', kind: 'Service', namespace, name: service },
          { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
          { type: 'merge', subresource: 'status' },
        ),
    };
  }

  it('objects of one kind are watched by one request, and the aggregate names who is still on its way', async () => {
    const app = await deploy('several', { 'm/a.yaml': balancer('a'), 'm/b.yaml': balancer('b') });
    expect(await app.health()).toMatchObject({ status: 'Progressing', message: expect.stringContaining('Service:') });
    await expect.poll(() => watches.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(watches).toHaveLength(1);
    await app.give('a');
    await app.give('b');
    await expect.poll(async () => (await app.health())?.status, { timeout: 20_000 }).toBe('Healthy');
  });

  it('a push that changes nothing for the Application does not end the watch', async () => {
    const app = await deploy('elsewhere', { 'm/a.yaml': balancer('a') });
    expect((await app.health())?.status).toBe('Progressing');
    const answer = await ground.push(app.repository, { 'README.md': 'Nothing that it reads.\n' });
    expect(answer.applications).toMatchObject([{ name: 'elsewhere', verdict: 'unaffected' }]);
    await app.give('a');
    await expect.poll(async () => (await app.health())?.status, { timeout: 20_000 }).toBe('Healthy');
  });

  it('what takes longer than the watch is looked at by an alarm', async () => {
    endsWatches = true;
    const app = await deploy('slow', { 'm/a.yaml': balancer('a') });
    expect((await app.health())?.status).toBe('Progressing');
    await expect.poll(() => ground.alarms(), { timeout: 20_000 }).toContain(`health/${ground.namespace}/slow`);
    ground.clock.moveTo(ground.clock.now() + 61_000);
    await expect.poll(() => ground.alarms(), { timeout: 20_000 }).toContain(`health/${ground.namespace}/slow`);
    expect((await app.health())?.status).toBe('Progressing');
    await app.give('a');
    // The first look may still be on its way, and set its alarm from the time that the clock shows then.
    const healthLater = async () => {
      ground.clock.moveTo(ground.clock.now() + 121_000);
      return (await app.health())?.status;
    };
    await expect.poll(healthLater, { timeout: 20_000, interval: 500 }).toBe('Healthy');
    await expect.poll(() => ground.alarms(), { timeout: 20_000 }).toEqual([]);
    endsWatches = false;
  });
};

export default behaviour;
