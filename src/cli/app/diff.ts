// hawser app diff: what a sync would change, object by object, as Argo CD's command of that name shows it.

import { sourcePosition } from '../../application/source-position.ts';
import { formatError, HawserError, isHawserError } from '../../base/errors.ts';
import { at } from '../../base/json.ts';
import type { ResourceDiff } from '../../compare/resource-diff.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import { readLocalFiles } from '../local-files.ts';
import { getRaw, specOf } from './applications.ts';
import { type AppContext, type AppRef, addVerb, collect, parseRef, parseWhole, pathOf } from './context.ts';

export interface DiffOptions {
  /** One a source, in their order; an empty one, or none at all, is the target revision. */
  readonly revisions?: readonly string[];
  /** Has the API server asked for everything. */
  readonly hard?: boolean;
  /** Contents in base64 in place of the source's folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** The exit code when something differs. */
  readonly differs: number;
}

/** With 1 for a difference, failures end with 2, as in Argo CD. */
const DIFF_FAILED = 2;

export function addDiffVerb(context: AppContext): void {
  const command = addVerb(
    context,
    'diff <name>',
    'what a sync would change; exit code 1 when something differs, 2 when it cannot be told',
  );
  command
    .option('--revision <revision>', 'instead of the targetRevision')
    .option('--revisions <revision>', 'of one of several sources; may be given again', collect)
    .option('--source-positions <number>', 'for which source a revision is, from 1; may be given again', collect)
    .option('--source-names <name>', 'the same by name', collect)
    .option('--local <folder>', 'a folder of this machine instead of the path in Git')
    .option('--refresh', 'look at Git and the cluster first; always done')
    .option('--hard-refresh', 'the same, asking the API server for everything')
    .option('--server-side-diff', 'by dry runs of the API server: the default')
    .option('--diff-exit-code <number>', 'the exit code when something differs', '1')
    .option('--exit-code', 'say by the exit code whether something differs (the default)')
    .option('--no-exit-code', 'end with 0 when something differs')
    .addOption(command.createOption('--server-side-generate').hideHelp())
    .addOption(command.createOption('--local-repo-root <folder>').hideHelp())
    .addOption(command.createOption('--local-include <glob>').hideHelp())
    .action(async (name, { revision, revisions, local, ...options }) => {
      const differs = options.exitCode === false ? 0 : parseWhole('--diff-exit-code', options.diffExitCode);
      const server = await context.connect();
      const ref = parseRef(name, options.appNamespace);
      if (local !== undefined && (revision ?? revisions) !== undefined) {
        throw new HawserError('InvalidInput', '--local and --revision exclude one another');
      }
      const { sourcePositions = [], sourceNames = [] } = options;
      const spec = revisions ? specOf(await getRaw(server, ref)) : {};
      const count = Array.isArray(spec.sources) ? spec.sources.length : 1;
      const places: readonly { position?: string; name?: string }[] = [
        ...sourcePositions.map((position: string) => ({ position })),
        ...sourceNames.map((source: string) => ({ name: source })),
      ];
      context.end(
        await printDiff(context, server, ref, {
          differs,
          ...(revision && { revisions: [revision] }),
          ...(revisions && {
            revisions: ofEachSource(
              count,
              revisions,
              places.map((place) => sourcePosition(spec, place) ?? 1),
            ),
          }),
          ...(local !== undefined && { files: await readLocalFiles(local, context.openFolder) }),
          ...(options.hardRefresh && { hard: true }),
        }),
      );
    });
}

function ofEachSource(count: number, revisions: readonly string[], positions: readonly number[]): readonly string[] {
  if (positions.length !== revisions.length) {
    throw new HawserError('InvalidInput', '--revisions must be given as often as --source-positions or --source-names');
  }
  return Array.from({ length: count }, (_, index) => revisions[positions.indexOf(index + 1)] ?? '');
}

/** Prints the differences and gives the exit code: 0 without one, 2 when it cannot be told. */
export async function printDiff(
  { io }: Pick<AppContext, 'io'>,
  server: ServerAddress,
  ref: AppRef,
  options: DiffOptions,
): Promise<number> {
  try {
    const [items, { formatResourceDiff }] = await Promise.all([
      readDiffs(server, ref, options),
      import('../../compare/resource-diff-text.ts'),
    ]);
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
  ref: AppRef,
  { revisions, files, hard }: DiffOptions,
): Promise<readonly ResourceDiff[]> {
  const { namespace } = ref;
  const query = { revision: revisions?.join(','), ...(hard && { refresh: 'hard' }) };
  const answer =
    files === undefined
      ? await callServer(server, 'GET', pathOf(ref, '/managed-resources', query))
      : await callServer(server, 'POST', pathOf(ref, '/server-side-diff'), {
          files,
          ...(namespace && { appNamespace: namespace }),
        });
  const items = at(answer, 'items');
  return Array.isArray(items) ? (items as ResourceDiff[]) : [];
}
