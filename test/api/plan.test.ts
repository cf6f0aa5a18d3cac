// The plan of a sync, asked for before the sync: what it tells is what then happens, and asking changes nothing.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Application } from '../../src/application/types.ts';
import { at, isObject, stringAt } from '../../src/base/json.ts';
import type { FileChange, SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const WAVE = 'argocd.argoproj.io/sync-wave';
const HOOK = 'argocd.argoproj.io/hook';
const map = (name: string, value: string, annotations: Readonly<Record<string, string>> = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations }, data: { key: value } });
const secret = (password: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, stringData: { password } });

let transport: SandboxTransport;
let ground: Ground;
let repository: SandboxRepository;
beforeEach(async () => {
  transport = connectSandbox();
  ground = await createGround(transport);
});
afterEach(() => ground.close());

async function deploy(files: Readonly<Record<string, FileChange>>, more: { automated?: object } = {}) {
  await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } });
  repository = await ground.createRepository('devops/app', files);
  await ground.createApplication({ name: 'app', repository, path: 'm', destinationNamespace: 'app', ...more });
  await ground.refresh('app');
  await ground.sync('app', {});
}

async function plan(body: Readonly<Record<string, unknown>> = {}) {
  const { status, body: answer } = await ground.request('POST', '/api/v1/applications/app/plan', body);
  expect(status).toBe(200);
  return answer;
}

function list(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}

const line = (step: unknown) =>
  ['phase', 'wave', 'action', 'kind', 'name'].map((key) => String(at(step, key))).join(' ');
const lines = (answer: unknown) => list(answer, 'steps').map(line);
const codes = (answer: unknown) => list(answer, 'problems').map((problem) => at(problem, 'code'));

/** What a result says of its object, in the words of a plan. */
function executed({ status }: Application): readonly string[] {
  return (status.operationState?.syncResult?.resources ?? []).map(({ kind, name, hookType, status: code, message }) => {
    const word = /(created|configured|unchanged|pruned|ignored)/.exec(message ?? '')?.[1] ?? '';
    const named: Readonly<Record<string, string>> = {
      created: 'create',
      configured: 'update',
      unchanged: 'unchanged',
      pruned: 'delete',
      ignored: 'left',
    };
    return `${hookType && hookType !== 'Sync' ? 'hook' : (named[word] ?? code)} ${kind} ${name}`;
  });
}

const planned = (answer: unknown) =>
  list(answer, 'steps').map((step) => ['action', 'kind', 'name'].map((key) => String(at(step, key))).join(' '));

const START = {
  'm/a.yaml': map('a', 'one'),
  'm/b.yaml': map('b', 'one', { [WAVE]: '2' }),
  'm/gone.yaml': map('gone', 'one'),
};
const CHANGE = {
  'm/a.yaml': map('a', 'two'),
  'm/gone.yaml': null,
  'm/new.yaml': map('new', 'one', { [WAVE]: '-1' }),
  'm/hook.yaml': map('migrate', 'one', { [HOOK]: 'PreSync' }),
};

