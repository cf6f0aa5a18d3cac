// What a delivery is answered: a verdict for each Application that it concerns, once, and in time whatever is away.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { DeliveryAnswer, Push, Verdict } from '../../src/operation/push.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { pushDeliveries } from '../../src/sandbox/git/push-payload.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE, WEBHOOK_SECRET } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const ZEROS = '0'.repeat(40);
const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${value}\n`;

let cluster: SandboxTransport;
let ground: Ground;
/** Requests whose method and path match are taken, and not answered before `goOn`. */
let held: RegExp | undefined;
/** Those that are refused because there are too many. */
let refused: RegExp | undefined;
let requests: string[];
let goOn: () => void;
let isReleased: Promise<void>;

/** The sandbox with a switch that makes it hang. */
function connectHolding(): ClusterTransport {
  return {
    server: cluster.server,
    fetch: async (path, init) => {
      requests.push(`${init?.method ?? 'GET'} ${path}`);
      if (refused?.test(`${init?.method ?? 'GET'} ${path}`)) return new Response('{}', { status: 429 });
      if (held?.test(`${init?.method ?? 'GET'} ${path}`)) {
        const aborted = new Promise<never>((_, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        });
        await Promise.race([isReleased, aborted]);
      }
      return cluster.fetch(path, init);
    },
  };
}

function hold(requests: RegExp): void {
  held = requests;
  isReleased = new Promise((resolve) => {
    goOn = () => {
      held = undefined;
      resolve();
    };
  });
}

beforeEach(async () => {
  cluster = connectSandbox();
  held = undefined;
  refused = undefined;
  requests = [];
  goOn = () => undefined;
  ground = await createGround(connectHolding());
});
afterEach(async () => {
  goOn();
  cluster.away = false;
  await ground.close();
});

async function deploy(automated = true): Promise<SandboxRepository> {
  const repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
  await ground.createApplication({
    name: 'app',
    repository,
    path: 'm',
    destinationNamespace: 'app',
    ...(automated && { automated: { prune: true } }),
  });
  await ground.refresh('app');
  return repository;
}

const head = (repository: SandboxRepository, branch = 'main') => repository.refs.get(`refs/heads/${branch}`) ?? '';
const keyOf = async () => at(await ground.get('v1', 'ConfigMap', 'app', 'settings'), 'data', 'key');
const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'app' };

let count = 0;
function pushOf(repository: SandboxRepository, more: Partial<Push> = {}): Push {
  count++;
  return {
    kind: 'git',
    key: `${count}`.padStart(40, 'a'),
    deliveryId: `delivery-${count}`,
    provider: 'gogs',
    webUrls: [`${ground.gitUrl}/${repository.path}`],
    otherUrls: [],
    ref: 'refs/heads/main',
    defaultBranch: 'main',
    ...more,
  };
}

/** The signed webhook, as it comes from outside. */
async function deliver(
  repository: SandboxRepository,
  { before = ZEROS, deliveryId = '', secret = WEBHOOK_SECRET } = {},
): Promise<{ readonly status: number; readonly answer: DeliveryAnswer }> {
  const update = { ref: 'refs/heads/main', before, after: head(repository) };
  const deliveries = pushDeliveries(
    { ...update, repository, commits: [], pusher: undefined },
    { provider: 'gogs', serverUrl: ground.gitUrl, secret, deliveryId: () => deliveryId || crypto.randomUUID() },
  );
  const push = deliveries.find(({ event }) => event === 'push');
  const response = await ground.webhook(push?.headers ?? {}, push?.body ?? '');
  return { status: response.status, answer: (await response.json()) as DeliveryAnswer };
}

const verdictOf = ({ applications }: DeliveryAnswer): Partial<Verdict> | undefined => applications[0];

async function recorded(deliveryId: string) {
  await ground.hawser.idle();
  const [record] = await ground.hawser.deliveries.get(deliveryId);
  return record;
}

describe('the verdict', () => {
  it.each<[what: string, expected: Partial<Verdict>, arrange: (repository: SandboxRepository) => Promise<unknown>]>([
    [
      'of a commit that changes it',
      { verdict: 'sync', paths: ['m/a.yaml'] },
      (repository) => ground.commit(repository, { 'm/a.yaml': configMap('two') }),
    ],
    [
      'of a commit that does not',
      { verdict: 'unaffected' },
      (repository) => ground.commit(repository, { 'README.md': 'two\n' }),
    ],
    ['of the commit that is deployed', { verdict: 'already deployed' }, async () => undefined],
    [
      'of an Application on another branch',
      { verdict: 'branch mismatch', reason: 'the push is to refs/heads/main, the Application follows release' },
      () => ground.client.patch(APPLICATION, { spec: { source: { targetRevision: 'release' } } }, { type: 'merge' }),
    ],
    [
      'of one that is suspended',
      { verdict: 'suspended', reason: expect.stringContaining('argocd.argoproj.io/skip-reconcile') },
      async (repository) => {
        await suspend('true');
        await ground.commit(repository, { 'm/a.yaml': configMap('two') });
      },
    ],
    [
      'of one in a closed sync window',
      { verdict: 'window-closed', reason: expect.stringMatching(/is held until \d{4}-\d\d-\d\dT/) },
      async (repository) => {
        const window = { kind: 'deny', schedule: '0 0 1 1 *', duration: '8759h', applications: ['*'] };
        const project = {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'AppProject',
          namespace: NAMESPACE,
          name: 'default',
        };
        await ground.client.patch(project, { spec: { syncWindows: [window] } }, { type: 'merge' });
        await ground.commit(repository, { 'm/a.yaml': configMap('two') });
      },
    ],
  ])('%s', async (_, expected, arrange) => {
    const repository = await deploy();
    await arrange(repository);
    const { status, answer } = await deliver(repository);
    expect(status).toBe(202);
    expect(verdictOf(answer)).toMatchObject({ name: 'app', operationUrl: '/applications/app', ...expected });
  });

  it('is manual without automated sync', async () => {
    const repository = await deploy(false);
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    expect(verdictOf((await deliver(repository)).answer)?.verdict).toBe('manual');
  });

  it('is host mismatch where only the path is the same, until the hosts are declared to be one', async () => {
    const repository = await deploy();
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    const elsewhere = () =>
      pushOf(repository, { webUrls: [`https://git.example.com/${repository.path}`], after: head(repository) });
    const answer = await ground.hawser.receivePush(elsewhere());
    expect(verdictOf(answer)).toMatchObject({
      verdict: 'host mismatch',
      reason: expect.stringContaining('add git.example.com=127.0.0.1 to webhook.hostAliases in argocd-cm'),
    });
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace: NAMESPACE },
      data: { 'webhook.hostAliases': 'git.example.com=127.0.0.1:3000' },
    });
    expect(verdictOf(await ground.hawser.receivePush(elsewhere()))?.verdict).toBe('sync');
    await ground.hawser.idle();
    expect(await keyOf()).toBe('two');
  });

  it('is stale where the branch names another commit by now, which is what counts', async () => {
    const repository = await deploy();
    const first = head(repository);
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    const second = head(repository);
    await ground.commit(repository, { 'm/a.yaml': configMap('three') });
    const push = pushOf(repository, { before: first, after: second });
    expect(verdictOf(await ground.hawser.receivePush(push))).toMatchObject({
      verdict: 'stale',
      reason: expect.stringContaining(
        `refs/heads/main names ${head(repository).slice(0, 7)} by now, not ${second.slice(0, 7)}`,
      ),
    });
    await ground.hawser.idle();
    expect(await keyOf()).toBe('three');
    expect((await ground.application('app')).status.history?.map(({ revision }) => revision)).toEqual([
      first,
      head(repository),
    ]);
  });

  it('says that a branch was deleted, and nothing is pruned', async () => {
    const repository = await deploy();
    await ground.commit(repository, { 'm/a.yaml': configMap('two') }, 'release');
    await ground.client.patch(APPLICATION, { spec: { source: { targetRevision: 'release' } } }, { type: 'merge' });
    await ground.refresh('app');
    const before = head(repository, 'release');
    repository.refs.delete('refs/heads/release');
    const answer = await ground.hawser.receivePush(
      pushOf(repository, { ref: 'refs/heads/release', before, after: ZEROS }),
    );
    expect(verdictOf(answer)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('the branch release was deleted; nothing is pruned'),
    });
    expect(await keyOf()).toBe('two');
    expect((await ground.application('app')).status.conditions?.[0]?.message).toContain('release was deleted');
  });

  it('is pending while the Git server does not show the commit yet, and is found out later', async () => {
    const repository = await deploy();
    const before = head(repository);
    const push = pushOf(repository, { before, after: 'b'.repeat(40) });
    expect(verdictOf(await ground.hawser.receivePush(push))?.verdict).toBe('pending');
    await ground.hawser.idle();
    expect((await recorded(push.deliveryId))?.state).toBe('open');
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    await ground.request('POST', '/api/refresh', { repoURL: 'http://example.com/another' });
    await ground.hawser.idle();
    expect(await keyOf()).toBe('two');
    expect((await recorded(push.deliveryId))?.state).toBe('done');
  });

  it('of a new branch is pending while the Git server does not show it yet', async () => {
    const repository = await deploy();
    await ground.client.patch(APPLICATION, { spec: { source: { targetRevision: 'release' } } }, { type: 'merge' });
    const push = pushOf(repository, { ref: 'refs/heads/release', before: ZEROS, after: 'b'.repeat(40) });
    expect(verdictOf(await ground.hawser.receivePush(push))?.verdict).toBe('pending');
    await ground.hawser.idle();
    await ground.commit(repository, { 'm/a.yaml': configMap('two') }, 'release');
    await ground.request('POST', '/api/refresh', { repoURL: 'http://example.com/another' });
    await ground.hawser.idle();
    expect(await keyOf()).toBe('two');
  });

  it('of what waits is superseded by what comes later', async () => {
    const repository = await deploy();
    const answers: Promise<DeliveryAnswer>[] = [];
    hold(/^PATCH .*\/namespaces\/app\/configmaps/);
    for (const value of ['two', 'three', 'four']) {
      await ground.commit(repository, { 'm/a.yaml': configMap(value) });
      const answer = deliver(repository).then(({ answer }) => answer);
      answers.push(answer);
      await answer;
    }
    goOn();
    const [, second] = await Promise.all(answers);
    expect(await recorded(second?.deliveryId ?? '')).toMatchObject({
      state: 'done',
      applications: [{ name: 'app', verdict: 'superseded' }],
    });
    expect(await keyOf()).toBe('four');
    expect((await ground.application('app')).status.sync).toMatchObject({
      status: 'Synced',
      revision: head(repository),
    });
  });
});

