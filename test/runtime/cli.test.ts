// The real `hawser` command against a server.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createHome, type Home, runHawser } from '../support/hawser-process.ts';
import { createRuntimeGround, type RuntimeGround, TOKEN } from './support/ground.ts';

const configMap = (key: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: ${key}}\n`;

describe('hawser app', () => {
  let ground: RuntimeGround;
  let home: Home;
  let repository: SandboxRepository;

  beforeAll(async () => {
    home = createHome();
    ground = await createRuntimeGround();
    repository = await ground.deploy('app', { 'm/a.yaml': configMap('one') }, { path: 'm' });
  });
  afterAll(async () => {
    await ground?.close();
    home?.remove();
  });

  const run = (args: readonly string[], token = TOKEN) =>
    runHawser(['app', ...args, '--server', ground.url], { env: { ...home.env, HAWSER_TOKEN: token } });
  const keyOf = async (namespace: string) => at(await ground.get('v1', 'ConfigMap', namespace, 'a'), 'data', 'key');

  it('creates one, and shows all of them and one', async () => {
    const place = ['--repo', `${ground.gitUrl}/devops/app`, '--path', 'm'];
    const to = ['--dest-server', 'https://kubernetes.default.svc', '--dest-namespace', 'made'];
    const made = await run(['create', 'made', ...place, ...to, '--sync-option', 'CreateNamespace=true']);
    expect(made).toEqual({ code: 0, stdout: "application 'made' created\n", stderr: '' });
    const listed = await run(['list', '-o', 'name']);
    expect(listed).toMatchObject({ code: 0, stdout: 'argocd/app\nargocd/made\n' });
    const { stdout } = await run(['get', 'app', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ metadata: { name: 'app' }, status: { sync: { status: 'Synced' } } });
  });

  it('shows what a sync would change, syncs, and has the history', async () => {
    await ground.done(await ground.push(repository, { 'm/a.yaml': configMap('two') }));
    const shown = await run(['diff', 'app']);
    expect(shown.code).toBe(1);
    expect(shown.stdout).toMatch(/key: one[\s\S]*key: two/);
    const synced = await run(['sync', 'app']);
    expect(synced, synced.stderr).toMatchObject({ code: 0 });
    expect(synced.stdout).toMatch(/Phase: +Succeeded/);
    expect(await keyOf('app')).toBe('two');
    expect((await run(['history', 'app', '-o', 'id'])).stdout).toBe('0\n1\n');
  });

  it('rolls back, waits, and deletes', async () => {
    expect(await run(['rollback', 'app', '0'])).toMatchObject({ code: 0 });
    expect(await run(['wait', 'app', '--health', '--operation'])).toMatchObject({ code: 0 });
    expect(await keyOf('app')).toBe('one');
    expect(await run(['delete', 'app', '--yes', '--wait'])).toMatchObject({ code: 0 });
    expect(await keyOf('app')).toBeUndefined();
  });

  it('says what is wrong by its exit code and one line', async () => {
    const missing = await run(['get', 'nobody']);
    expect(missing).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('"nobody" not found') });
    const stranger = await run(['list'], 'guessed');
    expect(stranger).toMatchObject({ code: 2, stdout: '' });
    expect(stranger.stderr).toMatch(/^Error: invalid session[^\n]*\n$/);
    expect(stranger.stderr).not.toContain('guessed');
  });
});
