// hawser repo against the sandbox cluster and a Git server on loopback.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exitCodeOf, formatError } from '../../src/base/errors.ts';
import { repoCommand } from '../../src/cli/repo.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { decodeSecret } from '../../src/operation/settings.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { captureIo } from '../support/captured-io.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const AUTHOR = { name: 'Kim', email: 'kim@example.com' };

let folder: string;
let git: Listening;
let client: KubeClient;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-repo-'));
  const server = createGitServer({ users: { devops: 'git-password' } });
  const repository = server.create('team/deploy', { isPrivate: true });
  await server.commit(repository, 'main', { a: 'b' }, { message: 'one\n', author: AUTHOR, atMs: 0 });
  server.create('team/empty');
  git = await listen((request) => server.handle(request), { host: '127.0.0.1', port: 0 });
  url = `${git.url}/team/deploy.git`;
});
afterAll(async () => {
  await git.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  client = createKubeClient(connectSandbox(), { fieldManager: 'hawser' });
  await prepareHome(client, 'argocd');
});
afterEach(() => {
  made = 0;
});

let made = 0;

async function run(args: readonly string[], { stdin = '', env = {} } = {}) {
  const { io, output } = captureIo(folder, env);
  try {
    const code = await repoCommand(args, io, {
      connect: async () => client,
      openFetch: async () => createConnectedFetch(),
      random: (length) => new Uint8Array(length).fill(++made),
      readStdin: async () => stdin,
    });
    return { code, ...output() };
  } catch (error) {
    const { stdout, stderr } = output();
    return { code: exitCodeOf(error), stdout, stderr: `${stderr}${formatError(error)}` };
  }
}

async function secrets() {
  const { items } = await client.list(
    { apiVersion: 'v1', kind: 'Secret' },
    { namespace: 'argocd', labelSelector: 'argocd.argoproj.io/secret-type=repository' },
  );
  return items.map((object) => ({
    name: object.metadata.name,
    annotations: object.metadata.annotations,
    data: decodeSecret(object),
  }));
}

const ACCOUNT = ['--username', 'devops', '--password', 'git-password'];

describe('hawser repo add', () => {
  it('writes the Secret that Argo CD would, after it has reached the repository', async () => {
    expect(await run(['add', url, ...ACCOUNT])).toEqual({
      code: 0,
      stdout: `Repository '${url}' added\n`,
      stderr: `${url} answers; branches: 1\n`,
    });
    expect(await secrets()).toEqual([
      {
        name: expect.stringMatching(/^repo-\d+$/),
        annotations: { 'managed-by': 'argocd.argoproj.io' },
        data: { type: 'git', url, username: 'devops', password: 'git-password' },
      },
    ]);
  });

  it('names the Secret as Argo CD does', async () => {
    const known = 'https://github.com/argoproj/argocd-example-apps.git';
    await run(['add', known, '--skip-test']);
    expect((await secrets()).map(({ name }) => name)).toEqual([`repo-${fnv1a(known)}`]);
  });

  it('says of a repository that cannot be reached why, and writes nothing', async () => {
    const outcome = await run(['add', url, '--username', 'devops', '--password', 'wrong']);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('check the username, password or token');
    expect(await secrets()).toEqual([]);
  });

  it.each([
    ['an empty repository', 'team/empty', 0, 'answers; it has no branch yet'],
    ['an address of SSH', 'git@git.example.com:team/deploy.git', 1, 'only HTTP and HTTPS can be used'],
  ])('tells of %s', async (_, path, code, text) => {
    const outcome = await run(['add', path.startsWith('git@') ? path : `${git.url}/${path}`]);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(text);
  });

  it('takes the flags of argocd, files and a piped password among them', async () => {
    writeFileSync(join(folder, 'key.pem'), 'KEY');
    writeFileSync(join(folder, 'cert.pem'), 'CERT');
    const flags = [
      ...['--project', 'team', '--name', 'deploy', '--username', 'devops', '--password-stdin', '--enable-lfs'],
      ...[
        '--tls-client-cert-path',
        'cert.pem',
        '--tls-client-cert-key-path=key.pem',
        '--insecure-skip-server-verification',
      ],
      ...['--proxy', 'http://proxy:3128', '--no-proxy', 'a.example.com,b.example.com', '--skip-test'],
    ];
    expect(await run(['add', url, ...flags], { stdin: 'piped password\n' })).toMatchObject({ code: 0 });
    expect((await secrets())[0]?.data).toEqual({
      ...{ type: 'git', url, project: 'team', name: 'deploy', username: 'devops', password: 'piped password' },
      ...{ enableLfs: 'true', tlsClientCertData: 'CERT', tlsClientCertKey: 'KEY', insecure: 'true' },
      ...{ proxy: 'http://proxy:3128', noProxy: 'a.example.com,b.example.com' },
    });
  });

  it('changes what is known only when it is told to', async () => {
    await run(['add', url, ...ACCOUNT]);
    expect(await run(['add', url, ...ACCOUNT])).toMatchObject({ code: 0 });
    const other = ['add', url, '--username', 'devops', '--bearer-token', 'token', '--skip-test'];
    expect(await run(other)).toMatchObject({
      code: 1,
      stderr: `${url} is known already, with other settings (--upsert replaces them)`,
    });
    expect(await run([...other, '--upsert'])).toMatchObject({ code: 0 });
    expect((await secrets()).map(({ data }) => data)).toEqual([
      { type: 'git', url, username: 'devops', bearerToken: 'token' },
    ]);
  });

  it("rotates the webhook's secret, and leaves all else as it is", async () => {
    await run(['add', url, ...ACCOUNT, '--webhook-secret', 'first']);
    await run(['add', url, '--webhook-secret', 'second']);
    await run(['add', url, ...ACCOUNT, '--enable-lfs', '--upsert']);
    expect((await secrets())[0]?.data).toEqual({
      ...{ type: 'git', url, username: 'devops', password: 'git-password', enableLfs: 'true' },
      ...{ webhookSecret: 'second', 'webhookSecret.previous': 'first' },
    });
  });

  it('prints a hook with a secret of its own, the same at every call', async () => {
    const add = ['add', url, ...ACCOUNT, '--hook', 'post-receive', '--server', 'https://hawser.example.com/'];
    const first = await run(add);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^#!\/bin\/sh\n/);
    expect(first.stdout).toContain("url='https://hawser.example.com/api/webhook'\n");
    expect(first.stdout).toContain(`repository='${url}'\n`);
    expect(first.stderr).toContain(`Repository '${url}' added\n`);
    const secret = '01'.repeat(24);
    expect(first.stdout).toContain(`secret='${secret}'\n`);
    expect((await secrets())[0]?.data.webhookSecret).toBe(secret);
    const again = await run(['add', url, '--hook=post-receive'], {
      env: { HAWSER_SERVER: 'https://hawser.example.com' },
    });
    expect(again.stdout).toBe(first.stdout);
    expect((await secrets())[0]?.data).toMatchObject({ username: 'devops', webhookSecret: secret });
  });

  it.each([
    [
      'a hook without a server',
      ['add', 'https://x/y', '--hook=post-receive'],
      'where the hook finds hawser is not said',
    ],
    ['an unknown hook', ['add', 'https://x/y', '--hook=update'], 'Allowed choices are post-receive'],
    ['an unknown type', ['add', 'https://x/y', '--type', 'svn'], '--type svn is not one of git, helm, oci'],
    [
      'a file that is not there',
      ['add', 'https://x/y', '--ssh-private-key-path', 'none'],
      '--ssh-private-key-path: ENOENT',
    ],
    ['no address', ['add'], "missing required argument 'url'"],
  ])('refuses %s', async (_, args, text) => {
    const outcome = await run(args);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(text);
    expect(await secrets()).toEqual([]);
  });
});

