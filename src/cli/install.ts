// hawser install: prints the manifests that run hawser in a cluster.

import { Command } from 'commander';
import { installManifests } from '../application/install.ts';
import { NOTICE_PATH } from '../application/install-notices.ts';
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
  readonly driftNotices?: boolean;
  readonly crdsOnly?: boolean;
}

/** What `--crds-only` prints: enough for a hawser that runs outside. */
const CRDS_ONLY = ['Namespace', 'CustomResourceDefinition'];

/** The same, and how its API server tells it of writes. */
const OUTSIDE = [...CRDS_ONLY, 'ValidatingWebhookConfiguration'];

/** A label of RFC 1123, as the API server wants the name of a namespace. */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export async function installCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const program = new Command('hawser install')
    .description('print the manifests that run hawser in a cluster: CRDs, rights, Service, Deployment')
    .option('--namespace <namespace>', 'the namespace of hawser and of the Applications', 'argocd')
    .option('--image <image>', 'the image that runs it', 'hawser:latest')
    .option('--node-port <port>', 'publish the Service on this port of every node')
    .option(
      '--notice-url <url>',
      'where the API server reaches a hawser outside of the cluster, https://HOST:PORT/notice',
    )
    .option('--drift-notices', 'have every write to a managed object told, so that drift shows when it happens')
    .option('--crds-only', 'only the namespace, the CustomResourceDefinitions and, with --notice-url, the notices');
  const ended = await runProgram(prepareProgram(program, io), args);
  if (ended !== undefined) return ended;
  const { namespace, image, nodePort, noticeUrl, driftNotices, crdsOnly } = program.opts<InstallFlags>();
  if (!NAMESPACE.test(namespace)) throw invalid(`--namespace ${namespace} is no name of a namespace`);
  if (image === '') throw invalid('--image is empty');
  const all = installManifests({
    namespace,
    image,
    ...(nodePort !== undefined && { nodePort: parseNodePort(nodePort) }),
    ...(noticeUrl !== undefined && { noticeUrl: parseNoticeUrl(noticeUrl) }),
    ...(driftNotices && { driftNotices }),
  });
  const wanted = noticeUrl === undefined ? CRDS_ONLY : OUTSIDE;
  const chosen = crdsOnly ? all.filter(({ kind }) => wanted.includes(kind)) : all;
  io.stdout(chosen.map((object) => `---\n${dumpYaml(JSON.parse(JSON.stringify(object)) as Json)}`).join(''));
  return 0;
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
