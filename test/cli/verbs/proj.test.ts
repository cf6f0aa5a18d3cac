import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerbs, type Verbs } from '../../support/verbs.ts';

let verbs: Verbs;
let folder: string;
beforeAll(async () => {
  verbs = await createVerbs();
  folder = mkdtempSync(join(tmpdir(), 'hawser-proj-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await verbs.close();
});

const project = async (name: string) =>
  (await verbs.ground.get('argoproj.io/v1alpha1', 'AppProject', 'argocd', name)) as
    | { spec: Record<string, unknown>; status?: unknown }
    | undefined;
const spec = async (name = 'shop') => (await project(name))?.spec;

describe('hawser proj', () => {
  it('makes a project from flags, shows it, and makes it no second time', async () => {
    const create = [
      ...['proj', 'create', 'shop', '--description', 'the shop', '-d', 'https://kubernetes.default.svc,shop-*'],
      ...['-s', 'https://git.example.com/shop.git', '--allow-cluster-resource', '/Namespace', '--orphaned-resources'],
    ];
    expect(await verbs.run(create)).toEqual({ code: 0, stdout: '', stderr: '' });
    const { stdout } = await verbs.run('proj list');
    expect(stdout).toMatch(
      /^NAME +DESCRIPTION +DESTINATIONS +SOURCES +CLUSTER-RESOURCE-WHITELIST +NAMESPACE-RESOURCE-BLACKLIST/,
    );
    expect(stdout).toMatch(
      /^shop +the shop +https:\/\/kubernetes\.default\.svc,shop-\* +https:\/\/git\.example\.com\/shop\.git +\/Namespace +<none> +<none> +enabled \(warn=true\) +<none>$/m,
    );
    expect((await verbs.run('proj list -o name')).stdout).toBe('default\nshop\n');
    expect((await verbs.run([...create, '--description', 'other'])).stderr).toContain(
      'existing project spec is different',
    );
    expect((await verbs.run([...create, '--description', 'other', '--upsert'])).code).toBe(0);
    expect(await spec()).toMatchObject({ description: 'other' });
  });

  it('shows one as Argo CD does, and as it is', async () => {
    const { stdout } = await verbs.run('proj get shop');
    expect(stdout).toMatch(
      /^Name: +shop\nDescription: +other\nDestinations: +https:\/\/kubernetes\.default\.svc,shop-\*\n/,
    );
    expect(stdout).toMatch(/^Orphaned Resources: +enabled \(warn=true\)$/m);
    expect(JSON.parse((await verbs.run('proj get shop -o json')).stdout)).toMatchObject({ metadata: { name: 'shop' } });
  });

  it('makes one from a file', async () => {
    writeFileSync(join(folder, 'p.yaml'), 'metadata: {name: filed}\nspec: {sourceRepos: ["*"]}\n');
    expect((await verbs.run('proj create -f p.yaml', { cwd: folder })).code).toBe(0);
    expect(await spec('filed')).toMatchObject({ sourceRepos: ['*'] });
  });

  it.each([
    [
      'add-source shop https://git.example.com/more.git',
      'sourceRepos',
      ['https://git.example.com/shop.git', 'https://git.example.com/more.git'],
      '',
    ],
    [
      'add-source shop https://git.example.com/more',
      'sourceRepos',
      undefined,
      "Source repository 'https://git.example.com/more.git' already allowed in project\n",
    ],
    ['remove-source shop https://git.example.com/more.git', 'sourceRepos', ['https://git.example.com/shop.git'], ''],
    [
      'remove-source shop https://nowhere.example.com',
      'sourceRepos',
      undefined,
      "Source repository 'https://nowhere.example.com' does not exist in project\n",
    ],
    ['add-source-namespace shop team-a', 'sourceNamespaces', ['team-a'], ''],
    [
      'add-destination shop prod shop --name',
      'destinations',
      [
        { server: 'https://kubernetes.default.svc', namespace: 'shop-*' },
        { name: 'prod', namespace: 'shop' },
      ],
      '',
    ],
    [
      'remove-destination shop prod shop',
      'destinations',
      [{ server: 'https://kubernetes.default.svc', namespace: 'shop-*' }],
      '',
    ],
    [
      'allow-cluster-resource shop rbac.authorization.k8s.io ClusterRole',
      'clusterResourceWhitelist',
      [
        { group: '', kind: 'Namespace' },
        { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
      ],
      "Group 'rbac.authorization.k8s.io', kind 'ClusterRole', and name '' is added to allowed cluster resources\n",
    ],
    [
      'deny-cluster-resource shop rbac.authorization.k8s.io ClusterRole',
      'clusterResourceWhitelist',
      [{ group: '', kind: 'Namespace' }],
      "Group 'rbac.authorization.k8s.io', kind 'ClusterRole', and name '' is removed from allowed cluster resources\n",
    ],
    [
      'deny-namespace-resource shop apps DaemonSet',
      'namespaceResourceBlacklist',
      [{ group: 'apps', kind: 'DaemonSet' }],
      "Group 'apps' and kind 'DaemonSet' is added to denied namespaced resources\n",
    ],
    [
      'deny-namespace-resource shop batch Job -l allow',
      'namespaceResourceBlacklist',
      undefined,
      "Group 'batch' and kind 'Job' not in allowed namespaced resources\n",
    ],
    [
      'add-orphaned-ignore shop apps ReplicaSet --name web-*',
      'orphanedResources',
      { ignore: [{ group: 'apps', kind: 'ReplicaSet', name: 'web-*' }] },
      '',
    ],
    ['remove-orphaned-ignore shop apps ReplicaSet --name web-*', 'orphanedResources', { ignore: [] }, ''],
    [
      'add-destination-service-account shop https://kubernetes.default.svc shop-a web --service-account-namespace sa',
      'destinationServiceAccounts',
      [{ server: 'https://kubernetes.default.svc', namespace: 'shop-a', defaultServiceAccount: 'sa:web' }],
      '',
    ],
  ])('%s', async (words, key, expected, printed) => {
    const before = await spec();
    const { code, stdout, stderr } = await verbs.run(`proj ${words}`);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: printed, stderr: '' });
    expect((await spec())?.[key]).toEqual(expected ?? before?.[key]);
  });

  it.each([
    ['add-destination shop https://kubernetes.default.svc shop-*', 'already defined'],
    ['remove-destination shop https://kubernetes.default.svc other', 'does not exist in project'],
    ['windows delete shop 9', "window with id '9' not found"],
    ['role get shop nobody', "role 'nobody' does not exist"],
    ['set shop', 'Please set at least one option'],
    ['allow-cluster-resource shop a B -l neither', 'neither allow nor deny'],
    ['create', 'the project has no name'],
  ])('refuses %s', async (words, message) => {
    const { code, stderr } = await verbs.run(`proj ${words}`);
    expect(stderr).toContain(message);
    expect(code).toBeGreaterThan(0);
  });

  it('is edited until the server takes it', async () => {
    const editor = join(folder, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nsed -i "s/^description: .*/description: edited/" "$1"\n', { mode: 0o755 });
    const { stdout } = await verbs.run('proj edit shop', { env: { EDITOR: editor } });
    expect(stdout).toBe("Project 'shop' updated successfully\n");
    expect(await spec()).toMatchObject({ description: 'edited' });
    expect((await verbs.run('proj edit shop', { env: { EDITOR: 'true' } })).stdout).toBe(
      'Edit cancelled, no changes made.\n',
    );
  });

  it('is deleted when whoever sits there agrees', async () => {
    expect((await verbs.run('proj delete filed', { answers: ['n'] })).stdout).toContain('was cancelled');
    expect(await project('filed')).toBeDefined();
    expect((await verbs.run('proj delete filed', { answers: ['y'] })).code).toBe(0);
    expect(await project('filed')).toBeUndefined();
  });
});

describe('hawser proj windows', () => {
  it('adds, changes, lists and deletes windows by their places', async () => {
    const add = [
      ...['proj', 'windows', 'add', 'shop', '-k', 'deny', '--schedule', '0 22 * * *', '--duration', '1h'],
      ...['--applications', 'prod-*,web', '--time-zone', 'Europe/Berlin', '--manual-sync'],
    ];
    expect(await verbs.run(add)).toMatchObject({ code: 0, stderr: '' });
    await verbs.run([
      ...['proj', 'windows', 'add', 'shop', '-k', 'allow', '--schedule', '* * * * *'],
      ...['--duration', '24h', '--namespaces', 'a'],
    ]);
    const { stdout } = await verbs.run('proj windows list shop');
    expect(stdout).toMatch(
      /^ID +STATUS +KIND +SCHEDULE +DURATION +APPLICATIONS +NAMESPACES +CLUSTERS +MANUALSYNC +SYNCOVERRUN +TIMEZONE +USEANDOPERATOR\n/,
    );
    expect(stdout).toMatch(
      /^0 +\w+ +deny +0 22 \* \* \* +1h +prod-\*,web +- +- +Enabled +Disabled +Europe\/Berlin +Disabled$/m,
    );
    expect(stdout).toMatch(/^1 +Active +allow /m);
    await verbs.run('proj windows disable-manual-sync shop 0');
    await verbs.run('proj windows update shop 0 --duration 2h');
    await verbs.run('proj windows delete shop 1');
    expect(await spec()).toMatchObject({
      syncWindows: [{ kind: 'deny', duration: '2h', manualSync: false, timeZone: 'Europe/Berlin' }],
    });
  });

  it.each([
    ['a schedule that is none', ['-k', 'deny', '--schedule', 'never', '--duration', '1h']],
    ['a duration that is none', ['-k', 'deny', '--schedule', '* * * * *', '--duration', 'long']],
    ['another kind', ['-k', 'hold', '--schedule', '* * * * *', '--duration', '1h']],
  ])('refuses %s', async (_, flags) => {
    expect((await verbs.run(['proj', 'windows', 'add', 'shop', ...flags, '--applications', '*'])).code).toBe(2);
  });
});

describe('hawser proj role', () => {
  it('gives and takes rights and groups', async () => {
    expect((await verbs.run('proj role create shop ci --description CI')).stdout).toBe("Role 'ci' created\n");
    await verbs.run('proj role add-policy shop ci -a sync -o *');
    await verbs.run('proj role add-policy shop ci -a get -o * -r logs -p deny');
    await verbs.run('proj role remove-policy shop ci -a get -o * -r logs -p deny');
    expect((await verbs.run('proj role add-group shop ci devs')).stdout).toBe("Group 'devs' added to role 'ci'\n");
    expect((await verbs.run('proj role add-group shop ci devs')).stdout).toBe(
      "Group 'devs' already present in role 'ci'\n",
    );
    expect((await verbs.run('proj role list shop')).stdout).toMatch(/^ROLE-NAME +DESCRIPTION\nci +CI\n$/);
    const { stdout } = await verbs.run('proj role get shop ci');
    expect(stdout).toContain(
      'Policies:\np, proj:shop:ci, applications, sync, shop/*, allow\nGroups:\n  - devs\nJWT Tokens:\n',
    );
  });

  it('makes tokens that work, lists them, and takes them back', async () => {
    const made = await verbs.run('proj role create-token shop ci --expires-in 12h --id build');
    expect(made.stdout).toMatch(
      /^Create token succeeded for proj:shop:ci\.\n {2}ID: build\n {2}Issued At: \S+Z\n {2}Expires At: \S+Z\n {2}Token: \S+\n$/,
    );
    const token = /Token: (\S+)/.exec(made.stdout)?.[1] ?? '';
    const asRole = await verbs.run('account can-i sync applications shop/web', { token });
    expect(asRole).toMatchObject({ code: 0, stdout: 'yes\n' });
    const listed = await verbs.run('proj role list-tokens shop ci -u');
    const [, issuedAt] = /^build +(\d+) +\d+$/m.exec(listed.stdout) ?? [];
    expect((await verbs.run(`proj role delete-token shop ci ${issuedAt}`)).code).toBe(0);
    expect((await verbs.run('proj role list-tokens shop ci')).stdout).toBe('No tokens for shop.ci\n');
    expect((await verbs.run('account can-i sync applications shop/web', { token })).code).toBe(2);
    expect((await verbs.run('proj role create-token shop ci -t')).stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect((await verbs.run('proj role delete shop ci -y')).stdout).toBe("Role 'ci' deleted\n");
  });
});