async function suspend(value: string | null): Promise<void> {
  const annotations = { 'argocd.argoproj.io/skip-reconcile': value };
  await ground.client.patch(APPLICATION, { metadata: { annotations } }, { type: 'merge' });
}

describe('a suspended Application', () => {
  it('is neither compared nor synced, and goes on when the annotation is gone', async () => {
    const repository = await deploy();
    await suspend('true');
    await ground.push(repository, { 'm/a.yaml': configMap('two') });
    const { reconciledAt } = (await ground.application('app')).status;
    expect((await ground.refresh('app')).applications).toMatchObject([{ verdict: 'suspended' }]);
    const refused = await ground.request('POST', '/api/v1/applications/app/sync', {});
    expect(refused).toMatchObject({ status: 400, body: { message: expect.stringContaining('skip-reconcile') } });
    expect(await keyOf()).toBe('one');
    expect((await ground.application('app')).status.reconciledAt).toBe(reconciledAt);
    await suspend(null);
    await ground.refresh('app');
    expect(await keyOf()).toBe('two');
  });
});

describe('a delivery that comes again', () => {
  it('is answered with what became of it, and not repeated', async () => {
    const repository = await deploy();
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    const first = await deliver(repository, { deliveryId: 'd-1' });
    await ground.hawser.idle();
    await ground.client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'app', name: 'settings' },
      { data: { key: 'by hand' } },
      { type: 'merge' },
    );
    const again = await deliver(repository, { deliveryId: 'd-1' });
    expect(again.status).toBe(202);
    expect(again.answer.applications).toEqual(first.answer.applications);
    expect(again.answer.notes).toEqual([expect.stringContaining('this delivery came before')]);
    await ground.hawser.idle();
    expect(await keyOf()).toBe('by hand');
  });

  it('while it is worked on is worked on once', async () => {
    const repository = await deploy();
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    const answers = await Promise.all(Array.from({ length: 5 }, () => deliver(repository, { deliveryId: 'd-1' })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(answers.filter(({ answer }) => answer.notes === undefined)).toHaveLength(1);
    await ground.hawser.idle();
    expect((await ground.application('app')).status.history).toHaveLength(2);
  });
});

