// A text in $EDITOR, until whoever gets it takes it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import type { CommandIo } from './io.ts';

/**
 * Opens the editor on `text`, again with the reason where `take` refuses (`InvalidInput`). False where nothing was changed; throws where
 * nothing was changed after a refusal.
 */
export async function editUntilTaken(
  io: CommandIo,
  file: string,
  text: string,
  take: (edited: string) => Promise<void>,
): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-edit-'));
  const path = join(folder, file);
  let shown = text;
  let refusal: string | undefined;
  try {
    for (;;) {
      writeFileSync(path, shown, { mode: 0o600 });
      openEditor(io.env, path);
      const edited = readFileSync(path, 'utf8');
      if (withoutComments(edited) === withoutComments(shown)) {
        if (refusal === undefined) return false;
        throw new HawserError('InvalidInput', refusal);
      }
      try {
        await take(withoutComments(edited));
        return true;
      } catch (error) {
        // Who may not change it may not by another text.
        if (!isHawserError(error, 'InvalidInput')) throw error;
        refusal = formatError(error);
        const remark = refusal.split('\n').map((line) => `# ${line}\n`);
        shown = `${remark.join('')}${withoutComments(edited)}`;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As kubectl and Argo CD choose one; it may have arguments. */
function openEditor(env: CommandIo['env'], file: string): void {
  const [program = 'vi', ...args] = (env.KUBE_EDITOR || env.EDITOR || env.VISUAL || 'vi').split(/\s+/).filter(Boolean);
  const { status, error } = spawnSync(program, [...args, file], { stdio: 'inherit' });
  if (error) {
    throw new HawserError('InvalidInput', `the editor ${program} cannot be started: ${error.message}`, {
      hint: 'set EDITOR',
    });
  }
  if (status !== 0) throw new HawserError('InvalidInput', `the editor ${program} ended with ${status}`);
}

function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
}
