// hawser app diff: what a sync would change, object by object, as Argo CD's command of that name shows it.

import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import { at } from '../base/json.ts';
import type { ResourceDiff } from '../compare/resource-diff.ts';
import { formatResourceDiff } from '../compare/resource-diff-text.ts';
import { callServer, type ServerAddress } from './api-client.ts';
import type { CommandIo } from './io.ts';

export interface DiffOptions {
  /** Of several sources with commas between them; the target revision when left out. */
  readonly revision?: string;
  /** Has the API server asked for everything. */
  readonly hard?: boolean;
  /** Contents in base64 in place of the source's folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** The exit code when something differs. */
  readonly differs: number;
}

/** With 1 for a difference, failures end with 2, as in Argo CD. */
const DIFF_FAILED = 2;

/** Prints the differences and gives the exit code: 0 without one, 2 when it cannot be told. */
export async function diffCommand(
  server: ServerAddress,
  path: string,
  options: DiffOptions,
  io: CommandIo,
): Promise<number> {
  try {
    const items = await readDiffs(server, path, options);
    const texts = items.map(formatResourceDiff).filter((text) => text !== '');
    io.stdout(texts.join(''));
    const untold = items.filter(({ message, changes }) => message !== undefined && changes.length === 0);
    for (const { kind, namespace, name, message } of untold) {
      io.stderr(`Error: ${kind} ${namespace ? `${namespace}/` : ''}${name}: ${message}\n`);
    }
    if (untold.length > 0) return DIFF_FAILED;
    return texts.length > 0 ? options.differs : 0;
  } catch (error) {
    if (!isHawserError(error)) throw error;
    io.stderr(`Error: ${formatError(error)}\n`);
    return DIFF_FAILED;
  }
}

async function readDiffs(
  server: ServerAddress,
  path: string,
  { revision, files, hard }: DiffOptions,
): Promise<readonly ResourceDiff[]> {
  if (files !== undefined && revision !== undefined) {
    throw new HawserError('InvalidInput', '--local and --revision exclude one another');
  }
  const query = new URLSearchParams({ ...(revision && { revision }), ...(hard && { refresh: 'hard' }) });
  const answer =
    files === undefined
      ? await callServer(server, 'GET', `${path}/managed-resources?${query}`)
      : await callServer(server, 'POST', `${path}/server-side-diff`, { files });
  const items = at(answer, 'items');
  return Array.isArray(items) ? (items as ResourceDiff[]) : [];
}
