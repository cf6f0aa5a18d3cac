// hawser doctor: what keeps pushes from reaching the cluster, one line each, with what to do.

import { Command, Option } from 'commander';
import type { KubeClient } from '../../kube/client.ts';
import type { ClusterConnection, ClusterTransport, ConnectedFetch } from '../../platform.ts';
import { parseServerUrl } from '../api-client.ts';
import type { CommandIo } from '../io.ts';
import { formatData } from '../output.ts';
import { prepareProgram, runProgram } from '../parse-command.ts';
import { checkCluster } from './cluster.ts';
import { checkDefinitions } from './definitions.ts';
import { checkDestinations } from './destinations.ts';
import { type Check, type Finding, formatFinding } from './finding.ts';
import { checkMachine } from './machine.ts';
import { checkNeighbours } from './neighbours.ts';
import { checkRepositories } from './repositories.ts';
import { checkRights } from './rights.ts';

export interface DoctorParts {
  readonly connect: (options: { readonly kubeconfig?: string; readonly context?: string }) => Promise<{
    readonly home: ClusterTransport;
    readonly client: KubeClient;
  }>;
  readonly openFetch: () => Promise<ConnectedFetch>;
  readonly openConnect: () => Promise<(connection: ClusterConnection) => ClusterTransport>;
  readonly defaultDataFolder: string;
  readonly freeBytes: (folder: string) => Promise<number | undefined>;
}

/** In the order in which one thing needs another. */
const CHECKS: readonly Check[] = [
  checkRights,
  checkDefinitions,
  checkNeighbours,
  checkMachine,
  checkDestinations,
  checkRepositories,
];

/** Runs `hawser doctor ARGS`; 1 where something fails. */
export async function doctorCommand(args: readonly string[], io: CommandIo, parts: DoctorParts): Promise<number> {
  let code = 0;
  const program = prepareProgram(new Command('hawser doctor'), io)
    .description('finds out what keeps pushes from reaching the cluster')
    .option('--kubeconfig <file>', '(KUBECONFIG, ~/.kube/config; in a cluster the ServiceAccount)')
    .option('--context <name>', 'a context other than the current one')
    .option('--namespace <name>', 'where the Applications are', 'argocd')
    .option('--server <url>', 'where hawser answers, as Git servers know it (HAWSER_SERVER)')
    .option('--hook-token <token>', "reads webhooks at the Git servers; otherwise the repositories' credentials")
    .option('--data <dir>', 'where the server on this machine keeps its data', parts.defaultDataFolder)
    .addOption(new Option('-o, --output <format>', 'another form').choices(['json', 'yaml']))
    .action(async (options) => {
      const { kubeconfig, context, namespace, hookToken, data, output } = options;
      const named: string | undefined = options.server ?? (io.env.HAWSER_SERVER || undefined);
      const place = {
        ...(await parts.connect({ ...(kubeconfig && { kubeconfig }), ...(context && { context }) })),
        ...(named !== undefined && { server: parseServerUrl(named) }),
        ...(hookToken !== undefined && { hookToken }),
        namespace,
        fetch: await parts.openFetch(),
        connectCluster: await parts.openConnect(),
        dataFolder: data,
        freeBytes: parts.freeBytes,
        nowMs: () => Date.now(),
      };
      const findings: Finding[] = [];
      const tell = (found: readonly Finding[]) => {
        findings.push(...found);
        if (!output) io.stdout(found.map(formatFinding).join(''));
      };
      tell(await checkCluster(place));
      // Without it nothing else can be told.
      if (!findings.some(({ level }) => level === 'fail')) for (const check of CHECKS) tell(await check(place));
      if (output) io.stdout(formatData({ findings }, output) ?? '');
      else io.stdout(summary(findings));
      code = findings.some(({ level }) => level === 'fail') ? 1 : 0;
    });
  return (await runProgram(program, args)) ?? code;
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const failed = count('fail');
  if (failed === 0)
    return `\nnothing keeps pushes from the cluster${count('warn') > 0 ? `; ${count('warn')} to look at` : ''}\n`;
  return `\n${failed} to mend${count('warn') > 0 ? `, ${count('warn')} to look at` : ''}\n`;
}
