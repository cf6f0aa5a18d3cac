// What a real Gitea tells of our webhook, and of commits that a forced push has replaced.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject } from '../../src/base/json.ts';
import { createGitClient } from '../../src/git/client.ts';
import { resendFailedDeliveries } from '../../src/git-host/failed-deliveries.ts';
import { git, temporaryFolder } from '../support/git-cli.ts';
import { type Gitea, missingGitea, startGitea } from '../support/gitea.ts';

const WEBHOOK = 'http://127.0.0.1:1/api/webhook';
const missing = missingGitea();
if (missing) console.warn(`SKIPPED: hooks and forced pushes of a real Gitea: ${missing}`);

describe.skipIf(missing)('a real Gitea', () => {
  let gitea: Gitea;
  const folder = temporaryFolder();
  const repoURL = () => `${gitea.url}/${gitea.user}/deploy.git`;
  const credentials = () => ({ kind: 'basic' as const, username: gitea.user, password: gitea.password });

  beforeAll(async () => {
    gitea = await startGitea();
    await gitea.api('POST', '/user/repos', { name: 'deploy', default_branch: 'main', private: true });
  }, 90_000);
  afterAll(async () => {
    await gitea?.stop();
    folder.remove();
  });

  const ask = () =>
    resendFailedDeliveries({
      fetch: (url, init) => fetch(url, init),
      repoURL: repoURL(),
      webhookUrl: WEBHOOK,
      sinceMs: 0,
      provider: 'gitea',
      credentials: credentials(),
      signal: AbortSignal.timeout(10_000),
    });

  it('keeps no list of deliveries that its API would tell', async () => {
    const swagger = await (await fetch(`${gitea.url}/swagger.v1.json`)).json();
    const paths = isObject(swagger) && isObject(swagger.paths) ? Object.keys(swagger.paths) : [];
    expect(paths).toContain('/repos/{owner}/{repo}/hooks/{id}');
    expect(paths.filter((path) => /deliver|hooktask/i.test(path))).toEqual([]);
  });

  it('tells of a hook that is not active', async () => {
    expect(await ask()).toEqual({ resent: 0 });
    const hook = await gitea.api('POST', `/repos/${gitea.user}/deploy/hooks`, {
      type: 'gitea',
      active: true,
      events: ['push'],
      config: { url: WEBHOOK, content_type: 'json' },
    });
    expect(await ask()).toEqual({ resent: 0 });
    const id = isObject(hook) ? hook.id : 0;
    await gitea.api('PATCH', `/repos/${gitea.user}/deploy/hooks/${id}`, { active: false });
    expect(await ask()).toEqual({ resent: 0, problem: `the webhook ${WEBHOOK} of the repository is not active` });
  });

  it('shows whether a push went on from a commit or replaced it', async () => {
    const clone = join(folder.path, 'clone');
    mkdirSync(clone);
    await git(clone, 'init', '-q', '-b', 'main');
    await git(clone, 'remote', 'add', 'origin', repoURL().replace('//', `//${gitea.user}:${gitea.password}@`));
    const push = async (text: string) => {
      writeFileSync(join(clone, 'file'), text);
      await git(clone, 'add', '.');
      await git(clone, 'commit', '-q', '-m', text);
      await git(clone, 'push', '-q', '--force', 'origin', 'main');
      return git(clone, 'rev-parse', 'HEAD');
    };
    const first = await push('first');
    const second = await push('second');
    const third = await push('third');
    await git(clone, 'reset', '-q', '--hard', first);
    const replaced = await push('replaced');
    const client = createGitClient({ fetch: (url, init) => fetch(url, init) });
    const isAncestor = (ancestor: string, commit: string) =>
      client.isAncestor({ url: repoURL(), credentials: credentials() }, ancestor, commit);
    expect(await isAncestor(first, third)).toBe(true);
    expect(await isAncestor(third, replaced)).toBe(false);
    expect(await isAncestor(second, replaced)).toBe(false);
    expect(await isAncestor(first, replaced)).toBe(true);
    expect(await isAncestor(third, first)).toBe(false);
  });
});
