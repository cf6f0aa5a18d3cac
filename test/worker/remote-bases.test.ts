// Remote bases and files of a kustomization inside workerd, from the sandbox's Git server in this process.

import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/node/listen.ts';
import { workerBuiltins } from '../../src/node/worker-builtins.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';

const DETAILS = { message: 'first', author: { name: 'Alice', email: 'alice@example.com' }, atMs: 1_700_000_000_000 };
const WORKER = `
  import { bringMissing } from './src/base/bring-missing.ts';
  import { createGitClient } from './src/git/client.ts';
  import { NO_SECRETS } from './src/git/credentials.ts';
  import { buildKustomization } from './src/render/kustomize/kustomize.ts';
  import { memoryTree } from './src/render/tree.ts';
  import { createFetchedRemotes } from './src/source/fetched-remotes.ts';
  import { createConnectedFetch } from './src/worker/connected-fetch.ts';

  export default {
    async fetch(request) {
      const fetch = createConnectedFetch();
      const remotes = createFetchedRemotes({ git: createGitClient({ fetch }), fetch, secrets: NO_SECRETS, project: '' });
      const tree = memoryTree(await request.json());
      try {
        return new Response(await bringMissing([remotes], undefined, () => buildKustomization(tree, '', { remote: remotes })));
      } catch (error) {
        return new Response(error.code + ' ' + error.message, { status: 422 });
      }
    },
  };
`;

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

describe('remote sources of kustomizations in workerd', () => {
  let server: Listening;
  let miniflare: Miniflare;

  beforeAll(async () => {
    const git = createGitServer({});
    const repository = git.create('team/base');
    const files = { 'dir/kustomization.yaml': 'resources: [cm.yaml]\n', 'dir/cm.yaml': configMap('base') };
    await git.commit(repository, 'main', files, DETAILS);
    const handle = async (request: Request) =>
      new URL(request.url).pathname === '/cm.yaml' ? new Response(configMap('file')) : git.handle(request);
    server = await listen(handle, { host: '127.0.0.1', port: 0 });
    const { outputFiles } = await build({
      stdin: { contents: WORKER, resolveDir: new URL('../..', import.meta.url).pathname, loader: 'ts' },
      bundle: true,
      format: 'esm',
      target: 'es2024',
      conditions: ['workerd', 'worker'],
      external: ['node:*'],
      plugins: [workerBuiltins],
      write: false,
    });
    miniflare = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-07-01',
      compatibilityFlags: ['nodejs_compat'],
      cf: false,
    });
    await miniflare.ready;
  });
  afterAll(async () => {
    await miniflare.dispose();
    await server.close();
  });

  async function buildThere(kustomization: string) {
    const body = JSON.stringify({ 'kustomization.yaml': kustomization.replaceAll('URL', server.url) });
    const response = await miniflare.dispatchFetch('http://worker.test/', { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  }

  it('are a base at a branch, and a file', async () => {
    const { status, text } = await buildThere(
      'resources: ["URL/team/base//dir?ref=main", "URL/cm.yaml"]\nnamePrefix: p-\n',
    );
    expect(status).toBe(200);
    expect(text.match(/name: .*/g)).toEqual(['name: p-base', 'name: p-file']);
  });
  it('say what is not there', async () => {
    expect(await buildThere('resources: ["URL/team/base//dir?ref=gone"]')).toMatchObject({
      status: 422,
      text: expect.stringContaining('RevisionNotFound remote base'),
    });
  });
});
