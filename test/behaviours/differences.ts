// What a sync would change, told without one: of another revision, of files that a client brings, of manifests.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const configMap = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {key: ${value}}\n`;
const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/values.yaml': 'value: one\n',
  'chart/templates/a.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-chart}\ndata: {key: {{ .Values.value }}, release: {{ .Release.Name }}}\n',
};

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  const namespace = cluster.freshNamespace('differences');
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
    const repository = await ground.createRepository('devops/differences', {
      'm/a.yaml': configMap('kept', 'one'),
      'm/b.yaml': configMap('other', 'one'),
      ...CHART,
    });
    await ground.commit(
      repository,
      { 'm/a.yaml': configMap('kept', 'two'), 'm/b.yaml': null, 'm/c.yaml': configMap('new', 'two') },
      'next',
    );
    const target = { repository, destinationNamespace: namespace, syncOptions: ['CreateNamespace=true'] };
    await ground.createApplication({ name: 'differences', path: 'm', ...target });
    await ground.createApplication({ name: 'differences-chart', path: 'chart', ...target });
    for (const name of ['differences', 'differences-chart']) {
      await ground.refresh(name);
      await ground.sync(name);
    }
  });
  afterAll(async () => ground.close());

  const pathOf = (name: string) => `/api/v1/applications/${name}`;
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await ground.request(method, path, body);
    expect(answer.status).toBe(200);
    return answer.body;
  }
  const changesOf = (body: unknown) => {
    const items = at(body, 'items');
    return Object.fromEntries(
      (Array.isArray(items) ? items : []).map((item) => [String(at(item, 'name')), at(item, 'changes')]),
    );
  };

  it('of the target revision there are none', async () => {
    const body = await ask('GET', `${pathOf('differences')}/managed-resources`);
    expect(changesOf(body)).toEqual({ kept: [], other: [] });
  });

  it('of another branch tells what is changed, made and pruned, and leaves the Application as it is', async () => {
    const before = await ground.application('differences');
    const body = await ask('GET', `${pathOf('differences')}/managed-resources?revision=next`);
    expect(changesOf(body)).toMatchObject({
      kept: [{ path: '/data/key', before: 'one', after: 'two' }],
      new: [{ path: '', after: { kind: 'ConfigMap', data: { key: 'two' } } }],
      other: [{ path: '', before: { kind: 'ConfigMap', data: { key: 'one' } } }],
    });
    expect(await ground.application('differences')).toEqual(before);
    expect((await ground.request('GET', `${pathOf('differences')}/managed-resources?revision=nosuch`)).status).not.toBe(
      200,
    );
  });

  it('of single objects are found by their kind and name', async () => {
    const body = await ask('GET', `${pathOf('differences')}/managed-resources?revision=next&kind=ConfigMap&name=new`);
    expect(Object.keys(changesOf(body))).toEqual(['new']);
  });

  it('of files that a client brings are rendered in place of those in Git', async () => {
    const files = Object.entries({ ...CHART, 'chart/values.yaml': 'value: local\n' }).map(
      ([name, content]) => [name.slice('chart/'.length), btoa(content)] as const,
    );
    const body = await ask('POST', `${pathOf('differences-chart')}/server-side-diff`, {
      files: Object.fromEntries(files),
    });
    expect(at(body, 'modified')).toBe(true);
    expect(changesOf(body)).toEqual({ 'from-chart': [{ path: '/data/key', before: 'one', after: 'local' }] });
  });

  it('of manifests that a client brings are compared as they are', async () => {
    const targetManifests = [configMap('kept', 'three'), configMap('other', 'one')];
    const body = await ask('POST', `${pathOf('differences')}/server-side-diff`, { targetManifests });
    expect(changesOf(body)).toEqual({ kept: [{ path: '/data/key', before: 'one', after: 'three' }], other: [] });
  });

  it('are asked of the API server again by a hard refresh alone', async () => {
    const sent: string[] = [];
    const watched = await createGround(
      {
        server: cluster.transport.server,
        fetch: (path, init) => {
          sent.push(`${init?.method ?? 'GET'} ${path}`);
          return cluster.transport.fetch(path, init);
        },
      },
      { namespace: cluster.freshNamespace('argocd') },
    );
    try {
      const repository = await watched.createRepository('devops/hard', { 'a.yaml': configMap('hard', 'one') });
      await watched.createApplication({ name: 'hard', path: '.', repository, destinationNamespace: namespace });
      await watched.refresh('hard');
      await watched.sync('hard');
      const dryRunsOf = async (refresh: string) => {
        sent.length = 0;
        await watched.request('GET', `${pathOf('hard')}?refresh=${refresh}`);
        await watched.application('hard');
        return sent.filter((line) => line.includes('dryRun=All')).length;
      };
      expect(await dryRunsOf('normal')).toBe(0);
      expect(await dryRunsOf('hard')).toBe(1);
    } finally {
      await watched.close();
    }
  });

  it.each([
    ['files that lead out of the repository', { files: { '../../etc/passwd': '' } }],
    ['contents that are no base64', { files: { 'a.yaml': '%' } }],
    ['manifests that are none', { targetManifests: ['a: b'] }],
    ['a list that is none', { targetManifests: 'a' }],
  ])('%s are refused', async (_, body) => {
    const { status } = await ground.request('POST', `${pathOf('differences')}/server-side-diff`, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
};

export default behaviour;
