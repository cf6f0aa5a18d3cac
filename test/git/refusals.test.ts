import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGitClient } from '../../src/git/client.ts';
import type { ConnectedFetch } from '../../src/platform.ts';
import { readText } from '../../src/render/tree.ts';
import { commitFiles, createRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer, type GitServerOptions } from '../../src/sandbox/git/server.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { startHttpBackend } from '../support/git-http-backend.ts';
import { exportRepository } from '../support/git-servers.ts';

const DETAILS = { message: 'first', author: { name: 'Alice', email: 'alice@example.com' }, atMs: 1_700_000_000_000 };
const FILES = {
  'README.md': 'read me\n',
  'a/b/c/Chart.yaml': 'name: web\n',
  'a/b/c/templates/service.yaml': 'kind: Service\n',
  'a/other.yaml': 'other: 1\n',
};
const refuse = (reason: string) => {
  const line = `ERR ${reason}\n`;
  return new Response((line.length + 4).toString(16).padStart(4, '0') + line, {
    headers: { 'content-type': 'application/x-git-upload-pack-result' },
  });
};

/** A sandbox that refuses requests for objects as `why` says; `bodies` are all that were sent. */
function startPicky(options: GitServerOptions, why: (body: string) => string | undefined) {
  const server = createGitServer(options);
  const repository = server.create('team/deploy');
  const bodies: string[] = [];
  const fetch: ConnectedFetch = async (url, init) => {
    const body = typeof init.body === 'string' ? init.body : '';
    if (!body.includes('want ')) return server.handle(new Request(url, init));
    bodies.push(body);
    const reason = why(body);
    return reason === undefined ? server.handle(new Request(url, init)) : refuse(reason);
  };
  const remote = { url: 'http://git.test/team/deploy' };
  const commit = (files: Parameters<typeof commitFiles>[2]) => commitFiles(repository, 'main', files, DETAILS).after;
  return { repository, bodies, remote, commit, client: createGitClient({ fetch }) };
}

