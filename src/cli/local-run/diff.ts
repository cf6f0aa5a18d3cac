// hawser diff -f application.yaml: what a sync of an Application from a file would change in the cluster of the kubeconfig.

import { Command } from 'commander';
import type { Application } from '../../application/types.ts';
import { formatError, HawserError, isHawserError } from '../../base/errors.ts';
import { formatResourceDiff } from '../../compare/resource-diff-text.ts';
import type { Hawser } from '../../operation/hawser.ts';
import type { Tree } from '../../render/tree.ts';
import { parseWhole } from '../app/context.ts';
import type { CommandIo } from '../io.ts';
import { prepareProgram, runProgram } from '../parse-command.ts';
import { addFileOptions, applicationOf, type FileFlags, readApplicationFile, requestOf } from './application-file.ts';

/** hawser over the cluster of the kubeconfig. */
export interface LocalCore {
  readonly hawser: Pick<Hawser, 'diffOf' | 'getApplication'>;
  close(): Promise<void>;
}

export interface DiffCommandParts {
  readonly openFolder: (folder: string) => Promise<Tree>;
  readonly openCore: (options: {
    readonly kubeconfig?: string;
    readonly context?: string;
    readonly namespace: string;
    readonly signal: AbortSignal;
  }) => Promise<LocalCore>;
}

interface DiffFlags extends FileFlags {
  readonly kubeconfig?: string;
  readonly kubeContext?: string;
  readonly namespace: string;
  readonly diffExitCode: string;
  readonly exitCode?: boolean;
}

/** With 1 for a difference, failures end with 2, as in `hawser app diff`. */
const DIFF_FAILED = 2;

export async function diffFileCommand(
  args: readonly string[],
  io: CommandIo,
  { openFolder, openCore }: DiffCommandParts,
): Promise<number> {
  let exitCode = 0;
  const program = prepareProgram(new Command('hawser diff'), io).description(
    'what a sync of an Application from a file would change in the cluster of the kubeconfig; exit code 1 when something differs, 2 when it cannot be told',
  );
  addFileOptions(program)
    .option('--kubeconfig <file>', '(KUBECONFIG, ~/.kube/config)')
    .option('--kube-context <name>', 'a context other than the current one')
    .option('--namespace <name>', 'where the Applications are', io.env.HAWSER_NAMESPACE || 'argocd')
    .option('--diff-exit-code <number>', 'the exit code when something differs', '1')
    .option('--exit-code', 'say by the exit code whether something differs (the default)')
    .option('--no-exit-code', 'end with 0 when something differs')
    .action(async (flags: DiffFlags) => {
      const differs = flags.exitCode === false ? 0 : parseWhole('--diff-exit-code', flags.diffExitCode);
      exitCode = await compare(flags).catch((error: unknown) => {
        if (!isHawserError(error)) throw error;
        io.stderr(`Error: ${formatError(error)}\n`);
        return DIFF_FAILED;
      });

      async function compare({ file, kubeconfig, kubeContext: context, namespace }: DiffFlags): Promise<number> {
        const raw = await readApplicationFile(io, file);
        const request = await requestOf(flags, openFolder);
        const place = { ...(kubeconfig && { kubeconfig }), ...(context && { context }), namespace };
        const { hawser, close } = await openCore({ ...place, signal: io.interrupted });
        try {
          const app = await withInventory(applicationOf(raw, namespace), hawser);
          const items = await hawser.diffOf(app, request);
          const texts = items.map(formatResourceDiff).filter((text) => text !== '');
          io.stdout(texts.join(''));
          const untold = items.find(({ message, changes }) => message !== undefined && changes.length === 0);
          if (untold) throw new HawserError('ClusterRefused', `${untold.kind} ${untold.name}: ${untold.message}`);
          return texts.length > 0 ? differs : 0;
        } finally {
          await close();
        }
      }
    });
  return (await runProgram(program, args)) ?? exitCode;
}

/** What it had made before, where it is in the cluster, so that what is to be deleted is told. */
async function withInventory(app: Application, hawser: LocalCore['hawser']): Promise<Application> {
  const { name, namespace } = app.metadata;
  try {
    const { status, metadata } = await hawser.getApplication(name, namespace);
    const { uid } = metadata;
    return { ...app, status, metadata: { ...app.metadata, ...(uid && { uid }) } };
  } catch (error) {
    if (isHawserError(error, 'NotFound')) return app;
    throw error;
  }
}
