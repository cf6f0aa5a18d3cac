import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../../src/node/listen.ts';
import { createGitServer, type GitServer, type SandboxPush } from '../../../src/sandbox/git/server.ts';
import { git, hasGit, temporaryFolder } from '../../support/git-cli.ts';

const ALICE = { name: 'Alice', email: 'alice@example.com' };
const DETAILS = { message: 'first', author: ALICE, atMs: 1_700_000_000_000 };
const PROTOCOLS = [0, 2] as const;

describe.skipIf(!hasGit()).each(PROTOCOLS)(
  'the sandbox Git server and the real git client, protocol %i',
  (protocol) => {
    let server: GitServer;
    let listening: Listening;
    let folder: ReturnType<typeof temporaryFolder>;
    const pushes: SandboxPush[] = [];
    const run = (cwd: string, ...args: string[]) => git(cwd, '-c', `protocol.version=${protocol}`, ...args);
    const inClone = (...args: string[]) => run(join(folder.path, 'clone'), ...args);
    const write = (name: string, text: string) => writeFileSync(join(folder.path, 'clone', name), text);

    beforeEach(async () => {
      pushes.length = 0;
      server = createGitServer({ onPush: (push) => void pushes.push(push) });
      listening = await listen(server.handle, { host: '127.0.0.1', port: 0 });
      folder = temporaryFolder();
      const repository = server.create('devops/ops-deploy');
      await server.commit(repository, 'main', { 'a.yaml': 'a: 1\n', 'chart/Chart.yaml': 'name: web\n' }, DETAILS);
      await server.commit(repository, 'main', { 'a.yaml': 'a: 2\n' }, { ...DETAILS, message: 'second' });
      await run(folder.path, 'clone', '-q', `${listening.url}/devops/ops-deploy`, 'clone');
      pushes.length = 0;
    });

    afterEach(async () => {
      await listening.close();
      folder.remove();
    });

    it('is cloned with all history and passes fsck', async () => {
      expect(await inClone('log', '--format=%s')).toBe('second\nfirst');
      expect(await inClone('fsck', '--full', '--strict')).toBe('');
      expect(readFileSync(join(folder.path, 'clone/a.yaml'), 'utf8')).toBe('a: 2\n');
    });

    it('is cloned shallow, deepened and made whole', async () => {
      await run(folder.path, 'clone', '-q', '--depth', '1', `${listening.url}/devops/ops-deploy.git`, 'shallow');
      const shallow = join(folder.path, 'shallow');
      expect(await run(shallow, 'log', '--format=%s')).toBe('second');
      await server.commit(mustGet(server), 'main', { 'a.yaml': 'a: 3\n' }, { ...DETAILS, message: 'third' });
      await run(shallow, 'fetch', '-q', '--depth', '1');
      await run(shallow, 'reset', '-q', '--hard', 'origin/main');
      expect(await run(shallow, 'log', '--format=%s')).toBe('third');
      await run(shallow, 'fetch', '-q', '--deepen', '1');
      expect(await run(shallow, 'log', '--format=%s')).toBe('third\nsecond');
      await run(shallow, 'fetch', '-q', '--unshallow');
      expect(await run(shallow, 'log', '--format=%s')).toBe('third\nsecond\nfirst');
      expect(await run(shallow, 'fsck', '--full')).toBe('');
    });

    it.each(['blob:none', 'tree:0', 'blob:limit=5', 'combine:blob:none+tree:1'])(
      'is cloned partially with the filter %s, and gives the rest when it is read',
      async (filter) => {
        const url = `${listening.url}/devops/ops-deploy`;
        await run(folder.path, 'clone', '-q', '--no-checkout', `--filter=${filter}`, url, 'partial');
        const partial = join(folder.path, 'partial');
        const missing = await run(partial, 'rev-list', '--objects', '--all', '--missing=print');
        if (filter !== 'blob:limit=5') expect(missing).toContain('?');
        expect(await run(partial, 'show', 'HEAD:chart/Chart.yaml')).toBe('name: web');
      },
    );

    it('fetches only what is new', async () => {
      await server.commit(mustGet(server), 'main', { 'b.yaml': 'b: 1\n' }, { ...DETAILS, message: 'third' });
      await inClone('pull', '-q');
      expect(await inClone('log', '--format=%s', '-1')).toBe('third');
      expect(await inClone('fsck', '--full')).toBe('');
    });

    it('takes a push of a branch and tells what changed', async () => {
      const before = await inClone('rev-parse', 'HEAD');
      write('a.yaml', 'a: 4\n');
      write('new.yaml', 'n: 1\n');
      await inClone('rm', '-q', 'chart/Chart.yaml');
      await inClone('add', '.');
      await inClone('commit', '-q', '-m', 'change');
      await inClone('push', '-q', 'origin', 'main');
      const after = await inClone('rev-parse', 'HEAD');
      expect(pushes).toMatchObject([
        {
          ref: 'refs/heads/main',
          before,
          after,
          commits: [{ id: after, added: ['new.yaml'], removed: ['chart/Chart.yaml'], modified: ['a.yaml'] }],
        },
      ]);
      await run(folder.path, 'clone', '-q', `${listening.url}/devops/ops-deploy`, 'again');
      expect(await run(join(folder.path, 'again'), 'rev-parse', 'HEAD')).toBe(after);
    });

    it('takes new branches, lightweight and annotated tags, and deletions', async () => {
      await inClone('branch', 'feature/x');
      await inClone('tag', 'v1');
      await inClone('tag', '-a', 'v2', '-m', 'two');
      await inClone('push', '-q', 'origin', 'feature/x', 'v1', 'v2');
      expect(pushes.map(({ ref }) => ref).sort()).toEqual(['refs/heads/feature/x', 'refs/tags/v1', 'refs/tags/v2']);
      const listed = await run(folder.path, 'ls-remote', `${listening.url}/devops/ops-deploy`);
      expect(listed).toContain('refs/tags/v2^{}');
      await inClone('push', '-q', 'origin', ':feature/x', ':v1');
      const left = await run(folder.path, 'ls-remote', `${listening.url}/devops/ops-deploy`);
      expect(left).not.toContain('refs/heads/feature/x');
      expect(left).not.toContain('refs/tags/v1');
      expect(pushes.at(-1)?.after).toBe('0'.repeat(40));
    });

    it('refuses to lose commits unless it is forced', async () => {
      await server.commit(mustGet(server), 'main', { 'other.yaml': 'o: 1\n' }, { ...DETAILS, message: 'elsewhere' });
      await inClone('commit', '-q', '--allow-empty', '-m', 'mine');
      await expect(inClone('push', '-q', 'origin', 'main')).rejects.toThrow(/rejected/);
      await inClone('push', '-q', '--force', 'origin', 'main');
      expect(mustGet(server).refs.get('refs/heads/main')).toBe(await inClone('rev-parse', 'HEAD'));
    });

    it('refuses to delete the branch that HEAD names', async () => {
      await expect(inClone('push', '-q', 'origin', ':main')).rejects.toThrow(
        /deletion of the current branch prohibited/,
      );
    });

    it('takes packs with deltas, against objects that only the server sends as well', async () => {
      const lines = Array.from({ length: 3000 }, (_, index) => `line ${index} ${index * 7919}`);
      write('big.txt', lines.join('\n'));
      await inClone('add', '.');
      await inClone('commit', '-q', '-m', 'big');
      await inClone('push', '-q', 'origin', 'main');
      write('big.txt', lines.map((line, index) => (index === 1500 ? 'changed' : line)).join('\n'));
      await inClone('commit', '-q', '-am', 'thin');
      await inClone('push', '-q', '--thin', 'origin', 'main');
      await run(folder.path, 'clone', '-q', `${listening.url}/devops/ops-deploy`, 'again');
      expect(readFileSync(join(folder.path, 'again/big.txt'), 'utf8')).toContain('\nchanged\n');
    });

    it('takes symbolic links and executable files', async () => {
      symlinkSync('a.yaml', join(folder.path, 'clone/link.yaml'));
      await inClone('add', '.');
      await inClone('update-index', '--chmod=+x', 'a.yaml');
      await inClone('commit', '-q', '-m', 'modes');
      await inClone('push', '-q', 'origin', 'main');
      await run(folder.path, 'clone', '-q', `${listening.url}/devops/ops-deploy`, 'again');
      expect(await run(join(folder.path, 'again'), 'ls-files', '-s', 'a.yaml', 'link.yaml')).toMatch(
        /^100755 .*\n120000 /,
      );
    });

    it('is cloned empty and takes its first push', async () => {
      server.create('devops/empty');
      await run(folder.path, 'clone', '-q', `${listening.url}/devops/empty`, 'empty');
      const empty = join(folder.path, 'empty');
      await run(empty, 'checkout', '-q', '-B', 'main');
      await run(empty, 'commit', '-q', '--allow-empty', '-m', 'first');
      await run(empty, 'push', '-q', 'origin', 'main');
      expect(await run(folder.path, 'ls-remote', `${listening.url}/devops/empty`)).toContain('refs/heads/main');
    });

    it('pushes from a shallow clone', async () => {
      await run(folder.path, 'clone', '-q', '--depth', '1', `${listening.url}/devops/ops-deploy`, 'shallow');
      const shallow = join(folder.path, 'shallow');
      await run(shallow, 'commit', '-q', '--allow-empty', '-m', 'from shallow');
      await run(shallow, 'push', '-q', 'origin', 'main');
      expect(pushes).toMatchObject([{ commits: [{ commit: { message: 'from shallow\n' } }] }]);
    });

    function mustGet(from: GitServer) {
      const repository = from.get('devops/ops-deploy');
      if (!repository) throw new Error('the repository is gone');
      return repository;
    }
  },
);

