// Every verb of `hawser app`, by the built command against a demo's server.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { parseDocuments } from '../../src/render/yaml/plain.ts';
import { type BuiltDemo, startBuiltDemo } from '../support/built-demo.ts';
import { eventually } from '../support/hawser-process.ts';

let demo: BuiltDemo;

beforeAll(async () => {
  demo = await startBuiltDemo();
});
afterAll(() => demo.end());

const app = (...args: string[]) => demo.run('app', ...args);

/** Fails with what the command has said. */
async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await app(...args);
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function specOf(name: string): Promise<unknown> {
  return at(JSON.parse(await done('get', name, '-o', 'json')), 'spec');
}

describe('hawser app create', () => {
  const place = ['--path', 'app/base', '--dest-server', 'https://kubernetes.default.svc', '--dest-namespace', 'made'];

  it('makes an Application from flags, says when nothing is new, and changes it with --upsert', async () => {
    const flags = [
      'made',
      '--repo',
      demo.cloneUrl,
      ...place,
      '--sync-option',
      'CreateNamespace=true',
      '-l',
      'team=web',
    ];
    expect(await done('create', ...flags)).toBe("application 'made' created\n");
    expect(await specOf('made')).toEqual({
      project: 'default',
      source: { repoURL: demo.cloneUrl, path: 'app/base' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'made' },
      syncPolicy: { syncOptions: ['CreateNamespace=true'] },
    });
    expect(await done('create', ...flags)).toBe("application 'made' unchanged\n");
    const other = await app('create', ...flags, '--nameprefix', 'x-');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('existing application spec is different') });
    expect(await done('create', ...flags, '--nameprefix', 'x-', '--upsert')).toBe("application 'made' updated\n");
    expect(at(await specOf('made'), 'source', 'kustomize', 'namePrefix')).toBe('x-');
  });

  it('makes what a file and standard input hold', async () => {
    const manifest = (name: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: default
  sources:
    - {repoURL: ${demo.cloneUrl}, path: app/base, name: web}
    - {repoURL: ${demo.cloneUrl}, path: nginx-chart, name: chart, helm: {valueFiles: [values-dev.yaml]}}
  destination: {server: https://kubernetes.default.svc, namespace: ${name}}
`;
    writeFileSync(join(demo.folder, 'two.yaml'), manifest('from-file'));
    expect(await done('create', '-f', 'two.yaml')).toBe("application 'from-file' created\n");
    const piped = await demo.start(['app', 'create', '-f', '-'], { input: manifest('from-stdin') }).ended;
    expect(piped).toEqual({ code: 0, stdout: "application 'from-stdin' created\n", stderr: '' });
  });

  it.each([
    { args: ['nothing'], told: 'spec' },
    { args: ['x', '--sync-policy', 'sometimes'], told: 'Invalid sync-policy: sometimes' },
    { args: ['x', '--helm-set', 'novalue'], told: 'key=value' },
    { args: ['-f', 'missing.yaml'], told: 'missing.yaml cannot be read' },
  ])('refuses $args', async ({ args, told }) => {
    expect(await app('create', ...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(told) });
  });
});

describe('hawser app list and get', () => {
  it('lists what is chosen', async () => {
    expect(await done('list', '-l', 'team=web', '-o', 'name')).toBe('argocd/made\n');
    expect(await done('list', '--path', 'app/overlays/dev', '-o', 'name')).toBe('argocd/dev-web\n');
    expect(await done('list', '-p', 'no-such-project', '-o', 'name')).toBe('');
    expect(at(parseDocuments(await done('list', '-r', demo.cloneUrl, '-o', 'yaml'))[0], 0, 'kind')).toBe('Application');
  });

  it('shows one with its objects, as a table and as a tree', async () => {
    const shown = await done('get', 'dev-nginx', '--refresh', '--show-operation', '--show-params');
    expect(shown).toMatch(/^Name: +argocd\/dev-nginx$.*^Source:\n- Repo: +http.*^ {2}Helm Values: +values-dev.yaml$/ms);
    expect(shown).toMatch(
      /^Phase: +Succeeded$.*^Synced: all 3 objects.*^apps +Deployment +dev-nginx +dev-nginx +Synced/ms,
    );
    expect(await done('get', 'dev-nginx', '-o', 'tree')).toMatch(
      /^KIND\/NAME +STATUS +HEALTH +MESSAGE$.*^Deployment\/dev-nginx +Synced.*^└─ReplicaSet\/dev-nginx-\w+ .*^ {2}└─Pod\/dev-nginx-/ms,
    );
    expect(await done('get', 'dev-nginx', '-o', 'tree=detailed')).toMatch(/^KIND\/NAME +STATUS +HEALTH +AGE +MESSAGE/m);
  });
});

describe('hawser app set, unset, patch, edit, add-source and remove-source', () => {
  it('changes what is said, and takes it out again', async () => {
    await done(
      'set',
      'made',
      '--kustomize-image',
      'nginx:1.27',
      '--sync-policy',
      'auto',
      '--auto-prune',
      '--self-heal=false',
    );
    expect(await specOf('made')).toMatchObject({
      source: { kustomize: { namePrefix: 'x-', images: ['nginx:1.27'] } },
      syncPolicy: { automated: { prune: true, selfHeal: false } },
    });
    await done('set', 'made', '--sync-policy', 'none');
    await done('unset', 'made', '--kustomize-image', 'nginx', '--nameprefix');
    expect(await specOf('made')).toMatchObject({ source: { repoURL: demo.cloneUrl, path: 'app/base' } });
    expect(at(await specOf('made'), 'source', 'kustomize')).toBeUndefined();
  });

  it('changes one of several sources, adds one and takes one away', async () => {
    const unnamed = await app('set', 'from-file', '--revision', 'main');
    expect(unnamed).toMatchObject({ code: 2, stderr: expect.stringContaining('Source position should be specified') });
    await done('set', 'from-file', '--source-name', 'chart', '--helm-set', 'replicaCount=3');
    expect(at(await specOf('from-file'), 'sources', 1, 'helm', 'parameters')).toEqual([
      { name: 'replicaCount', value: '3' },
    ]);
    await done(
      'add-source',
      'from-file',
      '--repo',
      demo.cloneUrl,
      '--path',
      'app/overlays/dev',
      '--source-name',
      'third',
    );
    expect(at(await specOf('from-file'), 'sources', 2, 'path')).toBe('app/overlays/dev');
    await done('remove-source', 'from-file', '--source-position', '3');
    expect(at(await specOf('from-file'), 'sources', 2)).toBeUndefined();
  });

  it('patches', async () => {
    const merge = '{"spec": {"revisionHistoryLimit": 3}}';
    expect(await done('patch', 'made', '--type', 'merge', '--patch', merge)).toContain('revisionHistoryLimit: 3');
    const json = '[{"op": "remove", "path": "/spec/revisionHistoryLimit"}]';
    expect(await done('patch', 'made', '--patch', json)).not.toContain('revisionHistoryLimit');
  });

  it('edits in an editor, and opens it again with what the server has against it', async () => {
    const editor = join(demo.folder, 'editor');
    // The first time it breaks the spec; the second time it finds out why at the top, and mends it.
    const script = `#!/bin/sh
if grep -q '^# .*both name and server' "$1"
then sed -i '/^  name: both/d' "$1"
else sed -i 's/^  server: /  name: both\\n&/' "$1"
fi
grep -q revisionHistoryLimit "$1" || echo 'revisionHistoryLimit: 4' >> "$1"
`;
    writeFileSync(editor, script);
    chmodSync(editor, 0o755);
    const edited = await demo.start(['app', 'edit', 'made'], { env: { EDITOR: editor } }).ended;
    expect(edited).toEqual({ code: 0, stdout: "Application 'made' updated successfully\n", stderr: '' });
    expect(await specOf('made')).toMatchObject({ project: 'default', revisionHistoryLimit: 4 });
    const unchanged = await demo.start(['app', 'edit', 'made'], { env: { EDITOR: 'true' } }).ended;
    expect(unchanged).toMatchObject({ code: 0, stdout: 'Edit cancelled, no changes made.\n' });
  });
});

describe('hawser app diff, manifests, sync and wait', () => {
  it('shows what a sync would change, and does it', async () => {
    const before = await app('diff', 'prd-web');
    expect(before).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('===== apps/Deployment prd-web/prd-web ======'),
    });
    expect(await done('manifests', 'prd-web')).toMatch(/^---\napiVersion: .*^kind: Deployment$/ms);
    const preview = await done('sync', 'prd-web', '--preview-changes', '--assumeYes', '--dry-run');
    expect(preview).toContain('====== Previewing differences');
    expect(await done('sync', 'prd-web')).toMatch(
      /TIMESTAMP +GROUP.*prd-web +\w+ +\w* +deployment.apps\/prd-web created\n.*^Phase: +Succeeded$/ms,
    );
    expect(await app('diff', 'prd-web')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await done('manifests', 'prd-web', '--source', 'live')).toMatch(/^ {2}uid: /m);
  });

  it('waits until all is well, and for what is chosen', async () => {
    expect(await done('wait', 'prd-web', '--timeout', '30')).toContain('Synced: all 2 objects');
    expect(await done('wait', 'prd-web', 'dev-web', '--sync', '--resource', ':Service:*', '-o', 'json')).toContain(
      '"prd-web"',
    );
    const late = await app('wait', 'prd-web', '--suspended', '--timeout', '0.3');
    expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('prd-web is not as wanted after 0.3 s') });
  });

  it('syncs chosen objects of several Applications with flags of all kinds', async () => {
    await done('sync', 'prd-nginx', '--resource', ':ConfigMap:*', '--info', 'why=test', '--server-side', '--async');
    await done('wait', 'prd-nginx', '--operation');
    const state = at(JSON.parse(await done('get', 'prd-nginx', '-o', 'json')), 'status', 'operationState');
    expect(at(state, 'operation')).toMatchObject({
      info: [{ name: 'why', value: 'test' }],
      sync: { resources: [{ kind: 'ConfigMap' }], syncOptions: ['ServerSideApply=true'] },
    });
    const flags = ['-l', 'team=web', '-o', 'json', '--strategy', 'apply', '--retry-limit', '1'];
    const left = await app('sync', ...flags);
    expect(left).toMatchObject({ code: 1, stderr: 'Error: 2 resources require pruning (--prune deletes them)\n' });
    expect(at(JSON.parse(left.stdout), 'metadata', 'name')).toBe('made');
    expect(at(JSON.parse(await done('sync', ...flags, '--prune')), 'status', 'sync', 'status')).toBe('Synced');
  });

  it('syncs the files of a folder', async () => {
    const folder = join(demo.folder, 'local');
    mkdirSync(folder, { recursive: true });
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: local}\nstringData: {key: not masked}\n';
    writeFileSync(join(folder, 'secret.yaml'), secret);
    await done(
      'create',
      'local',
      '--repo',
      demo.cloneUrl,
      '--path',
      'app/base',
      '--dest-name',
      'in-cluster',
      '--dest-namespace',
      'made',
    );
    expect(await done('manifests', 'local', '--local', folder)).toContain('key: not masked');
    await done('sync', 'local', '--local', folder);
    const live = await done('get-resource', 'local', '--kind', 'Secret', '-o', 'json');
    expect(at(JSON.parse(live), 'metadata', 'name')).toBe('local');
    const automated = await app('sync', 'dev-web', '--local', folder);
    expect(automated).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Cannot use local sync when Automatic'),
    });
  });

  it('ends with 1 for what failed', async () => {
    const { code, stderr } = await app('sync', 'prd-nginx', '--revision', 'no-such-branch');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Error: Operation has completed with phase: Error\n' });
  });
});

describe('hawser app history, rollback, terminate-op, approve and refresh', () => {
  it('lists deployments and brings one back', async () => {
    await done('sync', 'prd-web');
    expect(await done('history', 'prd-web')).toMatch(/^SOURCE +http\S+\nID +DATE +REVISION +BY\n0 /);
    const [first = ''] = (await done('history', 'prd-web', '-o', 'id')).split('\n');
    expect(await done('rollback', 'prd-web', first, '--prune')).toMatch(/^Phase: +Succeeded$/m);
    expect(await app('rollback', 'prd-web', '99')).toMatchObject({ code: expect.any(Number), stdout: '' });
  });

  it('has nothing to end, and nothing to approve, where nothing waits', async () => {
    const ended = await app('terminate-op', 'prd-web');
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('No operation is in progress') });
    expect(await app('approve', 'prd-web')).toMatchObject({
      stderr: expect.stringContaining('nothing of prd-web waits'),
    });
    expect(await done('refresh', 'prd-web')).toMatch(/^prd-web: /);
  });
});

describe("hawser app resources, logs, actions and drift: an Application's objects", () => {
  it('lists them, and what they own', async () => {
    expect(await done('resources', 'dev-nginx')).toMatch(
      /^GROUP +KIND +NAMESPACE +NAME +ORPHANED$.*^apps +Deployment +dev-nginx +dev-nginx +No$/ms,
    );
    expect(await done('resources', 'dev-nginx', '-o', 'tree')).toMatch(/^ {2}└─ +Pod +dev-nginx +dev-nginx-/m);
  });

  it('shows, changes and deletes one of them', async () => {
    await done('sync', 'prd-nginx');
    const one = ['prd-nginx', '--kind', 'ConfigMap', '--resource-name', 'prd-nginx-html'];
    expect(await done('get-resource', ...one)).toMatch(/^metadata.name +prd-nginx-html$/m);
    const fields = await done('get-resource', ...one, '--filter-fields', 'metadata.namespace');
    expect(fields).toBe('FIELD               VALUE\nmetadata.namespace  prd-nginx\n');
    expect(await done('patch-resource', ...one, '--patch', '{"data": {"by": "hand"}}')).toBe(
      "Resource 'prd-nginx-html' patched\n",
    );
    expect(await done('get-resource', ...one, '-o', 'yaml')).toContain('by: hand');
    expect(await done('drift', 'prd-nginx', '-o', 'json')).toMatch(/^\[/);
    expect(await done('delete-resource', ...one)).toBe("Resource 'prd-nginx-html' deleted\n");
  });

  it('prints logs of its Pods', async () => {
    await done('wait', 'dev-nginx', '--health');
    expect(await done('logs', 'dev-nginx', '--tail', '2', '-c', 'nginx', '--kind', 'Deployment')).not.toBe('');
  });

  it('lists actions, and does one', async () => {
    const actions = await done('actions', 'list', 'dev-nginx', '--kind', 'Deployment');
    expect(actions).toMatch(/^GROUP +KIND +NAME +ACTION +DISABLED$.*^apps +Deployment +dev-nginx +restart +false$/ms);
    await done('actions', 'run', 'dev-nginx', 'restart', '--kind', 'Deployment');
    const live = await done('get-resource', 'dev-nginx', '--kind', 'Deployment', '-o', 'yaml');
    expect(live).toContain('kubectl.kubernetes.io/restartedAt');
    const unknown = await app('actions', 'run', 'dev-nginx', 'fly', '--kind', 'Deployment');
    expect(unknown.code).not.toBe(0);
  });
});

describe('hawser app delete and confirm-deletion', () => {
  it('deletes, with the objects or without, and waits', async () => {
    expect(await done('delete', 'local', 'from-stdin', '--cascade=false')).toBe(
      "application 'local' deleted\napplication 'from-stdin' deleted\n",
    );
    const waiting = demo.start(['app', 'wait', 'from-file', '--delete', '--timeout', '30']);
    expect(await done('delete', 'from-file', '-y', '--wait')).toBe("application 'from-file' deleted\n");
    expect(await waiting.ended).toMatchObject({ code: 0, stdout: "Application 'from-file' deleted\n" });
    expect(await app('get', 'from-file')).toMatchObject({ code: 2, stdout: '' });
    expect(await done('confirm-deletion', 'made')).toBe("Application 'made' updated successfully\n");
  });
});

describe('Ctrl-C', () => {
  it('ends a command with 130, and the operation goes on', async () => {
    const waiting = demo.start(['app', 'wait', 'dev-web', '--suspended']);
    await waiting.waitFor(/TIMESTAMP/);
    expect(await waiting.end('SIGINT')).toMatchObject({ code: 130, stderr: '' });
    const following = demo.start(['app', 'logs', 'dev-nginx', '-f']);
    await eventually('a line of the log', async () => following.output().stdout || undefined);
    expect(await following.end('SIGINT')).toMatchObject({ code: 130, stderr: '' });
  });
});
