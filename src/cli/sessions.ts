// hawser logout|relogin|context: what becomes of the sessions that hawser login has begun.

import { Command } from 'commander';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import { callServer, type ServerAddress } from './api-client.ts';
import {
  type Context,
  chooseContext,
  contextsOf,
  currentContext,
  readConfig,
  removeContext,
  removeToken,
  storeContext,
  urlOfContext,
  writeConfig,
} from './config-file.ts';
import { configPath } from './config-path.ts';
import { addGlobalFlags } from './global-flags.ts';
import type { CommandIo } from './io.ts';
import { addProviderOptions, providerOptions } from './login.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { createServerFetch } from './server-http.ts';
import { logInWithPassword, logInWithProvider } from './session.ts';
import { formatTable } from './table.ts';
import { claimsOf, nameInToken } from './token.ts';

/** Ends the session at the server, and forgets its token. */
export async function logoutCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const program = addGlobalFlags(prepareProgram(new Command('hawser logout'), io))
    .description('end a session')
    .argument('[context]', 'as hawser context lists them; otherwise the current one')
    .action(async (name: string | undefined, flags) => {
      const path = configPath(io.env, flags.config);
      const document = readConfig(path);
      const context = requireContext(chooseContext(document, name ?? flags.argocdContext));
      if (context.token && !context.isCore) {
        const server = { ...serverOf(context, io), token: context.token };
        await callServer(server, 'DELETE', '/api/v1/session').catch((error: unknown) => {
          if (!isHawserError(error)) throw error;
          io.stderr(`The server was not told: ${formatError(error)}\n`);
        });
      }
      removeToken(document, context);
      writeConfig(path, document);
      io.stdout(`Logged out from '${context.name}'\n`);
    });
  return (await runProgram(program, args)) ?? 0;
}

/** A new session with the server of the current context, as the one before was begun. */
export async function reloginCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const program = addGlobalFlags(prepareProgram(new Command('hawser relogin'), io))
    .description('begin the session of the current context anew')
    .option('--password <password>', 'of the account; asked for where it is not given');
  addProviderOptions(program).action(async (flags) => {
    const path = configPath(io.env, flags.config);
    const document = readConfig(path);
    const context = requireContext(chooseContext(document, flags.argocdContext));
    if (context.isCore) {
      throw new HawserError('FailedPrecondition', `context '${context.name}' has no session: it is the cluster itself`);
    }
    const claims = claimsOf(context.token ?? '');
    const isOwn = context.token === undefined || stringAt(claims, 'iss') === 'argocd';
    const username = stringAt(claims, 'sub')?.replace(/:.*$/, '');
    const server = serverOf(context, io);
    if (isOwn && username) io.stdout(`Relogging in as '${nameInToken(context.token ?? '')}'\n`);
    const session =
      flags.sso || !isOwn
        ? await logInWithProvider(io, server, providerOptions(flags))
        : await logInWithPassword(io, server, { ...(username && { username }), password: flags.password });
    storeContext(document, { ...context, ...session });
    writeConfig(path, document);
    io.stdout(`'${nameInToken(session.token)}' logged in successfully\nContext '${context.name}' updated\n`);
  });
  return (await runProgram(program, args)) ?? 0;
}

/** Lists the contexts, chooses one or forgets one. */
export async function contextCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const program = addGlobalFlags(prepareProgram(new Command('hawser context'), io))
    .description('the servers that were logged in to: list them, choose one, or forget one')
    .argument('[context]', 'the one to choose')
    .option('--delete', 'forget it instead')
    .action(async (name: string | undefined, flags) => {
      const path = configPath(io.env, flags.config);
      const document = readConfig(path);
      const current = currentContext(document);
      if (name === undefined) {
        if (flags.delete) throw new HawserError('InvalidInput', 'no context is named');
        const rows = contextsOf(document).map((context) => [
          context.name === current ? '*' : '',
          context.name,
          context.server,
        ]);
        if (rows.length === 0) throw new HawserError('NotFound', `No contexts defined in ${path}`, { hint: LOGIN });
        return io.stdout(formatTable(['CURRENT', 'NAME', 'SERVER'], rows));
      }
      if (flags.delete) {
        if (!removeContext(document, name)) throw new HawserError('NotFound', `context ${name} does not exist`);
        writeConfig(path, document);
        return io.stdout(`Context '${name}' deleted\n`);
      }
      if (name === current) return io.stdout(`Already at context '${name}'\n`);
      requireContext(chooseContext(document, name));
      document.set('current-context', name);
      writeConfig(path, document);
      io.stdout(`Switched to context '${name}'\n`);
    });
  return (await runProgram(program, args)) ?? 0;
}

const LOGIN = 'hawser login SERVER makes one';

function requireContext(context: Context | undefined): Context {
  if (context) return context;
  throw new HawserError('NotFound', 'there is no current context', { hint: LOGIN });
}

function serverOf(context: Context, io: CommandIo): ServerAddress {
  const { isInsecure: insecure, serverCrt, clientCrt, clientCrtKey } = context;
  const tls = {
    insecure,
    ...(serverCrt && { serverCrt }),
    ...(clientCrt && { clientCrt }),
    ...(clientCrtKey && { clientCrtKey }),
  };
  return { url: urlOfContext(context), fetch: createServerFetch(tls), signal: io.interrupted };
}
