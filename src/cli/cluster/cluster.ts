// hawser cluster: the clusters that Applications may name, and how they are reached (Argo CD: cmd/argocd/commands/cluster.go).

import { Command, Option } from 'commander';
import { HOME_SERVER } from '../../application/cluster-secret.ts';
import { HawserError } from '../../base/errors.ts';
import { at, isObject, stringAt } from '../../base/json.ts';
import { createKubeClient, type KubeClient } from '../../kube/client.ts';
import type { ClusterTransport } from '../../platform.ts';
import { isAgreed } from '../agree.ts';
import { callServer } from '../api-client.ts';
import { collect, outputOption, queryText } from '../app/context.ts';
import type { CommandIo } from '../io.ts';
import { formatData } from '../output.ts';
import { prepareProgram, runProgram } from '../parse-command.ts';
import { type OpenServer, offerServer } from '../server-options.ts';
import { formatTable } from '../table.ts';
import { MANAGER, managerObjects, readAccountToken } from './manager-account.ts';

/** A context of a kubeconfig: how this machine reaches the cluster, and what another one needs for that. */
export interface TargetContext {
  readonly transport: ClusterTransport;
  readonly server: string;
  /** Base64 of PEM. */
  readonly caData?: string;
  readonly insecure?: boolean;
  readonly serverName?: string;
  readonly proxyUrl?: string;
}

export interface ClusterCommandParts {
  readonly openServer: OpenServer;
  /** Throws `InvalidInput` where there is no such context. */
  readonly openContext: (name: string, kubeconfig?: string) => Promise<TargetContext>;
}

type Cluster = Readonly<Record<string, unknown>>;

const CLUSTERS = '/api/v1/clusters';

