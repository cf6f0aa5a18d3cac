// A real Gitea: its own webhooks, sent by itself after real pushes, bring what is in private repositories to the cluster.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at, isObject, stringAt } from '../../src/base/json.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { DEMO_FILES } from '../../src/sandbox/demo-repository.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { appPlatform } from '../support/app-platform.ts';
import { git, temporaryFolder } from '../support/git-cli.ts';
import { type Gitea, missingGitea, replayDelivery, startGitea } from '../support/gitea.ts';
import { createGround, type Ground, NAMESPACE, WEBHOOK_SECRET } from '../support/ground.ts';

const missing = missingGitea();
if (missing) console.warn(`SKIPPED: the real Gitea: ${missing}`);

const BROUGHT = /^(sync|already deployed|pending)$/;

interface Seen {
  readonly event: string;
  /** `refs` or `refs-form`, by the hook that sent it. */
  readonly hook: string | null;
  readonly id: string;
  readonly contentType: string;
  /** The commit that it tells of. */
  readonly after: string | undefined;
  readonly status: number;
  readonly body: string;
}

describe.skipIf(missing)('a push to a real Gitea', () => {
  let gitea: Gitea;
  let ground: Ground;
  let handler: Listening;
  let work: ReturnType<typeof temporaryFolder>;
  const deliveries: Seen[] = [];

  beforeAll(async () => {
    gitea = await startGitea();
    const sandbox = createSandbox({
      clock: { now: () => Date.now() },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    const server = 'http://sandbox.test';
    ground = await createGround({
      server,
      fetch: (path, init) => sandbox.fetch(new Request(`${server}${path}`, init)),
    });
    const app = createApp(ground.hawser, appPlatform());
    handler = await listen(
      async (request) => {
        const { headers } = request;
        const payload = payloadOf(await request.clone().text());
        const response = await app.fetch(request);
        deliveries.push({
          event: headers.get('x-gitea-event') ?? '',
          hook: new URL(request.url).searchParams.get('hook'),
          id: headers.get('x-gitea-delivery') ?? '',
          contentType: headers.get('content-type') ?? '',
          after: stringAt(payload, 'after') ?? stringAt(payload, 'sha'),
          status: response.status,
          body: await response.clone().text(),
        });
        return response;
      },
      { host: '127.0.0.1', port: 0 },
    );
    await gitea.api('POST', '/user/repos', {
      name: 'ops-deploy',
      auto_init: true,
      default_branch: 'main',
      private: true,
    });
    await changeFiles(gitea, DEMO_FILES, 'create');
    await gitea.api('POST', `/repos/${gitea.user}/ops-deploy/hooks`, {
      type: 'gitea',
      active: true,
      events: ['push'],
      config: { url: `${handler.url}/api/webhook`, content_type: 'json', secret: WEBHOOK_SECRET },
    });
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'gitea', namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' } },
      data: { url: btoa(`${gitea.url}/${gitea.user}`), username: btoa(gitea.user), password: btoa(gitea.password) },
    });
    await ground.client.create(
      applicationManifest({
        name: 'dev-nginx',
        namespace: NAMESPACE,
        repoURL: `${gitea.url}/${gitea.user}/ops-deploy`,
        path: 'nginx-chart',
        valueFiles: ['values-dev.yaml'],
        destinationNamespace: 'dev-nginx',
        automated: {},
      }),
    );
    await ground.refresh('dev-nginx');
  });
  afterAll(async () => {
    work?.remove();
    await handler?.close();
    await ground?.close();
    await gitea?.stop();
  });

  it('deploys a private repository by the template with the longest matching URL', async () => {
    const app = await ground.application('dev-nginx');
    expect(app.status.conditions ?? []).toEqual([]);
    expect(app.status.sync?.status).toBe('Synced');
  });

  it("is followed by Gitea's own signed webhook, which is answered with the verdict", async () => {
    const values = (DEMO_FILES['nginx-chart/values-dev.yaml'] ?? '').replace('replicaCount: 1', 'replicaCount: 4');
    const commit = await changeFiles(gitea, { 'nginx-chart/values-dev.yaml': values }, 'update');
    const told = () => deliveries.find(({ after }) => after === commit);
    await expect.poll(told, { timeout: 20_000 }).toBeDefined();
    const delivery = told();
    expect(delivery?.status).toBe(202);
    // A late delivery of an earlier commit brings this one, too.
    const verdict = expect.stringMatching(BROUGHT);
    expect(JSON.parse(delivery?.body ?? '')).toMatchObject({ applications: [{ name: 'dev-nginx', verdict }] });
    await ground.application('dev-nginx');
    const live = await ground.get('apps/v1', 'Deployment', 'dev-nginx', 'dev-nginx');
    expect(at(live, 'spec', 'replicas')).toBe(4);
  });

  it('refuses a webhook that was signed with another secret', async () => {
    const hook = await gitea.api('POST', `/repos/${gitea.user}/ops-deploy/hooks`, {
      type: 'gitea',
      active: true,
      events: ['push'],
      config: { url: `${handler.url}/api/webhook`, content_type: 'json', secret: 'another' },
    });
    deliveries.length = 0;
    await gitea.api('POST', `/repos/${gitea.user}/ops-deploy/hooks/${at(hook, 'id')}/tests`);
    // Gitea may announce the same commit by the other hook meanwhile.
    const refused = () =>
      deliveries.filter(({ body }) => body.includes('signature does not match')).map(({ status }) => status);
    await expect.poll(refused, { timeout: 20_000 }).toEqual([401]);
  });

  describe('by git, to branches and tags', () => {
    let tree: string;
    const inTree = (...args: string[]) => git(tree, ...args);

    beforeAll(async () => {
      await gitea.api('POST', '/user/repos', { name: 'refs', default_branch: 'main', private: true });
      work = temporaryFolder();
      tree = join(work.path, 'refs');
      const address = `${gitea.url}/${gitea.user}/refs.git`.replace('//', `//${gitea.user}:${gitea.password}@`);
      await git(work.path, 'init', '--quiet', '--initial-branch=main', 'refs');
      await inTree('remote', 'add', 'origin', address);
      await change('first');
      await inTree('push', '--quiet', 'origin', 'main', 'main:feature');
      const hook = { type: 'gitea', active: true, events: ['push', 'create', 'delete'] };
      for (const [name, content_type] of [
        ['refs', 'json'],
        ['refs-form', 'form'],
      ] as const) {
        const config = { url: `${handler.url}/api/webhook?hook=${name}`, content_type, secret: WEBHOOK_SECRET };
        await gitea.api('POST', `/repos/${gitea.user}/refs/hooks`, { ...hook, config });
      }
      for (const targetRevision of ['main', 'feature', 'v1.*']) {
        const name = targetRevision === 'v1.*' ? 'tagged' : targetRevision;
        await ground.client.create(
          applicationManifest({
            name,
            namespace: NAMESPACE,
            repoURL: `${gitea.url}/${gitea.user}/refs`,
            path: '.',
            targetRevision,
            destinationNamespace: name,
            automated: { prune: true },
          }),
        );
        await ground.refresh(name);
      }
    });

    /** Commits another value; gives the commit. */
    async function change(value: string): Promise<string> {
      const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {value: ${value}}\n`;
      writeFileSync(join(tree, 'config.yaml'), text);
      await inTree('add', '-A');
      await inTree('commit', '--quiet', '-m', value);
      return inTree('rev-parse', 'HEAD');
    }

    /** Gitea tells of the pushes before the hooks were made, too, where it comes to them only afterwards: by the commit they are told apart. */
    const deliveryOf = (event: string, commit: string | undefined, hook = 'refs') =>
      deliveries.find((one) => one.event === event && one.hook === hook && one.after === commit);

    /** The verdicts by Application, when the event has come from the hook. */
    async function verdictsOf(
      event: string,
      commit: string | undefined,
      hook?: string,
    ): Promise<Record<string, unknown>> {
      const found = () => deliveryOf(event, commit, hook);
      await expect.poll(found, { timeout: 20_000 }).toBeDefined();
      const { status, body } = found() ?? { status: 0, body: '' };
      expect(status, body).toBe(202);
      const applications = at(JSON.parse(body), 'applications');
      const verdicts = Array.isArray(applications)
        ? applications.map((one) => [at(one, 'name'), at(one, 'verdict')])
        : [];
      return Object.fromEntries(verdicts);
    }

    async function valueIn(namespace: string): Promise<unknown> {
      return at(await ground.get('v1', 'ConfigMap', namespace, 'a'), 'data', 'value');
    }

    it('syncs the Applications that follow the branch, by a webhook with a form as well as by one with JSON', async () => {
      expect((await ground.application('tagged')).status.sync?.status).toBe('Unknown');
      deliveries.length = 0;
      const commit = await change('second');
      await inTree('push', '--quiet', 'origin', 'main');
      // One of both hooks is the first.
      expect(await verdictsOf('push', commit)).toMatchObject({ main: expect.stringMatching(BROUGHT) });
      await verdictsOf('push', commit, 'refs-form');
      expect(deliveryOf('push', commit, 'refs-form')?.contentType).toBe('application/x-www-form-urlencoded');
      expect((await ground.application('main')).status.sync).toMatchObject({ status: 'Synced', revision: commit });
      expect(await valueIn('main')).toBe('second');
      expect(await valueIn('feature')).toBe('first');
    });

    it('answers a redelivery, and repeats no sync', async () => {
      const commit = await inTree('rev-parse', 'HEAD');
      const first = deliveryOf('push', commit);
      const before = (await ground.application('main')).status.history;
      deliveries.length = 0;
      await replayDelivery(gitea, `${gitea.user}/refs`, first?.id ?? '');
      expect(await verdictsOf('push', commit)).toMatchObject({
        main: expect.stringMatching(/^(already deployed|pending)$/),
      });
      expect((await ground.application('main')).status.history).toEqual(before);
    });

    it('syncs an Application that follows tags by a pushed tag', async () => {
      deliveries.length = 0;
      await inTree('tag', '-a', '-m', 'v1.0.0', 'v1.0.0');
      await inTree('push', '--quiet', 'origin', 'v1.0.0');
      // An annotated tag is an object of its own.
      const tag = await inTree('rev-parse', 'v1.0.0');
      const commit = await inTree('rev-parse', 'v1.0.0^{commit}');
      const told = () => deliveries.filter(({ after }) => after === tag || after === commit);
      await expect.poll(() => told().map(({ event }) => event), { timeout: 20_000 }).toContain('push');
      await expect.poll(() => told().map(({ event }) => event), { timeout: 20_000 }).toContain('create');
      expect(told().filter(({ status, body }) => status !== 202 || !body.includes('tagged'))).toEqual([]);
      await expect
        .poll(async () => (await ground.application('tagged')).status.sync, { timeout: 20_000 })
        .toMatchObject({ status: 'Synced', revision: commit });
      expect(await valueIn('tagged')).toBe('second');
    });

    it('follows a forced push back to an older commit', async () => {
      deliveries.length = 0;
      const older = await inTree('rev-parse', 'HEAD~1');
      await inTree('push', '--quiet', '--force', 'origin', 'HEAD~1:main');
      await verdictsOf('push', older);
      await expect
        .poll(async () => (await ground.application('main')).status.sync, { timeout: 20_000 })
        .toMatchObject({ status: 'Synced', revision: older });
      expect(await valueIn('main')).toBe('first');
    });

    it('prunes nothing when a branch is deleted, and says so', async () => {
      deliveries.length = 0;
      await inTree('push', '--quiet', 'origin', ':feature');
      await verdictsOf('delete', undefined);
      await expect
        .poll(async () => (await ground.application('feature')).status.sync?.status, { timeout: 20_000 })
        .toBe('Unknown');
      const { conditions = [], resources } = (await ground.application('feature')).status;
      expect(conditions.map(({ type }) => type)).toContain('ComparisonError');
      expect(resources).toEqual([expect.objectContaining({ kind: 'ConfigMap', name: 'a' })]);
      expect(await valueIn('feature')).toBe('first');
    });

    it('takes every event that the hooks have sent', () => {
      expect(deliveries.filter(({ status }) => status !== 202 && status !== 200)).toEqual([]);
    });
  });
});

/** JSON, or a form with it. */
function payloadOf(text: string): unknown {
  return JSON.parse(text.startsWith('{') ? text : (new URLSearchParams(text).get('payload') ?? ''));
}

/** One commit through Gitea's API; gives it. */
async function changeFiles(
  gitea: Gitea,
  files: Readonly<Record<string, string>>,
  operation: 'create' | 'update',
): Promise<string | undefined> {
  const existing = await gitea.api('GET', `/repos/${gitea.user}/ops-deploy/git/trees/main?recursive=true`);
  const tree = at(existing, 'tree');
  const shaOf = (path: string) =>
    Array.isArray(tree) ? tree.filter(isObject).find((entry) => entry.path === path)?.sha : undefined;
  const made = await gitea.api('POST', `/repos/${gitea.user}/ops-deploy/contents`, {
    branch: 'main',
    message: 'Change',
    files: Object.entries(files).map(([path, content]) => {
      const sha = shaOf(path);
      return {
        path,
        content: Buffer.from(content).toString('base64'),
        operation: sha ? 'update' : operation,
        ...(sha ? { sha } : {}),
      };
    }),
  });
  return stringAt(made, 'commit', 'sha');
}
