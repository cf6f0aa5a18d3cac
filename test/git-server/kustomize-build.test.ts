// hawser build beside the real `kustomize build`, over the same repositories of a real Git server: bytes where it succeeds, failure where it fails.

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCommand } from '../../src/cli/build.ts';
import { buildWithNetwork } from '../../src/cli/remote-bases.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { diskTree } from '../../src/node/disk-tree.ts';
import { captureIo } from '../support/captured-io.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { type HttpBackend, startHttpBackend } from '../support/git-http-backend.ts';
import { createKustomizeRepositories, createRepository } from '../support/kustomize-repositories.ts';
import { findPeer } from '../support/peers.ts';

const KUSTOMIZE = findPeer('kustomize');
if (KUSTOMIZE === undefined)
  console.warn('SKIPPED: no kustomize on this machine (.ci/peers.sh): remote bases beside the real one');

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata: {k: v}\n`;

/** URL stands for the folder of repositories, SHA for the commit of `many`. */
const KUSTOMIZATIONS: readonly (readonly [title: string, text: string])[] = [
  ['the root of a repository', 'resources: ["URL/many"]'],
  ['the root, with its origin', 'resources: ["URL/many"]\nbuildMetadata: [originAnnotations]'],
  ['a repository with a suffix', 'resources: ["URL/simple.git"]'],
  ['a folder', 'resources: ["URL/many//overlay/"]'],
  ['a folder by way of another', 'resources: ["URL/many//overlay/../base"]'],
  ['an annotated tag', 'resources: ["URL/many//overlay?ref=v1"]'],
  ['a branch with a slash', 'resources: ["URL/many//overlay?ref=feature%2Fx"]'],
  ['a whole ref', 'resources: ["URL/many//overlay?ref=refs/tags/v1"]'],
  ['a ref without its first part', 'resources: ["URL/many//overlay?ref=heads/main"]'],
  ['a commit', 'resources: ["URL/many//overlay?ref=SHA"]'],
  ['a shortened commit', 'resources: ["URL/many//overlay?ref=SHORT"]'],
  ['a branch that is a range', 'resources: ["URL/many//overlay?ref=1.x"]'],
  ['a range', 'resources: ["URL/many//overlay?ref=^1.0.0"]'],
  ['a ref that is not there', 'resources: ["URL/many//overlay?ref=gone"]'],
  ['an empty ref', 'resources: ["URL/many//base?ref="]'],
  ['a query that is none', 'resources: ["URL/many//base?ref=gone;x=1"]'],
  ['a time limit', 'resources: ["URL/many//base?timeout=5s"]'],
  ['a repository that is not there', 'resources: ["URL/none//base"]'],
  ['a folder that is not there', 'resources: ["URL/many//none"]'],
  ['a file in place of a folder', 'resources: ["URL/many//base/cm.yaml"]'],
  ['a folder without a kustomization', 'resources: ["URL/many//plain"]'],
  ['a base that leads out', 'resources: ["URL/many//out"]'],
  ['a base whose file lies beside it', 'resources: ["URL/many//beside"]'],
  ['a base that names itself', 'resources: ["URL/many//self"]'],
  ['a base that names another repository', 'resources: ["URL/many//nested"]\nbuildMetadata: [originAnnotations]'],
  ['bases that come back to a folder above by URLs', 'resources: ["URL/many//around"]'],
  ['one base twice', 'resources: ["URL/many//base", "URL/many//base"]'],
  ['a component', 'resources: [own.yaml]\ncomponents: ["URL/many//component"]'],
  ['a component as a resource', 'resources: [own.yaml, "URL/many//component"]'],
  ['a generator, with its origin', 'resources: ["URL/many//generator?ref=v1"]\nbuildMetadata: [originAnnotations]'],
  ['a submodule', 'resources: ["URL/with-submodule.git/submodule"]'],
  ['a submodule with a relative address', 'resources: ["URL/with-submodule.git/submodule?ref=relative-submodule"]'],
  ['a submodule that is left out', 'resources: ["URL/with-submodule.git/submodule?submodules=false"]'],
  ['a prefix that forces git', 'resources: ["git::URL/many//base"]'],
  ['a patch that is no file', 'resources: [own.yaml]\npatches: [{path: "URL/many//patch.yaml"}]'],
];

describe.skipIf(KUSTOMIZE === undefined || !hasGit())('hawser build and kustomize build agree on', () => {
  const folder = temporaryFolder();
  const app = join(folder.path, 'app');
  let server: HttpBackend;
  let sha = '';

  beforeAll(async () => {
    server = await startHttpBackend(folder.path);
    const url = `${server.url}/org`;
    await createKustomizeRepositories(join(folder.path, 'org'), url);
    const many = join(folder.path, 'org/many');
    await createRepository(many, {
      'kustomization.yaml': 'resources: [cm.yaml]\n',
      'cm.yaml': configMap('root'),
      'base/kustomization.yaml': 'resources: [cm.yaml]\n',
      'base/cm.yaml': configMap('base'),
      'overlay/kustomization.yaml': 'resources: [../base]\nconfigMapGenerator: [{name: g, files: [f.txt]}]\n',
      'overlay/f.txt': 'text',
      'plain/cm.yaml': configMap('plain'),
      'out/kustomization.yaml': 'resources: [../../other]\n',
      'beside/kustomization.yaml': 'resources: [../base/cm.yaml]\n',
      'self/kustomization.yaml': `resources: ["${url}/many//self"]\n`,
      'nested/kustomization.yaml': `resources: ["${url}/many//base?ref=main"]\nnamePrefix: nested-\n`,
      'around/kustomization.yaml': `resources: ["${url}/many//x/y"]\n`,
      'x/y/kustomization.yaml': `resources: ["${url}/many//z"]\n`,
      'z/kustomization.yaml': 'resources: [../x]\n',
      'x/kustomization.yaml': 'resources: [../base]\n',
      'component/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -component\n',
      'generator/kustomization.yaml':
        'resources: [cm.yaml]\nconfigMapGenerator: [{name: g, literals: [a=b]}]\nnamePrefix: p-\n',
      'generator/cm.yaml': configMap('generator'),
      'patch.yaml': configMap('own'),
    });
    await git(many, 'tag', '-a', 'v1', '-m', 'one');
    await git(many, 'branch', 'feature/x');
    await git(many, 'branch', '1.x');
    sha = await git(many, 'rev-parse', 'HEAD');
    mkdirSync(app);
    writeFileSync(join(app, 'own.yaml'), configMap('own'));
  });
  afterAll(async () => {
    await server.close();
    folder.remove();
  });

  it.each(KUSTOMIZATIONS)('%s', async (_, text) => {
    const placed = text
      .replaceAll('URL', `${server.url}/org`)
      .replaceAll('SHA', sha)
      .replaceAll('SHORT', sha.slice(0, 10));
    writeFileSync(join(app, 'kustomization.yaml'), `${placed}\n`);
    const [real, own] = [await kustomize(), await hawser()];
    expect({ code: own.code, stdout: own.stdout }, own.stderr).toEqual({ code: real.code, stdout: real.stdout });
  });

  async function hawser() {
    const { io, output } = captureIo(app);
    const code = await buildCommand(['.'], io, diskTree, () =>
      buildWithNetwork(['.'], io, diskTree, async () => createConnectedFetch({})),
    );
    return { code, ...output() };
  }

  function kustomize(): Promise<{ code: number | null; stdout: string }> {
    const env = { PATH: process.env.PATH ?? '', HOME: folder.path, GIT_TERMINAL_PROMPT: '0' };
    const child = spawn(KUSTOMIZE ?? '', ['build', '.'], { cwd: app, env, stdio: ['ignore', 'pipe', 'ignore'] });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout })));
  }
});