describe('while the cluster', () => {
  it.each([
    [
      'is away',
      () => {
        cluster.away = true;
      },
      () => {
        cluster.away = false;
      },
    ],
    ['hangs', () => hold(/./), () => goOn()],
  ])('%s, a delivery is recorded, answered with what is known, and finished later', async (_, begin, end) => {
    const repository = await deploy();
    // The secrets are known from an earlier delivery.
    await deliver(repository);
    await ground.hawser.idle();
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    begin();
    const { status, answer } = await deliver(repository, { deliveryId: 'd-away' });
    expect(status).toBe(202);
    expect(answer.reason).toContain('pending: the push is recorded');
    expect(verdictOf(answer)).toMatchObject({ name: 'app', verdict: 'pending' });
    end();
    await ground.hawser.idle();
    await ground.request('POST', '/api/refresh', { repoURL: 'http://example.com/another' });
    await ground.hawser.idle();
    expect(await keyOf()).toBe('two');
    expect((await recorded('d-away'))?.state).toBe('done');
  });

  it('is away at the first delivery of all, the Git server is told so', async () => {
    const repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
    cluster.away = true;
    expect((await deliver(repository)).status).toBe(503);
  });
});

describe('while the Git server', () => {
  it('hangs, the answer says pending, and the rest is in the record', async () => {
    const repository = await deploy();
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    const { handle } = ground.git;
    let release: () => void = () => undefined;
    const isBack = new Promise<void>((resolve) => {
      release = resolve;
    });
    ground.git.handle = async (request) => {
      await isBack;
      return handle(request);
    };
    const { answer } = await deliver(repository, { deliveryId: 'd-git' });
    expect(verdictOf(answer)).toMatchObject({ name: 'app', verdict: 'pending' });
    release();
    expect((await recorded('d-git'))?.applications).toMatchObject([{ name: 'app', verdict: 'sync' }]);
    expect(await keyOf()).toBe('two');
  });
});

