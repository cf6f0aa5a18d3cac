// A fetch handler on a port of this machine.

import type { Server as HttpsServer } from 'node:https';
import { createAdaptorServer, getRequestListener } from '@hono/node-server';
import { HawserError, messageOf } from '../base/errors.ts';

export interface Listening {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly port: number;
  /** Ends open connections, too. */
  close(): Promise<void>;
}

export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** Port 0 takes a free one; `server` is one that speaks TLS. Throws `Unavailable` with what to do where the port is taken or may not be used. */
export async function listen(
  fetch: FetchHandler,
  { host, port, server: given }: { host: string; port: number; server?: HttpsServer },
): Promise<Listening> {
  const server = given ?? createAdaptorServer({ fetch });
  given?.on('request', getRequestListener(fetch));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (isTaken) {
      throw new HawserError('Unavailable', `port ${port} of ${host} is taken`, {
        hint: 'choose another with --port, or end the process that has it',
        cause: error,
      });
    }
    throw new HawserError('Unavailable', `cannot listen on ${host}:${port}: ${messageOf(error)}`, {
      hint: '--host takes an address of this machine',
      cause: error,
    });
  }
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `${given ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
