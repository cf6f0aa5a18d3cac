// The flags by which every command that talks to a hawser server names it.

import type { Command } from 'commander';
import { parseServerUrl, type ServerAddress } from './api-client.ts';
import type { CommandIo } from './io.ts';

export interface ServerFlags {
  readonly server?: string;
  readonly authToken?: string;
}

export function addServerOptions(command: Command): Command {
  return command
    .option('--server <url>', 'address of the hawser server (HAWSER_SERVER)')
    .option('--auth-token <token>', 'bearer token (HAWSER_TOKEN)');
}

/** What flags and environment name; otherwise the default: a running demo, or the usual address. Throws `InvalidInput`. */
export function serverOf(flags: ServerFlags, env: CommandIo['env'], defaultServer: ServerAddress): ServerAddress {
  const named = flags.server ?? (env.HAWSER_SERVER || undefined);
  const url = named === undefined ? defaultServer.url : parseServerUrl(named);
  // The token of a demo is for that demo only.
  const own = url === defaultServer.url ? defaultServer.token : undefined;
  const token = flags.authToken ?? (env.HAWSER_TOKEN || own);
  return { url, ...(token && { token }) };
}
