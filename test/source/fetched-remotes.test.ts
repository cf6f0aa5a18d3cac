// Remote bases and files of kustomizations, from the real `git http-backend` and a real HTTP server.

import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bringMissing } from '../../src/base/bring-missing.ts';
import { createGitClient } from '../../src/git/client.ts';
import { NO_SECRETS, type RepositorySecrets } from '../../src/git/credentials.ts';
import type { ConnectedFetch } from '../../src/platform.ts';
import { buildKustomization } from '../../src/render/kustomize/kustomize.ts';
import { memoryTree } from '../../src/render/tree.ts';
import { changedRemotes, createFetchedRemotes, type FetchedRemotesOptions } from '../../src/source/fetched-remotes.ts';
import { withRemoteReads } from '../../src/source/remote-reads.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { type HttpBackend, startHttpBackend } from '../support/git-http-backend.ts';
import { commitFiles, createRepository } from '../support/kustomize-repositories.ts';

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const AUTH = { user: 'reader', password: 'hunter2' };
const fetchDirectly: ConnectedFetch = (url, init) => fetch(url, init);

/** What the plain HTTP server answers. */
const ANSWERS: Readonly<Record<string, { status: number; type?: string; body?: string; location?: string }>> = {
  '/cm.yaml': { status: 200, body: configMap('file') },
  '/signed.yaml?sig=s3cret': { status: 200, body: configMap('signed') },
  '/moved.yaml': { status: 302, location: '/cm.yaml' },
  '/page': { status: 200, type: 'text/html', body: '<!DOCTYPE html>\n<html><body>Sign in</body></html>\n' },
  '/broken.yaml': { status: 500 },
  '/nothing.yaml?token=s3cret': { status: 404 },
  '/org/repo/main/broken.yaml': { status: 503 },
  '/org/repo/main/wrong.yaml': { status: 200, body: 'a: [' },
  '/org/repo/main/huge.yaml': { status: 200, body: `# ${'x'.repeat(17 << 20)}` },
};

