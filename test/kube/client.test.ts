import { describe, expect, it } from 'vitest';
import { delay } from '../../src/base/delay.ts';
import { HawserError } from '../../src/base/errors.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { isConflict, isNotFound, refusalCauses, refusalStatus } from '../../src/kube/refusal.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { type Answer, aggregated, DISCOVERY, scriptTransport, statusAnswer } from '../support/scripted-transport.ts';

const CONFIG_MAP: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'n' },
  data: {},
};
const REF = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'n' };
const PATH = '/api/v1/namespaces/n/configmaps/a';
const STORED: Answer = {
  status: 200,
  body: { ...CONFIG_MAP, metadata: { ...CONFIG_MAP.metadata, resourceVersion: '7' } },
};
const BUSY = statusAnswer(429, 'TooManyRequests', 'slow down', undefined, { 'retry-after': '0' });
const AWAY = statusAnswer(503, 'ServiceUnavailable', 'starting', undefined, { 'retry-after': '0' });

function script(answers: Readonly<Record<string, readonly Answer[]>>) {
  const transport = scriptTransport({ ...DISCOVERY, ...answers });
  const client = createKubeClient(transport, { fieldManager: 'hawser', requestTimeoutMs: 5_000 });
  const sent = () =>
    transport.requests.filter((line) => !/^GET \/apis?( |$)/.test(line)).map((line) => line.split('?')[0]);
  return { transport, client, sent };
}

describe('names', () => {
  it.each([
    ['..', 'n'],
    ['.', 'n'],
    ['a', '..'],
  ])('%s in %s, by which a request would go up to something else, is asked for by nobody', async (name, namespace) => {
    const { client, sent } = script({ '': [STORED] });
    for (const ask of [client.get({ ...REF, name, namespace }), client.remove({ ...REF, name, namespace })]) {
      await expect(ask).rejects.toMatchObject({ code: 'InvalidInput' });
    }
    expect(sent()).toEqual([]);
  });
});

