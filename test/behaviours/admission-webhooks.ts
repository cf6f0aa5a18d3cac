// Admission webhooks: which writes they are told of and in what form, what they may change and refuse, and what their failure does.

import { createServer } from 'node:https';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { at, isObject } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createAuthority } from '../support/certificates.ts';

type Obj = Readonly<Record<string, unknown>>;
type Review = Readonly<Record<string, unknown>>;
/** The response without its uid; undefined allows. */
type Answer = (request: Review) => Obj | undefined | Promise<Obj | undefined>;

interface Hook {
  readonly name: string;
  readonly answer?: Answer;
  /** More of its registration, or other than usual. */
  readonly more?: Obj;
}

const patch = (...operations: readonly Obj[]): Obj => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: btoa(JSON.stringify(operations)),
});
const setData = (key: string, value: string): Obj => patch({ op: 'add', path: `/data/${key}`, value });

const behaviour: Behaviour = (cluster) => {
  const authority = createAuthority();
  const answers = new Map<string, Answer>();
  const heard: { hook: string; request: Review }[] = [];
  const registered: { kind: string; name: string }[] = [];
  let client: KubeClient;
  let server: Listening;

  beforeAll(async () => {
    client = createKubeClient(cluster.transport, { fieldManager: 'kubectl' });
    server = await listen(
      async (request) => {
        const hook = new URL(request.url).pathname.slice(1);
        const review: unknown = await request.json();
        const asked = at(review, 'request');
        if (!isObject(asked)) return new Response('no review', { status: 400 });
        // A controller puts it into every new namespace, at no known moment.
        const isOfTest = asked.name !== 'kube-root-ca.crt';
        if (isOfTest) heard.push({ hook, request: asked });
        const response = (isOfTest && (await answers.get(hook)?.(asked))) || { allowed: true };
        const { uid } = asked;
        return Response.json({
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          response: { uid, ...response },
        });
      },
      { host: '127.0.0.1', port: 0, server: createServer({ ...authority.issue('webhooks') }) },
    );
  });
  afterAll(async () => {
    for (const { kind, name } of registered) {
      await client.remove({ apiVersion: 'admissionregistration.k8s.io/v1', kind, name });
    }
    await server.close();
  });

  /** Registers webhooks for a new namespace, and waits until the API server calls them. */
  async function register(type: 'Mutating' | 'Validating', hooks: readonly Hook[], namespace = ''): Promise<string> {
    const space = namespace || cluster.freshNamespace('admitted');
    const name = `${space}-${type.toLowerCase()}`;
    const kind = `${type}WebhookConfiguration`;
    if (namespace === '') await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: space } });
    const webhook = (path: string, more: Obj): Obj => ({
      name: `${path}.hawser.dev`,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      timeoutSeconds: 5,
      clientConfig: { url: `${server.url}/${path}`, caBundle: btoa(authority.ca) },
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': space } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] }],
      ...more,
    });
    for (const { name: path, answer } of hooks) if (answer) answers.set(path, answer);
    await client.create({
      ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name } },
      webhooks: [
        ...hooks.map(({ name: path, more = {} }) => webhook(path, { objectSelector: NO_PROBE, ...more })),
        webhook(`probe-${name}`, { objectSelector: { matchLabels: { probe: name } } }),
      ],
    });
    registered.push({ kind, name });
    await vi.waitFor(
      async () => {
        const metadata = { name: 'probe', namespace: space, labels: { probe: name } };
        await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, { dryRun: true });
        expect(calls(`probe-${name}`)).not.toEqual([]);
      },
      { timeout: 30_000, interval: 50 },
    );
    return space;
  }

  const calls = (hook: string) => heard.filter((call) => call.hook === hook).map(({ request }) => request);
  const configMap = (namespace: string, name: string, data: Obj = { a: '1' }): KubeObject => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data },
  });
  const send = async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const response = await cluster.transport.fetch(path, {
      method,
      headers: { 'content-type': type },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    return { status: response.status, answer, warning: response.headers.get('warning') };
  };
  const post = (object: KubeObject, query = '') =>
    send('POST', `/api/v1/namespaces/${object.metadata.namespace}/configmaps${query}`, object);

  it('a mutating webhook changes what is stored, owns nothing of it, and a validating one sees the outcome', async () => {
    const space = await register('Mutating', [{ name: 'adds', answer: () => setData('added', 'yes') }]);
    await register('Validating', [{ name: 'looks' }], space);
    const created = await client.apply(configMap(space, 'one'));
    expect(created.data).toEqual({ a: '1', added: 'yes' });
    const [owner] = created.metadata.managedFields ?? [];
    expect(at(owner, 'fieldsV1', 'f:data')).toEqual({ 'f:a': {} });
    expect(calls('adds')).toHaveLength(1);
    const [before] = calls('adds');
    expect(at(before, 'object', 'metadata', 'uid')).toBeUndefined();
    const [looked] = calls('looks');
    expect(at(looked, 'object', 'data')).toEqual({ a: '1', added: 'yes' });
    expect(at(looked, 'object', 'metadata', 'uid')).toBe(created.metadata.uid);
  });

  it('a webhook is told who does what to which object', async () => {
    const operations = ['CREATE', 'UPDATE', 'DELETE'];
    const rules = [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations }];
    const space = await register('Validating', [{ name: 'told', more: { rules } }]);
    await client.create(configMap(space, 'one'));
    const path = `/api/v1/namespaces/${space}/configmaps`;
    await send('PATCH', `${path}/one?fieldManager=me&dryRun=All`, { data: { b: '2' } }, 'application/merge-patch+json');
    await send('DELETE', `${path}/one`, { propagationPolicy: 'Background' });
    const common = {
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      requestKind: { group: '', version: 'v1', kind: 'ConfigMap' },
      requestResource: { group: '', version: 'v1', resource: 'configmaps' },
      name: 'one',
      namespace: space,
      userInfo: { username: expect.any(String), groups: expect.arrayContaining(['system:authenticated']) },
    };
    expect(calls('told')).toMatchObject([
      { ...common, operation: 'CREATE', oldObject: null, dryRun: false, options: { kind: 'CreateOptions' } },
      {
        ...common,
        operation: 'UPDATE',
        object: { data: { a: '1', b: '2' } },
        oldObject: { data: { a: '1' } },
        dryRun: true,
        options: { apiVersion: 'meta.k8s.io/v1', kind: 'UpdateOptions', fieldManager: 'me', dryRun: ['All'] },
      },
      {
        ...common,
        operation: 'DELETE',
        object: null,
        oldObject: { data: { a: '1' } },
        dryRun: false,
        options: { kind: 'DeleteOptions', propagationPolicy: 'Background' },
      },
    ]);
    expect(Object.keys(calls('told')[0] ?? {}).sort()).toEqual(
      [...Object.keys(common), 'dryRun', 'object', 'oldObject', 'operation', 'options', 'uid'].sort(),
    );
  });

  it('a name that is to be generated is known to validating webhooks alone', async () => {
    const space = await register('Mutating', [{ name: 'nameless' }]);
    await register('Validating', [{ name: 'named' }], space);
    const metadata = { generateName: 'made-', namespace: space };
    const { metadata: made } = await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    expect([calls('nameless')[0]?.name, at(calls('nameless')[0], 'object', 'metadata', 'name')]).toEqual([
      undefined,
      undefined,
    ]);
    expect([calls('named')[0]?.name, at(calls('named')[0], 'object', 'metadata', 'name')]).toEqual([
      made.name,
      made.name,
    ]);
  });

  it('a deletion of a collection asks for each of its objects', async () => {
    const rules = [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['DELETE'] }];
    const space = await register('Validating', [{ name: 'each', more: { rules } }]);
    for (const name of ['one', 'two']) {
      const metadata = { name, namespace: space, labels: { of: 'them' } };
      await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    }
    await send('DELETE', `/api/v1/namespaces/${space}/configmaps?labelSelector=of%3Dthem`);
    expect(calls('each').map(({ name }) => name)).toEqual([undefined, undefined]);
    expect(
      calls('each')
        .map(({ oldObject }) => at(oldObject, 'metadata', 'name'))
        .sort(),
    ).toEqual(['one', 'two']);
  });

  it.each<[string, Obj, Obj]>([
    [
      'in its own words',
      { allowed: false, status: { code: 422, reason: 'Invalid', message: 'not today' } },
      { code: 422, reason: 'Invalid', message: 'admission webhook "WHO" denied the request: not today' },
    ],
    [
      'by a reason alone',
      { allowed: false, status: { reason: 'TooEarly' } },
      { code: 400, reason: 'TooEarly', message: 'admission webhook "WHO" denied the request: TooEarly' },
    ],
    [
      'without a word',
      { allowed: false },
      { code: 400, message: 'admission webhook "WHO" denied the request without explanation' },
    ],
  ])('a webhook refuses %s, and nothing is written', async (how, response, expected) => {
    const name = `denies-${how.replaceAll(' ', '-')}`;
    const space = await register('Validating', [{ name, answer: () => ({ ...response, warnings: ['mind you'] }) }]);
    const { status, answer, warning } = await post(configMap(space, 'refused'));
    const message = String(expected.message).replace('WHO', `${name}.hawser.dev`);
    expect(answer).toEqual({
      ...{ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' },
      ...expected,
      message,
    });
    expect(status).toBe(expected.code);
    expect(warning).toBe('299 - "mind you"');
    expect(
      await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: space, name: 'refused' }),
    ).toBeUndefined();
  });

  it('a webhook that fails is ignored or refuses, as its policy says', async () => {
    const clientConfig = { url: 'https://127.0.0.1:1/nobody' };
    const ignored = await register('Validating', [
      { name: 'away-ignored', more: { clientConfig, failurePolicy: 'Ignore' } },
    ]);
    expect((await post(configMap(ignored, 'one'))).status).toBe(201);
    const failing = await register('Validating', [{ name: 'away', more: { clientConfig } }]);
    const { status, answer } = await post(configMap(failing, 'one'));
    expect(status).toBe(500);
    const why =
      'failed calling webhook "away.hawser.dev": failed to call webhook: Post "https://127.0.0.1:1/nobody?timeout=5s": ';
    expect(answer).toMatchObject({
      reason: 'InternalError',
      message: expect.stringContaining(`Internal error occurred: ${why}`),
      details: { causes: [{ message: expect.stringContaining(why) }] },
    });
  });

  it('a webhook that does not answer holds a write up no longer than it says', async () => {
    const answer = () => new Promise<Obj>(() => undefined);
    const ignored = await register('Validating', [
      { name: 'mute-ignored', answer, more: { timeoutSeconds: 1, failurePolicy: 'Ignore' } },
    ]);
    expect((await post(configMap(ignored, 'one'))).status).toBe(201);
    const failing = await register('Validating', [{ name: 'mute', answer, more: { timeoutSeconds: 1 } }]);
    expect(at((await post(configMap(failing, 'one'))).answer, 'message')).toBe(
      `Internal error occurred: failed calling webhook "mute.hawser.dev": failed to call webhook: Post "${server.url}/mute?timeout=1s": context deadline exceeded`,
    );
  });

  it.each<[string, Obj, string]>([
    ['of another review', { uid: 'other', allowed: true }, 'expected response.uid="UID", got "other"'],
    [
      'with a patch and no type of it',
      { allowed: true, patch: btoa('[]') },
      'webhook returned response.patch but not response.patchType',
    ],
    [
      'with a type and no patch',
      { allowed: true, patchType: 'JSONPatch' },
      'webhook returned response.patchType but not response.patch',
    ],
  ])('an answer %s is none', async (how, response, why) => {
    const name = `broken-${how.replaceAll(' ', '-')}`;
    const space = await register('Mutating', [{ name, answer: () => response }]);
    const { status, answer } = await post(configMap(space, 'one'));
    expect(status).toBe(500);
    expect(at(answer, 'message')).toBe(
      `Internal error occurred: failed calling webhook "${name}.hawser.dev": received invalid webhook response: ${why.replace('UID', String(calls(name)[0]?.uid))}`,
    );
  });

  it('selectors look at the object before and after, and at its namespace', async () => {
    const objectSelector = { matchLabels: { watched: 'yes' } };
    const space = await register('Validating', [{ name: 'selects', more: { objectSelector } }]);
    const elsewhere = cluster.freshNamespace('elsewhere');
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: elsewhere } });
    const labelled = (namespace: string, labels: Record<string, string>): KubeObject => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace, labels } },
    });
    await client.create(labelled(elsewhere, { watched: 'yes' }));
    await client.create(labelled(space, {}));
    expect(calls('selects')).toEqual([]);
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: space, name: 'one' };
    await client.patch(ref, { metadata: { labels: { watched: 'yes' } } }, { type: 'merge' });
    await client.patch(ref, { metadata: { labels: { watched: null } } }, { type: 'merge' });
    await client.patch(ref, { data: { b: '2' } }, { type: 'merge' });
    expect(calls('selects').map(({ object }) => at(object, 'metadata', 'labels'))).toEqual([
      { watched: 'yes' },
      undefined,
    ]);
  });

  it('rules tell subresources and versions apart', async () => {
    const rule = (apiGroups: string[], apiVersions: string[], resources: string[]) => [
      { apiGroups, apiVersions, resources, operations: ['*'] },
    ];
    const old = rule(['autoscaling'], ['v1'], ['horizontalpodautoscalers']);
    const space = await register('Validating', [
      { name: 'objects', more: { rules: rule(['*'], ['*'], ['*']) } },
      { name: 'statuses', more: { rules: rule(['*'], ['*'], ['*/status']) } },
      { name: 'equivalent', more: { rules: old } },
      { name: 'exact', more: { rules: old, matchPolicy: 'Exact' } },
      { name: 'cluster-wide', more: { rules: [{ ...rule(['*'], ['*'], ['*/*'])[0], scope: 'Cluster' }] } },
    ]);
    const apiVersion = 'autoscaling/v2';
    const kind = 'HorizontalPodAutoscaler';
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    await client.create({
      ...{ apiVersion, kind, metadata: { name: 'web', namespace: space } },
      spec: { maxReplicas: 3, scaleTargetRef: target },
    });
    const path = `/apis/${apiVersion}/namespaces/${space}/horizontalpodautoscalers/web/status`;
    await send('PATCH', path, { status: { currentReplicas: 2 } }, 'application/merge-patch+json');
    const byTest = (hook: string) =>
      calls(hook)
        .filter(({ requestKind }) => at(requestKind, 'kind') === kind)
        .filter(({ userInfo }) => !String(at(userInfo, 'username')).startsWith('system:kube-'))
        .filter(({ userInfo }) => !String(at(userInfo, 'username')).startsWith('system:serviceaccount:'))
        .map(({ operation, kind: told, subResource }) => [operation, at(told, 'version'), subResource]);
    expect(byTest('objects')).toEqual([['CREATE', 'v2', undefined]]);
    expect(byTest('statuses')).toEqual([['UPDATE', 'v2', 'status']]);
    expect(byTest('equivalent')).toEqual([['CREATE', 'v1', undefined]]);
    expect(byTest('exact')).toEqual([]);
    expect(byTest('cluster-wide')).toEqual([]);
    expect(at(calls('equivalent')[0], 'object', 'apiVersion')).toBe('autoscaling/v1');
    expect(at(calls('equivalent')[0], 'requestKind', 'version')).toBe('v2');
  });

  it('who scales writes a Scale', async () => {
    const scale = {
      apiGroups: ['apps'],
      apiVersions: ['v1'],
      resources: ['deployments/scale'],
      operations: ['UPDATE'],
    };
    const more = { rules: [scale] };
    const answer = () => patch({ op: 'replace', path: '/spec/replicas', value: 2 });
    const space = await register('Mutating', [{ name: 'scales', answer, more }]);
    await register('Validating', [{ name: 'scaled', more }], space);
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'web:1' }] } };
    await client.create({
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: space } },
      spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template },
    });
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: space, name: 'web' };
    await client.patch(ref, { spec: { replicas: 5 } }, { type: 'merge', subresource: 'scale' });
    expect(at(await client.get(ref), 'spec', 'replicas')).toBe(2);
    const common = {
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      resource: { group: 'apps', version: 'v1', resource: 'deployments' },
      subResource: 'scale',
      requestSubResource: 'scale',
      name: 'web',
      oldObject: { apiVersion: 'autoscaling/v1', kind: 'Scale', spec: {} },
    };
    // The Deployment's controller writes, too: then the API server asks again.
    expect(calls('scales').at(-1)).toMatchObject({ ...common, object: { kind: 'Scale', spec: { replicas: 5 } } });
    expect(calls('scaled').at(-1)).toMatchObject({ ...common, object: { kind: 'Scale', spec: { replicas: 2 } } });
  });

  it('a Namespace is in itself', async () => {
    const name = cluster.freshNamespace('itself');
    const rules = [
      { apiGroups: [''], apiVersions: ['v1'], resources: ['namespaces'], operations: ['*'], scope: 'Cluster' },
    ];
    const namespaceSelector = { matchLabels: { itself: name } };
    await register('Validating', [{ name: 'namespaces', more: { rules, namespaceSelector } }]);
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { itself: name } } });
    await client.patch(
      { apiVersion: 'v1', kind: 'Namespace', name },
      { metadata: { labels: { b: '2' } } },
      { type: 'merge' },
    );
    await client.remove({ apiVersion: 'v1', kind: 'Namespace', name });
    const told = calls('namespaces').filter(
      ({ userInfo }) => !String(at(userInfo, 'username')).startsWith('system:serviceaccount:'),
    );
    expect(told.map(({ operation, namespace, name: of }) => [operation, namespace, of])).toEqual([
      ['CREATE', name, name],
      ['UPDATE', name, name],
      ['DELETE', name, name],
    ]);
  });

  it.each<[string, string, 'called' | 'not called' | 'refused']>([
    ['holds', "object.data.a == '1' && request.operation in ['CREATE']", 'called'],
    ['does not hold', "has(object.data.b) || request.name != 'one'", 'not called'],
    ['has no value', "object.data.b == '1'", 'refused'],
    ['has a value in spite of an error', "object.data.b == '1' || oldObject == null", 'called'],
    ['chooses', "(object != null ? object : oldObject).metadata.name.startsWith('o')", 'called'],
    ['looks for a key', "!('b' in object.data) && size(object.data) == 1", 'called'],
  ])('a condition that %s: %s', async (how, expression, expected) => {
    const name = `if-${how.replaceAll(' ', '-')}`;
    const matchConditions = [{ name: 'condition', expression }];
    const space = await register('Validating', [{ name, more: { matchConditions } }]);
    const { status } = await post(configMap(space, 'one'));
    expect(calls(name)).toHaveLength(expected === 'called' ? 1 : 0);
    expect(status).toBe(expected === 'refused' ? 403 : 201);
  });

  it('a condition that cannot be read is refused with the registration', async () => {
    await expect(
      register('Validating', [
        { name: 'unreadable', more: { matchConditions: [{ name: 'x', expression: 'object ==' }] } },
      ]),
    ).rejects.toThrow('webhooks[0].matchConditions[0].expression: Invalid value');
  });

  it('mutating webhooks take turns, and one that asks for it is called again after changes', async () => {
    const order: string[] = [];
    const adds =
      (name: string): Answer =>
      (request) => {
        order.push(`${name} ${Object.keys(at(request, 'object', 'data') ?? {}).join()}`);
        return isObject(at(request, 'object', 'data')) && at(request, 'object', 'data', name) === undefined
          ? setData(name, 'x')
          : undefined;
      };
    const space = await register('Mutating', [
      { name: 'first', answer: adds('first'), more: { reinvocationPolicy: 'IfNeeded' } },
      { name: 'second', answer: adds('second') },
    ]);
    await client.create(configMap(space, 'one'));
    expect(order).toEqual(['first a', 'second a,first', 'first a,first,second']);
  });

  it('a patch that does not fit fails the write', async () => {
    const answer = () => patch({ op: 'remove', path: '/data/none' });
    const space = await register('Mutating', [{ name: 'unfit', answer, more: { failurePolicy: 'Ignore' } }]);
    expect(await post(configMap(space, 'one'))).toMatchObject({ status: 500, answer: { reason: 'InternalError' } });
  });

  it('what changes while webhooks are asked: a patch is done again on it, an update is refused', async () => {
    const direct = createKubeClient(cluster.transport, { fieldManager: 'meanwhile' });
    let due = false;
    const space = await register('Mutating', [
      {
        name: 'slow',
        answer: async (request) => {
          if (!due || request.name !== 'one') return undefined;
          due = false;
          const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: String(request.namespace), name: 'one' };
          await direct.patch(ref, { data: { meanwhile: String(Math.random()) } }, { type: 'merge' });
          return undefined;
        },
      },
    ]);
    const live = await client.create(configMap(space, 'one'));
    const path = `/api/v1/namespaces/${space}/configmaps/one`;
    due = true;
    const patched = await send('PATCH', path, { data: { b: '2' } }, 'application/merge-patch+json');
    expect(patched.status).toBe(200);
    expect(Object.keys(at(patched.answer, 'data') ?? {}).sort()).toEqual(['a', 'b', 'meanwhile']);
    const current = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: space, name: 'one' });
    due = true;
    expect(await send('PUT', path, { ...current, data: { c: '3' } })).toMatchObject({
      status: 409,
      answer: { reason: 'Conflict' },
    });
    expect(live.metadata.uid).toBe(current?.metadata.uid);
  });
};

/** What `register` itself writes to see whether it is heard. */
const NO_PROBE = { matchExpressions: [{ key: 'probe', operator: 'DoesNotExist' }] };

export default behaviour;
