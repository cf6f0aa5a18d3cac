// How a command finds its server: flags, then HAWSER_*, then ARGOCD_*, then a running demo, then the current context of argocd's file.

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { HawserError } from '../base/errors.ts';
import { parseServerUrl, type ServerAddress } from './api-client.ts';
import type { Context } from './config-file.ts';
import { configPath } from './config-path.ts';
import { addGlobalFlags, type GlobalFlags } from './global-flags.ts';
import type { CommandIo } from './io.ts';
import { createServerFetch, type TlsFlags } from './server-http.ts';
import { claimsOf } from './token.ts';

/** Opens the server that the flags and the environment mean. */
export type OpenServer = (flags: GlobalFlags) => Promise<ServerAddress>;

/** A command that talks to a server: `hawser proj`, say. */
export type ServerCommand = (args: readonly string[], io: CommandIo, openServer: OpenServer) => Promise<number>;

export interface CoreOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Where the Applications are. */
  readonly namespace: string;
  readonly signal?: AbortSignal;
}

/** A server inside this process (`--core`). */
export interface CoreServer {
  readonly address: ServerAddress;
  /** Resolves when all that was begun has ended. */
  close(): Promise<void>;
}

interface Demo {
  readonly url: string;
  readonly token: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
}

export interface ServerParts {
  /** The demo that runs on this machine. */
  readonly readDemo: () => Promise<Demo | undefined>;
  readonly openCore: (options: CoreOptions) => Promise<CoreServer>;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';

/**
 * Gives a program the flags of servers, for all its verbs; its verbs call what this gives for the server that is meant, as often as they
 * like.
 */
export function offerServer(program: Command, openServer: OpenServer): () => Promise<ServerAddress> {
  addGlobalFlags(program);
  return () => openServer(program.opts());
}

/** `run` gets a way to open the server; what was opened is closed after it, which waits for what it has begun. */
export async function withServers<T>(
  io: CommandIo,
  parts: ServerParts,
  run: (openServer: OpenServer) => Promise<T>,
): Promise<T> {
  const opened: CoreServer[] = [];
  const openCore = async (flags: GlobalFlags): Promise<ServerAddress> => {
    const { kubeconfig, kubeContext: context } = flags;
    const signal = io.interrupted;
    const namespace = io.env.HAWSER_NAMESPACE || 'argocd';
    const place = { ...(kubeconfig && { kubeconfig }), ...(context && { context }), namespace };
    const core = await parts.openCore({ ...place, signal });
    opened.push(core);
    return core.address;
  };
  try {
    return await run((flags) => (flags.core ? openCore(flags) : findServer(flags, io, parts, openCore)));
  } finally {
    for (const core of opened) await core.close();
  }
}

async function findServer(
  flags: GlobalFlags,
  io: CommandIo,
  { readDemo }: ServerParts,
  openCore: OpenServer,
): Promise<ServerAddress> {
  const { env } = io;
  if (flags.portForward || flags.portForwardNamespace) {
    throw new HawserError('Unsupported', '--port-forward is not there', {
      hint: 'kubectl port-forward --namespace argocd service/hawser 8080:80, and --server 127.0.0.1:8080',
    });
  }
  const contexts = await readContexts(flags, env);
  const named = namedUrl(flags, env) ?? (flags.argocdContext ? undefined : argocdUrl(flags, env));
  // Whoever starts a demo means it, whatever was logged in to before.
  const demo = named === undefined && flags.argocdContext ? undefined : await readDemo();
  const url = named ?? demo?.url;
  const context = url === undefined ? contexts.choose() : contexts.all.find((one) => isSame(one, url));
  if (context?.isCore) return openCore(flags);
  const address = url ?? (context ? withRootPath(contexts.urlOf(context)) : DEFAULT_URL);
  const known = env.HAWSER_TOKEN || env.ARGOCD_AUTH_TOKEN;
  // The token of a demo is for that demo only.
  const ofDemo = demo?.url === address ? demo : undefined;
  const token = flags.authToken ?? (known || sessionToken(context, ofDemo) || ofDemo?.token);
  const headers = parseHeaders(flags.header ?? []);
  return {
    url: address,
    ...(token && { token }),
    ...(Object.keys(headers).length > 0 && { headers }),
    fetch: createServerFetch(tlsOf(flags, context)),
    signal: io.interrupted,
  };

  function withRootPath(full: string): string {
    const path = flags.grpcWebRootPath?.replace(/^\/+|\/+$/g, '');
    return path ? `${new URL(full).origin}/${path}` : full;
  }
}

/** A demo may have the address of one that ended, whose sessions it does not know. */
function sessionToken(context: Context | undefined, demo: Demo | undefined): string | undefined {
  if (!context?.token || !demo) return context?.token;
  const { iat } = claimsOf(context.token);
  return typeof iat === 'number' && iat >= Math.floor(demo.startedAt / 1000) ? context.token : undefined;
}

function namedUrl(flags: GlobalFlags, env: CommandIo['env']): string | undefined {
  const named = flags.server ?? (env.HAWSER_SERVER || undefined);
  if (named === undefined) return undefined;
  const wantsTls = !flags.plaintext && (flags.insecure || flags.serverCrt || flags.clientCrt);
  return parseServerUrl(named.includes('://') || !wantsTls ? named : `https://${named}`);
}

/** Argo CD means https by a bare name. */
function argocdUrl({ plaintext }: GlobalFlags, { ARGOCD_SERVER: named }: CommandIo['env']): string | undefined {
  if (!named) return undefined;
  return parseServerUrl(named.includes('://') ? named : `${plaintext ? 'http' : 'https'}://${named}`);
}

/** The file is read where there is one; most have none, and reading YAML takes time. */
async function readContexts(flags: GlobalFlags, env: CommandIo['env']) {
  const path = configPath(env, flags.config);
  const none = { all: [] as readonly Context[], choose: () => undefined, urlOf: () => '' };
  if (!flags.argocdContext && !existsSync(path)) return none;
  const { chooseContext, contextsOf, readConfig, urlOfContext } = await import('./config-file.ts');
  const document = readConfig(path);
  return {
    all: contextsOf(document),
    choose: () => chooseContext(document, flags.argocdContext),
    urlOf: urlOfContext,
  };
}

/** Whether the address is that of the context's server, for which its token is. */
function isSame({ server, isPlainText }: Context, url: string): boolean {
  const own = `${isPlainText ? 'http' : 'https'}://${server}`;
  return (
    URL.canParse(own) && new URL(own).host === new URL(url).host && new URL(own).protocol === new URL(url).protocol
  );
}

function tlsOf(flags: GlobalFlags, context: Context | undefined): TlsFlags {
  const serverCrt = flags.serverCrt ?? context?.serverCrt;
  const clientCrt = flags.clientCrt ?? context?.clientCrt;
  const clientCrtKey = flags.clientCrtKey ?? context?.clientCrtKey;
  return {
    insecure: flags.insecure ?? context?.isInsecure ?? false,
    ...(serverCrt && { serverCrt }),
    ...(clientCrt && { clientCrt }),
    ...(clientCrtKey && { clientCrtKey }),
  };
}

/** `Name: value`, several with commas between them, as Argo CD takes them. */
function parseHeaders(texts: readonly string[]): Readonly<Record<string, string>> {
  const pairs = texts
    .flatMap((text) => text.split(/,(?=[^,:]+:)/))
    .map((text) => {
      const colon = text.indexOf(':');
      if (colon > 0) return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()] as const;
      throw new HawserError('InvalidInput', `--header ${text} is not of the form Name: value`);
    });
  return Object.fromEntries(pairs);
}
