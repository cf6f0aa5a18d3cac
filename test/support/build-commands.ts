// What `npm run build` makes of the commands, in a folder of its own: tests run it as a user's hawser runs, not the sources.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

const ROOT = resolve(import.meta.dirname, '../..');

declare module 'vitest' {
  interface ProvidedContext {
    /** The launcher of what was built. */
    launcher: string;
  }
}

export default function buildCommands({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-built-'));
  execFileSync(process.execPath, ['build.js', '--commands', '--outdir', join(folder, 'dist')], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const name of ['bin', 'package.json']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  provide('launcher', join(folder, 'bin', 'hawser.js'));
  return () => rmSync(folder, { recursive: true, force: true });
}
