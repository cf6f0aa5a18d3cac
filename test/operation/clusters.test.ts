// Which cluster a destination is: home, those of Secrets, contexts of a kubeconfig; and how long a client of one is kept.

import { describe, expect, it } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { createClusters } from '../../src/operation/clusters.ts';
import type { ClusterConnection, ClusterTransport } from '../../src/platform.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const HOME = 'https://kubernetes.default.svc';

function world(options: { isHomeEnabled?: boolean; namedClusters?: readonly string[] } = {}) {
  const connections: ClusterConnection[] = [];
  const closed: string[] = [];
  const signals: (AbortSignal | null | undefined)[] = [];
  const home = createKubeClient(connectSandbox(), { fieldManager: 'hawser' });
  const stopping = new AbortController();
  const time = { now: 1_000_000 };
  const clusters = createClusters({
    home,
    fieldManager: 'hawser',
    stopping: stopping.signal,
    isHomeEnabled: () => options.isHomeEnabled ?? true,
    platform: {
      clock: { now: () => time.now },
      connectCluster: (connection) => {
        connections.push(connection);
        const sandbox = connectSandbox();
        return {
          server: connection.server,
          fetch: (path, init) => {
            signals.push(init?.signal);
            return sandbox.fetch(path, init);
          },
          close: () => closed.push(connection.server),
        };
      },
      namedClusters: (options.namedClusters ?? []).map((name) => ({ name, transport: contextOf(name) })),
    },
  });
  return { clusters, home, connections, closed, signals, stopping, time };
}

const contextOf = (name: string): ClusterTransport => ({ ...connectSandbox(), server: `https://${name}.context` });

function secret(name: string, data: Record<string, string>, resourceVersion = '1'): KubeObject {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, uid: name, resourceVersion }, data: encoded };
}

const east = (data: Record<string, string> = {}, resourceVersion = '1') =>
  secret('east', { name: 'east', server: 'https://east', config: '{"bearerToken":"t"}', ...data }, resourceVersion);

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isHawserError(error) ? `${error.code}: ${error.message}` : String(error);
  }
  return 'found';
}

describe('a destination', () => {
  it.each([
    [{ server: HOME }],
    [{ server: `${HOME}/` }],
    [{ name: 'in-cluster' }],
    [{ server: 'http://sandbox.test' }],
  ])('%j is home', (destination) => {
    const { clusters, home } = world();
    expect(clusters.find(destination).client()).toBe(home);
  });

  it.each([
    [{ server: 'https://east' }, 'https://east'],
    [{ name: 'east' }, 'https://east'],
    [{ name: 'laptop' }, 'https://laptop.context'],
    [{ name: 'both' }, 'https://of-secret'],
  ])('%j is the cluster at %s', (destination, server) => {
    const { clusters } = world({ namedClusters: ['laptop', 'both'] });
    clusters.learn([east(), secret('both', { name: 'both', server: 'https://of-secret', config: '{}' })], '10');
    const cluster = clusters.find(destination);
    expect(cluster.server).toBe(server);
    expect(cluster.client().server).toBe(server);
  });

  it.each([
    [{ server: 'https://nowhere' }, 'InvalidInput: cluster "https://nowhere" not found'],
    [{ name: 'nowhere' }, 'InvalidInput: there are no clusters with this name: nowhere'],
    [{}, 'InvalidInput: Destination server missing from app spec'],
    [
      { name: 'a', server: 'https://a' },
      "InvalidInput: application destination can't have both name and server defined: a https://a",
    ],
  ])('%j is refused: %s', (destination, expected) => {
    expect(refusal(() => world().clusters.find(destination))).toBe(expected);
  });

  it('home is none where argocd-cm turns it off', () => {
    const { clusters } = world({ isHomeEnabled: false });
    expect(refusal(() => clusters.find({ server: HOME }))).toContain('not found');
    expect(refusal(() => clusters.find({ name: 'in-cluster' }))).toContain('no clusters');
  });

  it('home goes by the name of its Secret alone, and by its credentials where it has some', () => {
    const { clusters, home, connections } = world();
    clusters.learn([secret('home', { name: 'headquarters', server: HOME, config: '{}' })], '1');
    expect(clusters.find({ name: 'headquarters' }).client()).toBe(home);
    expect(clusters.find({ server: HOME }).name).toBe('headquarters');
    expect(refusal(() => clusters.find({ name: 'in-cluster' }))).toContain('no clusters');

    clusters.learn(
      [secret('home', { name: 'headquarters', server: HOME, config: '{"bearerToken":"less"}' }, '2')],
      '2',
    );
    expect(clusters.find({ server: HOME }).client()).not.toBe(home);
    expect(connections).toEqual([{ server: home.server, bearerToken: 'less' }]);
  });
});

describe('a client', () => {
  it('stays as long as its Secret, and is closed with it', () => {
    const { clusters, connections, closed } = world();
    clusters.learn([east()], '1');
    const first = clusters.find({ name: 'east' }).client();
    clusters.learn([east()], '2');
    expect(clusters.find({ server: 'https://east' }).client()).toBe(first);

    clusters.learn([east({ config: '{"bearerToken":"new"}' }, '3')], '3');
    expect(clusters.find({ name: 'east' }).client()).not.toBe(first);
    expect(connections.map(({ bearerToken }) => bearerToken)).toEqual(['t', 'new']);
    expect(closed).toEqual(['https://east']);
  });

  it('is not brought back by a list that is older than the last, unless that was long ago', () => {
    const { clusters, time } = world();
    clusters.learn([], '20');
    clusters.learn([east()], '9');
    expect(refusal(() => clusters.find({ name: 'east' }))).toContain('no clusters');
    time.now += 61_000;
    clusters.learn([east()], '9');
    expect(clusters.find({ name: 'east' }).server).toBe('https://east');
  });

  it('of a Secret that cannot be used fails alone', () => {
    const { clusters } = world();
    clusters.learn([east(), secret('broken', { name: 'broken', server: 'https://broken', config: 'x' })], '1');
    expect(refusal(() => clusters.find({ name: 'broken' }).client())).toBe(
      'Unsupported: the cluster Secret broken cannot be used: its key config is no JSON object',
    );
    expect(clusters.find({ name: 'east' }).client().server).toBe('https://east');
  });

  it('passes on that hawser is to end, so that nobody waits for a cluster that is away', async () => {
    const { clusters, stopping, signals } = world();
    clusters.learn([east()], '1');
    await clusters.find({ name: 'east' }).client().version();
    expect(signals.at(-1)?.aborted).toBe(false);
    stopping.abort();
    expect(signals.at(-1)?.aborted).toBe(true);
  });

  it('of a project is among the project’s', () => {
    const { clusters } = world();
    clusters.learn(
      [east({ project: 'own' }), secret('all', { name: 'all', server: 'https://all', config: '{}' })],
      '1',
    );
    expect(clusters.ofProject('own').map(({ name }) => name)).toEqual(['east']);
  });
});
