// Large Git repositories for the bench, made at once by `git fast-import`: the same bytes on every machine.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { git } from '../test/support/git-cli.ts';

/** As many files as a chart has: values, templates, helpers. */
export const FILES_PER_CHART = 25;

export interface LargeRepository {
  /** The folder of the bare repository. */
  readonly folder: string;
  /** Makes and commits one file, and gives the id of the commit. */
  commit(path: string, content: string): Promise<string>;
}

/** A bare repository at `root`/`name` with the files, packed as a Git server packs them. */
export async function makeRepository(
  root: string,
  name: string,
  files: Iterable<readonly [path: string, content: string]>,
  config: Readonly<Record<string, string>>,
): Promise<LargeRepository> {
  const folder = join(root, name);
  await git(root, 'init', '--quiet', '--bare', '--initial-branch=main', folder);
  for (const [key, value] of Object.entries(config)) await git(folder, 'config', key, value);
  let commits = 0;
  const importCommit = async (changes: Iterable<readonly [path: string, content: string]>, parent?: string) => {
    const lines = [`commit refs/heads/main\ncommitter Bench <bench@example.com> ${1_700_000_000 + commits} +0000\n`];
    lines.push(`data 6\nChange\n${parent === undefined ? '' : `from ${parent}\n`}`);
    for (const [path, content] of changes) {
      lines.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`);
    }
    await fastImport(folder, lines.join(''));
    commits++;
    return git(folder, 'rev-parse', 'main');
  };
  await importCommit(files);
  await git(folder, 'repack', '-a', '-d', '-q', '--write-bitmap-index');
  return {
    folder,
    commit: async (path, content) => importCommit([[path, content]], await git(folder, 'rev-parse', 'main')),
  };
}

/** Without blocking: the Git server and connections to it may be in this process. */
async function fastImport(folder: string, input: string): Promise<void> {
  const child = spawn('git', ['-C', folder, 'fast-import', '--quiet'], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(input);
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`git fast-import ended with ${status}`);
}

/** A manifest of about a kilobyte, of which no other file has the same; half of it compresses away, as with manifests. */
export function manifest(name: string): string {
  const unique = createHash('sha512').update(name).digest('base64');
  return [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata:',
    `  name: ${name}`,
    '  labels: {app.kubernetes.io/name: bench, app.kubernetes.io/managed-by: hawser}',
    'data:',
    ...Array.from({ length: 12 }, (_, line) => `  setting-${line}: ${unique.slice(7 * line, 7 * line + 7)}-as-it-was`),
    `  checksum: ${unique}`,
    '',
  ].join('\n');
}
