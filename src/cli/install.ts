// hawser install: prints the manifests that run hawser in a cluster.

import { Command, Option } from 'commander';
import { installManifests } from '../application/install.ts';
import { type DriftMode, NOTICE_PATH } from '../application/install-notices.ts';
import type { Workload } from '../application/install-workload.ts';
import { HawserError } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { dumpYaml } from '../render/yaml/plain.ts';
import type { CommandIo } from './io.ts';
import { prepareProgram, runProgram } from './parse-command.ts';

interface InstallFlags {
  readonly namespace: string;
  readonly image: string;
  readonly nodePort?: string;
  readonly noticeUrl?: string;
  readonly replicas?: string;
  readonly knative?: boolean;
  readonly scaleToZero?: boolean;
  readonly publicHost?: readonly string[];
  readonly drift?: string | true;
  readonly driftNotices?: boolean;
  readonly crdsOnly?: boolean;
  readonly tls?: boolean;
  readonly alongside?: boolean;
  readonly destinationNamespaces?: string;
  readonly applicationNamespaces?: string;
  readonly defaultProject: boolean;
}

/** What `--crds-only` prints: enough for a hawser that runs outside. */
const CRDS_ONLY = ['Namespace', 'CustomResourceDefinition'];

/** The same, and how its API server tells it of writes. */
const OUTSIDE = [...CRDS_ONLY, 'ValidatingWebhookConfiguration'];

/** A label of RFC 1123, as the API server wants the name of a namespace. */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export async function installCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const program = new Command('hawser install')
    .description('print the manifests that run hawser in a cluster: CRDs, rights, Service, Deployment, settings')
    .option('--namespace <namespace>', 'the namespace of hawser and of the Applications', 'argocd')
    .option('--image <image>', 'the image that runs it', 'hawser:latest')
    .option('--node-port <port>', 'publish the Service on this port of every node')
    .option(
      '--notice-url <url>',
      'where the API server reaches a hawser outside of the cluster, https://HOST:PORT/notice',
    )
    .option('--replicas <number>', 'so many Pods, each with a volume: a StatefulSet instead of a Deployment')
    .option('--knative', 'no Pod while nothing is asked: a Knative Service instead of a Deployment')
    .option('--scale-to-zero', 'no Pod while nothing is asked, by the HTTP add-on of KEDA')
    .option(
      '--public-host <name...>',
      "with --scale-to-zero: the host names of the webhook's URL, for the proxy that starts hawser",
    )
    .option(
      '--drift [mode]',
      'have every write to a managed object told, so that drift shows when it happens: warn (the default) or enforce',
    )
    .addOption(new Option('--drift-notices', 'the same as --drift').hideHelp())
    .option('--tls', 'HTTPS, with the certificate of the Secret argocd-server-tls, instead of plain HTTP')
    .option(
      '--destination-namespaces <names>',
      'rights for these namespaces alone (with commas; they must exist), instead of for the whole cluster',
    )
    .option('--application-namespaces <names>', 'take Applications from these namespaces, too')
    .option('--alongside', 'beside an Argo CD in the same namespace: hawser only compares, and changes nothing')
    .option('--no-default-project', 'without the AppProject default, which somebody has changed')
    .option('--crds-only', 'only the namespace, the CustomResourceDefinitions and, with --notice-url, the notices');
  const ended = await runProgram(prepareProgram(program, io), args);
  if (ended !== undefined) return ended;
  const flags = program.opts<InstallFlags>();
  const { namespace, image, nodePort, noticeUrl, crdsOnly, tls, alongside } = flags;
  const destinationNamespaces = parseNamespaces('--destination-namespaces', flags.destinationNamespaces);
  const applicationNamespaces = parseNamespaces('--application-namespaces', flags.applicationNamespaces);
  const drift = parseDrift(flags);
  if (!NAMESPACE.test(namespace)) throw invalid(`--namespace ${namespace} is no name of a namespace`);
  if (image === '') throw invalid('--image is empty');
  const workload = parseWorkload(flags);
  checkCombination(flags, workload);
  const all = installManifests({
    namespace,
    image,
    workload,
    ...(nodePort !== undefined && { nodePort: parseNodePort(nodePort) }),
    ...(noticeUrl !== undefined && { noticeUrl: parseNoticeUrl(noticeUrl) }),
    ...(drift && { drift }),
    ...(tls && { tls }),
    ...(alongside && { alongside }),
    hasDefaultProject: flags.defaultProject,
    ...(destinationNamespaces && { destinationNamespaces }),
    ...(applicationNamespaces && { applicationNamespaces }),
  });
  const wanted = noticeUrl === undefined ? CRDS_ONLY : OUTSIDE;
  const chosen = crdsOnly ? all.filter(({ kind }) => wanted.includes(kind)) : all;
  io.stdout(chosen.map((object) => `---\n${dumpYaml(JSON.parse(JSON.stringify(object)) as Json)}`).join(''));
  return 0;
}

