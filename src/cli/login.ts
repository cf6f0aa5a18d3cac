// hawser login SERVER: a session with a server, kept in the file of contexts that Argo CD's CLI uses.

import { Command } from 'commander';
import { HawserError } from '../base/errors.ts';
import { parseServerUrl } from './api-client.ts';
import { type Context, readConfig, storeContext, urlOfContext, writeConfig } from './config-file.ts';
import { configPath } from './config-path.ts';
import { parsePort } from './flags.ts';
import { addGlobalFlags, type GlobalFlags } from './global-flags.ts';
import type { CommandIo } from './io.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { probeTls } from './probe-tls.ts';
import { createServerFetch, readPem } from './server-http.ts';
import { logInWithPassword, logInWithProvider } from './session.ts';
import { nameInToken } from './token.ts';

interface LoginFlags extends GlobalFlags {
  readonly name?: string;
  readonly username?: string;
  readonly password?: string;
  readonly sso?: boolean;
  readonly ssoPort: string;
  readonly callback?: string;
  readonly ssoLaunchBrowser?: boolean;
  readonly skipTestTls?: boolean;
}

export async function loginCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const program = addGlobalFlags(prepareProgram(new Command('hawser login'), io))
    .description('begin a session with a server, which other commands then use')
    .argument('[server]', 'its address, argocd.example.com say; with --core none')
    .option('--name <name>', 'of the context; otherwise the address')
    .option('--username <name>', 'of the account')
    .option('--password <password>', 'of the account; asked for where it is not given');
  addProviderOptions(program)
    .option('--skip-test-tls', 'do not find out first whether it talks TLS')
    .action(async (server: string | undefined, flags: LoginFlags) => {
      const context = flags.core ? coreContext(flags) : await logIn(io, server ?? flags.server, flags);
      const path = configPath(io.env, flags.config);
      const document = readConfig(path);
      storeContext(document, context);
      writeConfig(path, document);
      io.stdout(`Context '${context.name}' updated\n`);
    });
  return (await runProgram(program, args)) ?? 0;
}

export function addProviderOptions(program: Command): Command {
  return program
    .option('--sso', 'by the provider that the server trusts, in a browser')
    .option('--sso-port <port>', 'of this machine, to which the provider sends the browser back', '8085')
    .option('--callback <url>', 'in place of http://localhost:PORT')
    .option('--sso-launch-browser', 'open the browser (the default)')
    .option('--no-sso-launch-browser', 'only print the address');
}

async function logIn(io: CommandIo, address: string | undefined, flags: LoginFlags): Promise<Context> {
  if (!address) {
    throw new HawserError('InvalidInput', 'no server is named', { hint: 'hawser login argocd.example.com' });
  }
  // A name without a scheme may have a port, and is checked as an address is.
  const url = new URL(parseServerUrl(address));
  const host = `${url.host}${url.pathname.replace(/\/+$/, '')}`;
  const rootPath = flags.grpcWebRootPath ?? '';
  const scheme = /^(https?):/.exec(address)?.[1];
  const said = { ...flags, ...(scheme === 'http' && { plaintext: true }) };
  const isTold = said.plaintext || flags.skipTestTls;
  const probed = isTold
    ? { isPlainText: said.plaintext === true, isInsecure: flags.insecure === true }
    : await probeTls(io, host, said);
  const context: Context = {
    ...{ name: flags.name ?? (rootPath ? `${host}/${rootPath.replace(/^\/+|\/+$/g, '')}` : host), server: host },
    user: flags.name ?? host,
    ...probed,
    ...{ isCore: false, rootPath },
    ...(flags.serverCrt && { serverCrt: readPem(flags.serverCrt) }),
    ...(flags.clientCrt && { clientCrt: readPem(flags.clientCrt) }),
    ...(flags.clientCrtKey && { clientCrtKey: readPem(flags.clientCrtKey) }),
  };
  const tls = { ...flags, insecure: probed.isInsecure };
  const server = { url: urlOfContext(context), fetch: createServerFetch(tls), signal: io.interrupted };
  const session = flags.sso
    ? await logInWithProvider(io, server, providerOptions(flags))
    : await logInWithPassword(io, server, flags);
  io.stdout(`'${nameInToken(session.token)}' logged in successfully\n`);
  return { ...context, ...session };
}

export function providerOptions({
  ssoPort,
  callback,
  ssoLaunchBrowser,
}: Pick<LoginFlags, 'ssoPort' | 'callback' | 'ssoLaunchBrowser'>) {
  const port = parsePort(ssoPort, 'sso-port');
  return { port, ...(callback && { callback }), launchBrowser: ssoLaunchBrowser !== false };
}

/** Argo CD calls a server that is none `kubernetes`. */
function coreContext({ name = 'kubernetes' }: LoginFlags): Context {
  const server = 'kubernetes';
  return { name, server, user: name, isCore: true, isPlainText: false, isInsecure: false, rootPath: '' };
}
