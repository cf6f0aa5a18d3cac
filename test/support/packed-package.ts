// What npm pack makes of this checkout, and a project that has it in its node_modules. It is built in a folder of its own, so that tests beside it
// may do the same.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = resolve(import.meta.dirname, '../..');
/** What npm packs beside dist/. */
const PAPERS = ['package.json', 'bin', 'README.md', 'LICENSE', 'CHANGELOG.md'];

export interface PackedPackage {
  /** The path of the tarball. */
  readonly tarball: string;
  /** A project whose node_modules has the package, and what that declares to need. */
  readonly project: string;
  /** Where the package is in it. */
  readonly installed: string;
  remove(): void;
}

/** `commandsOnly`: without the libraries, which take longest to build. */
export function packPackage({ commandsOnly = false } = {}): PackedPackage {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-packed-'));
  const source = join(folder, 'source');
  const project = join(folder, 'project');
  const modules = join(project, 'node_modules');
  const installed = join(modules, 'hawser');
  mkdirSync(source);
  mkdirSync(installed, { recursive: true });
  for (const name of PAPERS.filter((paper) => existsSync(join(ROOT, paper)))) {
    cpSync(join(ROOT, name), join(source, name), { recursive: true });
  }
  const build = ['build.js', '--outdir', join(source, 'dist'), ...(commandsOnly ? ['--commands'] : [])];
  run(process.execPath, build, ROOT);
  const npm = process.env.npm_execpath;
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const report = npm ? run(process.execPath, [npm, ...pack], source) : run('npm', pack, source);
  const [packed] = [JSON.parse(report)].flat();
  const tarball = join(folder, packed.filename);
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], folder);
  // As npm does, without a registry: what the package declares to need comes from this checkout, and nothing else does.
  for (const name of Object.keys(packageJson.dependencies)) {
    const link = join(modules, name);
    mkdirSync(resolve(link, '..'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
  writeFileSync(join(project, 'package.json'), '{"type": "module"}\n');
  return { tarball, project, installed, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