/** What would be printed without what was asked for is refused. */
function checkCombination(flags: InstallFlags, workload: Workload): void {
  const { crdsOnly, noticeUrl, drift, driftNotices, nodePort, tls, alongside } = flags;
  const { destinationNamespaces, applicationNamespaces } = flags;
  if (crdsOnly) {
    const given = [
      nodePort !== undefined && '--node-port',
      tls && '--tls',
      alongside && '--alongside',
      destinationNamespaces !== undefined && '--destination-namespaces',
      applicationNamespaces !== undefined && '--application-namespaces',
      WAYS[workload.kind],
    ].find(Boolean);
    if (given) throw invalid(`${given} has no meaning with --crds-only, which prints no Pods and no rights`);
  }
  if (tls && (workload.kind === 'knative' || workload.kind === 'scale-to-zero')) {
    throw invalid(`--tls is not for ${WAYS[workload.kind]}, whose proxy speaks plain HTTP to it`);
  }
  if ((drift === undefined && !driftNotices) || noticeUrl !== undefined) return;
  if (crdsOnly) throw invalid('--drift with --crds-only needs --notice-url: where the API server reaches hawser');
  if (workload.kind === 'knative') {
    throw invalid(
      '--drift with --knative needs --notice-url: a Knative Service has no address that the API server could ask',
    );
  }
}

/** The flag that says so. */
const WAYS = { single: '', replicas: '--replicas', knative: '--knative', 'scale-to-zero': '--scale-to-zero' };

/** More replicas than that share no work any better: an Application is one replica's at a time. */
const MOST_REPLICAS = 50;

function parseWorkload({ replicas, knative, scaleToZero, publicHost = [], nodePort }: InstallFlags): Workload {
  const ways = [
    replicas !== undefined && WAYS.replicas,
    knative && WAYS.knative,
    scaleToZero && WAYS['scale-to-zero'],
  ].filter((way) => typeof way === 'string');
  if (ways.length > 1) throw invalid(`${ways.join(' and ')} are different ways to run it: name one`);
  if (publicHost.length > 0 && !scaleToZero) throw invalid('--public-host is for --scale-to-zero');
  if (knative) {
    if (nodePort !== undefined) throw invalid('--node-port is not for --knative, which publishes its Services itself');
    return { kind: 'knative' };
  }
  if (scaleToZero) return { kind: 'scale-to-zero', hosts: publicHost.map(parseHost) };
  if (replicas === undefined) return { kind: 'single' };
  const count = Number(replicas);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_REPLICAS) return { kind: 'replicas', count };
  throw invalid(`--replicas ${replicas} is no number from 1 to ${MOST_REPLICAS}`);
}

function parseHost(text: string): string {
  if (/^[a-z0-9*]([-a-z0-9.]*[a-z0-9])?(:\d+)?$/.test(text)) return text;
  throw invalid(`--public-host ${text} is no host name`);
}

function parseDrift({ drift, driftNotices }: InstallFlags): DriftMode | undefined {
  if (drift === undefined) return driftNotices ? 'warn' : undefined;
  if (drift === true || drift === 'warn') return 'warn';
  if (drift === 'enforce') return 'enforce';
  throw invalid(`--drift ${drift} is neither warn nor enforce`);
}

function parseNamespaces(flag: string, text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !NAMESPACE.test(name));
  if (wrong !== undefined) throw invalid(`${flag} ${text}: "${wrong}" is no name of a namespace`);
  return [...new Set(names)];
}

function parseNodePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 30000 && port <= 32767) return port;
  throw invalid(`--node-port ${text} is no port from 30000 to 32767`);
}

/** As the API server wants it: https, and nothing behind the path. */
function parseNoticeUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url?.protocol === 'https:' &&
    url.pathname === NOTICE_PATH &&
    url.search === '' &&
    url.hash === '' &&
    url.username === ''
  )
    return text;
  throw invalid(`--notice-url ${text} is not of the form https://HOST:PORT${NOTICE_PATH}`);
}

function invalid(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}
