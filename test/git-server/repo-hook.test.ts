// hawser repo add --hook at a real Gitea: the webhook is made with a secret of its own, tried out by Gitea, and heard of by hawser.

import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { exitCodeOf, formatError } from '../../src/base/errors.ts';
import { at } from '../../src/base/json.ts';
import { repoCommand } from '../../src/cli/repo.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { appPlatform } from '../support/app-platform.ts';
import { captureIo } from '../support/captured-io.ts';
import { type Gitea, missingGitea, startGitea } from '../support/gitea.ts';
import { createGround, type Ground, TOKEN } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const missing = missingGitea();
if (missing) console.warn(`SKIPPED: webhooks that hawser makes at the real Gitea: ${missing}`);

describe.skipIf(missing)('hawser repo add --hook at a real Gitea', () => {
  let gitea: Gitea;
  let ground: Ground;
  let handler: Listening;
  let url: string;

  beforeAll(async () => {
    gitea = await startGitea();
    ground = await createGround(connectSandbox());
    const app = createApp(ground.hawser, appPlatform());
    handler = await listen((request) => app.fetch(request), { host: '127.0.0.1', port: 0 });
    await gitea.api('POST', '/user/repos', { name: 'ops', auto_init: true, default_branch: 'main', private: true });
    url = `${gitea.url}/${gitea.user}/ops.git`;
  });
  afterAll(async () => {
    await handler?.close();
    await ground?.close();
    await gitea?.stop();
  });

  async function run(
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string; readonly error?: string }> {
    const { io, output } = captureIo(tmpdir(), {});
    try {
      const code = await repoCommand(['add', url, ...args], io, {
        connect: async () => ground.client,
        openFetch: async () => createConnectedFetch(),
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
        readStdin: async () => '',
      });
      return { code, ...output() };
    } catch (error) {
      return { code: exitCodeOf(error), ...output(), error: formatError(error) };
    }
  }
  const hooks = async () => {
    const found = await gitea.api('GET', `/repos/${gitea.user}/ops/hooks`);
    return Array.isArray(found) ? found : [];
  };
  const account = () => ['--username', gitea.user, '--password', gitea.password];

  it('finds out that it is a Gitea, makes the webhook, and waits for its signed delivery', async () => {
    const made = await run(...account(), '--hook', 'auto', '--server', handler.url);
    expect(made).toMatchObject({ code: 0 });
    expect(made.stdout).toContain(`Gitea has a webhook of ${gitea.user}/ops to ${handler.url}/api/webhook now`);
    expect(made.stdout).toContain(
      "hawser has received a delivery for refs/heads/main, signed with this repository's secret",
    );
    const [hook] = await hooks();
    expect(at(hook, 'active')).toBe(true);
    expect(at(hook, 'config', 'content_type')).toBe('json');
  });

  it('is the same webhook when it is asked for again, with another secret', async () => {
    const again = await run('--hook', 'gitea', '--server', handler.url, '--webhook-secret', 'chosen-by-hand');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('has the new secret');
    expect(await hooks()).toHaveLength(1);
  });

  it('says what to look at where nothing comes, and leaves the webhook there', async () => {
    const nobody = 'http://127.0.0.1:9';
    const silent = await run('--hook', 'gitea', '--server', nobody, '--hook-timeout', '2');
    expect(silent).toMatchObject({ code: 1 });
    expect(silent.error).toContain(`nothing signed has come to ${nobody}/api/webhook within 2 s`);
    expect(silent.error).toContain('ALLOWED_HOST_LIST');
    expect(await hooks()).toHaveLength(2);
  });

  it('says which right is missing where the token may not manage webhooks', async () => {
    const refused = await run('--hook', 'gitea', '--hook-token', 'none', '--server', handler.url);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.error).toMatch(/401.*the token may lack the right to manage webhooks/);
    expect(JSON.stringify(refused)).not.toContain(gitea.password);
  });

  it('is mended by the API with the credentials of the repository, and heard of', async () => {
    const metadata = { name: 'argocd-cm', namespace: ground.namespace };
    await ground.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { url: handler.url } });
    const answer = await fetch(`${handler.url}/api/v1/repositories/${encodeURIComponent(url)}/webhook`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({}),
    });
    expect(await answer.json()).toMatchObject({
      ...{ host: 'gitea', repository: `${gitea.user}/ops`, action: 'updated', mended: [], trial: 'asked' },
      ...{ webhookUrl: `${handler.url}/api/webhook`, heard: 'refs/heads/main' },
    });
    expect(await hooks()).toHaveLength(2);
  });
});