describe('a wrong signature', () => {
  it('is refused, and counts as soon as the secret is the one it was made with', async () => {
    const repository = await deploy();
    expect((await deliver(repository)).status).toBe(202);
    expect((await deliver(repository, { secret: 'another' })).status).toBe(401);
    const secret = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: 'argocd-secret' };
    await ground.client.patch(secret, { data: { 'webhook.gogs.secret': btoa('another') } }, { type: 'merge' });
    expect((await deliver(repository, { secret: 'another' })).status).toBe(202);
  });
});

describe('an Application that was made a moment ago', () => {
  it('is in the verdicts of the push that follows', async () => {
    const repository = await deploy();
    for (const name of ['one', 'two', 'three']) {
      const pushed = ground.commit(repository, { 'm/a.yaml': configMap(name) });
      await ground.createApplication({ name, repository, path: 'm', destinationNamespace: name });
      await pushed;
      const { answer } = await deliver(repository);
      expect(answer.applications.map((verdict) => verdict.name)).toContain(name);
    }
  });

  it('is looked at with any push, where nobody was told of it', async () => {
    const repository = await deploy();
    const other = await ground.createRepository('devops/other', { 'm/a.yaml': configMap('one') });
    await ground.createApplication({ name: 'new', repository, path: 'm', destinationNamespace: 'new' });
    await deliver(other);
    expect((await ground.application('new')).status.sync?.status).toBe('OutOfSync');
  });

  it('is looked at with a later push, where the cluster could not be read at the first', async () => {
    const repository = await deploy();
    const other = await ground.createRepository('devops/other', { 'm/a.yaml': configMap('one') });
    await ground.createApplication({ name: 'new', repository, path: 'm', destinationNamespace: 'new' });
    refused = /^GET .*\/secrets\?.*repository/;
    await deliver(other);
    await ground.hawser.idle();
    refused = undefined;
    await deliver(other);
    expect((await ground.application('new')).status.sync?.status).toBe('OutOfSync');
  });

  it('costs no requests of its own for settings and Secrets, however many there are', async () => {
    const repository = await deploy();
    const other = await ground.createRepository('devops/other', { 'm/a.yaml': configMap('one') });
    const names = Array.from({ length: 20 }, (_, index) => `new-${index}`);
    for (const name of names) {
      await ground.createApplication({ name, repository, path: 'm', destinationNamespace: name });
    }
    requests = [];
    await deliver(other);
    await ground.hawser.idle();
    for (const name of names) expect((await ground.application(name)).status.sync?.status).toBe('OutOfSync');
    expect(requests.filter((request) => /secrets\?.*repository/.test(request)).length).toBeLessThan(names.length);
  });
});