describe('requests that fail', () => {
  const verbs: readonly { title: string; start: string; call: (client: KubeClient) => Promise<unknown> }[] = [
    { title: 'get', start: `GET ${PATH}`, call: (client) => client.get(REF) },
    { title: 'apply', start: `PATCH ${PATH}`, call: (client) => client.apply(CONFIG_MAP) },
    {
      title: 'a merge patch',
      start: `PATCH ${PATH}`,
      call: (client) => client.patch(REF, { data: {} }, { type: 'merge' }),
    },
    { title: 'remove', start: `DELETE ${PATH}`, call: (client) => client.remove(REF) },
    { title: 'a dry-run create', start: 'POST', call: (client) => client.create(CONFIG_MAP, { dryRun: true }) },
  ];
  for (const { title, start, call } of verbs) {
    it(`repeats ${title} after a lost connection, a 503 and a 429`, async () => {
      const { client, sent } = script({ [start]: ['lost', AWAY, BUSY, STORED] });
      await call(client);
      expect(sent()).toHaveLength(4);
    });
  }

  it('repeats anything after a 429, because nothing has happened then', async () => {
    const { client, sent } = script({ POST: [BUSY, STORED] });
    await client.create(CONFIG_MAP);
    expect(sent()).toHaveLength(2);
  });

  it('does not repeat a JSON patch whose fate is unknown', async () => {
    const { client, sent } = script({ [`PATCH ${PATH}`]: ['lost', STORED] });
    const patch = [{ op: 'add', path: '/data/x', value: '1' }];
    await expect(client.patch(REF, patch, { type: 'json' })).rejects.toMatchObject({ code: 'Unavailable' });
    expect(sent()).toHaveLength(1);
  });

  it('does not repeat a guarded merge patch, whose second sending would conflict with its first', async () => {
    const { client, sent } = script({ [`PATCH ${PATH}`]: ['lost', STORED] });
    const patch = { metadata: { resourceVersion: '7' } };
    await expect(client.patch(REF, patch, { type: 'merge' })).rejects.toMatchObject({ code: 'Unavailable' });
    expect(sent()).toHaveLength(1);
  });

  it('looks before it creates again after a lost connection', async () => {
    const made = script({ POST: ['lost'], [`GET ${PATH}`]: [STORED] });
    expect((await made.client.create(CONFIG_MAP)).metadata.resourceVersion).toBe('7');
    expect(made.sent()).toEqual(['POST /api/v1/namespaces/n/configmaps', `GET ${PATH}`]);

    const missing = statusAnswer(404, 'NotFound', 'configmaps "a" not found');
    const lost = script({ POST: ['lost', STORED], [`GET ${PATH}`]: [missing] });
    await lost.client.create(CONFIG_MAP);
    expect(lost.sent().map((line) => line?.split(' ')[0])).toEqual(['POST', 'GET', 'POST']);
  });

  it('repeats an apply that met another writer, but not one that met another owner', async () => {
    const race = script({ [`PATCH ${PATH}`]: [statusAnswer(409, 'Conflict', 'the object has been modified'), STORED] });
    await race.client.apply(CONFIG_MAP);
    expect(race.sent()).toHaveLength(2);

    const details = {
      causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "kubectl"', field: '.data.x' }],
    };
    const owned = script({
      [`PATCH ${PATH}`]: [statusAnswer(409, 'Conflict', 'Apply failed with 1 conflict', details)],
    });
    const error: unknown = await owned.client.apply(CONFIG_MAP, { force: false }).catch((thrown: unknown) => thrown);
    expect(isConflict(error)).toBe(true);
    expect(refusalCauses(error)).toEqual([
      { reason: 'FieldManagerConflict', field: '.data.x', message: 'conflict with "kubectl"' },
    ]);
    expect(owned.sent()).toHaveLength(1);
  });

  it('gives up after five attempts, with the reason of the last', async () => {
    const { client, sent } = script({ [`GET ${PATH}`]: [AWAY] });
    const error: unknown = await client.get(REF).catch((thrown: unknown) => thrown);
    expect(refusalStatus(error)).toBe(503);
    expect(error).toMatchObject({ message: 'starting' });
    expect(sent()).toHaveLength(5);
  });

  it("passes the server's own message on, and a proxy's page as it is", async () => {
    const invalid = script({
      [`PATCH ${PATH}`]: [statusAnswer(422, 'Invalid', 'ConfigMap "a" is invalid: data: Forbidden')],
    });
    await expect(invalid.client.apply(CONFIG_MAP)).rejects.toMatchObject({
      code: 'ClusterRefused',
      message: 'ConfigMap "a" is invalid: data: Forbidden',
      data: { status: 422, reason: 'Invalid' },
    });
    const proxy = script({ [`PATCH ${PATH}`]: [new Response('<h1>Bad request</h1>', { status: 400 })] });
    await expect(proxy.client.apply(CONFIG_MAP)).rejects.toMatchObject({ message: '<h1>Bad request</h1>' });
  });

  it('says what happened to a connection, and where', async () => {
    const { client } = script({ POST: ['lost', 'lost'], [`GET ${PATH}`]: [statusAnswer(404, 'NotFound', 'none')] });
    await expect(client.create(CONFIG_MAP)).rejects.toThrow(
      'POST https://scripted.test/api/v1/namespaces/n/configmaps?fieldManager=hawser: socket hang up',
    );
  });

  it('bounds every request', async () => {
    const transport = scriptTransport({ ...DISCOVERY, 'GET /api/v1/': ['never'] });
    const client = createKubeClient(transport, { fieldManager: 'hawser', requestTimeoutMs: 20 });
    await expect(client.get(REF)).rejects.toMatchObject({ code: 'Timeout' });
  });

  it('does not count the time in which it waits for its turn', async () => {
    const scripted = scriptTransport({ ...DISCOVERY, [`GET ${PATH}`]: [STORED] });
    const transport: ClusterTransport = {
      ...scripted,
      fetch: async (path, init) => {
        init?.turn?.waits();
        await delay(60);
        init?.signal?.throwIfAborted();
        init?.turn?.comes();
        return scripted.fetch(path, init);
      },
    };
    const client = createKubeClient(transport, { fieldManager: 'hawser', requestTimeoutMs: 20 });
    expect(await client.get(REF)).toMatchObject({ metadata: { name: 'a' } });
  });

  it("ends with the caller's reason when the caller gives up", async () => {
    const { client } = script({ [`GET ${PATH}`]: ['never'] });
    const controller = new AbortController();
    const pending = client.get(REF, { signal: controller.signal });
    controller.abort(new HawserError('Timeout', 'enough'));
    await expect(pending).rejects.toThrow('enough');
  });
});

