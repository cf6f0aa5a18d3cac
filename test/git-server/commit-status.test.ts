// A real Gitea shows what has become of its commits in the cluster: statuses beside them, comments in the pull requests that brought them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at, isObject, stringAt } from '../../src/base/json.ts';
import { type Gitea, missingGitea, startGitea } from '../support/gitea.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const missing = missingGitea();
if (missing) console.warn(`SKIPPED: the real Gitea: ${missing}`);

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {value: "${value}"}\n`;
const encoded = (text: string) => Buffer.from(text).toString('base64');

describe.skipIf(missing)('the commits of a real Gitea', () => {
  let gitea: Gitea;
  let ground: Ground;

  beforeAll(async () => {
    gitea = await startGitea();
    ground = await createGround(connectSandbox());
    await gitea.api('POST', '/user/repos', { name: 'deploy', auto_init: true, default_branch: 'main', private: true });
    await gitea.api('POST', `/repos/${gitea.user}/deploy/contents/app/settings.yaml`, {
      ...{ branch: 'main', content: encoded(configMap('one')), message: 'One' },
    });
    const token = async (name: string, scopes: readonly string[]) =>
      stringAt(await gitea.api('POST', `/users/${gitea.user}/tokens`, { name, scopes }), 'sha1') ?? '';
    // Whoever may read may not write: with the wrong credentials nothing below would happen.
    await secret('read', 'repository', await token('read', ['read:repository']));
    await secret('write', 'repository-write', await token('write', ['write:repository', 'write:issue']));
    await ground.client.create({
      ...applicationManifest({
        ...{ name: 'app', namespace: NAMESPACE, path: 'app', destinationNamespace: 'default', automated: {} },
        repoURL: `${gitea.url}/${gitea.user}/deploy.git`,
      }),
      metadata: {
        name: 'app',
        namespace: NAMESPACE,
        annotations: {
          'notifications.argoproj.io/subscribe.on-sync-running.gitea': '',
          'notifications.argoproj.io/subscribe.on-sync-succeeded.gitea': 'status;comment',
          'notifications.argoproj.io/subscribe.on-sync-failed.gitea': 'status',
        },
      },
    });
  });
  afterAll(async () => {
    await ground?.close();
    await gitea?.stop();
  });

  async function secret(name: string, type: string, password: string): Promise<void> {
    const data = { url: `${gitea.url}/${gitea.user}/deploy.git`, username: gitea.user, password };
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': type } },
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encoded(value)])),
    });
  }

  async function statuses(commit: string) {
    const found = await gitea.api('GET', `/repos/${gitea.user}/deploy/commits/${commit}/statuses?sort=oldest`);
    return (Array.isArray(found) ? found : []).map((one: unknown) => ({
      state: stringAt(one, 'status') ?? stringAt(one, 'state'),
      context: stringAt(one, 'context'),
      description: stringAt(one, 'description'),
    }));
  }

  it('show that a sync has begun, and that it succeeded', async () => {
    await ground.refresh('app');
    await ground.hawser.idle();
    const { revision = '' } = (await ground.application('app')).status.sync ?? {};
    expect(await statuses(revision)).toEqual([
      { state: 'pending', context: 'hawser/app', description: 'the sync has begun' },
      { state: 'success', context: 'hawser/app', description: 'synced' },
    ]);
    const combined = await gitea.api('GET', `/repos/${gitea.user}/deploy/commits/${revision}/status`);
    expect(stringAt(combined, 'state')).toBe('success');
  });

  it('that a pull request has brought are commented on there', async () => {
    await gitea.api('POST', `/repos/${gitea.user}/deploy/contents/app/more.yaml`, {
      ...{ branch: 'main', new_branch: 'change', message: 'Two' },
      content: encoded(configMap('two').replace('settings', 'more')),
    });
    const pull = await gitea.api('POST', `/repos/${gitea.user}/deploy/pulls`, {
      ...{ title: 'More', head: 'change', base: 'main' },
    });
    const number = at(pull, 'number');
    await merge(`/repos/${gitea.user}/deploy/pulls/${String(number)}/merge`);
    await ground.refresh('app');
    await ground.hawser.idle();
    const found = await gitea.api('GET', `/repos/${gitea.user}/deploy/issues/${String(number)}/comments`);
    const comments = (Array.isArray(found) ? found : [])
      .filter(isObject)
      .map((comment) => stringAt(comment, 'body') ?? '');
    expect(comments).toHaveLength(1);
    expect(comments[0]).toContain('Application app was synced');
    expect(ground.logs.join('\n')).not.toMatch(/a notification cannot/);
  });

  /** Gitea checks for conflicts by and by, and refuses until it has. */
  async function merge(path: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await gitea.api('POST', path, { Do: 'merge' });
        return;
      } catch (error) {
        if (tries === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
});
