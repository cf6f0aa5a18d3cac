// A checkout is what `git clone --recurse-submodules` makes of the same commit, with real git on both sides.

import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkout, openCheckout } from '../../src/git/checkout.ts';
import { createGitClient } from '../../src/git/client.ts';
import { chooseSubmoduleRemote, NO_SECRETS } from '../../src/git/credentials.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { type HttpBackend, startHttpBackend } from '../support/git-http-backend.ts';

const USER = { user: 'alice', password: 'secret' };

describe.skipIf(!hasGit())('a checkout with submodules of real git', () => {
  const folder = temporaryFolder();
  let backend: HttpBackend;
  const at = (...parts: string[]) => join(folder.path, ...parts);

  beforeAll(async () => {
    backend = await startHttpBackend(at('served'), { auth: USER });
    await create('org/inner', { 'deep/inner.yaml': 'inner\n' });
    await create('org/lib', { 'lib.yaml': 'lib\n', 'templates/_x.tpl': 'x\n' }, { 'vendor/inner': '../inner.git' });
    await create('org/other', { 'other.yaml': 'other\n' });
    await create(
      'team/app',
      { 'app/a.yaml': 'a\n' },
      { 'app/lib': '../../org/lib.git', 'with space/o': '../../org/other' },
    );
  });
  afterAll(async () => {
    await backend.close();
    folder.remove();
  });

  /** A repository as people make one: with a work tree, `git submodule add`, and a push. */
  async function create(name: string, files: Record<string, string>, modules: Record<string, string> = {}) {
    const bare = at('served', `${name}.git`);
    mkdirSync(dirname(bare), { recursive: true });
    await git(folder.path, 'init', '-q', '--bare', '-b', 'main', bare);
    await git(bare, 'config', 'uploadpack.allowFilter', 'true');
    await git(folder.path, 'clone', '-q', bare, at('work', name));
    const here = at('work', name);
    await git(here, 'checkout', '-q', '-B', 'main');
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(here, path)), { recursive: true });
      writeFileSync(join(here, path), content);
    }
    symlinkSync('..', join(here, 'parent'));
    for (const [path, url] of Object.entries(modules)) {
      await git(here, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', url, path);
    }
    await git(here, 'add', '-A');
    await git(here, 'commit', '-q', '-m', 'all');
    await git(here, 'push', '-q', 'origin', 'main');
  }

  function* filesOf(root: string, at = root): Generator<[string, string]> {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.name === '.git') continue;
      if (entry.isDirectory()) yield* filesOf(root, path);
      else if (entry.isFile()) yield [relative(root, path), readFileSync(path, 'utf8')];
    }
  }

  async function readAll(tree: Checkout): Promise<Map<string, string>> {
    for (;;) {
      const found = new Map<string, string>();
      const visit = (path: string) => {
        for (const { name, kind } of attempt(() => tree.list(path)) ?? []) {
          const child = path === '' ? name : `${path}/${name}`;
          if (kind === 'directory') visit(child);
          const content = kind === 'file' ? attempt(() => tree.readFile(child)) : undefined;
          if (content) found.set(child, new TextDecoder().decode(content));
        }
      };
      visit('');
      if (tree.missing().length === 0) return found;
      await tree.load(tree.missing());
    }
    function attempt<T>(read: () => T): T | undefined {
      try {
        return read();
      } catch (error) {
        if (tree.missing().length === 0) throw error;
        return undefined;
      }
    }
  }

  it('has the same files, with the credentials of the repository for all of them', async () => {
    const client = createGitClient({ fetch: (url, init) => fetch(url, init) });
    const url = `${backend.url}/team/app.git`;
    const remote = { url, credentials: { kind: 'basic', username: USER.user, password: USER.password } } as const;
    const sha = await git(at('work/team/app'), 'rev-parse', 'HEAD');
    const tree = await openCheckout(
      {
        git: client,
        fetch: (address, init) => fetch(address, init),
        remoteOf: (address, parent) => chooseSubmoduleRemote(address, parent, 'default', NO_SECRETS, async () => true),
      },
      remote,
      sha,
      { paths: [''] },
    );
    const login = backend.url.replace('://', `://${USER.user}:${USER.password}@`);
    await git(folder.path, 'clone', '-q', '--recurse-submodules', `${login}/team/app.git`, at('cloned'));
    const expected = new Map(filesOf(at('cloned')));
    expect(expected.get('app/lib/vendor/inner/deep/inner.yaml')).toBe('inner\n');
    expect(expected.get('with space/o/other.yaml')).toBe('other\n');
    expect([...(await readAll(tree))].sort()).toEqual([...expected].sort());
    // Each `parent` leads from a repository's root to the folder that it is in.
    expect(tree.realPath('app/lib/vendor/inner/parent')).toBe('app/lib/vendor');
    expect(tree.realPath('app/lib/parent/a.yaml')).toBe('app/a.yaml');
    expect(() => tree.list('parent')).toThrow(expect.objectContaining({ code: 'PathEscapes' }));
    expect(() => tree.list('app/lib/parent/../parent')).toThrow(expect.objectContaining({ code: 'PathEscapes' }));
  });
});
