// Programs about requests: the home cluster, other clusters, Git servers and registries; and the files of the UI.

import { createGitClient } from '../../../../src/git/client.ts';
import { reachCluster } from '../../../../src/kube/reach-cluster.ts';
import type { ClusterConnection, ClusterTransport, ConnectionOptions, Platform } from '../../../../src/platform.ts';
import { digestOf, patternBytes } from '../../support/pattern.ts';
import { failureOf, type Outcome, outcomeOf, type PortContext } from './program.ts';

/** Who is asked: a cluster, or any address as Git servers are. */
export type Target =
  | { readonly to: 'home' }
  | { readonly to: 'cluster'; readonly connection: ClusterConnection }
  | { readonly to: 'address'; readonly url: string; readonly options?: ConnectionOptions };

export interface Asked {
  readonly target: Target;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  /** A body of so many bytes. */
  readonly length?: number;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly length: number;
  readonly digest: string;
  /** Of short answers. */
  readonly text: string;
}

type Send = (path: string, init?: RequestInit) => Promise<Response>;

const ADVICE = { credentials: 'these credentials', refused: '', silent: '', noApiServer: '' };

const SHORT = 20_000;
const TOO_LONG_MS = 30_000;

function senderTo({ fetch, ...platform }: Platform, target: Target): Send {
  if (target.to === 'address') return (path, init = {}) => fetch(`${target.url}${path}`, init, target.options ?? {});
  const transport = target.to === 'home' ? platform.home : connect(platform, target.connection);
  return (path, init) => transport.fetch(path, init);
}

/** Kept, as the program itself keeps them. */
const connected = new Map<string, ClusterTransport>();

function connect(
  { connectCluster }: Pick<Platform, 'connectCluster'>,
  connection: ClusterConnection,
): ClusterTransport {
  const key = JSON.stringify(connection);
  const found = connected.get(key) ?? connectCluster?.(connection);
  if (!found) throw new Error('this platform has the home cluster only');
  connected.set(key, found);
  return found;
}

async function ask({ platform }: PortContext, asked: Asked): Promise<Answered> {
  const { target, path, method = 'GET', headers = {}, text, length } = asked;
  const body = length === undefined ? text : patternBytes(length);
  const response = await senderTo(platform, target)(path, {
    method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(TOO_LONG_MS),
    ...(body !== undefined && { body }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    length: bytes.length,
    digest: await digestOf(bytes),
    text: bytes.length <= SHORT ? new TextDecoder().decode(bytes) : '',
  };
}

export const REQUEST_PROGRAMS = {
  ask: (context: PortContext, asked: Asked): Promise<Outcome<Answered>> => outcomeOf(() => ask(context, asked)),
  askAtOnce: (context: PortContext, { asked, count }: { asked: Asked; count: number }) =>
    Promise.all(Array.from({ length: count }, () => outcomeOf(() => ask(context, asked)))),
  /** What each of so many requests at once was told of its turn, before its answer. */
  askInTurn: async ({ platform }: PortContext, count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const told: string[] = [];
        const turn = { waits: () => void told.push('waits'), comes: () => void told.push('comes') };
        await (await platform.home.fetch('/echo', { turn })).text();
        return told.join();
      }),
    ),
  nameServers: async ({ platform }: PortContext, connection: ClusterConnection) => ({
    home: platform.home.server,
    other: platform.connectCluster?.(connection).server,
  }),

  /** The far side sends the next piece only when it has been told (`/next`) that the one before is here. */
  readPieces: async ({ platform }: PortContext, target: Target) => {
    const send = senderTo(platform, target);
    const signal = AbortSignal.timeout(TOO_LONG_MS);
    const pieces: string[] = [];
    const { body } = await send('/pieces', { signal });
    const decoder = new TextDecoder();
    for await (const piece of body ?? []) {
      pieces.push(decoder.decode(piece));
      await (await send('/next', { method: 'POST', body: '', signal })).text();
    }
    return pieces;
  },
  /** Ends the request after its first piece, or before its answer. */
  abort: async ({ platform }: PortContext, { target, path }: { target: Target; path: string }) => {
    const ending = new AbortController();
    const reason = new Error('nobody wants it any more');
    try {
      const send = senderTo(platform, target);
      const sending = send(path, { signal: ending.signal });
      if (path === '/silent') {
        sending.catch(() => undefined);
        await (await send(`/seen${path}`)).text();
        ending.abort(reason);
      }
      const reader = (await sending).body?.getReader();
      await reader?.read();
      ending.abort(reason);
      // What had arrived before may still be read.
      while (!(await reader?.read())?.done);
      return 'it went on to its end';
    } catch (error) {
      return failureOf(error).message;
    }
  },
  /** What a request whose time is up fails with. */
  timeOut: async ({ platform }: PortContext, target: Target) => {
    try {
      await senderTo(platform, target)('/silent', { signal: AbortSignal.timeout(100) });
      return 'it was answered';
    } catch (error) {
      return error instanceof Error ? error.name : '';
    }
  },
  /** Reads one piece and lets go of the rest. */
  letGo: async ({ platform }: PortContext, { target, path }: { target: Target; path: string }) => {
    const response = await senderTo(platform, target)(path);
    const reader = response.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();
    return first?.value !== undefined;
  },
  /** What is in flight when a transport is closed. */
  closeWhileReading: async ({ platform }: PortContext, connection: ClusterConnection) => {
    const transport = platform.connectCluster?.(connection);
    if (!transport) throw new Error('this platform has the home cluster only');
    const { body } = await transport.fetch('/pieces');
    const reader = body?.getReader();
    const decoder = new TextDecoder();
    let text = decoder.decode((await reader?.read())?.value);
    transport.close?.();
    for (;;) {
      await (await connect(platform, connection).fetch('/next', { method: 'POST', body: '' })).text();
      const read = await reader?.read();
      if (!read?.value) return text;
      text += decoder.decode(read.value);
    }
  },
  /** The version, as the rest of hawser meets a cluster for the first time. */
  reach: async ({ platform }: PortContext, target: Target) => {
    const transport = target.to === 'cluster' ? connect(platform, target.connection) : platform.home;
    return outcomeOf(() => reachCluster(transport, ADVICE));
  },
  /** As the rest of hawser meets a Git server. */
  listRefs: async ({ platform }: PortContext, { url, options }: { url: string; options?: ConnectionOptions }) => {
    const git = createGitClient({ fetch: platform.fetch });
    return outcomeOf(() => git.listRefs({ url, ...(options && { connection: options }) }));
  },
  /** With the trace of a scope around it. */
  askInTrace: async (context: PortContext, { asked, traceId }: { asked: Asked; traceId: string }) =>
    context.platform.scope?.run({ fields: {}, trace: { traceId, parentId: '00f067aa0ba902b7', flags: '01' } }, () =>
      ask(context, asked),
    ),

  readAsset: async ({ platform }: PortContext, name: string) => {
    const bytes = await platform.assets?.(name);
    return bytes ? { length: bytes.length, digest: await digestOf(bytes) } : null;
  },
};