describe('the plan of a sync', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    [
      'with pruning',
      { prune: true },
      [
        'PreSync 0 hook ConfigMap migrate',
        'Sync -1 create ConfigMap new',
        'Sync 0 delete ConfigMap gone',
        'Sync 0 update ConfigMap a',
        'Sync 2 unchanged ConfigMap b',
      ],
    ],
    [
      'without pruning',
      {},
      [
        'PreSync 0 hook ConfigMap migrate',
        'Sync -1 create ConfigMap new',
        'Sync 0 left ConfigMap gone',
        'Sync 0 update ConfigMap a',
        'Sync 2 unchanged ConfigMap b',
      ],
    ],
    [
      'by applying alone, what differs alone',
      { strategy: { apply: {} }, syncOptions: ['ApplyOutOfSyncOnly=true'], prune: true },
      ['Sync -1 create ConfigMap new', 'Sync 0 delete ConfigMap gone', 'Sync 0 update ConfigMap a'],
    ],
    ['of chosen objects', { resources: [{ kind: 'ConfigMap', name: 'a', group: '' }] }, ['Sync 0 update ConfigMap a']],
    [
      'with pruning last',
      { prune: true, syncOptions: { items: ['PruneLast=true'] } },
      [
        'PreSync 0 hook ConfigMap migrate',
        'Sync -1 create ConfigMap new',
        'Sync 0 update ConfigMap a',
        'Sync 2 unchanged ConfigMap b',
        'Sync 3 delete ConfigMap gone',
      ],
    ],
  ])('%s is what the sync then does', async (_, body, expected) => {
    await deploy(START);
    await ground.commit(repository, CHANGE);
    const answer = await plan(body);
    expect(lines(answer)).toEqual(expected);
    const done = await ground.sync('app', body);
    expect(done.status.operationState?.phase).toBe('Succeeded');
    expect(executed(done)).toEqual(planned(answer));
    expect(at(answer, 'revision')).toBe(done.status.operationState?.syncResult?.revision);
    const { create, update, delete: deleted, hooks } = at(answer, 'counts') as Record<string, number>;
    const of = (action: string) => executed(done).filter((one) => one.startsWith(`${action} `)).length;
    expect([create, update, deleted, hooks]).toEqual([of('create'), of('update'), of('delete'), of('hook')]);
  });

  it('writes nothing, neither to the Application nor to its objects', async () => {
    await deploy(START);
    await ground.commit(repository, CHANGE);
    await ground.hawser.idle();
    const before = transport.requests.length;
    await plan({ prune: true });
    await ground.hawser.idle();
    const writes = transport.requests
      .slice(before)
      .filter((request) => !request.startsWith('GET ') && !request.includes('dryRun=All'));
    expect(writes).toEqual([]);
  });

  it('tells fields that change, and Secrets only as changed', async () => {
    await deploy({ 'm/a.yaml': map('a', 'one'), 'm/s.yaml': secret('old-password') });
    await ground.commit(repository, { 'm/a.yaml': map('a', 'two'), 'm/s.yaml': secret('new-password') });
    const answer = await plan();
    const step = (kind: string) => list(answer, 'steps').find((one) => at(one, 'kind') === kind);
    expect(at(step('ConfigMap'), 'changes')).toEqual([{ path: '/data/key', before: 'one', after: 'two' }]);
    expect(at(step('Secret'), 'action')).toBe('update');
    const text = JSON.stringify(answer);
    for (const password of ['old-password', 'new-password']) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(btoa(password));
    }
  });

  it('is of another revision where one is asked for', async () => {
    await deploy(START);
    const first = (await ground.application('app')).status.sync?.revision ?? '';
    await ground.push(repository, CHANGE);
    await ground.sync('app', { prune: true });
    const answer = await plan({ revision: first, prune: true });
    expect(at(answer, 'revision')).toBe(first);
    expect(planned(answer)).toEqual(
      expect.arrayContaining(['create ConfigMap gone', 'update ConfigMap a', 'delete ConfigMap new']),
    );
  });

  it('is of manifests that a client brings', async () => {
    await deploy(START);
    const answer = await plan({ manifests: [map('a', 'local'), map('b', 'one', { [WAVE]: '2' })] });
    expect(planned(answer)).toEqual(['left ConfigMap gone', 'update ConfigMap a', 'unchanged ConfigMap b']);
  });

  it('says what a rollback would bring back, and what it does then', async () => {
    await deploy(START);
    await ground.push(repository, CHANGE);
    await ground.sync('app', { prune: true });
    const [first] = (await ground.application('app')).status.history ?? [];
    const answer = await plan({ rollback: { id: first?.id, prune: true } });
    // A hook that is live stays: it is not the older commit's, and not an object of the Application.
    expect(planned(answer)).toEqual([
      'delete ConfigMap new',
      'update ConfigMap a',
      'create ConfigMap gone',
      'unchanged ConfigMap b',
    ]);
    await ground.request('POST', '/api/v1/applications/app/rollback', { id: first?.id, prune: true });
    // Objects of one kind and wave are written side by side.
    expect(executed(await ground.application('app')).toSorted()).toEqual(planned(answer).toSorted());
  });

  it('names a hook by what its name begins with, as long as it has none', async () => {
    await deploy(START);
    const hook = JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { key: 'one' } },
      metadata: { generateName: 'migrate-', annotations: { [HOOK]: 'PreSync' } },
    });
    await ground.commit(repository, { 'm/hook.yaml': hook });
    const answer = await plan();
    expect(list(answer, 'steps')[0]).toMatchObject({
      action: 'hook',
      name: 'migrate-',
      isGenerated: true,
      phase: 'PreSync',
    });
    const done = await ground.sync('app', {});
    const [first] = done.status.operationState?.syncResult?.resources ?? [];
    expect(first?.name).toMatch(/^migrate-[0-9a-f]{7}-presync-\d+$/);
  });

  it('makes the namespace first', async () => {
    repository = await ground.createRepository('devops/app', START);
    await ground.createApplication({ name: 'app', repository, path: 'm', destinationNamespace: 'not-there' });
    await ground.refresh('app');
    const answer = await plan();
    expect(lines(answer)[0]).toBe('PreSync 0 create Namespace not-there');
    expect(list(answer, 'problems')).toEqual([]);
    const done = await ground.sync('app', {});
    expect(executed(done)).toEqual(planned(answer));
  });

  it('refuses an entry that the history does not have', async () => {
    await deploy(START);
    const answer = await ground.request('POST', '/api/v1/applications/app/plan', { rollback: { id: 99 } });
    expect(answer.status).toBe(400);
  });
});

