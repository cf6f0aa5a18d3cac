// hawser admin: what an administrator does straight on the cluster, in the verbs of `argocd admin`.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { formatExport } from '../../application/export.ts';
import { HawserError } from '../../base/errors.ts';
import { createKubeClient } from '../../kube/client.ts';
import { FIELD_MANAGER } from '../../operation/road.ts';
import { decodeSecret } from '../../operation/settings.ts';
import type { ClusterTransport } from '../../platform.ts';
import { EXIT_CODES } from '../global-flags.ts';
import type { CommandIo } from '../io.ts';
import { prepareProgram, runProgram } from '../parse-command.ts';
import { type ImportParts, importInstallation } from './import.ts';
import { findInstallation, readInstallation } from './read-installation.ts';

export interface AdminParts extends ImportParts {
  readonly connect: (options: { readonly kubeconfig?: string; readonly context?: string }) => Promise<ClusterTransport>;
}

const INITIAL_PASSWORD = 'argocd-initial-admin-secret';

/** Argo CD's CLI takes them everywhere; no server is asked here. */
const IGNORED = [
  ...['--server <url>', '--auth-token <token>', '--config <file>', '--argocd-context <name>', '--core', '--plaintext'],
  ...['--insecure', '--server-crt <file>', '--client-crt <file>', '--client-crt-key <file>', '-H, --header <header>'],
  ...[
    '--grpc-web',
    '--grpc-web-root-path <path>',
    '--http-retry-max <number>',
    '--logformat <format>',
    '--loglevel <level>',
  ],
  ...['--prompts-enabled [bool]', '--server-name <name>', '--controller-name <name>', '--repo-server-name <name>'],
  ...['--redis-name <name>', '--redis-haproxy-name <name>', '--redis-compress <how>', '--kube-context <name>'],
];

/** Runs `hawser admin ARGS` and gives the exit code. */
export async function adminCommand(args: readonly string[], io: CommandIo, parts: AdminParts): Promise<number> {
  const program = prepareProgram(new Command('hawser admin'), io).description(
    'straight on the cluster of the kubeconfig: export, import, the first password',
  );
  let exitCode = 0;
  const addVerb = (usage: string, description: string) => {
    const command = program
      .command(usage)
      .description(description)
      .option('--kubeconfig <file>', '(KUBECONFIG, ~/.kube/config)')
      .option('--context <name>', 'a context other than the current one')
      .option('-n, --namespace <name>', 'where the installation is', 'argocd')
      .addHelpText('after', EXIT_CODES);
    for (const flag of IGNORED) command.addOption(new Option(flag).hideHelp());
    return command;
  };
  const addNamespaces = (command: Command) =>
    command
      .option('--application-namespaces <globs>', 'with commas: where Applications are beside there')
      .option('--applicationset-namespaces <globs>', 'the same of ApplicationSets');
  const open = (options: { kubeconfig?: string; context?: string; kubeContext?: string }) => {
    const { kubeconfig, context = options.kubeContext } = options;
    return parts.connect({ ...(kubeconfig && { kubeconfig }), ...(context && { context }) });
  };

  addNamespaces(addVerb('export', 'the installation as one file, in the format of argocd admin export'))
    .option('-o, --out <file>', 'instead of standard output', '-')
    .action(async (options) => {
      const client = createKubeClient(await open(options), { fieldManager: FIELD_MANAGER });
      const installation = await findInstallation(client, options);
      const text = formatExport(await readInstallation(client, installation), installation);
      if (options.out === '-') io.stdout(text);
      // It holds every Secret of the installation.
      else writeFileSync(resolve(io.cwd, options.out), text, { mode: 0o600 });
    });

  addNamespaces(addVerb('import [source]', 'take over what argocd admin export has written (- for standard input)'))
    .option('--live', 'take over the Applications of the Argo CD in this namespace where they are')
    .option('--apply', 'write it, without asking')
    .option('-y, --yes', 'the same')
    .option('--dry-run', 'only tell what would be done')
    .option('--no-render', 'do not render and compare the Applications first')
    .option('--prune', 'remove what the file does not have; the objects of Applications stay')
    .option('--stop-operation', 'take away the operations of Applications that are there')
    .option('--verbose', 'tell of what stays as it is, too')
    .option('--ignore-tracking', 'leave the tracking of what an Application manages as it is')
    .option('--override-on-conflict', 'as always here: what somebody else writes meanwhile is planned anew')
    .option('--skip-resources-with-label <label>', 'pass over objects with this label (key=value)')
    .addOption(new Option('-o, --output <format>', 'the plan in another form').choices(['json', 'yaml']))
    .action(async (source: string | undefined, options) => {
      exitCode = await importInstallation(source, options, io, await open(options), parts);
    });

  addVerb('initial-password', 'the password of admin that was made at the first start').action(async (options) => {
    const client = createKubeClient(await open(options), { fieldManager: FIELD_MANAGER });
    const { namespace } = options;
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: INITIAL_PASSWORD };
    const { password } = decodeSecret(await client.get(ref));
    if (password === undefined) {
      throw new HawserError('NotFound', `there is no Secret ${namespace}/${INITIAL_PASSWORD} with a password`, {
        hint: 'hawser serve makes it at its first start; it may be deleted once the password was changed',
      });
    }
    io.stdout(`${password}\n`);
    io.stderr(
      `\nChange it with hawser account update-password, then kubectl delete secret -n ${namespace} ${INITIAL_PASSWORD}\n`,
    );
  });

  return (await runProgram(program, args)) ?? exitCode;
}
