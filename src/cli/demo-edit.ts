// hawser demo edit: changes a values file of the running demo's repository, and pushes, without git.

import { HawserError } from '../base/errors.ts';
import type { CommandIo } from './io.ts';

const HELP = `Usage: hawser demo edit FILE KEY=VALUE …

Changes a values file of the running demo's repository, and pushes. The end of a path is enough for FILE.

  hawser demo edit nginx-chart/values-dev.yaml image.tag=1.26.2 replicaCount=2
`;

/** `editUrl` is where the running demo takes edits; undefined when none runs. */
export async function demoEditCommand(
  args: readonly string[],
  io: CommandIo,
  editUrl: string | undefined,
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(HELP);
    return 0;
  }
  const [file, ...assignments] = args;
  if (!file || assignments.length === 0 || assignments.some((text) => text.indexOf('=') <= 0)) {
    throw new HawserError('InvalidInput', 'name a file and at least one KEY=VALUE', {
      hint: 'for example: hawser demo edit nginx-chart/values-dev.yaml replicaCount=2',
    });
  }
  if (editUrl === undefined)
    throw new HawserError('Unavailable', 'no demo is running', { hint: 'start it with npm start' });
  const response = await post(editUrl, JSON.stringify({ file, assignments }));
  const text = await response.text();
  if (!response.ok) throw new HawserError('InvalidInput', text.trim());
  io.stdout(text);
  return 0;
}

async function post(url: string, body: string): Promise<Response> {
  try {
    return await fetch(url, { method: 'POST', body });
  } catch (error) {
    throw new HawserError('Unavailable', `the demo at ${new URL(url).origin} does not answer`, {
      hint: 'start it anew with npm start',
      cause: error,
    });
  }
}