describe.skipIf(!hasGit())('remote sources of kustomizations', () => {
  const folder = temporaryFolder();
  let open: HttpBackend;
  let closed: HttpBackend;
  let web = { url: '', close: () => Promise.resolve() };

  beforeAll(async () => {
    open = await startHttpBackend(folder.path);
    closed = await startHttpBackend(folder.path, { auth: AUTH });
    web = await startWeb();
    await createRepository(join(folder.path, 'org/base'), {
      'kustomization.yaml': 'resources: [root.yaml]\n',
      'root.yaml': configMap('root'),
      'dir/kustomization.yaml': 'resources: [../shared]\nnamePrefix: dir-\n',
      'shared/kustomization.yaml': 'resources: [cm.yaml]\nlabels: [{pairs: {from: base}}]\n',
      'shared/cm.yaml': configMap('shared'),
      'other/unread.yaml': configMap('unread'),
      'above/kustomization.yaml': 'resources: [../../outside]\n',
      'component/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: component-\n',
      'patch.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\ndata: {patched: "yes"}\n',
    });
    await git(join(folder.path, 'org/base'), 'tag', '-a', 'v1', '-m', 'one');
    await git(join(folder.path, 'org/base'), 'branch', '1.x');
    await createRepository(join(folder.path, 'org/parent'), {
      '.gitmodules': '[submodule "m"]\n\tpath = m\n\turl = ../base\n',
    });
    await addSubmodule(join(folder.path, 'org/parent'), 'm', join(folder.path, 'org/base'));
    await commitFiles(join(folder.path, 'org/base'), { 'shared/cm.yaml': configMap('newer') });
  });
  afterAll(async () => {
    await Promise.all([open.close(), closed.close(), web.close()]);
    folder.remove();
  });
  beforeEach(() => {
    open.requests.length = 0;
    closed.requests.length = 0;
  });

  async function addSubmodule(parent: string, path: string, repository: string) {
    const sha = await git(repository, 'rev-parse', 'HEAD');
    await git(parent, 'update-index', '--add', '--cacheinfo', `160000,${sha},${path}`);
    await git(parent, 'commit', '--quiet', '-m', 'submodule');
  }

  async function build(kustomization: string, options: Partial<FetchedRemotesOptions> = {}) {
    const remotes = createFetchedRemotes({
      git: createGitClient({ fetch: fetchDirectly }),
      fetch: fetchDirectly,
      secrets: NO_SECRETS,
      project: 'default',
      ...options,
    });
    const text = kustomization.replaceAll('OPEN', open.url).replaceAll('CLOSED', closed.url).replaceAll('WEB', web.url);
    const tree = memoryTree({ 'kustomization.yaml': text, 'own.yaml': configMap('own') });
    const output = await bringMissing([remotes], undefined, () => buildKustomization(tree, '', { remote: remotes }));
    return { output, names: output.match(/(?<=^ {2}name: ).*/gm), readSets: remotes.readSets() };
  }

  it.each<[title: string, kustomization: string, names: string[]]>([
    ['a base on the default branch', 'resources: ["OPEN/org/base//dir"]', ['dir-newer']],
    ['a base at the root of its repository', 'resources: ["OPEN/org/base"]', ['root']],
    ['a base at a tag', 'resources: ["OPEN/org/base//dir?ref=v1"]', ['dir-shared']],
    ['a base by version=', 'resources: ["OPEN/org/base//dir?version=v1"]', ['dir-shared']],
    ['a base on a branch whose name looks like a range', 'resources: ["OPEN/org/base//dir?ref=1.x"]', ['dir-shared']],
    ['a base at a whole ref', 'resources: ["OPEN/org/base//dir?ref=refs/heads/main"]', ['dir-newer']],
    [
      'two refs of one repository',
      'resources: ["OPEN/org/base//dir", "OPEN/org/base//dir?ref=v1"]',
      ['dir-newer', 'dir-shared'],
    ],
    ['a component', 'resources: [own.yaml]\ncomponents: ["OPEN/org/base//component"]', ['component-own']],
    ['a file', 'resources: ["WEB/cm.yaml"]', ['file']],
    [
      'a file behind a redirect and one with a signature',
      'resources: ["WEB/moved.yaml", "WEB/signed.yaml?sig=s3cret"]',
      ['file', 'signed'],
    ],
    [
      'a file of a generator',
      'configMapGenerator: [{name: g, files: ["x=WEB/cm.yaml"], options: {disableNameSuffixHash: true}}]',
      ['g'],
    ],
  ])('are %s', async (_, kustomization, names) => {
    expect((await build(kustomization)).names).toEqual(names);
  });

  it.each([
    ['follow submodules', '', ['shared']],
    ['leave submodules out where the URL says so', '?submodules=0', undefined],
  ])('%s', async (_, query, names) => {
    const building = build(`resources: ["OPEN/org/parent//m/shared${query}"]`);
    if (names) expect((await building).names).toEqual(names);
    else await expect(building).rejects.toThrow(/does not exist|no kustomization/);
  });

  it('are pinned by a commit id, for which no refs are listed', async () => {
    const sha = await git(join(folder.path, 'org/base'), 'rev-parse', 'v1^{commit}');
    const { names, readSets } = await build(`resources: ["OPEN/org/base//dir?ref=${sha}"]`);
    expect(names).toEqual(['dir-shared']);
    expect(readSets).toEqual([
      expect.objectContaining({ url: `${open.url}/org/base`, ref: sha, sha, access: 'secret' }),
    ]);
  });

  it('keep what was read of them, and nothing else of their repository', async () => {
    const { readSets } = await build('resources: ["OPEN/org/base//dir?ref=main"]');
    const [read] = readSets;
    expect(Object.keys(read?.reads ?? {})).toEqual(
      expect.arrayContaining(['dir/kustomization.yaml', 'shared/kustomization.yaml', 'shared/cm.yaml']),
    );
    expect(Object.keys(read?.reads ?? {}).filter((path) => path.startsWith('other'))).toEqual([]);
  });

  it.each<[title: string, kustomization: string, error: { code: string; message: RegExp }]>([
    [
      'a ref that is not there',
      'resources: ["OPEN/org/base//dir?ref=gone"]',
      { code: 'RevisionNotFound', message: /'gone' is no branch or tag/ },
    ],
    [
      'a shortened commit id',
      'resources: ["OPEN/org/base//dir?ref=0123abc"]',
      { code: 'RevisionNotFound', message: /0123abc/ },
    ],
    [
      'a repository that is not there',
      'resources: ["OPEN/org/none//dir"]',
      { code: 'GitFailed', message: /remote base .*\/org\/none\/\/dir: .*404.*as a file: its server answered \d+/ },
    ],
    ['a folder that is not there', 'resources: ["OPEN/org/base//none"]', { code: 'RenderFailed', message: /none/ }],
    [
      'a base that leads out of its repository',
      'resources: ["OPEN/org/base//above"]',
      { code: 'RenderFailed', message: /leads out of the repository/ },
    ],
    [
      'a repository of this machine',
      'resources: ["file:///etc"]',
      { code: 'Unsupported', message: /command line alone/ },
    ],
    [
      'a file that is not there',
      'resources: ["WEB/nothing.yaml?token=s3cret"]',
      { code: 'RenderFailed', message: /answered 404/ },
    ],
    ['a page of HTML in place of a file', 'resources: ["WEB/page"]', { code: 'RenderFailed', message: /page/ }],
    [
      'an HTML page that may be a repository',
      'resources: ["WEB/page/of/a/site"]',
      { code: 'GitFailed', message: /remote base .*no Git smart HTTP; as a file: it is no list of resources/ },
    ],
    [
      'a file whose URL looks like a repository, while its server fails',
      'resources: ["WEB/org/repo/main/broken.yaml"]',
      { code: 'Unavailable', message: /remote file .*broken.yaml: its server answered 503; nor is it a repository/ },
    ],
    [
      'such a file that is not there',
      'resources: ["WEB/org/repo/main/gone.yaml"]',
      { code: 'RenderFailed', message: /remote file .*gone.yaml: its server answered 404/ },
    ],
    [
      'such a file that is no YAML',
      'resources: ["WEB/org/repo/main/wrong.yaml"]',
      { code: 'RenderFailed', message: /remote file .*wrong.yaml: it is no list of resources: .*malformed|flow|YAML/ },
    ],
    [
      'such a file that is too large',
      'resources: ["WEB/org/repo/main/huge.yaml"]',
      { code: 'LimitExceeded', message: /remote file .*huge.yaml: .*longer than/ },
    ],
    [
      'such a patch that is not there',
      'resources: [own.yaml]\npatches: [{path: "WEB/org/repo/main/gone.yaml"}]',
      { code: 'RenderFailed', message: /there is no file at '.*gone.yaml' \(404\)/ },
    ],
    ['a server that fails', 'resources: ["WEB/broken.yaml"]', { code: 'Unavailable', message: /answered 500/ }],
    [
      'a private repository without a Secret',
      'resources: ["CLOSED/org/base//dir"]',
      { code: 'GitUnauthorized', message: /401/ },
    ],
    [
      'a user in the address of GitHub, which kustomize takes for SSH',
      'components: ["https://s3cret@github.com/org/base?ref=v1"]\nresources: [own.yaml]',
      { code: 'Unsupported', message: /git@github.com:org\/base is an SSH address/ },
    ],
    ['an SSH address', 'resources: ["git@git.example.com:org/base//dir"]', { code: 'Unsupported', message: /SSH/ }],
  ])('fail for %s', async (_, kustomization, error) => {
    const failure = await build(kustomization).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(failure).toMatchObject({ code: error.code, message: expect.stringMatching(error.message) });
    expect(String(failure)).not.toContain('s3cret');
  });

  describe('with Secrets', () => {
    const secrets = (): RepositorySecrets => ({
      ...NO_SECRETS,
      templates: [{ url: `${closed.url}/org`, username: AUTH.user, password: AUTH.password }],
    });
    const BASE = 'resources: ["CLOSED/org/base//dir?ref=v1"]';

    it('are read with the credentials of a repository that the project permits', async () => {
      const { names } = await build(BASE, { secrets: secrets(), isPermitted: async () => true });
      expect(names).toEqual(['dir-shared']);
    });
    it('send no credentials to a repository that the project does not permit', async () => {
      const asked: string[] = [];
      const isPermitted = async (url: string) => {
        asked.push(url);
        return false;
      };
      await expect(build(BASE, { secrets: secrets(), isPermitted })).rejects.toMatchObject({
        code: 'GitUnauthorized',
        hint: expect.stringContaining('sourceRepos'),
      });
      expect(asked).toEqual([`${closed.url}/org/base`]);
      expect(closed.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    });
    it('send no credentials with the attempt at a file', async () => {
      await build(BASE, { secrets: secrets(), isPermitted: async () => true });
      const [first] = closed.requests;
      expect(first).toMatchObject({ path: '/org/base//dir?ref=v1', authorization: undefined });
    });
    it('send no credentials to another host', async () => {
      await build('resources: ["OPEN/org/base//dir"]', { secrets: secrets(), isPermitted: async () => true });
      expect(open.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    });
    it('never show or keep a password that stands in the URL', async () => {
      const withPassword = (path: string) =>
        `resources: ["${closed.url.replace('://', `://${AUTH.user}:${AUTH.password}@`)}${path}"]`;
      const { names, readSets } = await build(withPassword('/org/base//dir'));
      expect(names).toEqual(['dir-newer']);
      expect(JSON.stringify(readSets)).not.toContain(AUTH.password);
      expect(await changesSince(readSets)).toEqual([`${closed.url}/org/base`]);
      for (const path of ['/org/base//dir?ref=gone', '/org/base//none', '/org/none//dir', '/x.yaml']) {
        const failure = await build(withPassword(path)).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(Error);
        expect(String(failure)).not.toContain(AUTH.password);
      }
    });
  });

  function changesSince(reads: Parameters<typeof withRemoteReads>[1]) {
    const client = createGitClient({ fetch: fetchDirectly });
    return changedRemotes({ git: client, secrets: NO_SECRETS, project: 'default' }, withRemoteReads({}, reads));
  }

  it('differ where their ref has moved and something that was read is another', async () => {
    await createRepository(join(folder.path, 'org/moving'), {
      'dir/kustomization.yaml': 'resources: [cm.yaml]\n',
      'dir/cm.yaml': configMap('one'),
    });
    await git(join(folder.path, 'org/moving'), 'tag', 'v1');
    const { readSets } = await build('resources: ["OPEN/org/moving//dir?ref=main"]');
    const pinned = await build('resources: ["OPEN/org/moving//dir?ref=v1"]');
    expect(await changesSince(readSets)).toEqual([]);
    await commitFiles(join(folder.path, 'org/moving'), { 'README.md': 'beside\n' });
    expect(await changesSince(readSets)).toEqual([]);
    await commitFiles(join(folder.path, 'org/moving'), { 'dir/cm.yaml': configMap('two') });
    expect(await changesSince(readSets)).toEqual([`${open.url}/org/moving//dir/cm.yaml`]);
    expect(await changesSince(pinned.readSets)).toEqual([]);
  });

  it('count as changed where they cannot be asked, so that the render says why', async () => {
    const { readSets } = await build('resources: ["OPEN/org/base//dir?ref=main"]');
    const gone = readSets.map((read) => ({ ...read, ref: 'gone' }));
    expect(await changesSince(gone)).toEqual([`${open.url}/org/base`]);
  });

  it.each([
    ['a base', 'OPEN/org/base//dir?ref=gone', 'OPEN/org/base'],
    ['a file', 'WEB/gone.yaml?token=s3cret', 'WEB/gone.yaml'],
    ['a file of a server that fails', 'WEB/broken.yaml', 'WEB/broken.yaml'],
  ])(
    'count as changed where they could not be fetched, so that the next push tries again: %s',
    async (_, url, path) => {
      const remotes = createFetchedRemotes({
        git: createGitClient({ fetch: fetchDirectly }),
        fetch: fetchDirectly,
        secrets: NO_SECRETS,
        project: 'default',
      });
      const place = (text: string) => text.replace('OPEN', open.url).replace('WEB', web.url);
      const tree = memoryTree({ 'kustomization.yaml': `resources: ["${place(url)}"]` });
      const building = bringMissing([remotes], undefined, () => buildKustomization(tree, '', { remote: remotes }));
      await expect(building).rejects.toBeInstanceOf(Error);
      expect(await changesSince(remotes.readSets())).toEqual([place(path)]);
    },
  );

  it('are bounded in number', async () => {
    const many = Array.from({ length: 501 }, (_, index) => `"WEB/cm.yaml?${index}"`);
    const patches = many.map((url) => `x${url.replace(/\D/g, '')}=${url.slice(1, -1)}`);
    const generator = `configMapGenerator: [{name: g, files: [${patches.map((file) => `"${file}"`).join(', ')}]}]`;
    await expect(build(generator)).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  async function startWeb() {
    const server = createServer((request, response) => {
      const { status, type, body, location } = ANSWERS[(request.url ?? '').replace(/\?\d+$/, '')] ?? { status: 404 };
      const isSite = request.url?.startsWith('/page/') ?? false;
      response.writeHead(isSite ? 200 : status, {
        'content-type': isSite ? 'text/html' : (type ?? 'text/plain'),
        ...(location && { location }),
      });
      response.end(isSite ? '<html></html>' : body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return {
      url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
      close: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  }
});
