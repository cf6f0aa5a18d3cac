// hawser version: of this program, and of the server that it talks to (Argo CD: cmd/argocd/commands/version.go).

import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { stringAt } from '../base/json.ts';
import { VERSION } from '../base/version.ts';
import { callServer } from './api-client.ts';
import { outputOption } from './app/context.ts';
import { configPath } from './config-path.ts';
import type { GlobalFlags } from './global-flags.ts';
import type { CommandIo } from './io.ts';
import { formatData } from './output.ts';
import { ownVersion } from './own-version.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { type OpenServer, offerServer } from './server-options.ts';

/** What a server tells beside its version, and how it is called. */
const DETAILS = [
  ['BuildDate', 'BuildDate'],
  ['GitCommit', 'GitCommit'],
  ['GitTreeState', 'GitTreeState'],
  ['Compiler', 'Compiler'],
  ['Platform', 'Platform'],
  ['KustomizeVersion', 'Kustomize Version'],
  ['HelmVersion', 'Helm Version'],
  ['KubectlVersion', 'Kubectl Version'],
  ['JsonnetVersion', 'Jsonnet Version'],
] as const;

/** Runs `hawser version ARGS` and gives the exit code. Without a flag for a server it asks none. */
export async function versionCommand(args: readonly string[], io: CommandIo, openServer: OpenServer): Promise<number> {
  const program = prepareProgram(new Command('hawser version'), io)
    .description('the version of this program, and with --server or a context that of the server')
    .option('--client', 'of this program only; needs no server')
    .option('--short', 'nothing but the versions')
    .addOption(outputOption('json', 'yaml', 'wide', 'short'));
  const connect = offerServer(program, openServer);
  program.action(async ({ client: isClient, short, output }) => {
    const isShort = short === true || output === 'short';
    const client = { Version: `v${VERSION}`, NodeVersion: process.versions.node, Platform: platform() };
    const server = isClient ? undefined : await readServer(connect, program.opts(), io);
    const told = formatData(
      isShort
        ? { client: { hawser: client.Version }, ...(server && { server: { 'hawser-server': server.Version } }) }
        : { client, ...(server && { server }) },
      output,
    );
    if (told !== undefined) return io.stdout(told);
    io.stdout(isShort ? `hawser: ${client.Version}\n` : `${ownVersion()}\n`);
    if (!server) return;
    const details = DETAILS.flatMap(([key, name]) => {
      const value = stringAt(server, key);
      return value ? [`  ${name}: ${value}\n`] : [];
    });
    io.stdout(`hawser-server: ${stringAt(server, 'Version') ?? ''}\n${isShort ? '' : details.join('')}`);
  });
  return (await runProgram(program, args)) ?? 0;
}

/** undefined where none is named: a version is asked for on machines without a server, too. */
async function readServer(
  connect: ReturnType<typeof offerServer>,
  { server, core, config }: GlobalFlags,
  { env }: CommandIo,
): Promise<Record<string, unknown> | undefined> {
  const isNamed = server || core || env.HAWSER_SERVER || env.ARGOCD_SERVER || existsSync(configPath(env, config));
  return isNamed ? callServer(await connect(), 'GET', '/api/version') : undefined;
}

function platform(): string {
  return `${process.platform}/${process.arch}`;
}
