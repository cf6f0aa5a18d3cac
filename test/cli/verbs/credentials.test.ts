import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../support/certificates.ts';
import { createVerbs, type Verbs } from '../../support/verbs.ts';

let verbs: Verbs;
let folder: string;
beforeAll(async () => {
  verbs = await createVerbs();
  folder = mkdtempSync(join(tmpdir(), 'hawser-cert-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await verbs.close();
});

describe('hawser repocreds', () => {
  it('adds, lists and forgets credentials, and shows nothing that is secret', async () => {
    const add = 'repocreds add https://git.example.com/team/ --username robot --password-stdin';
    expect(await verbs.run(add, { input: 'very-secret\n' })).toMatchObject({
      code: 0,
      stdout: "Repository credentials for 'https://git.example.com/team/' added\n",
    });
    const { stdout } = await verbs.run('repocreds list');
    expect(stdout).toMatch(
      /^URL PATTERN +USERNAME +SSH_CREDS +TLS_CREDS\nhttps:\/\/git\.example\.com\/team\/ +robot +false +false\n$/,
    );
    expect((await verbs.run('repocreds list -o json')).stdout).not.toContain('very-secret');
    expect((await verbs.run('repocreds list -o url')).stdout).toBe('https://git.example.com/team/\n');
    const other = 'repocreds add https://git.example.com/team/ --username other --password a';
    expect((await verbs.run(other)).code).toBeGreaterThan(0);
    expect((await verbs.run(`${other} --upsert`)).code).toBe(0);
    expect((await verbs.run('repocreds rm https://git.example.com/team/', { answers: ['n'] })).stdout).toContain(
      'cancelled',
    );
    expect((await verbs.run('repocreds rm https://git.example.com/team/ -y')).stdout).toContain('removed');
    expect((await verbs.run('repocreds list -o url')).stdout).toBe('');
  });

  it('keeps what writes apart', async () => {
    await verbs.run(
      'repocreds add https://git.example.com/w/ --write --username robot --password a --enable-oci --github-app-id 7',
    );
    expect((await verbs.run('repocreds list -o url')).stdout).toBe('');
    expect((await verbs.run('repocreds list -o url --write')).stdout).toBe('https://git.example.com/w/\n');
  });
});

describe('hawser cert', () => {
  it('trusts certificates and host keys, lists them, and trusts them no longer', async () => {
    const { ca: pem } = createAuthority();
    writeFileSync(join(folder, 'a.pem'), `leading text\n${pem}\n`);
    const added = await verbs.run('cert add-tls git.example.com --from a.pem', { cwd: folder });
    expect(added).toMatchObject({
      code: 0,
      stdout: 'Created entry with 1 PEM certificates for repository server git.example.com\n',
    });
    const hosts =
      '# comment\ngit.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl comment\n';
    expect((await verbs.run('cert add-ssh --batch', { input: hosts })).stdout).toBe(
      'Successfully created 1 SSH known host entries\n',
    );
    const { stdout } = await verbs.run('cert list --sort type');
    expect(stdout).toMatch(
      /^HOSTNAME +TYPE +SUBTYPE +INFO\ngit\.example\.com +https +\S+ +CN=Test CA\ngit\.example\.com +ssh +ssh-ed25519 +SHA256:\S+\n$/,
    );
    expect((await verbs.run('cert list --cert-type ssh -o json')).stdout).toContain('"certSubType": "ssh-ed25519"');
    expect((await verbs.run('cert rm git.example.com --cert-type ssh -y')).stdout).toBe(
      "Removed cert for 'git.example.com' of type 'ssh' (subtype 'ssh-ed25519')\n",
    );
    expect((await verbs.run('cert rm other.example.com -y')).stdout).toContain('none matched');
  });

  it.each([
    ['cert add-tls a.example.com', 'No valid certificates'],
    ['cert add-ssh', 'No valid SSH known hosts data'],
    ['cert add-tls a.example.com --from missing.pem', 'ENOENT'],
  ])('refuses %s', async (words, message) => {
    const { code, stderr } = await verbs.run(words, { input: 'nothing', cwd: folder });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
