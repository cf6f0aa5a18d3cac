// Repositories of kustomizations for the tests of remote bases, as those of kustomize's own tests are laid out (api/krusty/remoteloader_test.go).

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git } from './git-cli.ts';

export type Files = Readonly<Record<string, string>>;

export const POD = `apiVersion: v1
kind: Pod
metadata:
  labels:
    app: myapp
  name: myapp-pod
spec:
  containers:
  - image: nginx:1.7.9
    name: nginx
`;

const SIMPLE: Files = { 'kustomization.yaml': 'resources: [pod.yaml]\n', 'pod.yaml': POD };

const MULTIBASE: Files = {
  'base/kustomization.yaml': 'resources: [pod.yaml]\n',
  'base/pod.yaml': POD,
  'dev/kustomization.yaml': 'resources: [../base]\nnamePrefix: dev-\n',
};

/** A repository with one commit of these files on its branch main. */
export async function createRepository(folder: string, files: Files): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  for (const name of ['allowFilter', 'allowAnySHA1InWant']) await git(folder, 'config', `uploadpack.${name}`, 'true');
  await commitFiles(folder, files);
}

/** Another commit on the branch that is checked out; its id. */
export async function commitFiles(folder: string, files: Files): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await git(folder, 'add', '.');
  await git(folder, 'commit', '--quiet', '-m', 'change');
  return git(folder, 'rev-parse', 'HEAD');
}

/**
 * `simple.git` with a branch `change-image`, the same as `nosuffix`, `multibase` with and without the suffix, and `with-submodule.git`, which
 * has `simple.git` as its submodule: by the address below `url`, and on the branch `relative-submodule` by a relative one.
 */
export async function createKustomizeRepositories(root: string, url: string): Promise<void> {
  for (const name of ['simple.git', 'nosuffix']) {
    const folder = join(root, name);
    await createRepository(folder, SIMPLE);
    await git(folder, 'checkout', '--quiet', '-b', 'change-image');
    const images = 'images:\n- name: nginx\n  newName: nginx\n  newTag: "2"\n';
    await commitFiles(folder, { 'kustomization.yaml': `${SIMPLE['kustomization.yaml']}${images}` });
    await git(folder, 'checkout', '--quiet', 'main');
  }
  for (const name of ['multibase.git', 'multibase']) await createRepository(join(root, name), MULTIBASE);
  const folder = join(root, 'with-submodule.git');
  await createRepository(folder, { 'README.md': 'has a submodule\n' });
  const commit = await git(join(root, 'simple.git'), 'rev-parse', 'main');
  await git(folder, 'checkout', '--quiet', '-b', 'relative-submodule');
  await addSubmodule(folder, '../simple.git', commit);
  await git(folder, 'checkout', '--quiet', 'main');
  await addSubmodule(folder, `${url}/simple.git`, commit);
}

async function addSubmodule(folder: string, url: string, commit: string): Promise<void> {
  writeFileSync(join(folder, '.gitmodules'), `[submodule "submodule"]\n\tpath = submodule\n\turl = ${url}\n`);
  await git(folder, 'update-index', '--add', '--cacheinfo', `160000,${commit},submodule`);
  await git(folder, 'add', '.gitmodules');
  await git(folder, 'commit', '--quiet', '-m', 'submodule');
}
