// hawser login|logout|relogin|context, by the built command: sessions with a server, in the file that argocd shares.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { parseDocuments } from '../../src/render/yaml/plain.ts';
import { type BuiltDemo, startBuilt, startBuiltDemo } from '../support/built-demo.ts';
import { createHome, eventually, type Home } from '../support/hawser-process.ts';
import { CLIENT_ID, type OidcProvider, startOidcProvider } from '../support/oidc-provider.ts';

let demo: BuiltDemo;
/** Of somebody else, who knows no demo. */
let home: Home;
let provider: OidcProvider;
let password: string;
let file: string;

beforeAll(async () => {
  demo = await startBuiltDemo();
  home = createHome();
  file = join(home.folder, '.config', 'argocd', 'config');
  provider = await startOidcProvider({ isPublic: true });
  const { stdout } = await demo.run('admin', 'initial-password', '--kubeconfig', demo.kubeconfig);
  password = stdout.split('\n', 1)[0] ?? '';
});
afterAll(async () => {
  await provider.close();
  await demo.end();
  home.remove();
});

const start = (...args: string[]) => startBuilt(args, { cwd: home.folder, env: home.env });
const run = (...args: string[]) => start(...args).ended;
const config = () => parseDocuments(readFileSync(file, 'utf8'))[0];

describe('hawser login', () => {
  it('begins a session with a password, and writes argocd’s file for its owner only', async () => {
    const host = new URL(demo.url).host;
    expect(await run('login', host, '--username', 'admin', '--password', password)).toEqual({
      code: 0,
      stdout: `'admin:login' logged in successfully\nContext '${host}' updated\n`,
      stderr: '',
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(config()).toMatchObject({
      contexts: [{ name: host, server: host, user: host }],
      servers: [{ server: host, 'grpc-web-root-path': '', 'plain-text': true }],
      users: [{ name: host, 'auth-token': expect.stringMatching(/^ey/) }],
      'current-context': host,
    });
    // No other word of where the server is, and of who asks.
    expect(await run('app', 'list', '-o', 'name')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('argocd/dev-web'),
    });
    const synced = await run('app', 'sync', 'prd-web', '-o', 'json');
    expect(at(JSON.parse(synced.stdout), 'status', 'operationState', 'operation', 'initiatedBy')).toEqual({
      username: 'admin',
    });
  });

  it('refuses a wrong password, and what is not safe where nobody can be asked', async () => {
    const wrong = await run('login', demo.url, '--username', 'admin', '--password', 'wrong');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('Invalid username or password') });
    const unasked = await run('login', demo.url, '--username', 'admin');
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('nobody is there to be asked') });
  });

  it('keeps what is not its own, lists contexts, chooses and forgets them', async () => {
    writeFileSync(file, `${readFileSync(file, 'utf8')}prompts-enabled: true # by hand\n`, { mode: 0o600 });
    await run('login', demo.url, '--name', 'second', '--username', 'admin', '--password', password);
    expect(await run('login', '--core')).toMatchObject({ code: 0, stdout: "Context 'kubernetes' updated\n" });
    expect(readFileSync(file, 'utf8')).toContain('prompts-enabled: true # by hand');
    const { host } = new URL(demo.url);
    expect(await run('context')).toMatchObject({
      stdout: expect.stringMatching(
        new RegExp(`^CURRENT +NAME +SERVER\\n +${host} +${host}\\n +second .*\\n\\* +kubernetes +kubernetes\\n$`),
      ),
    });
    expect(await run('context', 'second')).toMatchObject({ code: 0, stdout: "Switched to context 'second'\n" });
    expect(await run('context', 'nope')).toMatchObject({ code: 2 });
    expect(await run('context', 'kubernetes', '--delete')).toMatchObject({
      code: 0,
      stdout: "Context 'kubernetes' deleted\n",
    });
    expect(at(config(), 'contexts')).toHaveLength(2);
  });

  it('gives no token to another server than the one that it is of', async () => {
    const other = await run('app', 'sync', 'prd-web', '--server', demo.url.replace('127.0.0.1', 'localhost'));
    expect(other).toMatchObject({ code: 2, stdout: '' });
  });

  it('begins a session anew, and ends it for good', async () => {
    const { code, stdout } = await run('relogin', '--password', password);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Relogging in as 'admin:login'"),
    });
    const token = String(at(config(), 'users', 1, 'auth-token'));
    expect(await run('logout')).toMatchObject({ code: 0, stdout: "Logged out from 'second'\n", stderr: '' });
    expect(at(config(), 'users', 1, 'auth-token')).toBeUndefined();
    const revoked = await run('app', 'sync', 'prd-web', '--server', demo.url, '--auth-token', token);
    expect(revoked).toMatchObject({ code: 2, stdout: '' });
  });

  it('says of a file that others may read that they may', async () => {
    const open = join(home.folder, 'open');
    writeFileSync(open, '{}', { mode: 0o644 });
    const outcome = await run('context', '--config', open);
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('others may read it (chmod 600') });
  });
});

