// Large Git repositories for the bench, made at once by `git fast-import`: the same bytes on every machine.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** As many files as a chart has: values, templates, helpers. */
export const FILES_PER_CHART = 25;

export interface LargeRepository {
  /** The folder of the bare repository. */
  readonly folder: string;
  /** Makes and commits one file, and gives the id of the commit. */
  commit(path: string, content: string): string;
}

/** A bare repository at `root`/`name` with the files, packed as a Git server packs them. */
export function makeRepository(
  root: string,
  name: string,
  files: Iterable<readonly [path: string, content: string]>,
  config: Readonly<Record<string, string>>,
): LargeRepository {
  const folder = join(root, name);
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder]);
  for (const [key, value] of Object.entries(config)) git('config', key, value);
  let commits = 0;
  const importCommit = (changes: Iterable<readonly [path: string, content: string]>, parent?: string) => {
    const lines = [`commit refs/heads/main\ncommitter Bench <bench@example.com> ${1_700_000_000 + commits} +0000\n`];
    lines.push(`data 6\nChange\n${parent === undefined ? '' : `from ${parent}\n`}`);
    for (const [path, content] of changes) {
      lines.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`);
    }
    const { status, stderr } = spawnSync('git', ['-C', folder, 'fast-import', '--quiet'], { input: lines.join('') });
    if (status !== 0) throw new Error(`git fast-import failed: ${stderr}`);
    commits++;
    return git('rev-parse', 'main');
  };
  importCommit(files);
  git('repack', '-a', '-d', '-q', '--write-bitmap-index');
  return { folder, commit: (path, content) => importCommit([[path, content]], git('rev-parse', 'main')) };
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
