// Composition root of the command line: each command loads only what it needs.

import { existsSync } from 'node:fs';
import { HawserError } from './base/errors.ts';
import { moveLeadingFlags } from './cli/global-flags.ts';
import type { RenderOffline } from './cli/local-run/offline.ts';
import { type Command, runCommand } from './cli/run-command.ts';
import { serverCommands } from './cli/server-commands.ts';
import type { CoreOptions } from './node/core-server.ts';

const USAGE = `hawser ties a Kubernetes cluster to Git: a push arrives, the cluster follows.

Usage: hawser COMMAND [ARGUMENTS]

  demo                      all on this machine: a sandbox cluster, a repository, handler and page
  demo edit FILE KEY=VALUE  change a values file of the running demo's repository, and push
  serve                     the handler for the cluster of a kubeconfig
  wake URL                  has a server look at everything, and waits until it is done
  app list|get|create|sync … Applications on a server, or with --core on a cluster
  render|diff|sync -f FILE  an Application of a file, without a server
  proj list|create|windows … projects: what Applications may do, and when
  login SERVER              begins a session; logout, relogin and context are beside it
  repo add|list|get|rm      repositories and their credentials, and hooks for Git servers
  repocreds, cert           credentials for many repositories; certificates of Git servers
  cluster add|list|get|rm   clusters that Applications may go to
  account list|can-i …      accounts, passwords and tokens
  admin export|import       an installation as one file; Argo CD's taken over
  deliveries [ID]           the pushes that came, and what each meant
  replay ID                 has a push worked on again
  template NAME CHART       renders a chart: the flags and bytes of helm template
  build DIR                 builds a kustomization: the flags and bytes of kustomize build
  jsonnet FILE              evaluates Jsonnet: the flags and bytes of go-jsonnet's jsonnet
  doctor                    finds out what keeps pushes from reaching the cluster
  install                   prints the manifests that run hawser in a cluster
  completion SHELL          a script that completes all this in bash, zsh or fish
  version                   prints the version, and that of the server

hawser COMMAND --help tells more.
`;

const SERVER_COMMANDS = serverCommands({
  readDemo: runningDemo,
  openCore,
  openFolder,
  openContext: async (name, kubeconfig) =>
    (await import('./node/kubeconfig.ts')).openKubeconfigContext(name, kubeconfig),
  renderLocal: async (app, files, cluster) => {
    const objects = await renderOffline(app, { files }, cluster);
    return objects.map((object) => JSON.stringify(object));
  },
});