describe('hawser login --sso', () => {
  it('logs in by the provider that the server trusts', async () => {
    const settings = `name: Provider\nissuer: ${provider.issuer}\nclientID: ${CLIENT_ID}\ncliClientID: ${CLIENT_ID}\n`;
    await patchSettings({ 'oidc.config': settings, url: demo.url });
    provider.person = { sub: 'kim', email: 'kim@example.com', groups: ['devs'] };
    await eventually('the provider in the settings', async () => {
      const answer = await fetch(`${demo.url}/api/v1/settings`);
      return at(await answer.json(), 'oidcConfig', 'issuer') === provider.issuer || undefined;
    });
    const login = start('login', demo.url, '--sso', '--sso-port', '18585', '--no-sso-launch-browser', '--name', 'sso');
    const [, page = ''] = await login.waitFor(/^ {2}(http\S+)$/m);
    // What a browser does: it goes to the provider, and back.
    const stray = await fetch('http://localhost:18585/auth/callback?code=stolen&state=guessed');
    expect(stray.status).toBe(400);
    const back = await fetch(page);
    expect(await back.text()).toContain('You are logged in');
    expect(await login.ended).toMatchObject({
      code: 0,
      stdout: "'kim@example.com' logged in successfully\nContext 'sso' updated\n",
    });
    const info = await run('account', 'get-user-info', '-o', 'json');
    expect(JSON.parse(info.stdout)).toMatchObject({ loggedIn: true, iss: provider.issuer });
  });

  it('says of a server without one that there is none', async () => {
    await patchSettings({ 'oidc.config': null });
    const outcome = await eventually('the end of the provider', async () => {
      const login = start('login', demo.url, '--sso', '--sso-port', '18586', '--no-sso-launch-browser');
      const ended = await Promise.race([login.ended, login.waitFor(/To log in/).then(() => login.end('SIGINT'))]);
      return ended.code === 130 ? undefined : ended;
    });
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('has no single sign-on') });
  });
});

async function patchSettings(data: Record<string, string | null>): Promise<void> {
  const cluster = at(parseDocuments(readFileSync(demo.kubeconfig, 'utf8'))[0], 'clusters', 0, 'cluster', 'server');
  const user = at(parseDocuments(readFileSync(demo.kubeconfig, 'utf8'))[0], 'users', 0, 'user', 'token');
  const response = await fetch(`${cluster}/api/v1/namespaces/argocd/configmaps/argocd-cm`, {
    method: 'PATCH',
    headers: {
      'content-type': 'application/merge-patch+json',
      ...(typeof user === 'string' && { authorization: `Bearer ${user}` }),
    },
    body: JSON.stringify({ data }),
  });
  expect(response.status).toBe(200);
}
