// Private submodules and Git LFS of a real Gitea, whose LFS server asks for what those of the big hosts ask for.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkout, openCheckout } from '../../src/git/checkout.ts';
import { createGitClient } from '../../src/git/client.ts';
import { chooseRemote, chooseSubmoduleRemote, NO_SECRETS, type RepositorySecrets } from '../../src/git/credentials.ts';
import { readText } from '../../src/render/tree.ts';
import { git, temporaryFolder } from '../support/git-cli.ts';
import { type Gitea, missingGitea, startGitea } from '../support/gitea.ts';

const missing = missingGitea();
if (missing) console.warn(`SKIPPED: checkouts from a real Gitea: ${missing}`);

const LARGE = 'kind: Large\n'.repeat(1000);

describe.skipIf(missing)('a checkout from a real Gitea', () => {
  const folder = temporaryFolder();
  let gitea: Gitea;
  let sha: string;

  beforeAll(async () => {
    gitea = await startGitea();
    await publish('lib', { 'lib.yaml': 'kind: Lib\n' });
    const pointer = await upload('main', LARGE);
    sha = await publish(
      'main',
      { 'app/own.yaml': 'kind: Own\n', 'app/large.yaml': pointer },
      { 'app/lib': '../lib.git' },
    );
  });
  afterAll(async () => {
    await gitea?.stop();
    folder.remove();
  });

  const addressOf = (name: string) => `${gitea.url}/${gitea.user}/${name}.git`;
  const basic = () => `Basic ${btoa(`${gitea.user}:${gitea.password}`)}`;

  /** A private repository, made and pushed as people do. */
  async function publish(name: string, files: Record<string, string>, modules: Record<string, string> = {}) {
    await gitea.api('POST', '/user/repos', { name, private: true, default_branch: 'main' }).catch((error: unknown) => {
      if (!String(error).includes('409')) throw error;
    });
    const here = join(folder.path, name);
    await git(folder.path, 'init', '-q', '-b', 'main', here);
    await git(here, 'config', 'http.extraHeader', `Authorization: ${basic()}`);
    await git(here, 'remote', 'add', 'origin', addressOf(name));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(here, path)), { recursive: true });
      writeFileSync(join(here, path), content);
    }
    const login = ['-c', `http.extraHeader=Authorization: ${basic()}`];
    for (const [path, url] of Object.entries(modules))
      await git(here, ...login, 'submodule', '--quiet', 'add', url, path);
    await git(here, 'add', '-A');
    await git(here, 'commit', '-q', '-m', 'all');
    await git(here, 'push', '-q', 'origin', 'main');
    return git(here, 'rev-parse', 'HEAD');
  }

  /** Puts a file into Gitea's LFS as git-lfs does; gives its pointer. */
  async function upload(name: string, content: string): Promise<string> {
    await gitea.api('POST', '/user/repos', { name, private: true, default_branch: 'main' });
    const oid = createHash('sha256').update(content).digest('hex');
    const size = Buffer.byteLength(content);
    const batch = await fetch(`${addressOf(name)}/info/lfs/objects/batch`, {
      method: 'POST',
      headers: {
        authorization: basic(),
        accept: 'application/vnd.git-lfs+json',
        'content-type': 'application/vnd.git-lfs+json',
      },
      body: JSON.stringify({ operation: 'upload', transfers: ['basic'], objects: [{ oid, size }] }),
    });
    const answer = (await batch.json()) as {
      objects: { actions: { upload: { href: string; header?: Record<string, string> } } }[];
    };
    const action = answer.objects[0]?.actions.upload;
    if (!action) throw new Error(`gitea takes no upload: ${JSON.stringify(answer)}`);
    const headers = new Headers(action.header);
    headers.delete('transfer-encoding');
    const put = await fetch(action.href, { method: 'PUT', headers, body: content });
    if (!put.ok) throw new Error(`gitea refused the upload: ${put.status} ${await put.text()}`);
    return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;
  }

  async function open(enableLfs: string): Promise<Checkout> {
    const login = { username: gitea.user, password: gitea.password };
    const secrets: RepositorySecrets = {
      ...NO_SECRETS,
      repositories: [{ url: addressOf('main'), ...login, enableLfs }],
    };
    const direct = (url: string, init: RequestInit) => fetch(url, init);
    const settings = {
      git: createGitClient({ fetch: direct }),
      fetch: direct,
      remoteOf: (url: string, parent: ReturnType<typeof chooseRemote>) =>
        chooseSubmoduleRemote(url, parent, 'default', secrets, async () => true),
    };
    return openCheckout(settings, chooseRemote(addressOf('main'), 'default', secrets), sha, { paths: ['app'] });
  }

  async function read(tree: Checkout, path: string): Promise<string | undefined> {
    for (;;) {
      try {
        return readText(tree, path);
      } catch (error) {
        if (tree.missing().length === 0) throw error;
        await tree.load(tree.missing());
      }
    }
  }

  it('has the files of a private submodule and of Git LFS', async () => {
    const tree = await open('true');
    expect(await read(tree, 'app/own.yaml')).toBe('kind: Own\n');
    expect(await read(tree, 'app/lib/lib.yaml')).toBe('kind: Lib\n');
    expect(await read(tree, 'app/large.yaml')).toBe(LARGE);
  });

  it('refuses the file in Git LFS where that is not enabled', async () => {
    await expect(read(await open('false'), 'app/large.yaml')).rejects.toMatchObject({
      hint: expect.stringContaining('enableLfs'),
    });
  });
});
