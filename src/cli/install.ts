// hawser install: prints the manifests that run hawser in a cluster.

import { Command, CommanderError } from 'commander';
import { installManifests } from '../application/install.ts';
import { HawserError } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { dumpYaml } from '../render/yaml/plain.ts';
import type { CommandIo } from './io.ts';

export async function installCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const program = new Command('hawser install')
    .description('print the manifests that run hawser in a cluster: CRDs, AppProject, rights, Service, Deployment')
    .option('--namespace <namespace>', 'the namespace of hawser and of the Applications', 'argocd')
    .option('--image <image>', 'the image that runs it', 'hawser:latest')
    .option('--node-port <port>', 'publish the Service on this port of every node')
    .option('--crds-only', 'only the CustomResourceDefinitions and the AppProject default')
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const { namespace, image, nodePort, crdsOnly } = program.opts<{
    namespace: string;
    image: string;
    nodePort?: string;
    crdsOnly?: boolean;
  }>();
  const port = nodePort === undefined ? undefined : Number(nodePort);
  if (port !== undefined && !(Number.isInteger(port) && port >= 30000 && port <= 32767)) {
    throw new HawserError('InvalidInput', `--node-port ${nodePort} is no port from 30000 to 32767`);
  }
  const all = installManifests({ namespace, image, ...(port !== undefined && { nodePort: port }) });
  const chosen = crdsOnly
    ? all.filter(({ kind }) => ['Namespace', 'CustomResourceDefinition', 'AppProject'].includes(kind))
    : all;
  io.stdout(chosen.map((object) => `---\n${dumpYaml(JSON.parse(JSON.stringify(object)) as Json)}`).join(''));
  return 0;
}
