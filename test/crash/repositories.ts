// The repositories of the crash test: all their commits are made beforehand, so that a push is one change of a ref and costs the machine
// next to nothing. What each commit says of each Application is known.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Chance } from './random.ts';
import { REF_LOG_HOOK } from './ref-log.ts';

export interface CrashApplication {
  readonly name: string;
  readonly path: string;
  readonly repository: CrashRepository;
}

export interface CrashRepository {
  readonly name: string;
  /** Its bare folder. */
  readonly folder: string;
  /** Oldest first; the first one has everything. */
  readonly commits: readonly string[];
  readonly applications: readonly CrashApplication[];
  /** The commit that `main` names now, as its place in `commits`. */
  head(): number;
  /** Lets `main` name another commit, as a push does. */
  push(to: number): Promise<void>;
  /** What an Application's ConfigMap says at a commit. */
  versionAt(application: string, commit: number): string;
}

const ENV = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};
/** How many of a repository's Applications one commit changes. */
const CHANGED = 2;

export interface RepositoryOptions {
  readonly root: string;
  readonly name: string;
  readonly applications: number;
  readonly commits: number;
  readonly chance: Chance;
}

export async function makeCrashRepository(options: RepositoryOptions): Promise<CrashRepository> {
  const { root, name, chance } = options;
  const folder = join(root, `${name}.git`);
  const run = (...args: string[]) => execFileSync('git', ['--git-dir', folder, ...args], { env: ENV, stdio: 'pipe' });
  const names = Array.from({ length: options.applications }, (_, index) => `${name}-${index}`);
  /** By Application: the commits that changed it, in order. */
  const changes = new Map(names.map((app) => [app, [0]]));
  const versionAt = (app: string, commit: number) =>
    `v${(changes.get(app) ?? []).findLast((change) => change <= commit) ?? 0}`;
  let stream = '';
  for (let commit = 0; commit < options.commits; commit++) {
    const from = Math.floor(chance.next() * names.length);
    const touched =
      commit === 0 ? names : Array.from({ length: CHANGED }, (_, step) => names[(from + step) % names.length] ?? '');
    if (commit > 0) for (const app of touched) changes.get(app)?.push(commit);
    stream += `commit refs/crash/all\nmark :${commit + 1}\ncommitter Kim <kim@example.com> ${1_700_000_000 + commit} +0000\n`;
    stream += `${data(`Change ${commit}\n`)}${commit === 0 ? '' : `from :${commit}\n`}`;
    for (const app of touched) {
      const files = filesOf(app, names.indexOf(app), `v${commit}`);
      for (const [path, text] of Object.entries(files)) stream += `M 100644 inline ${path}\n${data(text)}`;
    }
    stream += '\n';
  }
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder], { env: ENV });
  run('config', 'uploadpack.allowFilter', 'true');
  run('config', 'transfer.hideRefs', 'refs/crash');
  await feed(['--git-dir', folder, 'fast-import', '--quiet'], stream);
  const commits = run('rev-list', '--reverse', 'refs/crash/all').toString().trim().split('\n');
  const hook = join(folder, 'hooks/reference-transaction');
  writeFileSync(hook, REF_LOG_HOOK);
  chmodSync(hook, 0o755);
  let head = 0;
  const push = async (to: number) => {
    const args = ['--git-dir', folder, 'update-ref', 'refs/heads/main', commits[to] ?? ''];
    await promisify(execFile)('git', args, { env: ENV });
    head = to;
  };
  await push(0);
  const repository: CrashRepository = {
    name,
    folder,
    commits,
    get applications() {
      return applications;
    },
    head: () => head,
    push,
    versionAt,
  };
  const applications = names.map((app) => ({ name: app, path: app, repository }));
  return repository;
}

/** Every other one is a chart. Each makes a ConfigMap of the Application's name that says the version, and one that never changes. */
function filesOf(app: string, index: number, version: string): Record<string, string> {
  const other = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${app}-other}\ndata: {version: same}\n`;
  if (index % 2 === 0) {
    return {
      [`${app}/config.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${app}}\ndata: {version: ${version}}\n`,
      [`${app}/other.yaml`]: other,
    };
  }
  return {
    [`${app}/Chart.yaml`]: `apiVersion: v2\nname: ${app}\nversion: 0.1.0\n`,
    [`${app}/values.yaml`]: `version: ${version}\n`,
    [`${app}/templates/config.yaml`]:
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {version: {{ .Values.version }}}\n',
    [`${app}/templates/other.yaml`]: other,
  };
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function feed(args: readonly string[], input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { env: ENV, stdio: ['pipe', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`git ${args.join(' ')}: exit ${code}`))));
    child.stdin.end(input);
  });
}
