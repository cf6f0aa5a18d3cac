// hawser sync -f application.yaml: an Application from a file is made, or changed, and synced: on the cluster of the kubeconfig, or by a
// server that is named.

import { Command } from 'commander';
import { isObject, stringAt } from '../../base/json.ts';
import type { Tree } from '../../render/tree.ts';
import { getApplication } from '../app/applications.ts';
import { type AppContext, DEFAULT_TIMEOUT_S, outputOption, parseRef, parseTimeout } from '../app/context.ts';
import { create } from '../app/create.ts';
import { operate } from '../app/operate.ts';
import { addSyncFlags, type RenderLocal, type SyncFlags, syncRequestOf } from '../app/sync-request.ts';
import { addGlobalFlags } from '../global-flags.ts';
import type { CommandIo } from '../io.ts';
import { prepareProgram, runProgram } from '../parse-command.ts';
import type { OpenServer } from '../server-options.ts';
import { readApplicationFile } from './application-file.ts';

export interface SyncFileParts {
  readonly openServer: OpenServer;
  readonly openFolder: (folder: string) => Promise<Tree>;
  readonly renderLocal: RenderLocal;
}

interface SyncFileFlags extends SyncFlags {
  readonly file: string;
  readonly validate?: boolean;
  readonly timeout: string;
  readonly output?: string;
}

export async function syncFileCommand(args: readonly string[], io: CommandIo, parts: SyncFileParts): Promise<number> {
  let exitCode = 0;
  const program = prepareProgram(new Command('hawser sync'), io)
    .description('make or change the Application of a file, and make the cluster as it says')
    .requiredOption('-f, --file <file>', 'a file or URL of one Application; - is standard input')
    .option('--validate', 'look whether it can be rendered (the default, but with --local)')
    .option('--no-validate')
    .option('--timeout <seconds>', 'how long to wait; 0 for no limit', DEFAULT_TIMEOUT_S)
    .addOption(outputOption('wide', 'json', 'yaml', 'tree', 'tree=detailed'));
  addGlobalFlags(program);
  addSyncFlags(program).action(async (flags: SyncFileFlags) => {
    const timeoutMs = parseTimeout(flags.timeout);
    const raw = await readApplicationFile(io, flags.file);
    const given = program.opts();
    const isNamed = given.server ?? given.argocdContext ?? (io.env.HAWSER_SERVER || io.env.ARGOCD_SERVER);
    const server = await parts.openServer(isNamed ? given : { ...given, core: true });
    // What is in Git need not be anything yet, where a folder stands for it.
    const validate = program.getOptionValueSource('validate') === 'cli' ? flags.validate : flags.local === undefined;
    const made = await create(server, withoutState(raw), { upsert: true, ...(!validate && { validate: false }) });
    const isData = flags.output === 'json' || flags.output === 'yaml';
    (isData ? io.stderr : io.stdout)(made);
    const ref = parseRef(stringAt(raw, 'metadata', 'name') ?? '', stringAt(raw, 'metadata', 'namespace'));
    const context: AppContext = {
      ...{ io, program, openFolder: parts.openFolder, renderLocal: parts.renderLocal },
      connect: async () => server,
      end: () => undefined,
    };
    const body = await syncRequestOf(context, server, ref, () => getApplication(server, ref), flags);
    exitCode = await operate(context, { server, ref, below: '/sync', body, timeoutMs, output: flags.output });
  });
  return (await runProgram(program, args)) ?? exitCode;
}

/** What a cluster has noted down in a file that was taken from it is not for another one. */
function withoutState({ metadata, spec, apiVersion, kind }: Record<string, unknown>): Record<string, unknown> {
  const { name, namespace, labels, annotations, finalizers } = isObject(metadata) ? metadata : {};
  return { apiVersion, kind, metadata: { name, namespace, labels, annotations, finalizers }, spec };
}
