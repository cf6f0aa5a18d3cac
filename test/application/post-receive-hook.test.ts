// The hook as real Git runs it: a bare repository, pushes, and a webhook that is away at first.

import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postReceiveHook } from '../../src/application/post-receive-hook.ts';
import { formatError, httpStatusOf } from '../../src/base/errors.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import type { Push } from '../../src/operation/push.ts';
import { createLargeBodies } from '../../src/webhook/body.ts';
import { receiveWebhook } from '../../src/webhook/receive.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { runProcess } from '../support/hawser-process.ts';

const REPOSITORY = 'https://git.example.com/team/deploy.git';
const ZERO = '0'.repeat(40);
const LONG_SECRET = 'long '.repeat(40);

/** hawser's webhook, up to the push that is recorded; the secret is that of the repository. */
interface Receiver {
  readonly received: Push[];
  /** How it answers what is signed; 202 unless said otherwise. */
  status: number;
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

function createReceiver(secret: string): Receiver {
  let listening: Listening | undefined;
  const options = {
    ...{ secrets: {}, repositorySecrets: [{ url: REPOSITORY, secrets: [secret] }] },
    ...{ maxBytes: 1 << 20, insecure: false, largeBodies: createLargeBodies(1) },
  };
  const receiver: Receiver = {
    received: [],
    status: 202,
    listen: async (port) => {
      const answer = async (request: Request) => {
        try {
          const parsed = await receiveWebhook(request, options);
          const pushes = 'pushes' in parsed ? parsed.pushes : [];
          receiver.received.push(...pushes.filter((push) => push.kind === 'git'));
          return new Response('{}', { status: receiver.status });
        } catch (error) {
          return new Response(formatError(error), { status: httpStatusOf(error) });
        }
      };
      listening = await listen(answer, { host: '127.0.0.1', port });
      return Number(new URL(listening.url).port);
    },
    close: async () => {
      await listening?.close();
      listening = undefined;
    },
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
  const told = () => receiver.received.map(({ ref, before, after }) => [ref, before, after]);

  it.each([
    ['an ordinary secret', 'secret-for-tests'],
    ['quotes, blanks and other letters in the secret', `it's "a" $HOME \\ ü 100% secret`],
    ['a secret longer than a block of the hash', LONG_SECRET],
  ])('tells of pushes, signed with %s', async (_, secret) => {
    await install(secret);
    const first = await commit();
    await git(clone, 'push', '-q', 'origin', 'main');
    await expect.poll(told).toEqual([['refs/heads/main', ZERO, first]]);
    expect(receiver.received[0]).toMatchObject({
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
        ['refs/heads/feat"ure', ZERO, first],
        ['refs/heads/feat"ure', first, ZERO],
        ['refs/heads/main', ZERO, first],
        ['refs/tags/v1', ZERO, first],
      ]);
    expect(new Set(receiver.received.map(({ deliveryId }) => deliveryId)).size).toBe(4);
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
    await expect.poll(told).toEqual([
      ['refs/heads/main', ZERO, first],
      ['refs/heads/main', first, second],
    ]);
    await expect.poll(spooled).toEqual([]);
  });

  it('sends again what was refused for a while, under the same name, and keeps apart what never will be taken', async () => {
    await install('s');
    receiver.status = 503;
    await commit();
    await git(clone, 'push', '-q', 'origin', 'main');
    await expect.poll(() => receiver.received.length).toBeGreaterThan(1);
    expect(new Set(receiver.received.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    receiver.status = 400;
    await expect.poll(spooled).toEqual([]);
    expect(readdirSync(join(bare, 'hawser-spool', 'refused'))).toHaveLength(1);
  });

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
    expect(new Set(receiver.received.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect([spooled(), existsSync(lock)]).toEqual([[], false]);
  });
});
