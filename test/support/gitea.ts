// A real Gitea on loopback for the Git server suite: SQLite, no SSH, webhooks to loopback allowed.

import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { at } from '../../src/base/json.ts';
import { freePort } from './control-plane.ts';
import { findPeer } from './peers.ts';

export interface Gitea {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Calls the REST API as the administrator; throws with the server's text on any answer that is no success. */
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

const USER = 'devops';
const PASSWORD = 'gitea-test-password';

export function missingGitea(): string | undefined {
  return findPeer('gitea') ? undefined : 'no gitea (bash .ci/peers.sh gitea builds it)';
}

/** Starts Gitea with one administrator. About 6 s. */
export async function startGitea(): Promise<Gitea> {
  const binary = findPeer('gitea') ?? 'gitea';
  const staticRoot = readFileSync(join(dirname(binary), 'gitea.static-root'), 'utf8').trim();
  const folder = mkdtempSync(join(tmpdir(), 'hawser-gitea-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'app.ini');
  mkdirSync(join(folder, 'data'));
  writeFileSync(
    config,
    [
      'RUN_MODE = prod',
      `WORK_PATH = ${folder}`,
      '[server]',
      'PROTOCOL = http',
      'HTTP_ADDR = 127.0.0.1',
      `HTTP_PORT = ${port}`,
      `ROOT_URL = ${url}/`,
      `STATIC_ROOT_PATH = ${staticRoot}`,
      'DISABLE_SSH = true',
      'OFFLINE_MODE = true',
      'LFS_START_SERVER = true',
      'LFS_JWT_SECRET = MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE',
      '[lfs]',
      `PATH = ${join(folder, 'data', 'lfs')}`,
      '[database]',
      'DB_TYPE = sqlite3',
      `PATH = ${join(folder, 'data', 'gitea.db')}`,
      '[security]',
      'INSTALL_LOCK = true',
      'SECRET_KEY = for-tests-only',
      'INTERNAL_TOKEN = eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJuYmYiOjE3MDAwMDAwMDB9.GKBaJ8vCbmvTbpqLM9y8Rwzm0hBvEE5Dn9E0tTqM0SY',
      '[webhook]',
      'ALLOWED_HOST_LIST = loopback',
      '[log]',
      'LEVEL = Warn',
      '[service]',
      'DISABLE_REGISTRATION = true',
      '[repository]',
      `ROOT = ${join(folder, 'repositories')}`,
      'DEFAULT_BRANCH = main',
      '',
    ].join('\n'),
  );
  const env = { ...process.env, GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: 'true', HOME: folder, GITEA_WORK_DIR: folder };
  const command = (...args: string[]) => execFileSync(binary, ['--config', config, ...args], { env, stdio: 'pipe' });
  const log = createWriteStream(join(folder, 'gitea.log'));
  let child: ReturnType<typeof spawn> | undefined;
  const stop = async () => {
    if (child && child.exitCode === null) {
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    command('migrate');
    const account = ['--username', USER, '--password', PASSWORD, '--email', `${USER}@example.com`];
    command('admin', 'user', 'create', '--admin', '--must-change-password=false', ...account);
    child = spawn(binary, ['--config', config, 'web'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
    await waitUntilUp(url);
  } catch (error) {
    const text = safeRead(join(folder, 'gitea.log'));
    await stop();
    throw new Error(`gitea did not start: ${error instanceof Error ? error.message : error}\n${text}`);
  }
  const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  return {
    url,
    user: USER,
    password: PASSWORD,
    stop,
    api: async (method, path, body) => {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`gitea ${method} ${path}: ${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
  };
}

/** Presses "Redeliver" beside a delivery on the page of its hook, which the REST API has no call for. */
export async function replayDelivery(gitea: Gitea, repository: string, deliveryId: string): Promise<void> {
  const login = await fetch(`${gitea.url}/user/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ user_name: gitea.user, password: gitea.password }),
  });
  // The session has another id after the login than before; both are told.
  const cookies = new Map(
    login.headers.getSetCookie().map((one) => {
      const [name = '', value = ''] = (one.split(';')[0] ?? '').split('=');
      return [name, value] as const;
    }),
  );
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const hooks = await gitea.api('GET', `/repos/${repository}/hooks`);
  for (const hook of Array.isArray(hooks) ? hooks : []) {
    const page = `${gitea.url}/${repository}/settings/hooks/${at(hook, 'id')}/replay/${deliveryId}`;
    const answer = await fetch(page, { method: 'POST', redirect: 'manual', headers: { cookie } });
    if (answer.headers.get('location')?.includes('/settings/hooks/')) return;
  }
  throw new Error(`no hook of ${repository} has sent the delivery ${deliveryId}`);
}

async function waitUntilUp(url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const isUp = await fetch(`${url}/api/v1/version`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no answer within 60 s');
}

function safeRead(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(-15).join('\n');
  } catch {
    return '(it wrote no log)';
  }
}
