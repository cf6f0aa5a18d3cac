// The built command: projects, repositories, credentials, certificates, clusters and accounts on a demo's server.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKubeClient } from '../../src/kube/client.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { type BuiltDemo, startBuiltDemo } from '../support/built-demo.ts';
import { createAuthority } from '../support/certificates.ts';

let demo: BuiltDemo;
beforeAll(async () => {
  demo = await startBuiltDemo();
});
afterAll(() => demo.end());

/** Fails with what the command has said. */
async function done(words: string, input?: string): Promise<string> {
  const { code, stdout, stderr } = await demo.start(words.split(' '), input === undefined ? {} : { input }).ended;
  expect({ code, stderr }, `${words}\n${stdout}`).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('hawser proj', () => {
  it('makes, changes, lists and deletes a project', async () => {
    await done('proj create shop -d https://kubernetes.default.svc,shop -s https://git.example.com/shop.git');
    await done('proj set shop --description shop');
    await done('proj add-source shop https://git.example.com/more.git');
    await done('proj remove-source shop https://git.example.com/more.git');
    await done('proj add-destination shop https://kubernetes.default.svc other');
    await done('proj remove-destination shop https://kubernetes.default.svc other');
    await done('proj allow-cluster-resource shop / Namespace');
    await done('proj deny-namespace-resource shop apps DaemonSet');
    expect(await done('proj list')).toMatch(
      /^shop +shop +https:\/\/kubernetes\.default\.svc,shop +https:\/\/git\.example\.com\/shop\.git/m,
    );
    expect(await done('proj get shop')).toMatch(/^Denied Namespaced Resources: +apps\/DaemonSet$/m);
  });

  it('edits it in an editor', async () => {
    writeFileSync(join(demo.folder, 'editor.sh'), '#!/bin/sh\nsed -i s/shop.git/web.git/ "$1"\n', { mode: 0o755 });
    const env = { ...demo.env, EDITOR: join(demo.folder, 'editor.sh') };
    const { stdout } = await demo.start(['proj', 'edit', 'shop'], { env }).ended;
    expect(stdout).toBe("Project 'shop' updated successfully\n");
  });

  it('has windows', async () => {
    const flags = ['-k', 'deny', '--schedule', '0 2 * * *', '--duration', '1h', '--applications', '*'];
    expect((await demo.run('proj', 'windows', 'add', 'shop', ...flags)).code).toBe(0);
    await done('proj windows update shop 0 --duration 2h');
    await done('proj windows enable-manual-sync shop 0');
    expect(await done('proj windows list shop')).toMatch(/^0 +\w+ +deny +0 2 \* \* \* +2h +\* +- +- +Enabled/m);
    await done('proj windows disable-manual-sync shop 0');
    await done('proj windows delete shop 0');
  });

  it('has roles with tokens', async () => {
    await done('proj role create shop ci');
    await done('proj role add-policy shop ci -a get -o *');
    await done('proj role add-group shop ci devs');
    const token = (await done('proj role create-token shop ci -t --id build')).trim();
    const { stdout } = await demo.run('account', 'can-i', 'get', 'applications', 'shop/web', '--auth-token', token);
    expect(stdout).toBe('yes\n');
    const [, issuedAt] = /^build +(\d+)/m.exec(await done('proj role list-tokens shop ci -u')) ?? [];
    await done(`proj role delete-token shop ci ${issuedAt}`);
    expect(await done('proj role get shop ci')).toContain('p, proj:shop:ci, applications, get, shop/*, allow\n');
    await done('proj role remove-group shop ci devs');
    await done('proj role remove-policy shop ci -a get -o *');
    await done('proj role delete shop ci');
    await done('proj delete shop');
    expect(await done('proj list -o name')).not.toContain('shop');
  });
});

describe('hawser repo, repocreds and cert', () => {
  it('take what is new, list it, and forget it', async () => {
    const server = `--server ${demo.url} --auth-token ${demo.token}`;
    await done(`repo add ${demo.cloneUrl} ${server}`);
    expect(await done(`repo list ${server} -o url`)).toBe(`${demo.cloneUrl}\n`);
    expect(await done(`repo get ${demo.cloneUrl} ${server}`)).toMatch(/ Successful/);
    await done(`repo rm ${demo.cloneUrl} ${server}`);
    await done('repocreds add https://git.example.com/ --username robot --password-stdin', 'secret\n');
    expect(await done('repocreds list -o url')).toBe('https://git.example.com/\n');
    await done('repocreds rm https://git.example.com/');
    writeFileSync(join(demo.folder, 'ca.pem'), createAuthority().ca);
    await done('cert add-tls git.example.com --from ca.pem');
    expect(await done('cert list')).toMatch(/^git\.example\.com +https/m);
    await done('cert rm git.example.com');
  });
});

describe('hawser cluster', () => {
  it('takes in the cluster of a context, with a ServiceAccount of its own', async () => {
    const client = createKubeClient(await connectKubeconfig({ kubeconfig: demo.kubeconfig }), { fieldManager: 'test' });
    // What the token controller of a cluster does.
    await client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-manager-long-lived-token', namespace: 'kube-system' },
      data: { token: btoa(demo.token) },
    });
    const { KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromFile(demo.kubeconfig);
    await done(`cluster add ${config.currentContext} -y --name again --kubeconfig ${demo.kubeconfig}`);
    expect(await done('cluster list')).toMatch(/ again /);
    await done('cluster set again --label env=test');
    expect(await done('cluster get again')).toContain('env: test');
    const { code, stdout } = await demo.run('cluster', 'rm', 'again', '-y');
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Cluster 'again' removed\n" });
  });
});

