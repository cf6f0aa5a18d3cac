// Runs a session of kubectl against one cluster and compares all that it says.

import { expect } from 'vitest';
import { type Home, runProcess } from '../../../support/hawser-process.ts';
import type { Session } from './sessions.ts';

export interface Terminal {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly home: Home;
}

/** Runs the session in a namespace of its own. */
export async function runSession(terminal: Terminal, session: Session, namespace: string): Promise<void> {
  await run(terminal, `create namespace ${namespace}`, namespace);
  await run(terminal, 'wait --for=create serviceaccount/default --timeout=20s', namespace);
  try {
    for (const { kubectl, input, env, says, code = 0 } of session.steps) {
      const fill = (text: string) => text.replaceAll('$NS', namespace);
      const outcome = await run(terminal, fill(kubectl), namespace, fill(input ?? ''), env);
      expect({ kubectl, ...outcome }).toEqual({
        kubectl,
        says: typeof says === 'string' ? says : expect.stringMatching(says),
        code,
      });
    }
  } finally {
    await run(terminal, `delete namespace ${namespace} --wait=false`, namespace);
  }
}

async function run(
  { kubectl, kubeconfig, home }: Terminal,
  command: string,
  namespace: string,
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<{ says: string; code: number | null }> {
  const { code, stdout, stderr } = await runProcess(kubectl, ['-n', namespace, ...splitWords(command)], {
    env: { ...home.env, KUBECONFIG: kubeconfig, ...env },
    input,
  });
  return { says: hide(`${stdout}${stderr}`.replaceAll(namespace, '$NS')), code };
}

/** `a 'b c' d` as a shell splits it. */
function splitWords(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function hide(text: string): string {
  return text
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g, 'TIME')
    .replace(/10\.96\.\d+\.\d+/g, 'IP')
    .replace(/(?<= )\d{1,2}s(?=$| )/gm, 'AGE')
    .replace(/ {2,}/g, '  ')
    .replace(/ +$/gm, '')
    .trim();
}