/** Runs `hawser cluster ARGS` and gives the exit code. */
export async function clusterCommand(
  args: readonly string[],
  io: CommandIo,
  { openServer, openContext }: ClusterCommandParts,
): Promise<number> {
  const program = prepareProgram(new Command('hawser cluster'), io).description('clusters: where Applications go');
  const connect = offerServer(program, openServer);

  program
    .command('add <context>')
    .description('make the cluster of a kubeconfig context known, with a ServiceAccount of its own there')
    .option('--name <name>', 'how Applications call it (the name of the context)')
    .option('--namespace <name>', 'only this one; may be given again', collect)
    .option('--cluster-resources', 'with --namespace: what is outside of namespaces, too')
    .option('--service-account <name>', 'one that is there, instead of argocd-manager')
    .option('--system-namespace <name>', 'where the ServiceAccount is', 'kube-system')
    .option('--in-cluster', 'it is the one that hawser itself runs in')
    .addOption(
      new Option(
        '--cluster-endpoint <which>',
        'the address that hawser takes: of the kubeconfig, what the cluster says of itself (kube-public), or internal',
      ).choices(['kubeconfig', 'kube-public', 'internal']),
    )
    .option('--tls-server-name <name>', "the name in the API server's certificate")
    .option('--disable-compression', 'answers as they are')
    .option('--proxy-url <url>', 'reach it by this proxy')
    .option('--project <project>', 'only for Applications of this project')
    .option('--shard <number>', 'without a meaning here')
    .option('--label <label>', 'key=value; may be given again', collect)
    .option('--annotation <annotation>', 'key=value; may be given again', collect)
    .option('--upsert', 'replace what is known of it')
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, options) => {
      const { kubeconfig } = program.opts();
      const target = await openContext(name, kubeconfig);
      const namespaces: readonly string[] = options.namespace ?? [];
      const { serviceAccount = MANAGER, systemNamespace } = options;
      const isOwn = options.serviceAccount === undefined;
      if (isOwn) {
        const level = namespaces.length > 0 ? 'namespace' : 'cluster';
        const warning = `WARNING: This will create a service account \`${MANAGER}\` on the cluster referenced by context \`${name}\` with full ${level} level privileges. Do you want to continue?`;
        if (!(await isAgreed(io, warning, options.yes)))
          return io.stdout('The command to add the cluster was cancelled.\n');
      }
      const client = createKubeClient(target.transport, { fieldManager: 'hawser' });
      if (isOwn) for (const object of managerObjects(systemNamespace, namespaces)) await client.apply(object);
      const bearerToken = await readAccountToken(client, serviceAccount, systemNamespace);
      const { server, caData } = await endpointOf(target, client, options);
      const serverName = options.tlsServerName ?? target.serverName;
      const proxyUrl = options.proxyUrl ?? target.proxyUrl;
      const body = {
        server,
        name: options.name ?? (options.inCluster ? 'in-cluster' : name),
        config: {
          bearerToken,
          tlsClientConfig: {
            insecure: target.insecure === true,
            ...(caData && !target.insecure && { caData }),
            ...(serverName && { serverName }),
          },
          ...(options.disableCompression && { disableCompression: true }),
          ...(proxyUrl && { proxyUrl }),
        },
        ...(namespaces.length > 0 && { namespaces }),
        ...(options.clusterResources && { clusterResources: true }),
        ...(options.project && { project: options.project }),
        ...(options.shard && { shard: Number(options.shard) }),
        ...(options.label && { labels: readPairs(options.label, '--label') }),
        ...(options.annotation && { annotations: readPairs(options.annotation, '--annotation') }),
      };
      await callServer(await connect(), 'POST', `${CLUSTERS}${queryText({ upsert: options.upsert })}`, body);
      io.stdout(`Cluster '${server}' added\n`);
    });
  program
    .command('list')
    .description('all of them, and whether they can be reached')
    .addOption(outputOption('json', 'yaml', 'wide', 'server'))
    .action(async ({ output }) => {
      const { items } = await callServer(await connect(), 'GET', CLUSTERS);
      const all = Array.isArray(items) ? items.filter(isObject) : [];
      if (output === 'server') return io.stdout(all.map((one) => `${textAt(one, 'server')}\n`).join(''));
      io.stdout(formatData(all, output) ?? formatClusters(all));
    });
  program
    .command('get <cluster>')
    .description('one of them, by its address or name')
    .addOption(outputOption('json', 'yaml', 'wide', 'server').default('yaml'))
    .action(async (cluster, { output }) => {
      const found = await callServer(await connect(), 'GET', pathOf(cluster));
      if (output === 'server') return io.stdout(`${textAt(found, 'server')}\n`);
      io.stdout(formatData(found, output) ?? formatCluster(found));
    });
  program
    .command('set <cluster>')
    .description('change its name, namespaces, labels or annotations')
    .option('--name <name>', 'how Applications call it')
    .option('--namespace <name>', "only this one, '*' for all; may be given again", collect)
    .option('--label <label>', 'key=value; may be given again', collect)
    .option('--annotation <annotation>', 'key=value; may be given again', collect)
    .action(async (cluster, { name, namespace, label, annotation }) => {
      const changes = {
        ...(name !== undefined && { name }),
        ...(namespace && { namespaces: namespace.includes('*') ? [] : namespace }),
        ...(label && { labels: readPairs(label, '--label') }),
        ...(annotation && { annotations: readPairs(annotation, '--annotation') }),
      };
      const updatedFields = Object.keys(changes);
      if (updatedFields.length === 0) {
        throw new HawserError('InvalidInput', 'Specify the cluster field to be updated.');
      }
      const server = await connect();
      const { server: address } = await callServer(server, 'GET', pathOf(cluster));
      const path = `${CLUSTERS}/${encodeURIComponent(String(address))}${queryText({ updatedFields })}`;
      await callServer(server, 'PUT', path, { server: address, ...changes });
      io.stdout(`Cluster '${cluster}' updated.\n`);
    });
  program
    .command('rotate-auth <cluster>')
    .description('another token of its ServiceAccount; the one before ends')
    .action(async (cluster) => {
      await callServer(await connect(), 'POST', pathOf(cluster, '/rotate-auth'));
      io.stdout(`Cluster '${cluster}' rotated auth\n`);
    });
  program
    .command('rm <cluster...>')
    .description('forget it; Applications cannot name it any more')
    .option('-y, --yes', 'do not ask')
    .action(async (clusters: string[], { yes }) => {
      for (const cluster of clusters) {
        const isMeant = await isAgreed(
          io,
          `Are you sure you want to remove '${cluster}'? Any Apps deploying to this cluster will go to health status Unknown.`,
          yes,
        );
        if (!isMeant) {
          io.stdout(`The command to remove '${cluster}' was cancelled.\n`);
          continue;
        }
        await callServer(await connect(), 'DELETE', pathOf(cluster));
        io.stdout(`Cluster '${cluster}' removed\n`);
        io.stderr(
          `The ServiceAccount ${MANAGER} is still there: kubectl delete clusterrolebinding,clusterrole,serviceaccount ends its rights.\n`,
        );
      }
    });

  return (await runProgram(program, args)) ?? 0;
}