describe.skipIf(!hasGit())('the sandbox Git server with users', () => {
  let listening: Listening;
  let folder: ReturnType<typeof temporaryFolder>;
  const pushes: SandboxPush[] = [];

  beforeEach(async () => {
    pushes.length = 0;
    const server = createGitServer({ users: { alice: 's3cret:with colon' }, onPush: (push) => void pushes.push(push) });
    listening = await listen(server.handle, { host: '127.0.0.1', port: 0 });
    folder = temporaryFolder();
    for (const [path, isPrivate] of [
      ['team/public', false],
      ['team/private', true],
    ] as const) {
      await server.commit(server.create(path, { isPrivate }), 'main', { 'a.yaml': 'a: 1\n' }, DETAILS);
    }
    pushes.length = 0;
  });

  afterEach(async () => {
    await listening.close();
    folder.remove();
  });

  const withUser = () => listening.url.replace('//', '//alice:s3cret%3Awith%20colon@');

  it('lets anyone read a public repository', async () => {
    expect(await git(folder.path, 'ls-remote', `${listening.url}/team/public`)).toContain('refs/heads/main');
  });

  it('lets only users read a private repository', async () => {
    await expect(git(folder.path, 'ls-remote', `${listening.url}/team/private`)).rejects.toThrow();
    expect(await git(folder.path, 'ls-remote', `${withUser()}/team/private`)).toContain('refs/heads/main');
  });

  it('lets only users push, and tells who pushed', async () => {
    await git(folder.path, 'clone', '-q', `${listening.url}/team/public`, 'clone');
    const clone = join(folder.path, 'clone');
    await git(clone, 'commit', '-q', '--allow-empty', '-m', 'mine');
    await expect(git(clone, 'push', '-q', 'origin', 'main')).rejects.toThrow();
    await git(clone, 'push', '-q', `${withUser()}/team/public`, 'main');
    expect(pushes).toMatchObject([{ pusher: 'alice' }]);
  });
});
