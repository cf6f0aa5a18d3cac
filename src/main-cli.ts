// Composition root of the command line: each command loads only what it needs.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodeOf, formatError, isHawserError } from './base/errors.ts';
import type { CommandIo } from './cli/io.ts';

const USAGE = `hawser ties a Kubernetes cluster to Git: a push arrives, the cluster follows.

Usage: hawser COMMAND [ARGUMENTS]

  demo                      everything on this machine: a sandbox cluster, a demo repository, the handler, a page
  demo edit FILE KEY=VALUE  change a values file of the running demo's repository, and push
  serve                     the handler for the cluster of a kubeconfig
  app list|get|diff|sync|refresh
                            Applications on a server
  template NAME CHART       renders a chart: the flags and bytes of helm template
  build DIR                 builds a kustomization: the flags and bytes of kustomize build
  install                   prints the manifests that run hawser in a cluster
  version                   prints the version

hawser COMMAND --help tells more.
`;

type Command = (args: readonly string[], io: CommandIo) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  demo: async (args, io) => (await import('./main-node.ts')).demo(args, io),
  serve: async (args, io) => (await import('./main-node.ts')).serve(args, io),
  install: async (args, io) => (await import('./cli/install.ts')).installCommand(args, io),
  app: async (args, io) => {
    const [{ appCommand }, { readDemoState }] = await Promise.all([
      import('./cli/app.ts'),
      import('./node/demo-state.ts'),
    ]);
    const demo = await readDemoState(dataFolder());
    const defaultServer = demo ? { url: demo.url, token: demo.token } : { url: 'http://127.0.0.1:8080' };
    return appCommand(args, io, { defaultServer, sleep: async (ms) => sleep(ms) });
  },
  template: async (args, io) => {
    const [{ templateCommand }, { diskTree }] = await Promise.all([
      import('./cli/template.ts'),
      import('./node/disk-tree.ts'),
    ]);
    return templateCommand(args, io, diskTree);
  },
  build: async (args, io) => {
    const [{ buildCommand }, { diskTree }] = await Promise.all([
      import('./cli/build.ts'),
      import('./node/disk-tree.ts'),
    ]);
    return buildCommand(args, io, diskTree);
  },
  version: async (_, io) => {
    const { version } = await import('./node/version.ts');
    io.stdout(`hawser ${await version()} (Node ${process.versions.node})\n`);
    return 0;
  },
};

/** Where hawser keeps what it needs between two runs, unless --data says otherwise. */
export function dataFolder(): string {
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'hawser');
}

/** Runs one command and gives the exit code; errors become one line on standard error. */
export async function main(args: readonly string[]): Promise<number> {
  const io: CommandIo = {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    cwd: process.cwd(),
    env: process.env,
  };
  const [name = 'help', ...rest] = args;
  if (name === 'help' || name === '--help' || name === '-h') {
    io.stdout(USAGE);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name === '--version' ? 'version' : name)
    ? COMMANDS[name === '--version' ? 'version' : name]
    : undefined;
  if (!command) {
    io.stderr(`hawser: there is no command ${name}; hawser help lists them\n`);
    return 2;
  }
  try {
    return await command(rest, io);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    io.stderr(`Error: ${formatError(error)}\n`);
    return exitCodeOf(error);
  }
}