/** Argo CD: cmdutil.ClusterEndpoint. */
async function endpointOf(
  { server, caData }: TargetContext,
  client: KubeClient,
  { inCluster, clusterEndpoint }: { inCluster?: boolean; clusterEndpoint?: string },
): Promise<{ readonly server: string; readonly caData?: string }> {
  if (inCluster || clusterEndpoint === 'internal') return { server: HOME_SERVER, ...(caData && { caData }) };
  if (clusterEndpoint !== 'kube-public') return { server, ...(caData && { caData }) };
  const found = await client.get({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: 'kube-public',
    name: 'cluster-info',
  });
  const { parseDocument } = await import('../../render/yaml/plain.ts');
  const info = parseDocument(stringAt(found, 'data', 'kubeconfig') ?? '');
  const [first] = (at(info, 'clusters') as readonly unknown[] | undefined) ?? [];
  const address = stringAt(first, 'cluster', 'server');
  if (!address) {
    throw new HawserError('NotFound', 'the cluster says nothing of itself in kube-public/cluster-info', {
      hint: 'leave --cluster-endpoint away, and the address of the kubeconfig counts',
    });
  }
  const authority = stringAt(first, 'cluster', 'certificate-authority-data');
  return { server: address, ...(authority && { caData: authority }) };
}

/** By its address, or where it is none by its name. */
function pathOf(cluster: string, below = ''): string {
  const isAddress = cluster.includes('://');
  const query = isAddress ? {} : { 'id.type': 'name' };
  return `${CLUSTERS}/${encodeURIComponent(cluster)}${below}${queryText(query)}`;
}

function readPairs(texts: readonly string[], flag: string): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
      throw new HawserError('InvalidInput', `${flag} ${text} is not of the form key=value`);
    }),
  );
}

function formatClusters(clusters: readonly Cluster[]): string {
  return formatTable(
    ['SERVER', 'NAME', 'VERSION', 'STATUS', 'MESSAGE', 'PROJECT'],
    clusters.map((cluster) => {
      const namespaces = namespacesOf(cluster);
      const count = namespaces.length > 0 ? ` (${namespaces.length} namespaces)` : '';
      return [
        `${textAt(cluster, 'server')}${count}`,
        textAt(cluster, 'name'),
        versionOf(cluster),
        stringAt(cluster, 'info', 'connectionState', 'status') ?? '',
        stringAt(cluster, 'info', 'connectionState', 'message') ?? '',
        textAt(cluster, 'project'),
      ];
    }),
  );
}

function formatCluster(cluster: Cluster): string {
  const namespaces = namespacesOf(cluster);
  const fact = (name: string, value: string) => `  ${`${name}:`.padEnd(23)}${value}\n`;
  return [
    'Cluster information\n\n',
    fact('Server URL', textAt(cluster, 'server')),
    fact('Server Name', textAt(cluster, 'name') || '-'),
    fact('Server Version', versionOf(cluster)),
    fact('Namespaces', namespaces.length > 0 ? namespaces.join(', ') : 'all namespaces'),
    '\nTLS configuration\n\n',
    fact('Cert validation', String(at(cluster, 'config', 'tlsClientConfig', 'insecure') !== true)),
    '\n',
  ].join('');
}

function namespacesOf({ namespaces }: Cluster): readonly string[] {
  return Array.isArray(namespaces) ? namespaces.map(String) : [];
}

function versionOf(cluster: Cluster): string {
  return stringAt(cluster, 'info', 'serverVersion') ?? textAt(cluster, 'serverVersion');
}

function textAt(value: Cluster, key: string): string {
  return stringAt(value, key) ?? '';
}
