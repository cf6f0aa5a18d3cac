import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkout, type CheckoutSettings, openCheckout } from '../../src/git/checkout.ts';
import { createGitClient, type GitClient } from '../../src/git/client.ts';
import { chooseSubmoduleRemote, NO_SECRETS } from '../../src/git/credentials.ts';
import { readText } from '../../src/render/tree.ts';
import { commitFiles, type SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { hasGit } from '../support/git-cli.ts';
import { SERVER_KINDS, startServer, type TestServer } from '../support/git-servers.ts';

const isGitHere = hasGit();
const link = (target: string) => ({ content: target, mode: '120000' as const });
const gitlink = (sha: string) => ({ content: sha, mode: '160000' as const });
const module = (path: string, url: string, more = '') =>
  `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n${more}`;

/** What a renderer does: reads, and where something is missing, has it brought and reads again. */
async function reading<T>(tree: Checkout, read: () => T): Promise<T> {
  for (let round = 0; round < 20; round++) {
    try {
      return read();
    } catch (error) {
      const missing = tree.missing();
      if (missing.length === 0) throw error;
      await tree.load(missing);
    }
  }
  throw new Error('something is always missing');
}

describe.each(SERVER_KINDS.filter(({ real }) => !real || isGitHere))('a checkout from $name', (kind) => {
  let server: TestServer;
  let git: GitClient;
  let settings: CheckoutSettings;
  let app: SandboxRepository;
  let lib: SandboxRepository;
  let clock = 1_700_000_000_000;

  const commit = async (repository: SandboxRepository, files: Parameters<typeof commitFiles>[2]) => {
    clock += 1000;
    const details = { message: `at ${clock}`, author: { name: 'Alice', email: 'alice@example.com' }, atMs: clock };
    const { after } = commitFiles(repository, 'main', files, details);
    await server.publish(repository);
    return after;
  };
  const open = (sha: string, paths: string[] = ['charts/web'], readSet?: ReturnType<Checkout['readSet']>) =>
    openCheckout(settings, { url: `${server.url}/team/app.git` }, sha, { paths, readSet });

  beforeEach(async () => {
    server = await startServer(kind);
    git = createGitClient({ fetch: server.fetch });
    settings = {
      git,
      fetch: server.fetch,
      remoteOf: (url, parent) => chooseSubmoduleRemote(url, parent, 'default', NO_SECRETS, async () => true),
    };
    app = server.create('team/app');
    lib = server.create('team/lib');
  });
  afterEach(() => server.close());

  it('has the files of a submodule at the commit that it is pinned to', async () => {
    const pinned = await commit(lib, { 'templates/_lib.tpl': 'one\n', 'deep/er/x.yaml': 'x\n' });
    await commit(lib, { 'templates/_lib.tpl': 'two\n' });
    const sha = await commit(app, {
      '.gitmodules': module('charts/web/lib', '../lib.git'),
      'charts/web/Chart.yaml': 'name: web\n',
      'charts/web/lib': gitlink(pinned),
    });
    const tree = await open(sha);
    expect(tree.list('charts/web')?.map(({ name, kind: of }) => `${of} ${name}`)).toEqual([
      'file Chart.yaml',
      'directory lib',
    ]);
    expect(await reading(tree, () => readText(tree, 'charts/web/lib/templates/_lib.tpl'))).toBe('one\n');
    expect(await reading(tree, () => tree.list('charts/web/lib'))).toEqual([
      { name: 'deep', kind: 'directory' },
      { name: 'templates', kind: 'directory' },
    ]);
    expect(await reading(tree, () => readText(tree, 'charts/web/lib/deep/er/x.yaml'))).toBe('x\n');
    expect(await reading(tree, () => tree.realPath('charts/web/lib/deep/er'))).toBe('charts/web/lib/deep/er');
    expect(await reading(tree, () => tree.readFile('charts/web/lib/missing'))).toBeUndefined();
    expect(tree.readFile('charts/web/lib')).toBeUndefined();
    expect(tree.missing()).toEqual([]);
  });

  it('follows submodules of submodules', async () => {
    const inner = server.create('other/inner');
    const innerSha = await commit(inner, { 'a.yaml': 'inner\n' });
    const libSha = await commit(lib, {
      '.gitmodules': module('vendor/inner', '../../other/inner.git'),
      'vendor/inner': gitlink(innerSha),
    });
    const sha = await commit(app, { '.gitmodules': module('lib', '../lib.git'), lib: gitlink(libSha) });
    const tree = await open(sha, ['lib']);
    expect(await reading(tree, () => readText(tree, 'lib/vendor/inner/a.yaml'))).toBe('inner\n');
    expect(await reading(tree, () => tree.realPath('lib/vendor/inner/a.yaml'))).toBe('lib/vendor/inner/a.yaml');
  });

  it('stops at repositories that are submodules of each other', async () => {
    const url = '../lib.git';
    // A commit cannot name itself; a chain of commits of one repository can be long all the same.
    let sha = await commit(lib, { 'a.yaml': 'end\n' });
    for (let i = 0; i < 14; i++) {
      sha = await commit(lib, { '.gitmodules': module('sub', url), sub: gitlink(sha) });
    }
    const top = await commit(app, { '.gitmodules': module('sub', url), sub: gitlink(sha) });
    const tree = await open(top, ['sub']);
    const path = `${'sub/'.repeat(13)}a.yaml`;
    await expect(reading(tree, () => tree.readFile(path))).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  it('follows symbolic links into a submodule and out of it, and never out of the checkout', async () => {
    const pinned = await commit(lib, {
      'values.yaml': 'lib: true\n',
      up: link('../common.yaml'),
      'deep/up': link('../../common.yaml'),
      out: link('../../etc/passwd'),
      absolute: link('/etc/passwd'),
      loop: link('../charts/loop'),
    });
    const sha = await commit(app, {
      '.gitmodules': module('lib', '../lib.git'),
      lib: gitlink(pinned),
      'common.yaml': 'common: true\n',
      'charts/values.yaml': link('../lib/values.yaml'),
      'charts/folder': link('../lib'),
      'charts/loop': link('../lib/loop'),
    });
    const tree = await open(sha, ['charts']);
    const text = (path: string) => reading(tree, () => readText(tree, path));
    expect(await text('charts/values.yaml')).toBe('lib: true\n');
    expect(await text('charts/folder/values.yaml')).toBe('lib: true\n');
    expect(tree.realPath('charts/folder/values.yaml')).toBe('lib/values.yaml');
    expect(await text('charts/folder/up')).toBe('common: true\n');
    expect(await text('lib/deep/up')).toBe('common: true\n');
    for (const path of ['lib/out', 'charts/folder/out', 'lib/absolute']) {
      await expect(text(path)).rejects.toMatchObject({ code: 'PathEscapes' });
    }
    await expect(text('charts/loop')).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  it('sees another pinned commit as a change for those that read of the submodule, and only those', async () => {
    const first = await commit(lib, { 'a.yaml': 'one\n' });
    const second = await commit(lib, { 'a.yaml': 'two\n' });
    const files = {
      '.gitmodules': module('lib', '../lib.git'),
      'charts/web/a.yaml': 'a\n',
      'charts/api/b.yaml': 'b\n',
    };
    const before = await commit(app, {
      ...files,
      lib: gitlink(first),
      'charts/web/lib.yaml': link('../../lib/a.yaml'),
    });
    const readSets = await Promise.all(
      [['charts/web/lib.yaml'], ['charts/api/b.yaml']].map(async (paths) => {
        const tree = await open(before, paths);
        await reading(tree, () => paths.map((path) => readText(tree, path)));
        return tree.readSet();
      }),
    );
    const changedBy = async (change: Parameters<typeof commitFiles>[2]) => {
      const after = await commit(app, change);
      return Promise.all(readSets.map(async (set) => (await open(after, [], set)).changedSince(set)));
    };
    expect(await changedBy({ '.gitmodules': `${files['.gitmodules']}${module('more', '../more.git')}` })).toEqual([
      [],
      [],
    ]);
    expect(await changedBy({ lib: gitlink(second) })).toEqual([['lib'], []]);
  });

  it('fails where a submodule cannot be had, naming it', async () => {
    const pinned = await commit(lib, { 'a.yaml': 'one\n' });
    const failing = async (files: Parameters<typeof commitFiles>[2]) => {
      const tree = await open(await commit(app, files), ['lib']);
      const error = await reading(tree, () => tree.list('lib')).catch((thrown: unknown) => thrown);
      return { error, read: Object.keys(tree.readSet().reads) };
    };
    const nowhere = await failing({ lib: gitlink(pinned) });
    expect(nowhere.error).toMatchObject({ code: 'RenderFailed', message: expect.stringContaining('submodule lib') });
    // Giving it a URL changes no other path.
    expect(nowhere.read).toContain('.gitmodules');
    const missing = await failing({ '.gitmodules': module('lib', '../nothing.git'), lib: gitlink(pinned) });
    expect(missing.error).toMatchObject({
      code: 'GitFailed',
      message: expect.stringContaining('the submodule lib (../nothing.git)'),
    });
    expect(missing.read).toContain('.gitmodules');
    const lost = await failing({ '.gitmodules': module('lib', '../lib.git'), lib: gitlink('d'.repeat(40)) });
    expect(lost.error).toMatchObject({
      code: 'RevisionNotFound',
      message: expect.stringContaining('the submodule lib'),
    });
    const file = await failing({ '.gitmodules': module('lib', 'file:///etc'), lib: gitlink(pinned) });
    expect(file.error).toMatchObject({ code: 'Unsupported' });
    const linked = await failing({ '.gitmodules': link('elsewhere'), elsewhere: module('lib', '../lib.git') });
    expect(linked.error).toMatchObject({ code: 'RenderFailed' });
  });

  it('leaves folders empty where submodules are left out', async () => {
    const pinned = await commit(lib, { 'a.yaml': 'one\n' });
    const files = { lib: gitlink(pinned), 'a.yaml': 'a\n' };
    const skipped = await open(
      await commit(app, { ...files, '.gitmodules': module('lib', '../lib.git', '\tupdate = none\n') }),
      [''],
    );
    expect(await reading(skipped, () => skipped.list('lib'))).toEqual([]);
    const sha = await commit(app, { '.gitmodules': module('lib', '../lib.git') });
    const without = await openCheckout({ git, fetch: server.fetch }, { url: `${server.url}/team/app.git` }, sha, {
      paths: [''],
    });
    expect(without.list('lib')).toEqual([]);
    expect(without.readFile('lib/a.yaml')).toBeUndefined();
    expect(without.realPath('lib/a.yaml')).toBeUndefined();
  });

  it('refuses a pointer of Git LFS where that is not enabled, naming the key', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`;
    const tree = await open(await commit(app, { 'charts/web/big.yaml': pointer }));
    expect(() => tree.readFile('charts/web/big.yaml')).toThrow(
      expect.objectContaining({
        code: 'RenderFailed',
        place: { file: 'charts/web/big.yaml' },
        hint: expect.stringContaining('enableLfs: "true"'),
      }),
    );
  });
});