describe('hawser repo list, get and rm', () => {
  beforeEach(async () => {
    await run(['add', url, ...ACCOUNT, '--webhook-secret', 'first']);
    await run([
      'add',
      'https://charts.example.com',
      '--type',
      'helm',
      '--name',
      'charts',
      '--project',
      'team',
      '--skip-test',
    ]);
  });

  it('list all, without a secret', async () => {
    const { stdout } = await run(['list']);
    expect(stdout.split('\n').map((line) => line.split(/\s{2,}/))).toEqual([
      ['TYPE', 'NAME', 'REPO', 'INSECURE', 'OCI', 'LFS', 'CREDS', 'WEBHOOK', 'PROJECT'],
      ['git', url, 'false', 'false', 'false', 'true', 'own secret'],
      ['helm', 'charts', 'https://charts.example.com', 'false', 'false', 'false', 'false', 'team'],
      [''],
    ]);
    for (const output of ['json', 'yaml', 'url']) {
      const listed = (await run(['list', '-o', output])).stdout;
      expect(listed).toContain(url);
      expect(listed).not.toMatch(/git-password|first/);
    }
  });

  it('get one, by any form of its address', async () => {
    const { stdout } = await run(['get', url.replace('.git', ''), '-o', 'json']);
    expect(JSON.parse(stdout)).toEqual({
      ...{ type: 'git', url, username: 'devops', password: '++++++++', webhookSecret: '++++++++' },
    });
    expect(await run(['get', 'https://charts.example.com'])).toMatchObject({
      code: 2,
      stderr: 'there is no repository https://charts.example.com (hawser repo list shows all)',
    });
    expect((await run(['get', 'https://charts.example.com', '--project', 'team', '-o', 'url'])).stdout).toBe(
      'https://charts.example.com\n',
    );
  });

  it('forget one', async () => {
    expect(await run(['rm', url])).toMatchObject({ code: 0, stdout: `Repository '${url}' removed\n` });
    expect((await secrets()).map(({ data }) => data.url)).toEqual(['https://charts.example.com']);
    expect(await run(['rm', url])).toMatchObject({ code: 2 });
  });
});

/** Go's hash/fnv, New32a, in its plainest form. */
function fnv1a(text: string): number {
  let hash = 2166136261n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 16777619n) % 2n ** 32n;
  return Number(hash);
}
