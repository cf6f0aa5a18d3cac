// The hook as real Git runs it: a bare repository, pushes, and a webhook that is away at first.

import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postReceiveHook } from '../../src/application/post-receive-hook.ts';
import type { Push } from '../../src/operation/push.ts';
import { generic } from '../../src/webhook/generic.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { runProcess } from '../support/hawser-process.ts';

const REPOSITORY = 'https://git.example.com/team/deploy.git';
const ZERO = '0'.repeat(40);
const LONG_SECRET = 'long '.repeat(40);

interface Received {
  readonly push: Push;
  readonly isSigned: boolean;
}

/** hawser's webhook, as far as the signature and the form of the payload go. */
interface Receiver {
  readonly received: Received[];
  /** How it answers; 202 unless said otherwise. */
  status: number;
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

function createReceiver(secret: string): Receiver {
  let server: Server | undefined;
  const receiver: Receiver = {
    received: [],
    status: 202,
    listen: async (port) => {
      server = createServer(async (request, response) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of request) chunks.push(chunk as Uint8Array);
        const body = new Uint8Array(Buffer.concat(chunks));
        const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
        const payload: unknown = JSON.parse(new TextDecoder().decode(body));
        const parsed = await generic.parse(headers, payload);
        const [push] = 'pushes' in parsed ? parsed.pushes : [];
        const isSigned = await generic.verify({ headers, body, payload: body }, secret);
        if (push?.kind === 'git') receiver.received.push({ push, isSigned });
        response.writeHead(receiver.status).end('{}');
      });
      await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
      const address = server.address();
      return typeof address === 'object' && address ? address.port : 0;
    },
    close: () =>
      new Promise((resolve) => {
        if (!server) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
        server = undefined;
      }),
  };
  return receiver;
}

describe.skipIf(!hasGit())('the post-receive hook', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let bare: string;
  let clone: string;
  let receiver: Receiver;
  let count = 0;

  beforeEach(async () => {
    folder = temporaryFolder();
    bare = join(folder.path, 'deploy.git');
    clone = join(folder.path, 'clone');
    await git(folder.path, 'init', '-q', '--bare', '-b', 'main', 'deploy.git');
    await git(folder.path, 'init', '-q', '-b', 'main', 'clone');
    await git(clone, 'remote', 'add', 'origin', bare);
  });
  afterEach(async () => {
    await receiver?.close();
    // A sender that still waits ends with its lock.
    rmSync(join(bare, 'hawser-spool'), { recursive: true, force: true });
    folder.remove();
  });

  async function install(secret: string): Promise<number> {
    receiver = createReceiver(secret);
    const port = await receiver.listen(0);
    const hook = join(bare, 'hooks', 'post-receive');
    mkdirSync(join(bare, 'hooks'), { recursive: true });
    writeFileSync(
      hook,
      postReceiveHook({ webhookUrl: `http://127.0.0.1:${port}/api/webhook`, repository: REPOSITORY, secret }),
    );
    chmodSync(hook, 0o700);
    return port;
  }
  async function commit(): Promise<string> {
    writeFileSync(join(clone, 'file'), String(count++));
    await git(clone, 'add', '.');
    await git(clone, 'commit', '-q', '-m', 'change');
    return git(clone, 'rev-parse', 'HEAD');
  }
  const spooled = () =>
    existsSync(join(bare, 'hawser-spool'))
      ? readdirSync(join(bare, 'hawser-spool')).filter((name) => /^\d/.test(name))
      : [];
  const flush = () =>
    runProcess('sh', ['hooks/post-receive', '--flush'], { cwd: bare, env: { PATH: process.env.PATH ?? '' } });
  const told = () =>
    receiver.received.map(({ push: { ref, before, after }, isSigned }) => [ref, before, after, isSigned]);

  it.each([
    ['an ordinary secret', 'secret-for-tests'],
    ['quotes, blanks and other letters in the secret', `it's "a" $HOME \\ ü 100% secret`],
    ['a secret longer than a block of the hash', LONG_SECRET],
  ])('tells of pushes, signed with %s', async (_, secret) => {
    await install(secret);
    const first = await commit();
    await git(clone, 'push', '-q', 'origin', 'main');
    await expect.poll(told).toEqual([['refs/heads/main', ZERO, first, true]]);
    expect(receiver.received[0]?.push).toMatchObject({
      webUrls: [REPOSITORY],
      defaultBranch: 'main',
      provider: 'generic',
    });
    await expect.poll(spooled).toEqual([]);
  });

  it('makes of each ref a delivery of its own, tags and deleted branches too', async () => {
    await install('s');
    const first = await commit();
    await git(clone, 'tag', 'v1');
    await git(clone, 'push', '-q', 'origin', 'main', 'HEAD:refs/heads/feat"ure', 'v1');
    await git(clone, 'push', '-q', 'origin', ':refs/heads/feat"ure');
    await expect
      .poll(() => told().sort())
      .toEqual([
        ['refs/heads/feat"ure', ZERO, first, true],
        ['refs/heads/feat"ure', first, ZERO, true],
        ['refs/heads/main', ZERO, first, true],
        ['refs/tags/v1', ZERO, first, true],
      ]);
    expect(new Set(receiver.received.map(({ push }) => push.deliveryId)).size).toBe(4);
  });

  it('lets pushes succeed while hawser is away, and sends all of them later, in their order and once', async () => {
    const port = await install('s');
    await receiver.close();
    const first = await commit();
    await git(clone, 'push', '-q', 'origin', 'main');
    const second = await commit();
    await git(clone, 'push', '-q', 'origin', 'main');
    expect(await git(bare, 'rev-parse', 'main')).toBe(second);
    await expect.poll(spooled).toHaveLength(2);
    await receiver.listen(port);
    await expect.poll(told, { timeout: 15_000 }).toEqual([
      ['refs/heads/main', ZERO, first, true],
      ['refs/heads/main', first, second, true],
    ]);
    await expect.poll(spooled).toEqual([]);
  }, 30_000);

  it('sends again what was refused for a while, under the same name, and keeps apart what never will be taken', async () => {
    await install('s');
    receiver.status = 503;
    await commit();
    await git(clone, 'push', '-q', 'origin', 'main');
    await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBeGreaterThan(1);
    expect(new Set(receiver.received.map(({ push }) => push.deliveryId)).size).toBe(1);
    receiver.status = 400;
    await expect.poll(spooled, { timeout: 15_000 }).toEqual([]);
    expect(readdirSync(join(bare, 'hawser-spool', 'refused'))).toHaveLength(1);
  }, 40_000);

  it('goes on after the process that sent was killed', async () => {
    const port = await install('s');
    await receiver.close();
    await commit();
    await git(clone, 'push', '-q', 'origin', 'main');
    const lock = join(bare, 'hawser-spool', '.lock');
    await expect.poll(() => existsSync(join(lock, 'pid'))).toBe(true);
    const { stdout: pid } = await runProcess('cat', [join(lock, 'pid')], { env: { PATH: process.env.PATH ?? '' } });
    process.kill(Number(pid), 'SIGKILL');
    await receiver.listen(port);
    expect((await flush()).code).toBe(0);
    // What it had begun to send may come as well, under the same name.
    expect(new Set(receiver.received.map(({ push }) => push.deliveryId)).size).toBe(1);
    expect([spooled(), existsSync(lock)]).toEqual([[], false]);
  }, 30_000);
});
