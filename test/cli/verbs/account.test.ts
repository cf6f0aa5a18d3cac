import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSecret } from '../../../src/operation/settings.ts';
import { createVerbs, type Verbs } from '../../support/verbs.ts';

let verbs: Verbs;
let session: string;
beforeAll(async () => {
  verbs = await createVerbs();
  const { client } = verbs.ground;
  await client.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace: 'argocd' },
    data: { 'accounts.ci': 'apiKey', 'accounts.kim': 'login' },
  });
  const bcrypt = await verbs.run('account bcrypt --password first-password');
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'argocd', name: 'argocd-secret' };
  const data = { 'admin.password': btoa(bcrypt.stdout.trim()), 'accounts.kim.password': btoa(bcrypt.stdout.trim()) };
  await client.patch(secret, { data }, { type: 'merge' });
  session = await logIn('admin', 'first-password');
});
afterAll(() => verbs.close());

async function logIn(username: string, password: string): Promise<string> {
  const response = await fetch(`${verbs.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const { token, message } = (await response.json()) as { token?: string; message?: string };
  if (token === undefined) throw new Error(message);
  return token;
}

describe('hawser account', () => {
  it('lists the accounts and what they may be used for', async () => {
    const { stdout } = await verbs.run('account list');
    expect(stdout).toMatch(/^NAME +ENABLED +CAPABILITIES\nadmin +true +login.*\nci +true +apiKey\nkim +true +login\n$/);
    expect((await verbs.run('account list -o name')).stdout).toBe('admin\nci\nkim\n');
  });

  it('tells who one is', async () => {
    const { stdout } = await verbs.run('account get-user-info', { token: session });
    expect(stdout).toBe('Logged In: true\nUsername: admin\nIssuer: argocd\nGroups: \n');
    expect((await verbs.run('account whoami -o json', { token: session })).stdout).toContain('"username": "admin"');
  });

  it('makes a token for a program, shows it without its secret, and takes it back', async () => {
    const made = await verbs.run('account generate-token -a ci --id build -e 7d', { token: session });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const token = made.stdout.trim();
    const { stdout } = await verbs.run('account get -a ci');
    expect(stdout).toMatch(
      /^Name: +ci\nEnabled: +true\nCapabilities: +apiKey\n\nTokens:\nID +ISSUED AT +EXPIRING AT\nbuild +\S+Z +\S+Z\n/,
    );
    expect(stdout).not.toContain(token);
    expect((await verbs.run('account whoami', { token })).stdout).toContain('Username: ci');
    expect((await verbs.run('account delete-token build -a ci', { token: session, answers: ['n'] })).stdout).toContain(
      'cancelled',
    );
    expect((await verbs.run('account delete-token build -a ci', { token: session, answers: ['y'] })).code).toBe(0);
    expect((await verbs.run('account get -a ci')).stdout).toContain('Tokens:\nNONE\n');
  });

  it.each([
    ['can-i get applications */*', 'admin', 'yes', 0],
    ['can-i delete applications shop/web', 'kim', 'no', 1],
  ])('%s as %s is answered %s', async (words, user, answer, code) => {
    const token = await logIn(user, 'first-password');
    expect(await verbs.run(`account ${words}`, { token })).toMatchObject({ code, stdout: `${answer}\n` });
  });

  it('changes the own password, and asks for what is not given', async () => {
    const flags = 'account update-password --current-password first-password --new-password second-password';
    expect(await verbs.run(flags, { token: session })).toMatchObject({ code: 0, stdout: 'Password updated\n' });
    const next = await logIn('admin', 'second-password');
    const answers = ['second-password', 'third-password', 'third-password'];
    expect(await verbs.run('account update-password', { token: next, answers })).toMatchObject({ code: 0 });
    session = await logIn('admin', 'third-password');
    const unlike = await verbs.run('account update-password', {
      token: session,
      answers: ['third-password', 'a', 'b'],
    });
    expect(unlike).toMatchObject({ code: 2, stderr: 'Error: Passwords do not match\n' });
  });

  it('goes on with the session of the context, where that is whose password it was', async () => {
    const home = mkdtempSync(join(tmpdir(), 'hawser-account-'));
    const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), HAWSER_SERVER: '', HAWSER_TOKEN: '' };
    try {
      const server = verbs.url.replace('http://', '');
      const login = await verbs.run(`login ${server} --plaintext --username admin --password third-password`, { env });
      expect(login).toMatchObject({ code: 0 });
      const words = 'account update-password --current-password third-password --new-password fourth-password';
      const changed = await verbs.run(words, { env });
      expect(changed).toMatchObject({ code: 0, stdout: `Password updated\nContext '${server}' updated\n`, stderr: '' });
      expect((await verbs.run('account whoami', { env })).stdout).toContain('Username: admin');
      await verbs.run('account update-password --current-password fourth-password --new-password third-password', {
        env,
      });
      session = await logIn('admin', 'third-password');
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('changes the password of another account by the right to do so', async () => {
    const flags =
      'account update-password --account kim --current-password third-password --new-password another-password';
    expect(await verbs.run(flags, { token: session })).toMatchObject({ code: 0, stderr: '' });
    expect(await logIn('kim', 'another-password')).toMatch(/^ey/);
  });

  it('refuses a wrong password', async () => {
    const flags = 'account update-password --current-password wrong --new-password second-password';
    const { code, stderr } = await verbs.run(flags, { token: session });
    expect(stderr).toContain('current password does not match');
    expect(code).toBe(2);
  });

  it('makes the form in which a password is kept, without a server', async () => {
    const { stdout } = await verbs.run('account bcrypt', {
      input: 'a password\n',
      env: { HAWSER_SERVER: 'http://127.0.0.1:1' },
    });
    expect(stdout).toMatch(/^\$2a\$10\$/);
    expect(await compare('a password', stdout.trim())).toBe(true);
  });

  it('says so where nobody is logged in', async () => {
    const { code, stderr } = await verbs.run('account get', { token: 'x' });
    expect(stderr).toContain('nobody is logged in (hawser login');
    expect(code).toBe(2);
  });

  it('keeps passwords out of what is stored', async () => {
    const secret = await verbs.ground.get('v1', 'Secret', 'argocd', 'argocd-secret');
    expect(JSON.stringify(decodeSecret(secret))).not.toContain('third-password');
  });
});
