// The commands that talk to a server, and need little else: build.js makes a small script of them, which starts sooner than all of hawser.

import type { Tree } from '../render/tree.ts';
import type { RenderLocal } from './app/sync-request.ts';
import type { ClusterCommandParts } from './cluster/cluster.ts';
import type { Command } from './run-command.ts';
import type { ServerCommand, ServerParts } from './server-options.ts';

export interface ServerCommandParts extends ServerParts {
  /** A folder of this machine. */
  readonly openFolder: (folder: string) => Promise<Tree>;
  readonly renderLocal: RenderLocal;
  /** A context of a kubeconfig; without it there is no `cluster`. */
  readonly openContext?: ClusterCommandParts['openContext'];
}

/** One line a command; bin/hawser.js names them, too. */
export function serverCommands(parts: ServerCommandParts): Readonly<Record<string, Command>> {
  const { openFolder, renderLocal, openContext } = parts;
  return {
    app: connected(async () => {
      const { appCommand } = await import('./app.ts');
      return (args, io, openServer) => appCommand(args, io, { openServer, openFolder, renderLocal });
    }),
    sync: connected(async () => {
      const { syncFileCommand } = await import('./local-run/sync.ts');
      return (args, io, openServer) => syncFileCommand(args, io, { openServer, openFolder, renderLocal });
    }),
    login: async (args, io) => (await import('./login.ts')).loginCommand(args, io),
    logout: async (args, io) => (await import('./sessions.ts')).logoutCommand(args, io),
    relogin: async (args, io) => (await import('./sessions.ts')).reloginCommand(args, io),
    context: async (args, io) => (await import('./sessions.ts')).contextCommand(args, io),
    deliveries: connected(async () => (await import('./deliveries.ts')).deliveriesCommand),
    replay: connected(async () => (await import('./replay.ts')).replayCommand),
    proj: connected(async () => (await import('./proj/proj.ts')).projCommand),
    account: connected(async () => (await import('./account.ts')).accountCommand),
    cert: connected(async () => (await import('./cert.ts')).certCommand),
    repocreds: connected(async () => (await import('./repocreds.ts')).repocredsCommand),
    repo: connected(async () => (await import('./repo-on-server.ts')).repoOnServerCommand),
    version: connected(async () => (await import('./version.ts')).versionCommand),
    ...(openContext && {
      cluster: connected(async () => {
        const { clusterCommand } = await import('./cluster/cluster.ts');
        return (args, io, openServer) => clusterCommand(args, io, { openServer, openContext });
      }),
    }),
  };

  function connected(load: () => Promise<ServerCommand>): Command {
    return async (args, io) => {
      const [command, { withServers }, { flagsOfEnvironment }] = await Promise.all([
        load(),
        import('./server-options.ts'),
        import('./global-flags.ts'),
      ]);
      const before = io.env.ARGOCD_OPTS ? flagsOfEnvironment(io.env.ARGOCD_OPTS) : [];
      return withServers(io, parts, (openServer) => command([...before, ...args], io, openServer));
    };
  }
}
