// Pushes that never arrived: found by the next push, by the next start, and beside any delivery of the same server.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isObject } from '../../src/base/json.ts';
import { type DeliveryAnswer, pushKey, type Verdict } from '../../src/operation/push.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { commitFiles, type FileChange, type SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const ZERO = '0'.repeat(40);
const HOUR_MS = 3_600_000;
const MAIN = 'refs/heads/main';

function configMap(value: string): Readonly<Record<string, FileChange>> {
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  of: ${value}\n`;
  return { 'app/settings.yaml': text };
}

let cluster: SandboxTransport;
let ground: Ground;
/** Requests that are lost on their way. */
let lost: RegExp | undefined;
/** Requests that hawser has no right to. */
let forbidden: RegExp | undefined;
let repository: SandboxRepository;

beforeEach(async () => {
  cluster = connectSandbox();
  lost = undefined;
  forbidden = undefined;
  const fetch: ClusterTransport['fetch'] = async (path, init) => {
    if (lost?.test(`${init?.method ?? 'GET'} ${path}`)) throw new TypeError('fetch failed: connection refused');
    if (forbidden?.test(`${init?.method ?? 'GET'} ${path}`)) {
      return Response.json({ kind: 'Status', reason: 'Forbidden', message: 'forbidden', code: 403 }, { status: 403 });
    }
    return cluster.fetch(path, init);
  };
  ground = await createGround({ server: cluster.server, fetch }, { keepsCache: true });
  repository = await ground.createRepository('team/deploy', configMap('first'));
});
afterEach(() => ground.close());

async function deploy(name: string, targetRevision = 'main', of = repository): Promise<void> {
  const app = { name, repository: of, path: 'app', targetRevision, destinationNamespace: name, automated: {} };
  await ground.createApplication(app);
  await ground.refresh(name);
}

const deployed = async (name: string) => {
  await ground.hawser.idle();
  return (await ground.get('v1', 'ConfigMap', name, 'settings'))?.data;
};
const head = (ref = MAIN) => repository.refs.get(ref) ?? ZERO;

async function deliver(before: string, after: string, ref = MAIN, of = repository): Promise<DeliveryAnswer> {
  const deliveryId = crypto.randomUUID();
  const url = `${ground.gitUrl}/${of.path}`;
  const answer = await ground.hawser.receivePush({
    kind: 'git',
    key: await pushKey('gitea', url, deliveryId, ref),
    deliveryId,
    provider: 'gitea',
    webUrls: [url],
    otherUrls: [],
    ref,
    before,
    after,
    defaultBranch: 'main',
  });
  await ground.hawser.idle();
  return answer;
}

/** Of one Application, or nothing where the delivery did not concern it. */
const verdictOf = ({ applications }: DeliveryAnswer, name: string): Verdict | undefined =>
  applications.find((one) => one.name === name);

async function notesOf({ deliveryId }: DeliveryAnswer): Promise<readonly unknown[]> {
  const { body } = await ground.request('GET', `/api/deliveries/${deliveryId}`);
  return isObject(body) && Array.isArray(body.notes) ? body.notes : [];
}

async function conditionsOf(name: string): Promise<string[]> {
  const { status } = await ground.application(name);
  return (status.conditions ?? []).map(({ type, message }) => `${type}: ${message}`);
}

describe('at the start of a process', () => {
  it('a push that was missed while none ran is found, and who does not follow its ref is left alone', async () => {
    await ground.commit(repository, configMap('feature'), 'feature');
    await deploy('one');
    await deploy('other', 'feature');
    await ground.restart();
    await ground.commit(repository, configMap('second'));
    ground.clock.moveTo(ground.clock.now() + HOUR_MS);
    const before = await ground.application('other');
    await ground.restart();
    expect(await deployed('one')).toEqual({ of: 'second' });
    expect((await ground.application('other')).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });

  it.each([
    ['the list of open deliveries', /^GET .*configmaps\?.*state%3Dopen/],
    ['ApplicationSets', /^GET .*\/applicationsets/],
    ['projects', /^GET .*\/appprojects(\?|$)/],
  ])('a push that was missed is found where %s may not be read', async (_, requests) => {
    await deploy('one');
    await ground.restart();
    await ground.commit(repository, configMap('second'));
    ground.clock.moveTo(ground.clock.now() + HOUR_MS);
    forbidden = requests;
    await ground.restart();
    expect(await deployed('one')).toEqual({ of: 'second' });
    expect(ground.logs.filter((line) => line.startsWith('warn') && line.includes('forbidden'))).not.toEqual([]);
  });

  it('what was missed is found with the first push after the cluster, away at the start, is back', async () => {
    await deploy('one');
    const other = await ground.createRepository('team/other', configMap('other'));
    await ground.restart();
    await ground.commit(repository, configMap('second'));
    ground.clock.moveTo(ground.clock.now() + HOUR_MS);
    lost = /\/namespaces\//;
    await expect(ground.restart()).rejects.toThrow();
    lost = undefined;
    await deliver(ZERO, other.refs.get(MAIN) ?? ZERO, MAIN, other);
    await expect.poll(() => deployed('one')).toEqual({ of: 'second' });
  });

  it('a repository is not listed twice within an hour, but once the hour is over by an alarm', async () => {
    await deploy('one');
    await ground.restart();
    expect(ground.alarms()).not.toContain('catch-up');
    await ground.commit(repository, configMap('second'));
    await ground.restart();
    expect(await deployed('one')).toEqual({ of: 'first' });
    expect(ground.alarms()).toContain('catch-up');
    ground.clock.moveTo(ground.clock.now() + HOUR_MS + 2_000);
    await expect.poll(() => deployed('one')).toEqual({ of: 'second' });
    expect(ground.alarms()).not.toContain('catch-up');
  });

  it('asks little where nothing was missed, however many Applications there are', async () => {
    for (const name of ['one', 'two', 'three']) await deploy(name);
    await ground.restart();
    // What the first one has seen it writes at its end.
    await ground.restart();
    cluster.requests.length = 0;
    await ground.restart();
    await ground.hawser.idle();
    expect(cluster.requests.filter((line) => /applications\/(one|two|three)/.test(line))).toEqual([]);
    const writes = cluster.requests.filter((line) => !line.startsWith('GET') && !line.includes('/leases'));
    expect(writes).toEqual([]);
  });

  it('all are looked at where argocd-cm has changed meanwhile', async () => {
    await deploy('one');
    await ground.restart();
    const compared = async () => {
      ground.logs.length = 0;
      await ground.restart();
      await ground.hawser.idle();
      return ground.logs.filter((line) => line.includes('application compared')).length;
    };
    expect(await compared()).toBe(0);
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace: ground.namespace },
      data: { 'kustomize.enable': 'false' },
    });
    expect(await compared()).toBe(1);
    expect(await compared()).toBe(0);
  });

  it('a ref that moved is seen once who follows it was compared, and not before', async () => {
    await deploy('one');
    await ground.restart();
    await ground.commit(repository, configMap('second'));
    ground.clock.moveTo(ground.clock.now() + HOUR_MS);
    // Nothing of it can be written, as where a process is killed before it was.
    lost = /^PATCH .*(configmaps\/settings|applications\/one)/;
    await ground.restart();
    expect(await deployed('one')).toEqual({ of: 'first' });
    lost = undefined;
    await ground.restart();
    expect(await deployed('one')).toEqual({ of: 'second' });
  });

  it('whoever was never compared is looked at, whatever was seen of its repository', async () => {
    await deploy('one');
    await ground.restart();
    const app = { name: 'two', repository, path: 'app', destinationNamespace: 'two', automated: {} };
    await ground.createApplication(app);
    await ground.restart();
    expect(await deployed('two')).toEqual({ of: 'first' });
  });

  it('a Git server that is away is asked again', async () => {
    await deploy('one');
    await ground.commit(repository, configMap('second'));
    ground.gitAway(true);
    await ground.restart();
    expect(await deployed('one')).toEqual({ of: 'first' });
    ground.gitAway(false);
    ground.clock.moveTo(ground.clock.now() + HOUR_MS);
    await expect.poll(() => deployed('one')).toEqual({ of: 'second' });
  });

  it('nothing is asked of a repository that the project does not permit', async () => {
    await deploy('one');
    await ground.client.patch(
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: ground.namespace, name: 'default' },
      { spec: { sourceRepos: ['https://elsewhere.example.com/*'] } },
      { type: 'merge' },
    );
    await ground.commit(repository, configMap('second'));
    await ground.restart();
    expect(await deployed('one')).toEqual({ of: 'first' });
  });
});

describe('beside a push', () => {
  it('the record names the gap before it, and other refs that moved are followed', async () => {
    await ground.commit(repository, configMap('feature'), 'feature');
    await deploy('one');
    await deploy('other', 'feature');
    await ground.restart();
    const seen = head();
    await ground.commit(repository, configMap('missed'), 'feature');
    await ground.commit(repository, configMap('missed'));
    const missed = head();
    await ground.commit(repository, configMap('third'));
    const answer = await deliver(missed, head());
    expect(verdictOf(answer, 'one')?.verdict).toBe('sync');
    await expect.poll(() => deployed('other')).toEqual({ of: 'missed' });
    const words = [seen, missed].map((commit) => commit.slice(0, 7));
    expect(await notesOf(answer)).toContain(
      `${MAIN} was last seen at ${words[0]}, this push begins at ${words[1]}: at least one push was missed`,
    );
  });

  it("refs of the server's other repositories are looked at after an hour", async () => {
    const quiet = await ground.createRepository('team/quiet', configMap('first'));
    await deploy('one');
    await deploy('quiet', 'main', quiet);
    await ground.restart();
    await ground.commit(quiet, configMap('missed'));
    const push = async (value: string) => {
      const before = head();
      await ground.commit(repository, configMap(value));
      await deliver(before, head());
    };
    await push('second');
    expect(await deployed('quiet')).toEqual({ of: 'first' });
    ground.clock.moveTo(ground.clock.now() + HOUR_MS);
    await push('third');
    await expect.poll(() => deployed('quiet')).toEqual({ of: 'missed' });
  });
});

describe('a forced push', () => {
  /** Replaces the last commit of a branch. */
  function replace(value: string): { before: string; after: string } {
    const before = head();
    const parent = [...repository.objects.keys()].includes(first) ? first : ZERO;
    repository.refs.set(MAIN, parent);
    const details = { message: value, author: { name: 'Kim', email: 'kim@example.com' }, atMs: Date.now() };
    return { before, after: commitFiles(repository, 'main', configMap(value), details).after };
  }
  let first = '';

  beforeEach(async () => {
    first = head();
    await deploy('one');
    const before = head();
    await ground.commit(repository, configMap('second'));
    await deliver(before, head());
    expect(await conditionsOf('one')).toEqual([]);
  });

  it('is followed, and said until a push goes on from it', async () => {
    const { before, after } = replace('replaced');
    expect(verdictOf(await deliver(before, after), 'one')?.verdict).toBe('sync');
    expect(await deployed('one')).toEqual({ of: 'replaced' });
    const words = [before, after].map((commit) => commit.slice(0, 7));
    expect(await conditionsOf('one')).toEqual([
      `ForcedPushWarning: main was replaced by a forced push: ${words[0]}, which was synced last, is no longer part of it; it is at ${words[1]}`,
    ]);
    await ground.commit(repository, configMap('fourth'));
    await deliver(after, head());
    expect(await deployed('one')).toEqual({ of: 'fourth' });
    expect(await conditionsOf('one')).toEqual([]);
  });

  it('back to an earlier commit is followed, and said', async () => {
    const before = head();
    repository.refs.set(MAIN, first);
    await deliver(before, first);
    expect(await deployed('one')).toEqual({ of: 'first' });
    expect(await conditionsOf('one')).toEqual([expect.stringMatching(/^ForcedPushWarning: main was replaced/)]);
  });

  it('is not said of several commits that go on', async () => {
    const before = head();
    for (const value of ['a', 'b', 'c']) await ground.commit(repository, configMap(value));
    await deliver(before, head());
    expect(await deployed('one')).toEqual({ of: 'c' });
    expect(await conditionsOf('one')).toEqual([]);
  });

  it('is not said where another branch was chosen', async () => {
    repository.refs.set('refs/heads/unrelated', first);
    await ground.commit(repository, configMap('unrelated'), 'unrelated');
    await ground.client.patch(
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name: 'one' },
      { spec: { source: { targetRevision: 'unrelated' } } },
      { type: 'merge' },
    );
    await ground.refresh('one');
    expect(await deployed('one')).toEqual({ of: 'unrelated' });
    expect(await conditionsOf('one')).toEqual([]);
  });
});

it('a deleted branch is named, and nothing is pruned', async () => {
  await ground.commit(repository, configMap('feature'), 'feature');
  await deploy('one', 'feature');
  const before = head('refs/heads/feature');
  repository.refs.delete('refs/heads/feature');
  const answer = await deliver(before, ZERO, 'refs/heads/feature');
  expect(verdictOf(answer, 'one')).toMatchObject({
    verdict: 'error',
    reason: expect.stringContaining('the branch feature was deleted; nothing is pruned'),
  });
  expect(await deployed('one')).toEqual({ of: 'feature' });
  expect((await conditionsOf('one')).join()).toContain('the branch feature was deleted; nothing is pruned');
});