describe('answers', () => {
  it('gives undefined for an object that is not there', async () => {
    const { client } = script({ [`GET ${PATH}`]: [statusAnswer(404, 'NotFound', 'configmaps "a" not found')] });
    expect(await client.get(REF)).toBeUndefined();
  });

  it('gives what remains of a removed object, and undefined once nothing does', async () => {
    const done: Answer = { status: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } };
    const missing = statusAnswer(404, 'NotFound', 'configmaps "a" not found');
    const { client } = script({ [`DELETE ${PATH}`]: [STORED, done, missing] });
    expect(await client.remove(REF)).toMatchObject({ kind: 'ConfigMap' });
    expect(await client.remove(REF)).toBeUndefined();
    expect(await client.remove(REF)).toBeUndefined();
  });

  it('reads a list page by page, and gives its items the kind that they lack', async () => {
    const page = (name: string, more: string): Answer => ({
      status: 200,
      body: {
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        metadata: { resourceVersion: '9', continue: more },
        items: [{ metadata: { name } }],
      },
    });
    const { client, transport } = script({ 'GET /api/v1/namespaces/n/configmaps': [page('a', 'next'), page('b', '')] });
    const list = await client.list(REF, { namespace: 'n', limit: 1 });
    expect(list).toMatchObject({ resourceVersion: '9', complete: true });
    expect(list.items.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['ConfigMap a', 'ConfigMap b']);
    expect(transport.requests.at(-1)).toContain('continue=next');
  });

  it('stops a list at its bound of pages, and says so', async () => {
    const page: Answer = {
      status: 200,
      body: {
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        metadata: { continue: 'next' },
        items: [{ metadata: { name: 'a' } }],
      },
    };
    const { client } = script({ 'GET /api/v1/namespaces/n/configmaps': [page] });
    expect(await client.list(REF, { namespace: 'n', pages: 2 })).toMatchObject({ complete: false, items: [{}, {}] });
  });

  it('refuses an answer that is no object', async () => {
    const { client } = script({ [`GET ${PATH}`]: [{ status: 200, body: [1] }] });
    await expect(client.get(REF)).rejects.toMatchObject({ code: 'Unavailable' });
  });
});

describe('paths', () => {
  const names = ['', '.', '..', 'a/b', 'a%2e'];
  for (const name of names) {
    it(`sends nothing for an object of the name ${JSON.stringify(name)}`, async () => {
      const { client, sent } = script({});
      await expect(client.get({ ...REF, name })).rejects.toMatchObject({ code: 'InvalidInput' });
      expect(sent()).toEqual([]);
    });
  }

  it('sends nothing for a namespaced object without a namespace', async () => {
    const { client, sent } = script({});
    const { namespace: _, ...ref } = REF;
    await expect(client.get(ref)).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(sent()).toEqual([]);
  });

  it('ignores the namespace of a cluster-scoped object', async () => {
    const { client, sent } = script({ 'GET /api/v1/namespaces/x': [STORED] });
    await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'x', namespace: 'n' });
    expect(sent()).toEqual(['GET /api/v1/namespaces/x']);
  });

  it('names the field manager, the dry run and the validation of an apply', async () => {
    const { client, transport } = script({ [`PATCH ${PATH}`]: [STORED] });
    await client.apply(CONFIG_MAP, { dryRun: true, fieldValidation: 'Strict' });
    expect(transport.requests.at(-1)).toBe(
      `PATCH ${PATH}?fieldManager=hawser&dryRun=All&fieldValidation=Strict&force=true`,
    );
  });
});

describe('discovery', () => {
  it('is read once for all kinds that the server has', async () => {
    const { client, transport } = script({ GET: [STORED] });
    await Promise.all([
      client.get(REF),
      client.get({ ...REF, name: 'b' }),
      client.resourceFor('apps/v1', 'Deployment'),
    ]);
    expect(transport.requests.filter((line) => line === 'GET /apis')).toHaveLength(1);
  });

  it('is read once more for a kind that the server may have got meanwhile', async () => {
    const before = DISCOVERY['GET /apis']?.[0] ?? 'lost';
    const after = aggregated([{ name: 'example.com', kinds: [['Widget', 'widgets', 'Namespaced']] }]);
    const { client } = script({ 'GET /apis': [before, after] });
    await client.resources();
    expect(await client.resourceFor('example.com/v1', 'Widget')).toMatchObject({ plural: 'widgets', namespaced: true });
  });

  it('says in the words of client-go that a kind is unknown', async () => {
    const { client } = script({});
    const widget = { ...CONFIG_MAP, apiVersion: 'example.com/v1', kind: 'Widget' };
    const error: unknown = await client.apply(widget).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'no matches for kind "Widget" in version "example.com/v1"' });
    expect(isNotFound(error)).toBe(true);
  });

  it('asks group by group where the server is too old to tell all at once', async () => {
    const { client } = script({
      'GET /api': [{ status: 200, body: { kind: 'APIVersions', versions: ['v1'] } }],
      'GET /apis': [
        {
          status: 200,
          body: { kind: 'APIGroupList', groups: [{ name: 'apps', versions: [{ groupVersion: 'apps/v1' }] }] },
        },
      ],
      'GET /api/v1': [
        {
          status: 200,
          body: {
            kind: 'APIResourceList',
            resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['get'] }],
          },
        },
      ],
      'GET /apis/apps/v1': [
        {
          status: 200,
          body: {
            kind: 'APIResourceList',
            resources: [
              {
                name: 'deployments',
                singularName: 'deployment',
                kind: 'Deployment',
                namespaced: true,
                verbs: ['get'],
                shortNames: ['deploy'],
              },
              { name: 'deployments/scale', kind: 'Scale', group: 'autoscaling', namespaced: true, verbs: ['get'] },
            ],
          },
        },
      ],
    });
    expect(await client.resourceFor('apps/v1', 'Deployment')).toMatchObject({
      plural: 'deployments',
      subresources: ['scale'],
      shortNames: ['deploy'],
    });
    expect(await client.resourceFor('v1', 'ConfigMap')).toMatchObject({ group: '', singular: 'configmap' });
  });

  it('is tried again after it failed', async () => {
    const good = DISCOVERY['GET /apis']?.[0] ?? 'lost';
    const { client } = script({ 'GET /apis': [statusAnswer(403, 'Forbidden', 'no'), good] });
    await expect(client.resourceFor('apps/v1', 'Deployment')).rejects.toMatchObject({ message: 'no' });
    expect(await client.resourceFor('apps/v1', 'Deployment')).toMatchObject({ plural: 'deployments' });
  });
});

