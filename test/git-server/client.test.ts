// The Git client against a real Gitea: what it costs in requests and bytes, with real pushes.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitClient } from '../../src/git/client.ts';
import type { ReadSet } from '../../src/git/read-set.ts';
import { resolveRevision } from '../../src/git/revision.ts';
import type { ConnectedFetch } from '../../src/platform.ts';
import { readText } from '../../src/render/tree.ts';
import { git, temporaryFolder } from '../support/git-cli.ts';
import { type Gitea, missingGitea, startGitea } from '../support/gitea.ts';

const missing = missingGitea();
if (missing) console.warn(`SKIPPED: the Git client against a real Gitea: ${missing}`);

describe.skipIf(missing)('the Git client of a real Gitea', () => {
  let gitea: Gitea;
  let clone = '';
  let readSet: ReadSet | undefined;
  let first = '';
  const folder = temporaryFolder();
  const sizes: number[] = [];
  const counting: ConnectedFetch = async (url, init) => {
    const response = await fetch(url, init);
    const body = new Uint8Array(await response.arrayBuffer());
    sizes.push(body.length);
    return new Response(body, { status: response.status, headers: response.headers });
  };
  const client = createGitClient({ fetch: counting });
  const remote = () => ({
    url: `${gitea.url}/${gitea.user}/deploy`,
    credentials: { kind: 'basic' as const, username: gitea.user, password: gitea.password },
  });
  const head = async () => resolveRevision(await client.listRefs(remote(), { prefixes: ['HEAD'] }), 'HEAD').sha;
  const push = async (files: Readonly<Record<string, string>>, ...flags: string[]) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), content);
    }
    await git(clone, 'add', '.');
    await git(clone, 'commit', '-q', '-m', 'change');
    await git(clone, 'push', '-q', ...flags, 'origin', 'HEAD:main');
    sizes.length = 0;
    return git(clone, 'rev-parse', 'HEAD');
  };
  const bytes = () => sizes.reduce((sum, size) => sum + size, 0);

  beforeAll(async () => {
    gitea = await startGitea();
    await gitea.api('POST', '/user/repos', { name: 'deploy', default_branch: 'main', private: true });
    clone = join(folder.path, 'clone');
    await git(folder.path, 'init', '-q', 'clone');
    const address = remote().url.replace('//', `//${gitea.user}:${gitea.password}@`);
    await git(clone, 'remote', 'add', 'origin', address);
    const heap = Array.from({ length: 1500 }, (_, index): [string, string] => [
      `heap/${index % 50}/${index}.txt`,
      `${index} ${Math.sin(index)}\n`.repeat(20),
    ]);
    first = await push({ ...Object.fromEntries(heap), 'web/Chart.yaml': 'name: web\n', 'web/values.yaml': 'a: 1\n' });
  });
  afterAll(async () => {
    await gitea?.stop();
    folder.remove();
  });

  it('fetches a folder of a private repository for what the folder costs', async () => {
    const tree = await client.openCommit(remote(), await head(), { paths: ['web'] });
    expect(tree.list('web')?.map(({ name }) => name)).toEqual(['Chart.yaml', 'values.yaml']);
    expect(readText(tree, 'web/values.yaml')).toBe('a: 1\n');
    expect(sizes.length).toBeLessThanOrEqual(4);
    expect(bytes()).toBeLessThan(5000);
    readSet = tree.readSet();
  });

  it('fetches the next push in two requests', async () => {
    const pushed = await push({ 'web/values.yaml': 'a: 2\n', 'heap/1/1.txt': 'changed\n' });
    const tree = await client.openCommit(remote(), await head(), { paths: ['web'], readSet });
    expect(tree.sha).toBe(pushed);
    expect(readText(tree, 'web/values.yaml')).toBe('a: 2\n');
    expect(readText(tree, 'web/Chart.yaml')).toBe('name: web\n');
    expect(readSet && (await tree.changedSince(readSet))).toEqual(['web/values.yaml']);
    expect(sizes).toHaveLength(2);
    expect(bytes()).toBeLessThan(5000);
    readSet = tree.readSet();
  });

  it('proves in two requests that a push elsewhere changes nothing', async () => {
    await push({ 'heap/2/2.txt': 'changed\n' });
    const tree = await client.openCommit(remote(), await head(), { paths: [], readSet });
    expect(readSet && (await tree.changedSince(readSet))).toEqual([]);
    expect(sizes).toHaveLength(2);
  });

  it('follows a forced push back, and still opens the commit that was left', async () => {
    const left = await head();
    await git(clone, 'reset', '-q', '--hard', first);
    await push({ 'web/values.yaml': 'a: 3\n' }, '--force');
    const tree = await client.openCommit(remote(), await head(), { paths: ['web'], readSet });
    expect(readText(tree, 'web/values.yaml')).toBe('a: 3\n');
    const old = await createGitClient({ fetch: counting }).openCommit(remote(), left, { paths: ['web'] });
    expect(readText(old, 'web/values.yaml')).toBe('a: 2\n');
  });

  it('is told which Secret to make where credentials are missing or wrong', async () => {
    const { url } = remote();
    const wrong = { url, credentials: { kind: 'basic' as const, username: gitea.user, password: 'wrong' } };
    for (const one of [{ url }, wrong]) {
      await expect(client.listRefs(one)).rejects.toMatchObject({
        code: 'GitUnauthorized',
        hint: expect.stringContaining('secret-type: repository'),
      });
    }
  });
});