describe('the problems of a plan', () => {
  it('tell objects that stay since pruning is off', async () => {
    await deploy(START);
    await ground.commit(repository, { 'm/gone.yaml': null });
    expect(list(await plan(), 'problems')).toEqual([
      { code: 'pruningOff', message: 'not pruned: /ConfigMap/gone', blocks: false, count: 1 },
    ]);
    expect(codes(await plan({ prune: true }))).toEqual([]);
  });

  it('tell a rollback and another revision that automated sync stands in their way', async () => {
    await deploy(START, { automated: {} });
    const first = (await ground.application('app')).status.sync?.revision ?? '';
    await ground.push(repository, CHANGE);
    await ground.hawser.idle();
    expect(codes(await plan({ revision: first }))).toContain('automated');
    expect(codes(await plan({ rollback: {} }))).toContain('automated');
    expect(codes(await plan({ revision: first, dryRun: true, manifests: [map('a', 'x')] }))).toContain('automated');
    expect(codes(await plan({ prune: true }))).toEqual([]);
  });

  it('tell what the API server refuses, and what then happens is just that', async () => {
    await deploy(START);
    await ground.commit(repository, { 'm/a.yaml': map('a', 'one').replace('"one"', '{"a":1}') });
    const answer = await plan();
    expect(list(answer, 'problems')).toEqual([
      expect.objectContaining({
        code: 'wouldFail',
        blocks: true,
        count: 1,
        message: expect.stringContaining('/ConfigMap/a: '),
      }),
    ]);
    const done = await ground.sync('app', {});
    expect(done.status.operationState?.phase).toBe('Failed');
  });

  it('tell a closed sync window, when it opens, and whether what is held can be approved', async () => {
    await deploy(START, { automated: {} });
    const window = {
      kind: 'allow',
      schedule: '0 6 1 1 *',
      duration: '1m',
      applications: ['*'],
      timeZone: 'Asia/Seoul',
      description: 'new year',
    };
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: NAMESPACE, name: 'default' };
    await ground.client.patch(project, { spec: { syncWindows: [window] } }, { type: 'merge' });
    await ground.push(repository, CHANGE);
    await ground.hawser.idle();
    const [problem] = list(await plan({ prune: true }), 'problems');
    expect(problem).toMatchObject({
      code: 'windowClosed',
      blocks: true,
      timeZone: 'Asia/Seoul',
      window: 'new year',
      canApprove: true,
      opensAt: expect.stringMatching(/-12-31T21:00:00Z$/),
    });
    const { body: state } = await ground.request('GET', '/api/v1/applications/app/state');
    expect(stringAt(state, 'sentence')).toMatch(
      /^OutOfSync: 3 of 4 objects differ since [0-9a-f]{7} \(Kim, just now\)\. Next: automatic sync at \d{4}-01-01 06:00 Asia\/Seoul \(window 'new year'\)\.$/,
    );
    expect(stringAt(state, 'command')).toBe('hawser app approve app');
    expect(at(state, 'held')).toMatchObject({ window: 'new year', timeZone: 'Asia/Seoul' });
  });
});

describe('the rules of a project', () => {
  const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: NAMESPACE, name: 'default' };

  it('are told for the objects that they forbid, of which none is then touched', async () => {
    await deploy(START);
    await ground.client.patch(
      project,
      { spec: { namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }] } },
      { type: 'merge' },
    );
    await ground.commit(repository, { 'm/s.yaml': secret('forbidden-password'), 'm/a.yaml': map('a', 'two') });
    const answer = await plan();
    expect(list(answer, 'problems')).toContainEqual(
      expect.objectContaining({
        code: 'invalid',
        blocks: true,
        count: 1,
        message: expect.stringContaining('/Secret/login: '),
      }),
    );
    const done = await ground.sync('app', {});
    expect(done.status.operationState?.phase).toBe('Failed');
  });
});

describe('the state of an Application', () => {
  it('names author and age of the commit, in the language that is asked for', async () => {
    await deploy(START);
    const { body: english } = await ground.request('GET', '/api/v1/applications/app/state');
    const { body: korean } = await ground.request('GET', '/api/v1/applications/app/state?lang=ko');
    expect(stringAt(english, 'sentence')).toMatch(
      /^Synced: all 3 objects are as [0-9a-f]{7} \(Kim, just now\) says\.$/,
    );
    expect(stringAt(korean, 'sentence')).toMatch(
      /^동기화됨: 오브젝트 3개가 모두 [0-9a-f]{7} \(Kim, 방금\) 상태와 같습니다\.$/,
    );
    expect(at(english, 'commit')).toMatchObject({ author: 'Kim <kim@example.com>' });
  });

  it('is told without the commit where Git is away', async () => {
    await deploy(START);
    await ground.restart();
    ground.gitAway(true);
    const { status, body } = await ground.request('GET', '/api/v1/applications/app/state');
    expect(status).toBe(200);
    expect(stringAt(body, 'sentence')).toMatch(/^Synced: all 3 objects are as [0-9a-f]{7} says\.$/);
    expect(isObject(body) && 'commit' in body).toBe(false);
  });
});
