// A tried change as a commit at a real Gitea: to a new branch, to the branch itself, against a protected one, and with a token that may only read.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at, stringAt } from '../../src/base/json.ts';
import { type Gitea, missingGitea, startGitea } from '../support/gitea.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const missing = missingGitea();
if (missing) console.warn(`SKIPPED: the real Gitea: ${missing}`);

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map\ndata:\n  a: "1"\n';

describe.skipIf(missing)('a commit to a real Gitea', () => {
  let gitea: Gitea;
  let ground: Ground;
  let repository: string;

  beforeAll(async () => {
    gitea = await startGitea();
    ground = await createGround(connectSandbox());
    repository = `${gitea.user}/deploy`;
    await gitea.api('POST', '/user/repos', { name: 'deploy', auto_init: true, default_branch: 'main' });
    await gitea.api('POST', `/repos/${repository}/contents/plain/map.yaml`, { content: btoa(MAP), message: 'First' });
    await keep('reader', 'repo-creds', gitea.password);
    await ground.client.create(
      applicationManifest({
        ...{ name: 'plain', namespace: NAMESPACE, repoURL: `${gitea.url}/${repository}`, path: 'plain' },
        ...{ destinationNamespace: 'plain' },
      }),
    );
  });
  afterAll(async () => {
    await ground?.close();
    await gitea?.stop();
  });

  const keep = (name: string, type: string, password: string) =>
    ground.client.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': type } },
      data: { url: btoa(`${gitea.url}/${gitea.user}`), username: btoa(gitea.user), password: btoa(password) },
    });
  const head = async (branch: string) =>
    stringAt(await gitea.api('GET', `/repos/${repository}/branches/${encodeURIComponent(branch)}`), 'commit', 'id') ??
    '';
  const commit = async (more: object, value = '2') =>
    ground.request('POST', '/api/v1/applications/plain/commits', {
      ...{ branch: 'hawser/try', createBranch: true, message: 'Set a', baseRevision: await head('main') },
      files: { 'plain/map.yaml': MAP.replace('"1"', `"${value}"`) },
      ...more,
    });
  const token = async (name: string, scope: string) => {
    const answer = await fetch(`${gitea.url}/api/v1/users/${gitea.user}/tokens`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${gitea.user}:${gitea.password}`)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ name, scopes: [scope] }),
    });
    return stringAt(await answer.json(), 'sha1') ?? '';
  };

  it('is not made with the credentials for reading', async () => {
    expect(await commit({})).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('nobody gave credentials for writing') },
    });
  });

  it('is not taken from a token that may only read', async () => {
    await keep('writer', 'repo-write-creds', await token('reading', 'read:repository'));
    const { status, body } = await commit({});
    expect(status).toBe(502);
    expect(body).toMatchObject({ message: expect.stringMatching(/refused/) });
  });

  it('is on a new branch, which leads to a comparison', async () => {
    await keep('writer', 'repo-write-creds', await token('writing', 'write:repository'));
    const base = await head('main');
    const { status, body } = await commit({});
    expect(body).toEqual({
      commit: await head('hawser/try'),
      branch: 'hawser/try',
      url: `${gitea.url}/${repository}/compare/main...hawser/try`,
    });
    expect(status).toBe(200);
    const made = await gitea.api('GET', `/repos/${repository}/git/commits/${at(body, 'commit')}`);
    expect(made).toMatchObject({
      commit: { author: { name: 'hawser' }, committer: { name: 'hawser' }, message: 'Set a\n' },
      parents: [{ sha: base }],
      files: [{ filename: 'plain/map.yaml', status: 'modified' }],
    });
    const page = await fetch(String(at(body, 'url')));
    expect(page.status).toBe(200);
  });

  it('is on the branch itself, and conflicts where that has moved on', async () => {
    const base = await head('main');
    const { body } = await commit({ branch: 'main', createBranch: false }, '3');
    expect(await head('main')).toBe(at(body, 'commit'));
    expect(await commit({ branch: 'main', createBranch: false, baseRevision: base }, '4')).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('the branch main has moved on') },
    });
  });

  it('is refused for a protected branch in Gitea’s own words', async () => {
    await gitea.api('POST', `/repos/${repository}/branch_protections`, { rule_name: 'main', enable_push: false });
    const before = await head('main');
    const answer = await commit({ branch: 'main', createBranch: false }, '5');
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/the Git server refused the push: .*protected branch/i) },
    });
    expect(await head('main')).toBe(before);
  });
});