describe('a server that does less', () => {
  it.each([0, 2] as const)('and gives commits only (version %i) gives the whole commit', async (protocol) => {
    const { client, remote, commit, repository } = startPicky({ protocol }, (body) => {
      const wants = [...body.matchAll(/want ([0-9a-f]{40})/g)].map(([, id]) => id ?? '');
      const isCommit = wants.every((id) => repository.objects.get(id)?.type === 'commit');
      return isCommit ? undefined : `upload-pack: not our ref ${wants[0]}`;
    });
    const first = await client.openCommit(remote, commit(FILES), { paths: ['a/b/c'] });
    expect(readText(first, 'a/b/c/templates/service.yaml')).toBe('kind: Service\n');
    const second = await client.openCommit(remote, commit({ 'a/b/c/Chart.yaml': 'name: api\n' }), {
      paths: ['a/b/c'],
      readSet: first.readSet(),
    });
    expect(readText(second, 'a/b/c/Chart.yaml')).toBe('name: api\n');
    expect(readText(second, 'a/b/c/templates/service.yaml')).toBe('kind: Service\n');
  });

  it('and does not know trees as what a client has is asked without them from then on', async () => {
    const { client, remote, commit, bodies } = startPicky({}, (body) =>
      body.includes('have ') ? 'have of an object that is no commit' : undefined,
    );
    let readSet: ReturnType<Awaited<ReturnType<typeof client.openCommit>>['readSet']> | undefined;
    for (const name of ['web', 'api', 'db']) {
      const sha = commit({ ...FILES, 'a/b/c/Chart.yaml': `name: ${name}\n` });
      const tree = await client.openCommit(remote, sha, { paths: ['a/b/c'], readSet });
      expect(readText(tree, 'a/b/c/Chart.yaml')).toBe(`name: ${name}\n`);
      readSet = tree.readSet();
    }
    expect(bodies.filter((body) => body.includes('have '))).toHaveLength(1);
  });

  it('and refuses every filter is asked without', async () => {
    const { client, remote, commit, bodies } = startPicky({}, (body) =>
      body.includes('filter ') ? "filter 'tree' not supported" : undefined,
    );
    const tree = await client.openCommit(remote, commit(FILES), { paths: ['a/b/c'] });
    expect(readText(tree, 'a/b/c/Chart.yaml')).toBe('name: web\n');
    expect(bodies.at(-1)).not.toContain('filter ');
  });

  it('and refuses to combine filters is asked for one level after the other from then on', async () => {
    const { client, remote, commit, bodies } = startPicky({}, (body) =>
      body.includes('filter combine:') ? "filter 'combine' not supported" : undefined,
    );
    const sha = commit({ 'a/b/c/d/web/Chart.yaml': 'name: web\n', 'a/b/c/d/api/Chart.yaml': 'name: api\n' });
    for (const name of ['web', 'api']) {
      const tree = await client.openCommit(remote, sha, { paths: [`a/b/c/d/${name}`] });
      expect(readText(tree, `a/b/c/d/${name}/Chart.yaml`)).toBe(`name: ${name}\n`);
    }
    expect(bodies.filter((body) => body.includes('filter combine:'))).toHaveLength(1);
    expect(bodies[0]).toContain('filter tree:1');
  });

  it('and does not understand our requests at all is read by isomorphic-git', async () => {
    const { client, remote, commit, bodies } = startPicky({ protocol: 0 }, (body) =>
      body.includes('agent=git/isomorphic-git') ? undefined : 'unknown client',
    );
    const tree = await client.openCommit(remote, commit(FILES), { paths: ['a/b/c'] });
    for (const [path, text] of Object.entries(FILES)) expect(readText(tree, path)).toBe(text);
    expect(bodies.at(-1)).toContain('agent=git/isomorphic-git');
  });

  it('and gives nothing at all is an error with its words', async () => {
    const { client, remote, commit } = startPicky({}, () => 'the disk is full');
    await expect(client.openCommit(remote, commit(FILES), { paths: [''] })).rejects.toThrow(/the disk is full/);
  });

  it('is not asked again for a commit that is gone', async () => {
    const { client, remote, commit, bodies } = startPicky({}, () => undefined);
    const first = await client.openCommit(remote, commit(FILES), { paths: ['a'] });
    bodies.length = 0;
    await expect(client.openCommit(remote, 'd'.repeat(40), { paths: ['a'] })).rejects.toMatchObject({
      code: 'RevisionNotFound',
    });
    expect(bodies).toHaveLength(1);
    bodies.length = 0;
    await client.openCommit(remote, commit({ 'a/new.yaml': 'n: 1\n' }), {
      paths: ['a'],
      readSet: first.readSet(),
    });
    expect(bodies[0]).toContain('have ');
  });
});

describe.skipIf(!hasGit())('real Git configured as the large hosts are', () => {
  it.each([
    ['trees of depth 0 alone', ['uploadpackfilter.tree.maxDepth', '0']],
    ['no combined filters', ['uploadpackfilter.combine.allow', 'false']],
    ['no filter but blob:none', ['uploadpackfilter.allow', 'false']],
  ])('with %s gives a deep path', async (_, [key = '', value = '']) => {
    const folder = temporaryFolder();
    const repository = createRepository('team/deploy');
    const deep = { 'areas/one/teams/two/web/Chart.yaml': 'name: deep\n', 'areas/one/teams/two/README.md': 'no\n' };
    const { after } = commitFiles(repository, 'main', { ...FILES, ...deep }, DETAILS);
    const path = join(folder.path, 'team/deploy.git');
    await exportRepository(repository, path, true);
    await git(path, 'config', key, value);
    const backend = await startHttpBackend(folder.path);
    const client = createGitClient({ fetch: (url, init) => fetch(url, init) });
    const tree = await client.openCommit({ url: `${backend.url}/team/deploy.git` }, after, { paths: ['a/b/c'] });
    expect(readText(tree, 'a/b/c/templates/service.yaml')).toBe('kind: Service\n');
    const paths = ['areas/one/teams/two/web'];
    const other = await client.openCommit({ url: `${backend.url}/team/deploy.git` }, after, { paths });
    expect(readText(other, 'areas/one/teams/two/web/Chart.yaml')).toBe('name: deep\n');
    await backend.close();
    folder.remove();
  });
});
