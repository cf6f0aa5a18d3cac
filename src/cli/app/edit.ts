// hawser app edit: the spec in an editor, until the server takes it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatError, HawserError, isHawserError } from '../../base/errors.ts';
import { isObject } from '../../base/json.ts';
import type { CommandIo } from '../io.ts';
import { formatData } from '../output.ts';
import { getRaw, putSpec, specOf } from './applications.ts';
import { type AppContext, addVerb, parseRef } from './context.ts';

export function addEditVerb(context: AppContext): void {
  const { io } = context;
  addVerb(context, 'edit <name>', 'change the spec of an Application in $EDITOR').action(async (name, options) => {
    const server = await context.connect();
    const ref = parseRef(name, options.appNamespace);
    const text = formatData(specOf(await getRaw(server, ref)), 'yaml') ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'hawser-edit-'));
    const file = join(folder, `${ref.name}.yaml`);
    try {
      let shown = text;
      for (;;) {
        writeFileSync(file, shown, { mode: 0o600 });
        openEditor(io.env, file);
        const edited = readFileSync(file, 'utf8');
        if (withoutComments(edited) === withoutComments(shown)) {
          // Nothing was changed, or nothing since the server refused it.
          if (shown === text) return io.stdout('Edit cancelled, no changes made.\n');
          throw new HawserError('InvalidInput', shown.split('\n', 1)[0]?.replace(/^# /, '') ?? 'not changed');
        }
        const problem = await put(edited);
        if (problem === undefined) return io.stdout(`Application '${ref.name}' updated successfully\n`);
        shown = `${problem
          .split('\n')
          .map((line) => `# ${line}\n`)
          .join('')}${withoutComments(edited)}`;
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }

    /** What the server has against it; undefined where it took it. */
    async function put(edited: string): Promise<string | undefined> {
      try {
        await putSpec(server, ref, await parseSpec(edited), undefined);
        return undefined;
      } catch (error) {
        // Who may not change it may not by another text.
        if (!isHawserError(error, 'InvalidInput')) throw error;
        return formatError(error);
      }
    }
  });
}

async function parseSpec(text: string): Promise<Record<string, unknown>> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new HawserError('InvalidInput', problem.message);
  const value: unknown = document.toJS();
  if (isObject(value)) return value;
  throw new HawserError('InvalidInput', 'the spec must be a mapping');
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