describe('watching', () => {
  const event = (type: string, name: string, resourceVersion: string) =>
    JSON.stringify({ type, object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, resourceVersion } } });
  const stream = (...lines: string[]) => new Response(lines.map((line) => `${line}\n`).join(''), { status: 200 });
  const list = (name: string): Answer => ({
    status: 200,
    body: {
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '5' },
      items: [{ metadata: { name } }],
    },
  });
  const WATCH = 'GET /api/v1/namespaces/n/configmaps?watch=true';
  const LIST = 'GET /api/v1/namespaces/n/configmaps?limit';

  async function collect(client: KubeClient, count: number, resourceVersion?: string): Promise<string[]> {
    const seen: string[] = [];
    const from = resourceVersion === undefined ? {} : { resourceVersion };
    for await (const found of client.watch(REF, { namespace: 'n', timeoutMs: 5_000, ...from })) {
      const objects = found.type === 'RELISTED' ? found.objects : [found.object];
      seen.push(`${found.type} ${objects.map(({ metadata }) => metadata.name).join(',')}`);
      if (seen.length === count) break;
    }
    return seen;
  }

  it('begins with all that there is, then tells what changes', async () => {
    const { client } = script({
      [LIST]: [list('a')],
      [WATCH]: [stream(event('ADDED', 'b', '6'), event('DELETED', 'a', '7'))],
    });
    expect(await collect(client, 3)).toEqual(['RELISTED a', 'ADDED b', 'DELETED a']);
  });

  it('goes on where it was when the server ends a watch, past bookmarks', async () => {
    const { client, transport } = script({
      [WATCH]: [stream(event('MODIFIED', 'a', '6'), event('BOOKMARK', '', '30')), stream(event('MODIFIED', 'a', '31'))],
    });
    expect(await collect(client, 2, '5')).toEqual(['MODIFIED a', 'MODIFIED a']);
    const versions = transport.requests.flatMap((line) => line.match(/resourceVersion=(\d+)/)?.[1] ?? []);
    expect(versions).toEqual(['5', '30']);
  });

  const gone = JSON.stringify({
    type: 'ERROR',
    object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' },
  });
  for (const [title, answer] of [
    ['an event', stream(gone)],
    ['a status', statusAnswer(410, 'Expired', 'too old')],
  ] as const) {
    it(`lists anew when the server says by ${title} that it has forgotten the version`, async () => {
      const { client } = script({ [WATCH]: [answer, stream(event('ADDED', 'c', '6'))], [LIST]: [list('b')] });
      expect(await collect(client, 2, '1')).toEqual(['RELISTED b', 'ADDED c']);
    });
  }

  it('survives lost connections, but not for ever', async () => {
    const { client } = script({ [WATCH]: ['lost', 'lost', stream(event('ADDED', 'b', '6'))] });
    expect(await collect(client, 1, '5')).toEqual(['ADDED b']);
    const away = script({ [WATCH]: ['lost'] });
    await expect(collect(away.client, 1, '5')).rejects.toMatchObject({ code: 'Unavailable' });
  });

  it('ends at its bound, and by its signal', async () => {
    const { client } = script({ [WATCH]: ['never'] });
    const seen: unknown[] = [];
    for await (const found of client.watch(REF, { namespace: 'n', resourceVersion: '5', timeoutMs: 20 }))
      seen.push(found);
    const options = { namespace: 'n', resourceVersion: '5', timeoutMs: 60_000, signal: AbortSignal.abort() };
    for await (const found of client.watch(REF, options)) seen.push(found);
    expect(seen).toEqual([]);
  });

  it('throws what the server refuses', async () => {
    const { client } = script({ [WATCH]: [statusAnswer(403, 'Forbidden', 'not allowed to watch')] });
    await expect(collect(client, 1, '5')).rejects.toThrow('not allowed to watch');
  });
});