describe('hawser account', () => {
  it('logs in by the first password, which is then changed', async () => {
    const { stdout: password } = await demo.run('admin', 'initial-password', '--kubeconfig', demo.kubeconfig);
    const response = await fetch(`${demo.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: password.trim() }),
    });
    const { token } = (await response.json()) as { token: string };
    const flags = `--server ${demo.url} --auth-token ${token}`;
    expect(await done(`account get-user-info ${flags}`)).toContain('Username: admin\n');
    expect(await done(`account list ${flags}`)).toMatch(/^admin +true +login/m);
    expect(await done(`account get ${flags}`)).toContain('Tokens:\nNONE\n');
    expect(await done(`account can-i delete applications */* ${flags}`)).toBe('yes\n');
    const change = await demo.run(
      ...`account update-password --current-password ${password.trim()} --new-password another-password ${flags}`.split(
        ' ',
      ),
    );
    expect(change).toMatchObject({ code: 0, stdout: 'Password updated\n' });
    expect(await done('account bcrypt', 'a password\n')).toMatch(/^\$2a\$10\$/);
  });

  it('makes tokens for programs, and takes them back', async () => {
    const client = createKubeClient(await connectKubeconfig({ kubeconfig: demo.kubeconfig }), { fieldManager: 'test' });
    await client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: 'argocd-cm' },
      { data: { 'accounts.ci': 'apiKey' } },
      { type: 'merge' },
    );
    const token = (await done('account generate-token -a ci --id build -e 1h')).trim();
    expect(await done(`account whoami --server ${demo.url} --auth-token ${token}`)).toContain('Username: ci');
    await done('account delete-token build -a ci');
    expect(await done('account get -a ci')).toContain('NONE');
  });
});

describe('hawser version and completion', () => {
  it('tell of the server, and complete commands', async () => {
    expect(await done(`version --server ${demo.url} --auth-token ${demo.token}`)).toMatch(
      /^hawser \S+ \(Node \S+\)\nhawser-server: v\S+\n/,
    );
    expect(await done('version --client --short')).toMatch(/^hawser: v\S+\n$/);
    const script = await done('completion bash');
    expect(script).toContain('windows');
    expect(script).toMatch(/'app sync'\) echo '.*--prune/);
    for (const shell of ['zsh', 'fish']) expect(await done(`completion ${shell}`)).toContain('windows');
  });
});

describe('without a server', () => {
  it('the same verbs work straight on the cluster', async () => {
    const core = `--core --kubeconfig ${demo.kubeconfig}`;
    await done(`proj create direct --description direct ${core}`);
    expect(await done(`proj list ${core}`)).toMatch(/^direct +direct /m);
    await done(`proj windows list direct ${core}`);
    await done(`proj delete direct ${core}`);
    expect(await done(`cluster list -o server ${core}`)).toContain('https://kubernetes.default.svc\n');
    expect(await done(`repo list -o url ${core}`)).toBe('');
    expect(await done(`cert list ${core}`)).toMatch(/^HOSTNAME/);
    expect(await done(`repocreds list -o url ${core}`)).toBe('');
    expect(await done(`account list -o name ${core}`)).toContain('admin\n');
  });
});