const COMMANDS: Readonly<Record<string, Command>> = {
  demo: async ([verb, ...rest], io) => {
    if (verb !== 'edit') return (await import('./main-node.ts')).demo(verb === undefined ? [] : [verb, ...rest], io);
    const [{ demoEditCommand }, demo] = await Promise.all([import('./cli/demo-edit.ts'), runningDemo()]);
    return demoEditCommand(rest, io, demo?.editUrl);
  },
  serve: async (args, io) => (await import('./main-node.ts')).serve(args, io),
  install: async (args, io) => (await import('./cli/install.ts')).installCommand(args, io),
  wake: async (args, io) => (await import('./cli/wake.ts')).wakeCommand(args, io),
  ...SERVER_COMMANDS,
  render: async (args, io) =>
    (await import('./cli/local-run/render.ts')).renderCommand(args, io, { openFolder, renderOffline }),
  diff: async (args, io) =>
    (await import('./cli/local-run/diff.ts')).diffFileCommand(args, io, { openFolder, openCore }),
  repo: async (args, io) => {
    const { meansServer } = await import('./cli/repo-on-server.ts');
    if (SERVER_COMMANDS.repo && (await meansServer(args, io, runningDemo))) return SERVER_COMMANDS.repo(args, io);
    const { repoCommand } = await import('./cli/repo.ts');
    return repoCommand(args, io, {
      connect: async (options) => {
        const [{ connectKubeconfig }, { createKubeClient }, { FIELD_MANAGER }] = await Promise.all([
          import('./node/kubeconfig.ts'),
          import('./kube/client.ts'),
          import('./operation/road.ts'),
        ]);
        return createKubeClient(await connectKubeconfig(options), { fieldManager: FIELD_MANAGER });
      },
      openFetch: async () => (await import('./node/connected-fetch.ts')).createConnectedFetch(),
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      readStdin: () => io.readStdin(),
    });
  },
  admin: async (args, io) => {
    const { adminCommand } = await import('./cli/admin/admin.ts');
    return adminCommand(args, io, {
      connect: async (options) => (await import('./node/kubeconfig.ts')).connectKubeconfig(options),
      openPreview: async (cluster, namespace) => {
        const [{ openPreviewHawser }, { createForeignRender }] = await Promise.all([
          import('./node/preview-hawser.ts'),
          import('./node/foreign-render.ts'),
        ]);
        return openPreviewHawser(cluster, namespace, createForeignRender(io.env));
      },
    });
  },
  version: async (args, io) => {
    const { env } = io;
    const isPlain = args.length === 0 && !env.HAWSER_SERVER && !env.ARGOCD_SERVER && !env.ARGOCD_OPTS;
    const { configPath } = await import('./cli/config-path.ts');
    const isAlone = isPlain && !existsSync(configPath(env));
    if (!isAlone && SERVER_COMMANDS.version) return SERVER_COMMANDS.version(args, io);
    const { ownVersion } = await import('./cli/own-version.ts');
    io.stdout(`${ownVersion()}\n`);
    return 0;
  },
  completion: async (args, io) => (await import('./cli/completion.ts')).completionCommand(args, io, COMMANDS),
  doctor: async (args, io) => {
    const [{ doctorCommand }, { doctorParts }] = await Promise.all([
      import('./cli/doctor/doctor.ts'),
      import('./node/doctor-parts.ts'),
    ]);
    return doctorCommand(args, io, doctorParts());
  },
  template: async (args, io) => {
    const [{ templateCommand }, { diskTree }] = await Promise.all([
      import('./cli/template.ts'),
      import('./node/disk-tree.ts'),
    ]);
    return templateCommand(args, io, diskTree, async () =>
      (await import('./node/connected-fetch.ts')).createConnectedFetch(),
    );
  },
  build: async (args, io) => {
    const [{ buildCommand }, { diskTree }] = await Promise.all([
      import('./cli/build.ts'),
      import('./node/disk-tree.ts'),
    ]);
    return buildCommand(args, io, diskTree, async () => {
      const { buildWithNetwork } = await import('./cli/remote-bases.ts');
      return buildWithNetwork(args, io, diskTree, async () =>
        (await import('./node/connected-fetch.ts')).createConnectedFetch(),
      );
    });
  },
  jsonnet: async (args, io) => (await import('./cli/jsonnet.ts')).jsonnetProgram(args, io),
  help: async (_, io) => {
    io.stdout(USAGE);
    return 0;
  },
};

const ALIASES = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
]);

/** Runs one command and gives the exit code. */
export function main(words: readonly string[]): Promise<number> {
  const [given = 'help', ...args] = moveLeadingFlags(words);
  const name = ALIASES.get(given) ?? given;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return runCommand(command ?? (() => refuseCommand(name)), args);
}

async function refuseCommand(name: string): Promise<never> {
  throw new HawserError('InvalidInput', `there is no command ${name}`, { hint: 'hawser help lists them' });
}

async function openFolder(folder: string) {
  return (await import('./node/disk-tree.ts')).diskTree(folder);
}

async function openCore(options: CoreOptions) {
  return (await import('./node/core-server.ts')).openCore(options);
}

const renderOffline: RenderOffline = async (app, request, options) => {
  const [{ openCoreOver }, { createOfflineHome }, { offlineApplication }, { createLog }] = await Promise.all([
    import('./node/core-server.ts'),
    import('./sandbox/offline-home.ts'),
    import('./cli/local-run/offline.ts'),
    import('./node/log.ts'),
  ]);
  const { namespace } = app.metadata;
  const { kubeVersion, credentials } = options;
  const home = await createOfflineHome({
    ...{ namespace, project: app.spec.project },
    ...(kubeVersion && { kubeVersion }),
    ...(credentials && { credentials }),
  });
  const core = await openCoreOver(home, { namespace, log: createLog({ format: 'text', level: 'error' }) });
  try {
    return await core.hawser.renderOf(offlineApplication(app, options), request);
  } finally {
    await core.close();
    home.close?.();
  }
};

async function runningDemo() {
  const [{ readDemoState }, { defaultDataFolder }] = await Promise.all([
    import('./node/demo-state.ts'),
    import('./node/data-folder.ts'),
  ]);
  return readDemoState(defaultDataFolder());
}
