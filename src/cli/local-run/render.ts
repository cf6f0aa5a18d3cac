// hawser render -f application.yaml: what an Application deploys, as YAML, without a server and without a cluster.

import { Command } from 'commander';
import type { Tree } from '../../render/tree.ts';
import { collect } from '../app/context.ts';
import type { CommandIo } from '../io.ts';
import { formatData } from '../output.ts';
import { prepareProgram, runProgram } from '../parse-command.ts';
import { addFileOptions, applicationOf, type FileFlags, readApplicationFile, requestOf } from './application-file.ts';
import type { RenderOffline } from './offline.ts';

export interface RenderCommandParts {
  readonly openFolder: (folder: string) => Promise<Tree>;
  readonly renderOffline: RenderOffline;
}

interface RenderFlags extends FileFlags {
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly repoUrl?: string;
  readonly username?: string;
  readonly password?: string;
}

export async function renderCommand(
  args: readonly string[],
  io: CommandIo,
  { openFolder, renderOffline }: RenderCommandParts,
): Promise<number> {
  const program = prepareProgram(new Command('hawser render'), io).description(
    'what an Application deploys, as YAML, without a server and without a cluster',
  );
  addFileOptions(program)
    .option('--kube-version <version>', 'of the cluster that it is for')
    .option('-a, --api-versions <version>', 'what that cluster knows; may be given again', collect)
    .option('--username <name>', 'for its repository (HAWSER_REPO_USERNAME)')
    .option('--password <password>', 'for its repository (HAWSER_REPO_PASSWORD)')
    .action(async (flags: RenderFlags) => {
      const app = applicationOf(await readApplicationFile(io, flags.file), 'argocd');
      const request = await requestOf(flags, openFolder);
      const { kubeVersion, apiVersions } = flags;
      const username = flags.username ?? io.env.HAWSER_REPO_USERNAME;
      const password = flags.password ?? io.env.HAWSER_REPO_PASSWORD;
      const url = app.spec.source?.repoURL ?? app.spec.sources?.[0]?.repoURL;
      const objects = await renderOffline(app, request, {
        ...(kubeVersion && { kubeVersion }),
        ...(apiVersions && { apiVersions }),
        ...(password && url && { credentials: { url, password, ...(username && { username }) } }),
      });
      for (const object of objects) io.stdout(`---\n${formatData(object, 'yaml')}`);
    });
  return (await runProgram(program, args)) ?? 0;
}
